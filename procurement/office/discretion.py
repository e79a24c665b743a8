"""The ledger of discretion: what was decided otherwise than a rule says, to read, to count and to hand on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from engine.errors import NotPermitted
from engine.model import Actor, Page, last_key
from procurement.office.desk import Desk
from procurement.registers.discretion import Discretion, record
from procurement.registers.purchases import Purchase

__all__ = ["Discretion", "DiscretionDesk", "LedgerNotYours", "Share", "record"]

READERS = frozenset({"discipline", "auditor", "street_leader", "procurement_officer"})
MOST = 5000  # rows of one table handed on


class LedgerNotYours(NotPermitted):
    """The ledger of discretion is read by discipline inspection, audit, the street's leaders and its procurement officers."""


@dataclass(frozen=True)
class Share:
    """How often one person, rule or quarter occurs, and how much of all that is (0–1)."""

    key: str
    count: int
    share: float


class DiscretionDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ledger(
        self,
        *,
        actor: Actor,
        person: str = "",
        rule_id: str = "",
        purchase_id: str = "",
        first: dt.date | None = None,
        last: dt.date | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """Newest first. ``person``: login of who decided or approved. Raises LedgerNotYours."""
        _reader(actor)
        conditions = _conditions(person, rule_id, purchase_id, first, last)
        with self._desk.reading() as session:
            total = session.scalar(select(func.count()).select_from(Discretion).where(*conditions)) or 0
            query = select(Discretion).where(*conditions).order_by(Discretion.id.desc()).limit(min(limit, MOST) + 1)
            if (beyond := last_key(after)) is not None:
                query = query.where(Discretion.id < beyond)
            rows = session.scalars(query).all()
        return Page(tuple(rows[:limit]), total, str(rows[limit - 1].id) if len(rows) > limit else None)

    def shares(self, by: str, *, actor: Actor, first: dt.date | None = None, last: dt.date | None = None) -> Sequence[Share]:
        """Counts and shares ``by`` person (who decided), rule or quarter ("2026-Q1"), most first. Raises LedgerNotYours."""
        _reader(actor)
        quarter = func.to_char(func.timezone("Asia/Shanghai", Discretion.at), 'YYYY"-Q"Q')
        key = {"person": Discretion.decided_by, "rule": Discretion.rule_id, "quarter": quarter}[by]
        count = func.count()
        query = select(key, count).where(*_conditions("", "", "", first, last)).group_by(key).order_by(count.desc(), key)
        with self._desk.reading() as session:
            rows = session.execute(query).all()
        total = sum(number for _, number in rows)
        return [Share(str(name), number, number / total) for name, number in rows]

    def purchases(self, *, actor: Actor) -> tuple[int, int]:
        """How many purchases have a deviation, out of how many. Raises LedgerNotYours."""
        _reader(actor)
        with self._desk.reading() as session:
            touched = session.scalar(select(func.count(func.distinct(Discretion.purchase_id)))) or 0
            return touched, session.scalar(select(func.count()).select_from(Purchase)) or 0

    def of_purchase(self, purchase_id: str, *, actor: Actor) -> Sequence[Discretion]:
        """One purchase's deviations, oldest first. Raises LedgerNotYours."""
        _reader(actor)
        query = select(Discretion).where(Discretion.purchase_id == purchase_id).order_by(Discretion.id)
        with self._desk.reading() as session:
            return session.scalars(query).all()


def _conditions(
    person: str, rule_id: str, purchase_id: str, first: dt.date | None, last: dt.date | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if person:
        conditions.append((Discretion.decided_by == person) | (Discretion.approver == person))
    if rule_id:
        conditions.append(Discretion.rule_id == rule_id)
    if purchase_id:
        conditions.append(Discretion.purchase_id == purchase_id)
    day = func.date(func.timezone("Asia/Shanghai", Discretion.at))
    if first:
        conditions.append(day >= first)
    if last:
        conditions.append(day <= last)
    return conditions


def _reader(actor: Actor) -> None:
    if not actor.system and not actor.groups & READERS:
        raise LedgerNotYours
