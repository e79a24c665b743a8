"""Purchases as one organisation sees them: what is published, its own application and bids, nobody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.registers import bidding
from procurement.registers.bidding import BidReceipt
from procurement.registers.comparison import Application, Bid, Notice, Objection, Question
from procurement.registers.performance import Contract
from procurement.registers.purchases import Purchase
from procurement.registers.registering import SupplementRequest


@dataclass(frozen=True)
class OwnPurchase:
    """One purchase as the organisation sees it: its own application and bids, nobody else's."""

    organisation_id: str
    purchase: Purchase
    notices: Sequence[Notice]
    application: Application | None
    bids: Sequence[BidReceipt]
    questions: Sequence[Question]
    objections: Sequence[Objection]
    contracts: Sequence[Contract]
    supplements: Sequence[SupplementRequest]
    answers: Mapping[int, Notice]  # question id → the notice that gave the answer to everybody


def own_sides(session: Session, purchases: Sequence[Purchase], organisation_id: str) -> list[OwnPurchase]:
    """One statement for each register, however many purchases."""
    ids = [purchase.id for purchase in purchases]

    def own(table: Any, *more: Any) -> dict[str, list[Any]]:
        rows: dict[str, list[Any]] = {id_: [] for id_ in ids}
        for row in session.scalars(select(table).where(table.purchase_id.in_(ids), *more).order_by(table.id)):
            rows[row.purchase_id].append(row)
        return rows

    notices, visible = own(Notice), (Question.answered_at.is_not(None)) | (Question.organisation_id == organisation_id)
    mine, questions = own(Application, Application.organisation_id == organisation_id), own(Question, visible)
    bids, objections, contracts = (own(table, table.organisation_id == organisation_id) for table in (Bid, Objection, Contract))
    subjects = [row.id for rows in mine.values() for row in rows]
    asked = select(SupplementRequest).where(SupplementRequest.subject.in_(subjects)).order_by(SupplementRequest.id)
    supplements = session.scalars(asked).all() if subjects else []
    return [
        OwnPurchase(
            organisation_id=organisation_id,
            purchase=one,
            notices=notices[one.id],
            application=mine[one.id][-1] if mine[one.id] else None,
            bids=[bidding.receipt(bid) for bid in bids[one.id]],
            questions=questions[one.id],
            objections=objections[one.id],
            contracts=contracts[one.id],
            supplements=[row for row in supplements if row.subject in {application.id for application in mine[one.id]}],
            answers=answer_notices(questions[one.id], notices[one.id]),
        )
        for one in purchases
    ]


def answer_notices(questions: Sequence[Question], notices: Sequence[Notice]) -> dict[int, Notice]:
    """Question id → the notice that answered it: an answer and its notice are written at the same moment."""
    published = {notice.published_at: notice for notice in notices if "answer" in notice.content}
    found = {row.id: published.get(row.answered_at) for row in questions if row.answered_at is not None}
    return {key: notice for key, notice in found.items() if notice is not None}
