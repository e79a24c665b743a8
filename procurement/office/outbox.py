"""The outbox as operators see it: which mails went, wait or were refused. What they say is not for operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from engine.errors import Conflict, NotFound
from engine.model import Page, last_key
from procurement.office.desk import Desk
from procurement.registers.messages import WAITING, Mail, MailWish


class MailNotWaiting(Conflict):
    """Mail {key} cannot be sent again: it is {state}."""


class OutboxDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, *, state: str = "", limit: int = 50, after: str | None = None) -> Page:
        """Newest first; the texts of mails are not for operators and stay here."""
        query = select(Mail).order_by(Mail.key.desc()).limit(limit + 1)
        if state:
            query = query.where(Mail.state == state)
        if (last := last_key(after)) is not None:
            query = query.where(Mail.key < last)
        with self._desk.reading() as session:
            rows = session.scalars(query).all()
            for row in rows:
                row.text = ""
        shown = tuple(rows[:limit])
        return Page(
            shown, len(shown), str(shown[-1].key) if len(rows) > limit else None, is_least=len(rows) > limit or last is not None
        )

    def counts(self) -> dict[str, int]:
        """State → how many mails."""
        with self._desk.reading() as session:
            return {row[0]: row[1] for row in session.execute(select(Mail.state, func.count()).group_by(Mail.state))}

    def stopped(self, limit: int = 100) -> Sequence[MailWish]:
        """Addresses that refused a mail, the latest first."""
        query = select(MailWish).where(MailWish.stopped_at.is_not(None)).order_by(MailWish.stopped_at.desc()).limit(limit)
        with self._desk.reading() as session:
            return session.scalars(query).all()

    def retry(self, key: int) -> None:
        """Send it now, with all its attempts before it. Raises NotFound, MailNotWaiting."""
        self._put(key, ("waiting", "given_up"), state=WAITING, next_at=self._desk.now(), attempts=0, ended_at=None)

    def drop(self, key: int) -> None:
        """Never send it. Raises NotFound, MailNotWaiting."""
        self._put(key, ("waiting", "given_up"), state="dropped", text="", ended_at=self._desk.now())

    def _put(self, key: int, when: tuple[str, ...], **values: Any) -> None:
        with self._desk.database.unit_of_work() as work:
            row: Mail | None = work.session.get(Mail, key, with_for_update=True)
            if row is None:
                raise NotFound(kind="Mail", key=key)
            if row.state not in when or (row.state != WAITING and not row.text):  # a link that was worth something is gone
                raise MailNotWaiting(key=key, state=row.state)
            for name, value in values.items():
                setattr(row, name, value)
            work.session.flush()
            work.commit()
