"""People who may log in, their API tokens, and the failed attempts that slow guessing down."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row


class User(KeptRow):
    """``roles`` are candidate groups of the office; ``groups`` are party groups such as ``organisation:org-01``."""

    __tablename__ = "users"
    hidden_columns: ClassVar = frozenset({"password_hash"})

    login: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    roles: Mapped[list[str]]
    groups: Mapped[list[str]] = mapped_column(default=list)
    unit: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)  # the printed demo password: refused outside the demo
    created_at: Mapped[dt.datetime]
    last_login_at: Mapped[dt.datetime | None]


class LoginFailures(Row):
    """Failed attempts on one login name or from one address; ``key`` is ``login:…`` or ``address:…``."""

    __tablename__ = "login_failures"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[dt.datetime]
    blocked_until: Mapped[dt.datetime | None]


class EndedSession(Row):
    """A login that was ended before its cookie ran out; ``until`` by the machine's clock, which sessions live by."""

    __tablename__ = "ended_sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[dt.datetime]


class ApiToken(KeptRow):
    """A token for the JSON API; only its SHA-256 is stored."""

    __tablename__ = "api_tokens"
    hidden_columns: ClassVar = frozenset({"token_hash"})

    id: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(ForeignKey("users.login"), index=True)
    label: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
