"""Putting entries into force and ending them. Rows are only added to; of an entry for a key the newest is in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, select, text, update
from sqlalchemy.orm import Session

from engine.errors import ExecutionFailed
from engine.forms import Form
from procurement.ledgers.definitions import Ledger
from procurement.registers.ledgers import LedgerEntry
from procurement.registers.numbers import next_numbers
from procurement.registers.row import OFFICE_ZONE

DAY = dt.timedelta(days=1)
LONGEST_FACT = 500  # characters of a text one may ask for by equality
KEPT_APART = ("purchase_id", "organisation_id", "matter")  # columns an entry has beside its form's fields
BY_KEY = "newer"  # why an entry ended when a newer one of its key began


class EntryUnfit(ExecutionFailed):
    """What should be recorded in {ledger} does not fit its form: {faults}. Correct the variables or the form, then retry."""


@dataclass(frozen=True)
class NewEntry:
    """``values`` as the form has accepted them."""

    values: Mapping[str, Any]
    valid_from: dt.date
    valid_until: dt.date | None = None
    purchase_id: str | None = None
    organisation_id: str | None = None
    matter: str | None = None
    batch_id: int | None = field(default=None, kw_only=True)


def fitted(ledger: Ledger, form: Form, values: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """The values the form accepts; names it does not have are left out. Raises EntryUnfit."""
    checked = form.validate(values, {}, now=now)
    if not checked.is_valid:
        raise EntryUnfit(ledger=ledger.id, faults="; ".join(f"{one.path}: {one.message}" for one in checked.errors))
    return checked.values


def record(
    session: Session, ledger: Ledger, entries: Sequence[NewEntry], *, form_version: int, by: str, at: dt.datetime
) -> list[str]:
    """Numbers of the new entries, in their order. Of two for one key the later in the list counts."""
    if not entries:
        return []
    if ledger.key:
        session.execute(text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"ledger {ledger.id}"})
    numbers = next_numbers(session, ledger.number, at.astimezone(OFFICE_ZONE).year, len(entries))
    rows = [_row(ledger, entry, number) for entry, number in zip(entries, numbers, strict=True)]
    if ledger.key:
        _follow_one_another(session, ledger, rows, by, at)
    own = {"ledger": ledger.id, "form_version": form_version, "recorded_by": by, "recorded_at": at}
    session.execute(insert(LedgerEntry), [row | own for row in rows])
    return numbers


def close(
    session: Session, conditions: Iterable[ColumnElement[bool]], *, on: dt.date, reason: str, by: str, at: dt.datetime
) -> int:
    """End the entries in force on ``on``: the day before is their last. Gives how many."""
    in_force = (LedgerEntry.valid_from <= on, LedgerEntry.valid_until.is_(None) | (LedgerEntry.valid_until >= on))
    ended = {"valid_until": on - DAY, "closed_reason": reason, "closed_by": by, "closed_at": at}
    statement = update(LedgerEntry).where(*conditions, *in_force).values(**ended).returning(LedgerEntry.id)
    return len(session.execute(statement, execution_options={"synchronize_session": False}).all())


def _row(ledger: Ledger, entry: NewEntry, number: str) -> dict[str, Any]:
    values = dict(entry.values)
    apart = {name: getattr(entry, name) or _text(values.get(name)) for name in KEPT_APART}
    facts = {name: fact for name, value in values.items() if (fact := _fact(value)) is not None}
    known = {name: [value] for name, value in apart.items() if value}
    name = values.get(ledger.name)
    return {
        "number": number,
        "key": "\x1f".join(_text(values.get(one)) or "" for one in ledger.key) if ledger.key else None,
        "name": _text(name) or number,
        "values": values,
        "search": "\n".join([number, *_texts(values)]).lower(),
        "facts": known | facts,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
        "owner": ledger.owner({**apart, **values}),
        "batch_id": entry.batch_id,
        "closed_reason": "",
        "closed_by": "",
        **apart,
    }


def _follow_one_another(session: Session, ledger: Ledger, rows: list[dict[str, Any]], by: str, at: dt.datetime) -> None:
    """The older entry of a key ends the day before the newer begins; one that begins later still ends the newer."""
    newest: dict[str, dict[str, Any]] = {}
    for row in rows:
        earlier = newest.get(row["key"])
        if earlier is not None:
            earlier |= {"valid_until": row["valid_from"] - DAY, "closed_reason": BY_KEY, "closed_by": by, "closed_at": at}
            earlier["valid_from"] = min(earlier["valid_from"], row["valid_from"])
        newest[row["key"]] = row
    same = (LedgerEntry.ledger == ledger.id, LedgerEntry.key.in_(list(newest)))
    for day in {row["valid_from"] for row in newest.values()}:
        keys = [key for key, row in newest.items() if row["valid_from"] == day]
        close(session, [same[0], LedgerEntry.key.in_(keys)], on=day, reason=BY_KEY, by=by, at=at)
    later = select(LedgerEntry.key, func.min(LedgerEntry.valid_from)).where(*same, _still(newest)).group_by(LedgerEntry.key)
    for key, begins in session.execute(later):
        row = newest[str(key)]
        if begins > row["valid_from"] and (row["valid_until"] is None or row["valid_until"] >= begins):
            row["valid_until"] = begins - DAY


def _still(newest: Mapping[str, Mapping[str, Any]]) -> ColumnElement[bool]:
    """Entries that begin after the first day something is recorded for, and were not ended before they began."""
    first = min(row["valid_from"] for row in newest.values())
    begun = LedgerEntry.valid_until.is_(None) | (LedgerEntry.valid_until >= LedgerEntry.valid_from)
    return and_(LedgerEntry.valid_from > first, begun)


def _fact(value: Any) -> list[Any] | None:
    """What can be asked by equality, always as a list: short texts, numbers, yes or no. Files and rows of rows cannot be."""
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, (str, int, Decimal)) and one != "" for one in values):  # a bool is an int
        return None
    return None if any(isinstance(one, str) and len(one) > LONGEST_FACT for one in values) else values


def _text(value: Any) -> str | None:
    """A scalar as the key and the name write it; None for nothing."""
    return None if value is None or isinstance(value, (dict, list)) else str(value)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("sha256", "media_type", "size"):
                yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, (str, int, Decimal)) and not isinstance(value, bool):
        yield str(value)
