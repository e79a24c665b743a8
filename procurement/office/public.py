"""The public desk: what anybody may read without logging in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from engine.errors import NotFound
from engine.model import Page
from procurement.office.desk import Desk
from procurement.registers.cataloguing import catalogue_on
from procurement.registers.comparison import Award, Notice, Objection, Question
from procurement.registers.money import CatalogueItem
from procurement.registers.parties import Organisation
from procurement.registers.performance import Contract
from procurement.registers.purchases import Purchase

RESULT_KINDS = ("result_publicity", "result", "award")


@dataclass(frozen=True)
class PublicPurchase:
    """What is public about one purchase: its notices, answered questions, award and contract dates; no applicants, no bids."""

    purchase: Purchase
    notices: Sequence[Notice]
    questions: Sequence[Question]  # answered ones, the asker's name is not shown
    awards: Sequence[Award]
    contracts: Sequence[Contract]
    organisation: Organisation | None
    objections_decided: int


class PublicDesk:
    """Only purchases that have published something exist here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def notices(
        self, *, words: str = "", kinds: Sequence[str] = (), open_only: bool = False, limit: int = 30, after: str | None = None
    ) -> Page:
        """Newest first. ``open_only``: not closed and not past ``until``."""
        conditions: list[ColumnElement[bool]] = []
        if words:
            pattern = f"%{words}%"
            conditions.append(or_(Notice.title.ilike(pattern), Notice.id.ilike(pattern), Notice.purchase_id.ilike(pattern)))
        if kinds:
            conditions.append(Notice.kind.in_(kinds))
        if open_only:
            conditions += [Notice.closed_at.is_(None), or_(Notice.until.is_(None), Notice.until >= self._desk.now())]
        with self._desk.reading() as session:
            total = session.scalar(select(func.count()).select_from(Notice).where(*conditions)) or 0
            query = select(Notice).where(*conditions).order_by(Notice.id.desc()).limit(limit + 1)
            rows = session.scalars(query.where(Notice.id < after) if after else query).all()
        return Page(tuple(rows[:limit]), total, rows[limit - 1].id if len(rows) > limit else None)

    def results(self, *, words: str = "", limit: int = 30, after: str | None = None) -> Page:
        return self.notices(words=words, kinds=RESULT_KINDS, limit=limit, after=after)

    def notice(self, number: str) -> Notice:
        """Raises NotFound."""
        with self._desk.reading() as session:
            row = session.get(Notice, number)
            if row is None:
                raise NotFound(kind="Notice", key=number)
            return row

    def purchase(self, purchase_id: str) -> PublicPurchase:
        """Raises NotFound for a purchase that has published nothing."""
        with self._desk.reading() as session:
            purchase = session.get(Purchase, purchase_id)
            notices = session.scalars(select(Notice).where(Notice.purchase_id == purchase_id).order_by(Notice.id.desc())).all()
            if purchase is None or not notices:
                raise NotFound(kind="Purchase", key=purchase_id)
            published = any(notice.kind in RESULT_KINDS for notice in notices)
            answered = select(Question).where(Question.purchase_id == purchase_id, Question.answered_at.is_not(None))
            awards = select(Award).where(Award.purchase_id == purchase_id, Award.status == "valid")
            contracts = select(Contract).where(Contract.purchase_id == purchase_id, Contract.signed_on.is_not(None))
            decided = select(func.count()).where(Objection.purchase_id == purchase_id, Objection.decided_at.is_not(None))
            return PublicPurchase(
                purchase=purchase,
                notices=notices,
                questions=session.scalars(answered.order_by(Question.id)).all(),
                awards=session.scalars(awards).all() if published else (),
                contracts=session.scalars(contracts).all(),
                organisation=session.get(Organisation, purchase.organisation_id)
                if published and purchase.organisation_id
                else None,
                objections_decided=session.scalar(decided) or 0,
            )

    def catalogue(self) -> Sequence[CatalogueItem]:
        """The guiding catalogue in force today."""
        with self._desk.reading() as session:
            return catalogue_on(session, self._desk.now().date())
