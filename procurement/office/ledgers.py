"""The desk of the registers described as data: who may read which, what is in force on a day, what changed, and imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput, NotFound, NotPermitted
from engine.forms import Form
from engine.model import Actor, Page, last_key
from procurement import ledgers
from procurement.ledgers import batches, finding, recording
from procurement.ledgers.definitions import OWN, Figure, Ledger
from procurement.ledgers.finding import Found, Query
from procurement.ledgers.recording import NewEntry
from procurement.office.access import parties
from procurement.office.desk import Desk
from procurement.registers.ledgers import DROPPED, FAULTY, READ, LedgerBatch, LedgerBatchRow, LedgerEntry

VISITOR = Actor("visitor")  # who looks without an account
MOST_COMPARED, MOST_EXPORTED, MOST_COUNTED = 2_000, 20_000, 10_000
GO_ON_S = 1.2


class ImportNotYours(NotPermitted):
    """Your account may read {ledger}, but not bring a file into it."""


@dataclass(frozen=True)
class Difference:
    """One key or entry that is not the same on two days: ``before`` None began, ``after`` None ended."""

    before: LedgerEntry | None
    after: LedgerEntry | None
    fields: tuple[str, ...]  # what differs where both are there


@dataclass(frozen=True)
class Chart:
    figure: Figure
    groups: Sequence[Found]


class LedgerDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open_to(self, actor: Actor) -> list[tuple[Ledger, int]]:
        """Ledgers the actor may look into, with how many entries are in force today, by title."""
        today = self._desk.now().date()
        with self._desk.reading() as session:
            seen = [one for one in ledgers.in_force(session).values() if _reads(one, actor) or _owners(one, actor)]
            counts = finding.in_force(
                session, {one.id: None if _reads(one, actor) else _owners(one, actor) for one in seen}, today
            )
        return sorted(
            ((one, counts[one.id]) for one in seen),
            key=lambda pair: (not pair[0].system, pair[0].system, pair[0].folder, pair[0].number),
        )

    def ledger(self, id_: str, *, actor: Actor) -> Ledger:
        """Raises NotFound, also for who may not look into it."""
        with self._desk.reading() as session:
            found = ledgers.ledger(session, id_)
        if not (_reads(found, actor) or _owners(found, actor)):
            raise NotFound(kind="Ledger", key=id_)
        return found

    def form(self, ledger: Ledger) -> Form:
        return self._desk.engine.newest_form(ledger.form)[0]

    def search(self, query: Query, *, actor: Actor, limit: int = 50, after: str | None = None) -> Page:
        """Newest first. Raises NotFound."""
        query = _limited(query, self.ledger(query.ledger, actor=actor), actor)
        with self._desk.reading() as session:
            if (last := last_key(after)) is None:
                total, rows = finding.first_page(session, query, limit=limit + 1, most=MOST_COUNTED)
            else:
                total = finding.count(session, query, MOST_COUNTED)
                rows = finding.find(session, query, limit=limit + 1, after=last)
        following = str(rows[limit - 1].id) if len(rows) > limit else None
        return Page(tuple(rows[:limit]), min(total, MOST_COUNTED), following, is_least=total > MOST_COUNTED)

    def export(self, query: Query, *, actor: Actor) -> Sequence[LedgerEntry]:
        """At most MOST_EXPORTED. Raises NotFound."""
        query = _limited(query, self.ledger(query.ledger, actor=actor), actor)
        with self._desk.reading() as session:
            return finding.find(session, query, limit=MOST_EXPORTED)

    def charts(self, query: Query, *, actor: Actor, groups: int = 12) -> list[Chart]:
        """The figures of the ledger over what the query finds. Raises NotFound."""
        ledger = self.ledger(query.ledger, actor=actor)
        query = _limited(query, ledger, actor)
        with self._desk.reading() as session:
            found = [finding.total(session, query, one.by, one.sum or None)[:groups] for one in ledger.figures]
        return [Chart(figure, rows) for figure, rows in zip(ledger.figures, found, strict=True)]

    def values(self, ledger: Ledger, field: str) -> list[str]:
        """What a filter may be set to, most frequent first."""
        with self._desk.reading() as session:
            return [one.value for one in finding.total(session, Query(ledger.id), field, None) if one.value is not None]

    def entry(self, id_: str, number: str, *, actor: Actor) -> LedgerEntry:
        """Raises NotFound."""
        query = _limited(Query(id_, {"number": number}), self.ledger(id_, actor=actor), actor)
        with self._desk.reading() as session:
            found = finding.find(session, query, limit=1)
        if not found:
            raise NotFound(kind="Entry", key=number)
        return found[0]

    def versions(self, entry: LedgerEntry, *, actor: Actor) -> Sequence[LedgerEntry]:
        """All entries of the same key, newest first; the entry alone where the ledger has no key."""
        if entry.key is None:
            return [entry]
        query = _limited(Query(entry.ledger), self.ledger(entry.ledger, actor=actor), actor)
        same = (*query.conditions(), LedgerEntry.key == entry.key)
        order = (LedgerEntry.valid_from.desc(), LedgerEntry.id.desc())
        with self._desk.reading() as session:
            return session.scalars(select(LedgerEntry).where(*same).order_by(*order).limit(200)).all()

    def of_purchase(self, purchase_id: str, *, actor: Actor) -> list[tuple[Ledger, Sequence[LedgerEntry]]]:
        """Ledgers with entries of one purchase that the actor may see."""
        return self._of(LedgerEntry.purchase_id == purchase_id, actor)

    def of_organisation(self, organisation_id: str, *, actor: Actor) -> list[tuple[Ledger, Sequence[LedgerEntry]]]:
        """Ledgers with entries about one organisation that the actor may see."""
        return self._of(LedgerEntry.organisation_id == organisation_id, actor)

    def _of(self, same: ColumnElement[bool], actor: Actor) -> list[tuple[Ledger, Sequence[LedgerEntry]]]:
        query = select(LedgerEntry).where(same).order_by(LedgerEntry.id.desc()).limit(500)
        with self._desk.reading() as session:
            known = ledgers.in_force(session)
            rows = session.scalars(query).all()
        seen = [one for one in known.values() if _reads(one, actor) or _owners(one, actor)]
        found = [(one, [row for row in rows if row.ledger == one.id and _sees(one, row, actor)]) for one in seen]
        return [pair for pair in found if pair[1]]

    def compare(self, id_: str, first: dt.date, second: dt.date, *, actor: Actor) -> tuple[list[Difference], bool]:
        """What is in force on one of the two days only, or differs; and whether there is more than is shown."""
        ledger = self.ledger(id_, actor=actor)
        with self._desk.reading() as session:
            before = self._only(session, ledger, first, second, actor)
            after = self._only(session, ledger, second, first, actor)
        return _paired(before, after), max(len(before), len(after)) >= MOST_COMPARED

    def _only(self, session: Session, ledger: Ledger, on: dt.date, not_on: dt.date, actor: Actor) -> Sequence[LedgerEntry]:
        query = _limited(Query(ledger.id, on=on), ledger, actor)
        other = or_(LedgerEntry.valid_from > not_on, and_(LedgerEntry.valid_until.is_not(None), LedgerEntry.valid_until < not_on))
        statement = select(LedgerEntry).where(*query.conditions(), other).order_by(LedgerEntry.name, LedgerEntry.id)
        return session.scalars(statement.limit(MOST_COMPARED)).all()

    def seed(self, id_: str, rows: Iterable[NewEntry], *, at: dt.datetime, actor: Actor) -> list[str]:
        """Entries that were there before this software. Raises EntryUnfit, LedgerUnknown."""
        with self._desk.editing(actor) as session:
            ledger = ledgers.ledger(session, id_)
            form, version = self._desk.engine.newest_form(ledger.form)
            fitted = [replace(row, values=recording.fitted(ledger, form, row.values, at)) for row in rows]
            return ledgers.record(session, ledger, fitted, form_version=version, by=actor.user_id, at=at)

    def begin_import(
        self, id_: str, *, content: bytes, file_name: str, valid_from: dt.date, replaces_all: bool, actor: Actor
    ) -> LedgerBatch:
        """Raises NotFound, ImportNotYours, TableUnreadable, HeadingsUnknown, InvalidInput."""
        ledger = self._kept(id_, actor)
        if not content:
            raise InvalidInput(fields=(FieldError("file", "Choose a file."),))
        form, version = self._desk.engine.newest_form(ledger.form)
        with self._desk.editing(actor) as session:
            return batches.begin(
                session,
                ledger,
                form,
                version,
                content=content,
                file_name=file_name[:200],
                valid_from=valid_from,
                replaces_all=replaces_all,
                by=actor.user_id,
                at=self._desk.now(),
            )

    def go_on(self, id_: str, number: str, *, actor: Actor, seconds: float = GO_ON_S) -> LedgerBatch:
        """Look at some more rows of the file. Raises NotFound, ImportNotYours."""
        ledger = self._kept(id_, actor)
        form = self.form(ledger)
        with self._desk.editing(actor) as session:
            batch = _of_ledger(batches.locked(session, number), id_, number)
            return batches.go_on(session, batch, ledger, form, seconds=seconds, now=self._desk.now())

    def drop(self, id_: str, number: str, *, actor: Actor) -> None:
        """Give an import up that is not in force. Raises NotFound, ImportNotYours."""
        self._kept(id_, actor)
        with self._desk.editing(actor) as session:
            batch = _of_ledger(batches.locked(session, number), id_, number)
            if batch.state in (READ, FAULTY):
                batch.state = DROPPED

    def batch(self, id_: str, number: str, *, actor: Actor) -> LedgerBatch:
        """Raises NotFound."""
        self.ledger(id_, actor=actor)
        with self._desk.reading() as session:
            return _of_ledger(session.scalars(select(LedgerBatch).where(LedgerBatch.number == number)).first(), id_, number)

    def batches(self, id_: str, *, actor: Actor, limit: int = 20) -> Sequence[LedgerBatch]:
        """Newest first. Raises NotFound, ImportNotYours."""
        self._kept(id_, actor)
        with self._desk.reading() as session:
            query = select(LedgerBatch).where(LedgerBatch.ledger == id_).order_by(LedgerBatch.id.desc())
            return session.scalars(query.limit(limit)).all()

    def wrong_rows(self, batch: LedgerBatch, *, actor: Actor, limit: int) -> Sequence[LedgerBatchRow]:
        """Raises NotFound, ImportNotYours."""
        self._kept(batch.ledger, actor)
        with self._desk.reading() as session:
            return batches.wrong_rows(session, batch, limit)

    def _kept(self, id_: str, actor: Actor) -> Ledger:
        ledger = self.ledger(id_, actor=actor)
        if not ledger.may_keep(actor.groups):
            raise ImportNotYours(ledger=ledger.title)
        return ledger


def _of_ledger(batch: LedgerBatch | None, id_: str, number: str) -> LedgerBatch:
    if batch is None or batch.ledger != id_:
        raise NotFound(kind="Import", key=number)
    return batch


def _reads(ledger: Ledger, actor: Actor) -> bool:
    return actor.system or ledger.may_read(actor.groups)


def _owners(ledger: Ledger, actor: Actor) -> tuple[str, ...]:
    """The groups as whose entries the actor may look, where not at all of them."""
    kind = OWN.get(ledger.own)
    return tuple(f"{kind}:{party}" for party in parties(actor, kind)) if kind else ()


def _sees(ledger: Ledger, row: LedgerEntry, actor: Actor) -> bool:
    return _reads(ledger, actor) or row.owner in _owners(ledger, actor)


def _limited(query: Query, ledger: Ledger, actor: Actor) -> Query:
    """The query, for who sees only their own limited to these."""
    return query if _reads(ledger, actor) else replace(query, owners=_owners(ledger, actor))


def _paired(before: Sequence[LedgerEntry], after: Sequence[LedgerEntry]) -> list[Difference]:
    later = {row.key: row for row in after if row.key is not None}
    found = []
    for row in before:
        match = later.pop(row.key, None) if row.key is not None else None
        found.append(Difference(row, match, _changed(row.values, match.values) if match else ()))
    rest = [row for row in after if row.key is None or row.key in later]
    return [*found, *(Difference(None, row, ()) for row in rest)]


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name))


__all__ = ["VISITOR", "Chart", "Difference", "ImportNotYours", "Ledger", "LedgerDesk", "Query"]
