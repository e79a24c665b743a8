"""The accounts desk: log in, users and roles, API tokens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from engine.errors import NotPermitted
from engine.model import Actor
from procurement.accounts import ending, passwords, throttling, tokens, users
from procurement.accounts.errors import WrongCredentials
from procurement.accounts.tables import ApiToken, User
from procurement.office.desk import Desk

COMMAND_LINE = Actor("command-line", system=True)


class AccountDesk:
    """``demo`` is true only in the demo, where the printed password is accepted."""

    def __init__(self, desk: Desk, *, demo: bool = False) -> None:
        self._desk = desk
        self.demo = demo

    def log_in(self, login: str, password: str, address: str = "") -> User:
        """The user, if everything is right. Raises TooManyAttempts or WrongCredentials."""
        now = self._desk.now()
        counted = throttling.keys(login, address)
        with self._desk.database.unit_of_work() as work:
            session = work.session
            throttling.refuse_if_blocked(session, counted, now)
            user: User | None = session.get(User, login)
            allowed = user is not None and user.active and (self.demo or not user.demo)
            right = passwords.matches(user.password_hash if user else None, password)
            if user is None or not allowed or not right:
                throttling.count_failure(session, counted, now)
                work.commit()
                raise WrongCredentials
            throttling.forget_login(session, login)
            users.note_login(session, login, now)
            session.refresh(user)
            session.expunge_all()
            work.commit()
            return user

    def user(self, login: str) -> User:
        """Raises NotFound."""
        with self._desk.reading() as session:
            return users.get_user(session, login)

    def names(self, logins: Collection[str]) -> dict[str, str]:
        """By login, in one reading; logins nobody has are left out."""
        with self._desk.reading() as session:
            return users.names_of(session, logins)

    def actor(self, login: str) -> Actor:
        """Raises NotFound; NotPermitted for a closed account."""
        return users.actor_of(self.active(login))

    def active(self, login: str) -> User:
        """A user who may act. Raises NotFound; NotPermitted for a closed account."""
        user = self.user(login)
        if not user.active or (user.demo and not self.demo):
            raise NotPermitted
        return user

    def in_session(self, login: str, session_id: str, mark: str) -> User:
        """Who acts in a session begun with ``session_id`` and the password of ``mark``.

        Raises NotFound; NotPermitted for a closed account, and once the session was ended or the password changed.
        """
        with self._desk.reading() as session:
            if ending.has_ended(session, session_id):
                raise NotPermitted
        user = self.active(login)
        if passwords.mark(user.password_hash) != mark:
            raise NotPermitted
        return user

    def end_session(self, session_id: str, until: dt.datetime, now: dt.datetime) -> None:
        """A copy of its cookie is worth nothing from now on; both times by the machine's clock."""
        with self._desk.editing(COMMAND_LINE) as session:
            ending.end_session(session, session_id, until, now)

    def search(self, words: str = "", role: str = "", limit: int = 200, after: str = "") -> Sequence[User]:
        with self._desk.reading() as session:
            return users.search_users(session, words, role=role, limit=limit, after=after)

    def create(
        self,
        login: str,
        name: str,
        password: str,
        *,
        roles: Iterable[str],
        groups: Iterable[str] = (),
        unit: str = "",
        actor: Actor = COMMAND_LINE,
    ) -> User:
        """Raises InvalidInput, WeakPassword, LoginTaken."""
        with self._desk.editing(actor) as session:
            return users.create_user(session, login, name, password, roles=roles, groups=groups, unit=unit, now=self._desk.now())

    def change(self, login: str, *, actor: Actor, **changes: Any) -> User:
        """``name``, ``roles``, ``groups``, ``unit``, ``active``. Raises NotFound, InvalidInput."""
        with self._desk.editing(actor) as session:
            return users.change_user(session, login, **changes)

    def set_password(self, login: str, password: str, *, actor: Actor = COMMAND_LINE) -> None:
        """Raises NotFound, WeakPassword."""
        with self._desk.editing(actor) as session:
            users.set_password(session, login, password)

    def change_own_password(self, login: str, old: str, new: str) -> None:
        """Raises WrongCredentials, TooManyAttempts, WeakPassword."""
        self.log_in(login, old)
        self.set_password(login, new, actor=Actor(login))

    def create_token(
        self, login: str, label: str, scopes: Iterable[str], *, actor: Actor, expires_at: dt.datetime | None = None
    ) -> tuple[ApiToken, str]:
        """The row and the secret, shown this once. Raises InvalidInput, NotFound."""
        with self._desk.editing(actor) as session:
            return tokens.create_token(session, login, label, scopes, now=self._desk.now(), expires_at=expires_at)

    def tokens(self, login: str) -> Sequence[ApiToken]:
        with self._desk.reading() as session:
            return tokens.tokens_of(session, login)

    def revoke_token(self, token_id: str, login: str, *, actor: Actor) -> None:
        """Raises NotFound."""
        with self._desk.editing(actor) as session:
            tokens.revoke_token(session, token_id, login, self._desk.now())

    def user_of_token(self, secret: str) -> tuple[User, frozenset[str]]:
        """The owner and the token's scopes. Raises TokenRefused."""
        with self._desk.reading() as session:
            user, scopes = tokens.user_of_token(session, secret, self._desk.now())
        if user.demo and not self.demo:
            raise NotPermitted
        return user, scopes
