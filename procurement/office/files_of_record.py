"""The archive desk: closed files (卷宗) of purchases, their volumes, what everybody may know of them, what runs out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from engine.errors import Conflict, FieldError, InvalidInput, NotFound, NotPermitted
from engine.model import Actor, Page
from procurement.files import FileReference
from procurement.office.access import may_see_purchase, parties
from procurement.office.desk import Desk
from procurement.registers.performance import CaseFile
from procurement.registers.purchases import Purchase

FILING = "case_filing"
KEEPERS = frozenset({"procurement_officer", "service_centre", "discipline", "auditor"})
COMPILERS = frozenset({"procurement_officer"})
DISPOSERS = frozenset({"street_leader"})
PUBLISHED = ("accepted", "disposed")
RUNS_OUT_WITHIN = dt.timedelta(days=180)


class StillKept(Conflict):
    """Case file {number} must be kept until {until}. It can be disposed of from the day after."""


class NotFiledYet(Conflict):
    """Purchase {purchase} has no accepted case file yet. Accept the first volume, then begin another."""


class FilingRuns(Conflict):
    """A volume of purchase {purchase} is being filed already. Finish it first."""


@dataclass(frozen=True)
class PublicFile:
    """What everybody may know of one volume; nothing of its content."""

    number: str
    volume: int
    root: str
    entries: int
    archive_sha256: str
    accepted_at: dt.datetime
    keep_until: dt.date
    previous: str | None
    disposed_at: dt.datetime | None


@dataclass(frozen=True)
class Kept:
    """One volume in the list of archives."""

    file: CaseFile
    title: str
    runs_out: bool
    may_go: bool


class RecordDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def public(self, purchase_id: str) -> Sequence[PublicFile]:
        """The accepted volumes of a purchase, the first first; empty when there is none."""
        with self._desk.reading() as session:
            query = select(CaseFile).where(CaseFile.purchase_id == purchase_id, CaseFile.status.in_(PUBLISHED))
            rows = session.scalars(query.order_by(CaseFile.volume, CaseFile.id)).all()
        return [
            PublicFile(
                row.id,
                row.volume,
                row.root,
                row.entries,
                row.archive_sha256,
                row.accepted_at or row.assembled_at,
                row.keep_until,
                row.previous_id,
                row.disposed_at,
            )
            for row in rows
        ]

    def volumes(self, purchase_id: str, *, actor: Actor) -> Sequence[CaseFile]:
        """Every volume, newest first. Raises NotFound for who may not look into the purchase's file."""
        self._require_keeper(purchase_id, actor)
        with self._desk.reading() as session:
            query = select(CaseFile).where(CaseFile.purchase_id == purchase_id)
            return session.scalars(query.order_by(CaseFile.assembled_at.desc(), CaseFile.id.desc())).all()

    def kept(self, *, actor: Actor, running_out: bool = False, limit: int = 40, after: str | None = None) -> Page:
        """All archives the actor may open as ``Kept``, those that run out first before all others."""
        today = self._desk.now().date()
        conditions: list[ColumnElement[bool]] = [CaseFile.status.in_(("accepted", "listed", "built", "disposed"))]
        if not self._keeps_all(actor):
            mine = select(Purchase.id).where(Purchase.agency_id.in_(parties(actor, "agency")))
            conditions.append(CaseFile.purchase_id.in_(mine))
        if running_out:
            conditions += [CaseFile.keep_until <= today + RUNS_OUT_WITHIN, CaseFile.disposed_at.is_(None)]
        with self._desk.reading() as session:
            total = session.scalar(select(func.count()).select_from(CaseFile).where(*conditions)) or 0
            query = select(CaseFile, Purchase.title).join(Purchase, Purchase.id == CaseFile.purchase_id).where(*conditions)
            query = query.order_by(CaseFile.id.desc()).limit(limit + 1)
            rows = session.execute(query.where(CaseFile.id < after) if after else query).all()
        kept = [
            Kept(row, title, row.keep_until <= today + RUNS_OUT_WITHIN, row.keep_until < today and row.disposed_at is None)
            for row, title in rows[:limit]
        ]
        return Page(tuple(kept), total, rows[limit - 1][0].id if len(rows) > limit else None)

    def open(self, number: str, *, actor: Actor) -> tuple[FileReference, Iterator[bytes]]:
        """The zip in chunks. Raises NotFound, also for a file that was only listed, is not built yet or was disposed of."""
        with self._desk.reading() as session:
            row = session.get(CaseFile, number)
        if row is None:
            raise NotFound(kind="Case file", key=number)
        self._require_keeper(row.purchase_id, actor, asked=number)
        if not row.archive_sha256 or row.disposed_at is not None:
            raise NotFound(kind="Case file", key=number)
        reference = FileReference(f"{number}.zip", row.archive_size, row.archive_sha256, "application/zip")
        return reference, self._desk.files.read(row.archive_sha256)

    def may_supplement(self, purchase_id: str, *, actor: Actor) -> bool:
        return bool(actor.groups & COMPILERS) and bool(self.public(purchase_id)) and not self._filing(purchase_id)

    def supplement(self, purchase_id: str, purpose: str, *, actor: Actor, command_id: str | None = None) -> int:
        """Begin another volume; gives the key of its process. Raises NotPermitted, InvalidInput, NotFiledYet, FilingRuns."""
        if not actor.groups & COMPILERS:
            raise NotPermitted
        if not purpose.strip():
            raise InvalidInput(fields=(FieldError("purpose", "Write why there is another volume; it stands on its first page."),))
        if not self.public(purchase_id):
            raise NotFiledYet(purchase=purchase_id)
        if self._filing(purchase_id):
            raise FilingRuns(purchase=purchase_id)
        with self._desk.reading() as session:
            purchase = session.get_one(Purchase, purchase_id)
        variables = {
            "purchase_id": purchase_id,
            "title": purchase.title,
            "agency_id": purchase.agency_id,
            "route": purchase.route,
            "contract": {"number": purchase.contract_id} if purchase.contract_id else None,
            "filing_purpose": purpose.strip(),
        }
        engine = self._desk.engine
        return engine.start_process(FILING, variables, actor=actor, business_key=purchase_id, command_id=command_id).key

    def dispose(self, number: str, reason: str, *, actor: Actor) -> None:
        """The decision to destroy an archive after its time; its root and this record stay. Raises NotPermitted, StillKept."""
        if not actor.groups & DISPOSERS:
            raise NotPermitted
        if not reason.strip():
            raise InvalidInput(fields=(FieldError("reason", "Write the decision the disposal rests on."),))
        with self._desk.editing(actor) as session:
            row = session.get(CaseFile, number, with_for_update=True)
            if row is None:
                raise NotFound(kind="Case file", key=number)
            if row.keep_until >= self._desk.now().date():
                raise StillKept(number=number, until=row.keep_until)
            if row.disposed_at is None:
                row.status, row.disposed_at = "disposed", self._desk.now()
                row.disposed_by, row.disposal_reason = actor.user_id, reason.strip()
            sha256 = row.archive_sha256
        if sha256:
            self._desk.files.remove(sha256)

    def _filing(self, purchase_id: str) -> bool:
        return bool(self._desk.engine.instances(business_key=purchase_id, process_id=FILING, running=True, limit=1).items)

    def _keeps_all(self, actor: Actor) -> bool:
        return actor.system or bool(actor.groups & (KEEPERS | DISPOSERS))

    def _require_keeper(self, purchase_id: str, actor: Actor, *, asked: str = "") -> None:
        """Raises NotFound about what was ``asked`` for: a file's number does not tell whose it is."""
        if self._keeps_all(actor):
            return
        with self._desk.reading() as session:
            if not (parties(actor, "agency") and may_see_purchase(session, actor, purchase_id)):
                raise NotFound(kind="Case file", key=asked or purchase_id)
