"""The open-data desk: publishes releases for what became public since the last time, and reads them back.

A release is written when it is first asked for, under a lock, and never changes afterwards. What it tells is in rows that do
not change either (notices, signatures, payments), so waiting loses nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine import json_codec
from engine.errors import NotFound
from procurement.office.desk import Desk
from procurement.office.opendata_facts import facts_of, unpublished
from procurement.opendata import Draft, Publisher, drafts
from procurement.opendata.shapes import moment
from procurement.registers.opendata import PublishedRelease

LOCK = 0x6F636473  # "ocds"; any number nobody else uses
AT_ONCE = 100  # purchases caught up by one request; the next one goes on
PORTION = 200
TICK = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Told:
    """One published release. ``content`` has addresses of this site from its root."""

    sequence: int
    ocid: str
    published_at: dt.datetime
    content: dict[str, Any]


class OpenDataDesk:
    """Everything here is public."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def publish_due(self, publisher: Publisher, *, at_once: int = AT_ONCE) -> int:
        """Add the releases of what happened since; gives how many. Safe to call at any time and side by side."""
        with self._desk.database.unit_of_work() as work:
            if not unpublished(work.session, 1):
                return 0
            work.session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            added = sum(self._publish(work.session, purchase, publisher) for purchase in unpublished(work.session, at_once))
            work.commit()
            return added

    def _publish(self, session: Session, purchase_id: str, publisher: Publisher) -> int:
        query = select(PublishedRelease).where(PublishedRelease.purchase_id == purchase_id).order_by(PublishedRelease.sequence)
        before = session.scalars(query).all()
        facts = facts_of(session, purchase_id)
        ocid = before[0].ocid if before else f"{publisher.prefix}-{purchase_id}"
        done, last = {row.event for row in before}, before[-1].released_at if before else None
        new = [draft for draft in drafts(facts, publisher) if draft.event not in done] if facts else []
        for number, draft in enumerate(new, len(before) + 1):
            at = draft.at.replace(microsecond=0)
            last = at if last is None else max(at, last + TICK)  # later releases are never dated before earlier ones
            session.add(_release(draft, ocid, number, last, purchase_id, self._desk.now()))
            session.flush()
        return len(new)

    def releases(self, *, after: int = 0, since: dt.datetime | None = None, limit: int = 100) -> Sequence[Told]:
        """In order of publication, those after ``after``; ``since``: published at or after this moment."""
        query = select(PublishedRelease).where(PublishedRelease.sequence > after)
        if since is not None:
            query = query.where(PublishedRelease.published_at >= since)
        with self._desk.reading() as session:
            return [_told(row) for row in session.scalars(query.order_by(PublishedRelease.sequence).limit(limit))]

    def of(self, ocid: str) -> Sequence[Told]:
        """Every release of one purchase, oldest first. Raises NotFound."""
        query = select(PublishedRelease).where(PublishedRelease.ocid == ocid).order_by(PublishedRelease.sequence)
        with self._desk.reading() as session:
            found = [_told(row) for row in session.scalars(query)]
        if not found:
            raise NotFound(kind="OCDS process", key=ocid)
        return found

    def ocid_of(self, purchase_id: str) -> str | None:
        """Under which ocid a purchase was published; None before its first release."""
        query = select(PublishedRelease.ocid).where(PublishedRelease.purchase_id == purchase_id).limit(1)
        with self._desk.reading() as session:
            return session.scalar(query)

    def ocids(self, *, after: str = "", limit: int = 20) -> Sequence[str]:
        query = select(PublishedRelease.ocid).where(PublishedRelease.ocid > after).distinct()
        with self._desk.reading() as session:
            return session.scalars(query.order_by(PublishedRelease.ocid).limit(limit)).all()

    def everything(self) -> Iterator[Told]:
        """All releases in order of publication, read in portions: the memory it takes does not grow."""
        last = 0
        while portion := self.releases(after=last, limit=PORTION):
            yield from portion
            last = portion[-1].sequence

    def processes(self) -> Iterator[Sequence[Told]]:
        """The releases of each purchase, one purchase after the other."""
        last = ""
        while portion := self.ocids(after=last, limit=PORTION):
            for ocid in portion:
                yield self.of(ocid)
            last = portion[-1]

    def newest(self) -> tuple[int, dt.datetime | None]:
        """The last sequence number and when it was published: what tells whether anything is new."""
        query = select(func.max(PublishedRelease.sequence), func.max(PublishedRelease.published_at))
        with self._desk.reading() as session:
            sequence, at = session.execute(query).one()
            return sequence or 0, at


def _release(draft: Draft, ocid: str, number: int, at: dt.datetime, purchase_id: str, now: dt.datetime) -> PublishedRelease:
    content = {"ocid": ocid, "id": f"{ocid}-{number:03d}", "date": moment(at), "tag": draft.tags, **draft.body}
    return PublishedRelease(
        id=content["id"],
        ocid=ocid,
        purchase_id=purchase_id,
        event=draft.event,
        tags=draft.tags,
        released_at=at,
        published_at=now,
        content=content,
        sha256=json_codec.digest(content),
    )


def _told(row: PublishedRelease) -> Told:
    return Told(row.sequence, row.ocid, row.published_at, row.content)
