"""Logins that were ended: a session lives in a signed cookie, and a copy of the cookie must be worth nothing after the logout."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import EndedSession


def end_session(session: Session, session_id: str, until: dt.datetime, now: dt.datetime) -> None:
    """Remember ``session_id`` until no cookie with it could be valid any more; ending it again changes nothing."""
    session.execute(delete(EndedSession).where(EndedSession.until < now))
    if session.get(EndedSession, session_id) is None:
        session.add(EndedSession(id=session_id, until=until))
        session.flush()


def has_ended(session: Session, session_id: str) -> bool:
    return bool(session.scalar(select(exists().where(EndedSession.id == session_id))))
