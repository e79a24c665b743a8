"""API tokens: shown once, stored as SHA-256, limited to scopes, revocable."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput, NotFound
from procurement.accounts.errors import TokenRefused
from procurement.accounts.roles import SCOPES, is_scope
from procurement.accounts.tables import ApiToken, User
from procurement.accounts.users import get_user

PREFIX = "bxt_"  # lets a secret scanner recognise one


def create_token(
    session: Session, login: str, label: str, scopes: Iterable[str], *, now: dt.datetime, expires_at: dt.datetime | None = None
) -> tuple[ApiToken, str]:
    """The token's row and its secret, which is not stored and cannot be shown again."""
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if not is_scope(scope)]
    if unknown or not wanted:
        names = ", ".join(SCOPES)
        raise InvalidInput(fields=(FieldError("scopes", "Choose at least one of the scopes {scopes}.", {"scopes": names}),))
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        id=uuid.uuid4().hex,
        login=get_user(session, login).login,
        label=label,
        token_hash=_digest(secret),
        scopes=wanted,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return row, secret


def user_of_token(session: Session, secret: str, now: dt.datetime) -> tuple[User, frozenset[str]]:
    """The token's owner and scopes. Raises TokenRefused."""
    row = session.scalar(select(ApiToken).where(ApiToken.token_hash == _digest(secret)))
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        raise TokenRefused
    user = get_user(session, row.login)
    if not user.active:
        raise TokenRefused
    return user, frozenset(row.scopes)


def tokens_of(session: Session, login: str) -> Sequence[ApiToken]:
    return session.scalars(select(ApiToken).where(ApiToken.login == login).order_by(ApiToken.created_at)).all()


def revoke_token(session: Session, token_id: str, login: str, now: dt.datetime) -> None:
    """Raises NotFound for another person's token."""
    row = session.get(ApiToken, token_id)
    if row is None or row.login != login:
        raise NotFound(kind="Token", key=token_id)
    row.revoked_at = row.revoked_at or now
    session.flush()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
