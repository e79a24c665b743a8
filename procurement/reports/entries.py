"""The entries of a ledger can be counted by their own fields."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Numeric, Text, case, cast, func, literal
from sqlalchemy import outerjoin as beside

from procurement.registers.ledgers import LedgerEntry
from procurement.registers.purchases import Purchase
from procurement.reports.source import Source, month


def of_entries(ledger: str, title: str, fields: tuple[str, ...], *, in_force: bool) -> Source:
    """The entries of a ledger. ``fields``: what a figure groups by or adds up; ``in_force``: a register of what holds, so that an
    entry counts in every year it is in force and not only in the one it was made in.
    """
    texts = {name: func.coalesce(_plain(name), "") for name in fields}
    return Source(
        ledger,
        title,
        beside(LedgerEntry, Purchase, Purchase.id == LedgerEntry.purchase_id),
        LedgerEntry.id,
        f"ledger:{ledger}",
        LedgerEntry.number,
        LedgerEntry.name,
        LedgerEntry.valid_from,
        {"month": month(LedgerEntry.valid_from, is_day=True), **texts},
        {name: _amount(name) for name in fields},
        sight=f"ledger:{ledger}",
        is_day=True,
        only=LedgerEntry.ledger == ledger,
        keeps=LedgerEntry.valid_until if in_force else None,
    )


def _plain(name: str) -> Any:
    """The first of the field's values: the facts of an entry are lists, of one or of several."""
    return _values(name).op("->>", return_type=Text())(literal(0, literal_execute=True))


def _values(name: str) -> Any:
    return LedgerEntry.facts.op("->")(literal(name, literal_execute=True))


def _amount(name: str) -> Any:
    """The field as a number, null for what is none."""
    kind = func.jsonb_typeof(_values(name).op("->")(literal(0, literal_execute=True)))
    return case((kind == "number", cast(_plain(name), Numeric)), else_=None)
