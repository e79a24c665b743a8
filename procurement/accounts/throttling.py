"""Failed logins slow the next attempt down, per login name and per address; kept in the database, so a restart forgives nothing."""

from __future__ import annotations

import datetime as dt
import math

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.accounts.errors import TooManyAttempts
from procurement.accounts.tables import LoginFailures

FREE_ATTEMPTS = {"login": 5, "address": 30, "opening": 5, "feedback": 5}
FIRST_WAIT = dt.timedelta(seconds=30)
LONGEST_WAIT = dt.timedelta(minutes=15)
FORGOTTEN_AFTER = dt.timedelta(hours=12)


def keys(login: str, address: str) -> tuple[str, ...]:
    """What is counted; an unknown address is not."""
    return (f"login:{login.lower()}", f"address:{address}") if address else (f"login:{login.lower()}",)


def refuse_if_blocked(session: Session, counted: tuple[str, ...], now: dt.datetime) -> None:
    """Raises TooManyAttempts while one of the keys is blocked."""
    blocked = session.scalars(select(LoginFailures.blocked_until).where(LoginFailures.key.in_(counted))).all()
    latest = max((until for until in blocked if until is not None), default=now)
    if latest > now:
        raise TooManyAttempts(seconds=math.ceil((latest - now).total_seconds()))


def count_failure(session: Session, counted: tuple[str, ...], now: dt.datetime) -> None:
    """One more failure; the wait doubles with each beyond the free ones."""
    for key in counted:
        row = session.get(LoginFailures, key, with_for_update=True)
        if row is None:
            row = LoginFailures(key=key, failures=0, last_at=now)
            session.add(row)
        row.failures = 1 if now - row.last_at > FORGOTTEN_AFTER else row.failures + 1
        row.last_at = now
        excess = row.failures - FREE_ATTEMPTS[key.partition(":")[0]]
        row.blocked_until = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(excess, 10)) if excess >= 0 else None


def forget_login(session: Session, login: str) -> None:
    """A successful login clears the name's failures; the address keeps its own, or one known account would clear it."""
    session.execute(delete(LoginFailures).where(LoginFailures.key == f"login:{login.lower()}"))
