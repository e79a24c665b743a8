"""How long a login lasts, and that its cookie is worth nothing afterwards: not after the logout, not with another password.

Times here are the machine's own, not the office's clock: moving the demo clock by a year must not log everybody out.
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable
from typing import Any

import flask_login
from flask import Flask, flash, session
from flask_babel import gettext as _

from procurement.office.people import AccountDesk
from web.auth.people import Person
from web.settings import Settings

_flask_login: Any = flask_login  # its functions carry no types
_SEEN_STEP = 60  # seconds between two rewrites of the cookie


def install(pages: Flask, settings: Settings, find: Callable[[str, str, str], Person | None]) -> None:
    """``find`` gives the active person with a login name in a session with an id and the mark of a password.

    A person switched off, or with another password since, is logged out at the next click.
    """
    pages.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-bixuan" if settings.secure_cookies else "bixuan",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_PROTECTION=None,
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open for as long as the session lives
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
    )
    logins = _flask_login.LoginManager(pages)
    logins.user_loader(lambda login: find(login, str(session.get("id", "")), str(session.get("mark", ""))))
    idle, longest = settings.session_idle.total_seconds(), settings.session_longest.total_seconds()

    @pages.before_request
    def end_old_sessions() -> None:
        if "since" not in session:
            return
        now = time.time()
        if now - session["since"] > longest or now - session["seen"] > idle:
            forget()
            flash(_("登录已超时，请重新登录。未提交的内容可在任务草稿中找回。"), "warn")
        elif now - session["seen"] > _SEEN_STEP:
            session["seen"] = now


def remember(person: Person) -> None:
    """Begin a session: nothing of the visitor's old cookie survives, so a planted one is of no use."""
    language = session.get("language")
    session.clear()
    session.update(contents(person) | ({"language": language} if language else {}))
    _flask_login.login_user(person)


def contents(person: Person) -> dict[str, Any]:
    """What the cookie of a session that begins now says."""
    now = time.time()
    own = {"_user_id": person.login, "_fresh": True}  # as Flask-Login calls them
    return {**own, "id": secrets.token_hex(16), "mark": person.mark, "since": now, "seen": now}


def end(accounts: AccountDesk, settings: Settings) -> None:
    """Forget the session, and let no copy of its cookie be worth anything as long as it would have lasted."""
    if session_id := session.get("id"):
        now = dt.datetime.now(dt.UTC)
        accounts.end_session(str(session_id), now + settings.session_longest, now)
    forget()


def forget() -> None:
    language = session.get("language")
    _flask_login.logout_user()
    session.clear()
    if language:
        session["language"] = language
