"""The purchases desk: start, find, and read everything the registers hold about one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from engine.errors import Conflict, EngineError, FieldError, InvalidInput, NotFound
from engine.model import Actor, Page
from procurement.office.access import may_see_purchase, visible_purchases
from procurement.office.desk import Desk
from procurement.office.plain_texts import faults
from procurement.registers import numbers
from procurement.registers.comparison import (
    Application,
    Award,
    Bid,
    Evaluation,
    ExpertDraw,
    Notice,
    Objection,
    Question,
    ScoreSheet,
)
from procurement.registers.edits import RegisterEdit, edits_of
from procurement.registers.files import FileUse
from procurement.registers.money import BudgetLine
from procurement.registers.performance import CaseFile, Contract, Milestone, MonitoringRecord, Payment, Proposal
from procurement.registers.purchases import RUNNING, STEPS, Purchase
from procurement.registers.row import OFFICE_ZONE

PROCESS = "purchase"
INITIATOR_KINDS = ("department", "institution", "community")


LONGEST_TITLE, LONGEST_UNIT = 200, 100


class ProposalTaken(Conflict):
    """Proposal {proposal} is no longer open; it became purchase {purchase}. Begin a purchase of its own instead."""


@dataclass(frozen=True)
class Dossier:
    """Everything the registers hold about one purchase. Bids are envelopes only."""

    purchase: Purchase
    notices: Sequence[Notice]
    questions: Sequence[Question]
    applications: Sequence[Application]
    bids: Sequence[Bid]
    draws: Sequence[ExpertDraw]
    score_sheets: Sequence[ScoreSheet]
    evaluations: Sequence[Evaluation]
    objections: Sequence[Objection]
    awards: Sequence[Award]
    contracts: Sequence[Contract]
    milestones: Sequence[Milestone]
    payments: Sequence[Payment]
    monitoring: Sequence[MonitoringRecord]
    proposals: Sequence[Proposal]
    case_files: Sequence[CaseFile]
    budget_lines: Sequence[BudgetLine]
    files: Sequence[FileUse]


class PurchaseDesk:
    """Purchases as the office sees them; ``actor`` limits outsiders to their own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def start(
        self,
        *,
        actor: Actor,
        title: str,
        unit: str,
        initiator_kind: str,
        community: str = "",
        proposal_id: int | None = None,
        variables: dict[str, Any] | None = None,
        command_id: str | None = None,
    ) -> Purchase:
        """Give the purchase its number and start its process.

        The number is taken first. When the process cannot start, the row stays with the status void and the reason, so that
        every number of the year is accounted for. ``command_id`` makes a double click harmless. Raises InvalidInput.
        """
        self._check_start(title, unit, initiator_kind, community)
        row = Purchase(
            title=title.strip(),
            unit=unit.strip(),
            initiator=actor.user_id,
            initiator_kind=initiator_kind,
            community=community.strip(),
            step=STEPS[0],
            status=RUNNING[0],
            command_id=command_id,
        )
        purchase_id = self._take_number(row, proposal_id, actor)
        known: dict[str, Any] = {
            "purchase_id": purchase_id,
            "title": title.strip(),
            "initiator": actor.user_id,
            "initiator_unit": unit.strip(),
            "initiator_kind": initiator_kind,
            "community": community.strip(),
        }
        try:
            instance = self._desk.engine.start_process(
                PROCESS, {**(variables or {}), **known}, actor=actor, business_key=purchase_id, command_id=f"start {purchase_id}"
            )
        except EngineError as cause:
            self._void(purchase_id, actor, str(cause))
            raise
        with self._desk.editing(actor) as session:
            purchase = session.get_one(Purchase, purchase_id, with_for_update=True)
            purchase.process_key = instance.key
            session.flush()
        return self.get(purchase_id)

    def get(self, purchase_id: str, *, actor: Actor | None = None) -> Purchase:
        """Raises NotFound, also when ``actor`` may not see it."""
        with self._desk.reading() as session:
            purchase = session.get(Purchase, purchase_id)
            if purchase is None or (actor is not None and not may_see_purchase(session, actor, purchase_id)):
                raise NotFound(kind="Purchase", key=purchase_id)
            return purchase

    def by_ids(self, purchase_ids: Iterable[str]) -> dict[str, Purchase]:
        """Several rows at once, by number; numbers that do not exist are left out."""
        with self._desk.reading() as session:
            rows = session.scalars(select(Purchase).where(Purchase.id.in_(list(purchase_ids)))).all()
        return {row.id: row for row in rows}

    def units(self) -> Sequence[str]:
        """Every unit that ever started a purchase, for filters."""
        with self._desk.reading() as session:
            return session.scalars(select(Purchase.unit).distinct().order_by(Purchase.unit)).all()

    def seen_of(self, purchases: Iterable[str], *, actor: Actor) -> frozenset[str]:
        """Those of ``purchases`` the actor may look into."""
        with self._desk.reading() as session:
            query = select(Purchase.id).where(Purchase.id.in_(list(purchases)), visible_purchases(session, actor))
            return frozenset(session.scalars(query))

    def may_see(self, actor: Actor, purchase_id: str) -> bool:
        with self._desk.reading() as session:
            return may_see_purchase(session, actor, purchase_id)

    def search(
        self,
        *,
        actor: Actor | None = None,
        words: str = "",
        step: str = "",
        status: str = "",
        running: bool | None = None,
        route: str = "",
        unit: str = "",
        community: str = "",
        category: str = "",
        year: int | None = None,
        amount_from: Decimal | None = None,
        amount_to: Decimal | None = None,
        agency_id: str = "",
        organisation_id: str = "",
        initiator: str = "",
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """Newest number first; ``words`` looks into number, title, unit, community and category.

        Amounts in yuan, both ends included: the approved amount, or the estimate while there is none.
        """
        equal: dict[Any, str] = {
            Purchase.step: step,
            Purchase.status: status,
            Purchase.route: route,
            Purchase.unit: unit,
            Purchase.community: community,
            Purchase.category: category,
            Purchase.agency_id: agency_id,
            Purchase.organisation_id: organisation_id,
            Purchase.initiator: initiator,
        }
        conditions: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value]
        if words:
            pattern = "%" + words.replace("%", r"\%").replace("_", r"\_") + "%"
            columns = (Purchase.id, Purchase.title, Purchase.unit, Purchase.community, Purchase.category)
            conditions.append(or_(*(column.ilike(pattern) for column in columns)))
        if running is not None:
            conditions.append(Purchase.status.in_(RUNNING) if running else Purchase.status.not_in(RUNNING))
        total_sum = func.coalesce(Purchase.amount, Purchase.estimate)
        if amount_from is not None:
            conditions.append(total_sum >= amount_from)
        if amount_to is not None:
            conditions.append(total_sum <= amount_to)
        if year is not None:
            conditions += [Purchase.started_at >= _new_year(year), Purchase.started_at < _new_year(year + 1)]
        with self._desk.reading() as session:
            if actor is not None:
                conditions.append(visible_purchases(session, actor))
            total = session.scalar(select(func.count()).select_from(Purchase).where(*conditions)) or 0
            query = select(Purchase).where(*conditions).order_by(Purchase.id.desc()).limit(limit + 1)
            rows = session.scalars(query.where(Purchase.id < after) if after else query).all()
        return Page(tuple(rows[:limit]), total, rows[limit - 1].id if len(rows) > limit else None)

    def dossier(self, purchase_id: str) -> Dossier:
        """Raises NotFound."""
        with self._desk.reading() as session:
            purchase = session.get(Purchase, purchase_id)
            if purchase is None:
                raise NotFound(kind="Purchase", key=purchase_id)

            def own(table: Any, order: Any) -> Sequence[Any]:
                return session.scalars(select(table).where(table.purchase_id == purchase_id).order_by(order)).all()

            contracts = own(Contract, Contract.id)
            ids = [contract.id for contract in contracts]
            return Dossier(
                purchase=purchase,
                notices=own(Notice, Notice.id.desc()),
                questions=own(Question, Question.id),
                applications=own(Application, Application.id),
                bids=own(Bid, Bid.id),
                draws=own(ExpertDraw, ExpertDraw.id),
                score_sheets=own(ScoreSheet, ScoreSheet.id),
                evaluations=own(Evaluation, Evaluation.id),
                objections=own(Objection, Objection.id),
                awards=own(Award, Award.id),
                contracts=contracts,
                milestones=session.scalars(select(Milestone).where(Milestone.contract_id.in_(ids)).order_by(Milestone.id)).all(),
                payments=session.scalars(select(Payment).where(Payment.contract_id.in_(ids)).order_by(Payment.id)).all(),
                monitoring=own(MonitoringRecord, MonitoringRecord.id),
                proposals=own(Proposal, Proposal.id),
                case_files=own(CaseFile, CaseFile.id.desc()),
                budget_lines=own(BudgetLine, BudgetLine.id),
                files=own(FileUse, FileUse.id),
            )

    def edits(self, purchase_id: str) -> Sequence[RegisterEdit]:
        """What changed in the purchase's register row, newest first."""
        with self._desk.reading() as session:
            return edits_of(session, Purchase.__tablename__, purchase_id)

    def open_proposals(self) -> Sequence[Proposal]:
        """What finished purchases proposed and nobody has taken up."""
        with self._desk.reading() as session:
            return session.scalars(select(Proposal).where(Proposal.status == "open").order_by(Proposal.id)).all()

    def _check_start(self, title: str, unit: str, initiator_kind: str, community: str) -> None:
        errors = [
            *faults("title", title, LONGEST_TITLE),
            *faults("unit", unit, LONGEST_UNIT),
            *faults("community", community, LONGEST_UNIT),
        ]
        if not title.strip():
            errors.append(FieldError("title", "Enter a title of at most 200 characters."))
        if not unit.strip():
            errors.append(FieldError("unit", "Enter the unit that needs the service."))
        if initiator_kind not in INITIATOR_KINDS:
            errors.append(FieldError("initiator_kind", "Choose department, institution or community."))
        if errors:
            raise InvalidInput(fields=tuple(errors))

    def _take_number(self, row: Purchase, proposal_id: int | None, actor: Actor) -> str:
        with self._desk.editing(actor) as session:
            if row.command_id:
                query = select(Purchase.id).where(Purchase.initiator == row.initiator, Purchase.command_id == row.command_id)
                if (earlier := session.scalar(query)) is not None:
                    return earlier
            now = self._desk.now()
            row.id = numbers.next_number(session, numbers.PURCHASE, now.year)
            row.started_at = row.updated_at = now
            session.add(row)
            if proposal_id is not None:
                proposal = session.get(Proposal, proposal_id, with_for_update=True)
                if proposal is None:
                    raise NotFound(kind="Proposal", key=proposal_id)
                if proposal.status != "open":
                    raise ProposalTaken(proposal=proposal_id, purchase=proposal.taken_up_by or "")
                proposal.status, proposal.taken_up_by = "taken_up", row.id
            return row.id

    def _void(self, purchase_id: str, actor: Actor, reason: str) -> None:
        with self._desk.editing(actor) as session:
            purchase = session.get_one(Purchase, purchase_id, with_for_update=True)
            if purchase.process_key is None:
                purchase.status, purchase.status_reason, purchase.ended_at = "void", reason, self._desk.now()


def _new_year(year: int) -> dt.datetime:
    return dt.datetime(year, 1, 1, tzinfo=OFFICE_ZONE)
