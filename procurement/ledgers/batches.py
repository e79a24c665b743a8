"""Imports: a file read row by row against the ledger's form; what fits is in force only once a process has approved it."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.errors import ExecutionFailed, FieldError
from engine.forms import Form
from procurement.ledgers import importing, sheets
from procurement.ledgers.definitions import Ledger
from procurement.ledgers.recording import NewEntry, close, record
from procurement.registers.ledgers import APPLIED, FAULTY, READ, READING, LedgerBatch, LedgerBatchRow, LedgerEntry
from procurement.registers.numbers import BATCH, next_number
from procurement.registers.row import OFFICE_ZONE

AT_ONCE = 250  # rows looked at together


class BatchNotReady(ExecutionFailed):
    """The import {batch} is {state}: only one that was read to its end without a faulty row can be put into force. Import it again."""


def begin(
    session: Session,
    ledger: Ledger,
    form: Form,
    version: int,
    *,
    content: bytes,
    file_name: str,
    valid_from: dt.date,
    replaces_all: bool,
    by: str,
    at: dt.datetime,
) -> LedgerBatch:
    """Take the file in; its rows are looked at by ``go_on``. Raises TableUnreadable, HeadingsUnknown."""
    rows = list(importing.read(sheets.rows_of(content, file_name), form))
    batch = LedgerBatch(
        number=next_number(session, BATCH, at.astimezone(OFFICE_ZONE).year),
        ledger=ledger.id,
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        state=READING if rows else FAULTY,
        fault="" if rows else "empty",
        valid_from=valid_from,
        replaces_all=replaces_all,
        total=len(rows),
        form_version=version,
        begun_by=by,
        begun_at=at,
    )
    session.add(batch)
    session.flush()
    if rows:
        session.execute(insert(LedgerBatchRow), [_new(batch.id, number, raw) for number, raw in rows])
    return batch


def go_on(session: Session, batch: LedgerBatch, ledger: Ledger, form: Form, *, seconds: float, now: dt.datetime) -> LedgerBatch:
    """Look at some more rows, as many as go into the time; two who drive one import follow one another."""
    until = time.monotonic() + seconds
    known = importing.fields(form)
    while batch.state == READING:
        query = select(LedgerBatchRow).where(LedgerBatchRow.batch_id == batch.id).order_by(LedgerBatchRow.row)
        rows = session.scalars(query.offset(batch.done).limit(AT_ONCE)).all()
        looked = [_looked(row, *importing.faults(form, row.values, known, now)) for row in rows]
        session.execute(update(LedgerBatchRow), looked)
        session.expunge_all()
        session.add(batch)
        batch.done += len(rows)
        batch.wrong += sum(bool(one["faults"]) for one in looked)
        if batch.done >= batch.total:
            batch.wrong += _refuse_repeated(session, batch, ledger)
            batch.state = FAULTY if batch.wrong else READ
        if time.monotonic() > until:
            break
    session.flush()
    return batch


def wrong_rows(session: Session, batch: LedgerBatch, limit: int = sheets.MOST_ROWS) -> Sequence[LedgerBatchRow]:
    """The rows that do not fit, in the order of the file."""
    query = select(LedgerBatchRow).where(LedgerBatchRow.batch_id == batch.id, LedgerBatchRow.faults != [])
    return session.scalars(query.order_by(LedgerBatchRow.row).limit(limit)).all()


def faults_of(row: LedgerBatchRow) -> list[FieldError]:
    return [FieldError(path, template, params) for path, template, params in row.faults]


def _new(batch_id: int, number: int, raw: dict[str, str]) -> dict[str, object]:
    return {"batch_id": batch_id, "row": number, "values": raw, "faults": []}


def _looked(row: LedgerBatchRow, accepted: dict[str, object], wrong: list[FieldError]) -> dict[str, object]:
    """What fits is kept typed, what does not as it stood in the file."""
    told = [[one.path, one.template, one.params] for one in wrong]
    return {"batch_id": row.batch_id, "row": row.row, "values": row.values if wrong else accepted, "faults": told}


def _refuse_repeated(session: Session, batch: LedgerBatch, ledger: Ledger) -> int:
    """Rows that fit alone but name a key a second time. Gives how many."""
    if not ledger.key:
        return 0
    seen: dict[tuple[str, ...], int] = {}
    query = select(LedgerBatchRow.row, LedgerBatchRow.values).where(
        LedgerBatchRow.batch_id == batch.id, LedgerBatchRow.faults == []
    )
    again = []
    for number, values in session.execute(query.order_by(LedgerBatchRow.row)):
        if found := importing.repeated(ledger, number, values, seen):
            told = [[one.path, one.template, one.params] for one in found]
            again.append({"batch_id": batch.id, "row": number, "faults": told})
    if again:
        session.execute(update(LedgerBatchRow), again)
    return len(again)


def ready(session: Session, ledger: str = "") -> Sequence[LedgerBatch]:
    """Read without a fault and not in force yet, newest first."""
    query = select(LedgerBatch).where(LedgerBatch.state == READ).order_by(LedgerBatch.id.desc()).limit(100)
    return session.scalars(query.where(LedgerBatch.ledger == ledger) if ledger else query).all()


def locked(session: Session, number: str) -> LedgerBatch | None:
    return session.scalars(select(LedgerBatch).where(LedgerBatch.number == number).with_for_update()).first()


def apply(session: Session, batch: LedgerBatch, ledger: Ledger, *, matter: str | None, by: str, at: dt.datetime) -> list[str]:
    """Numbers of the new entries. Raises BatchNotReady."""
    if batch.state != READ:
        raise BatchNotReady(batch=batch.number, state=batch.state)
    if batch.replaces_all:
        query = [LedgerEntry.ledger == ledger.id]
        close(session, query, on=batch.valid_from, reason=batch.number, by=by, at=at)
    rows = session.scalars(select(LedgerBatchRow).where(LedgerBatchRow.batch_id == batch.id).order_by(LedgerBatchRow.row))
    entries = [NewEntry(row.values, batch.valid_from, matter=matter, batch_id=batch.id) for row in rows]
    numbers = record(session, ledger, entries, form_version=batch.form_version, by=by, at=at)
    batch.state, batch.applied_at = APPLIED, at
    session.flush()
    return numbers
