"""The contract desk: a contract with its text, who signed it, its supplements; beginning a supplement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from engine.errors import Conflict, NotFound, NotPermitted
from engine.model import Actor
from procurement.office.access import may_see_purchase, of_office, parties
from procurement.office.desk import Desk
from procurement.registers.parties import Organisation
from procurement.registers.performance import Contract, ContractRefusal, ContractSignature, Milestone, Payment
from procurement.registers.purchases import Purchase

PROCESS = "contract_supplement"
DRAFTERS = frozenset({"procurement_officer"})


class NothingToSupplement(Conflict):
    """Contract {contract} is {status}: only a contract that is signed and still runs can be supplemented."""


class SupplementRuns(Conflict):
    """A supplement to contract {contract} is being made already. Finish it first."""


@dataclass(frozen=True)
class ContractCard:
    """``refusals``: by organisations that were chosen for the purchase and did not sign."""

    contract: Contract
    purchase: Purchase
    organisation: Organisation
    milestones: Sequence[Milestone]
    signatures: Sequence[ContractSignature]
    supplements: Sequence[Contract]
    refusals: Sequence[ContractRefusal]
    payments: Sequence[Payment]


class ContractDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def card(self, number: str, *, actor: Actor) -> ContractCard:
        """Raises NotFound, also for who may not see it: an organisation sees its own contracts."""
        with self._desk.reading() as session:
            contract = session.get(Contract, number)
            if contract is None or not self._sees(contract, actor):
                raise NotFound(kind="Contract", key=number)
            refusals = (
                select(ContractRefusal).where(ContractRefusal.purchase_id == contract.purchase_id).order_by(ContractRefusal.id)
            )
            supplements = select(Contract).where(Contract.supplements_id == number).order_by(Contract.id)
            signatures = select(ContractSignature).where(ContractSignature.contract_id == number).order_by(ContractSignature.id)
            milestones = select(Milestone).where(Milestone.contract_id == number).order_by(Milestone.number)
            return ContractCard(
                contract,
                session.get_one(Purchase, contract.purchase_id),
                session.get_one(Organisation, contract.organisation_id),
                session.scalars(milestones).all(),
                session.scalars(signatures).all(),
                session.scalars(supplements).all(),
                session.scalars(refusals).all() if of_office(actor) else (),
                session.scalars(select(Payment).where(Payment.contract_id == number).order_by(Payment.paid_on, Payment.id)).all(),
            )

    def refusals(self, purchase_id: str) -> Sequence[ContractRefusal]:
        with self._desk.reading() as session:
            query = select(ContractRefusal).where(ContractRefusal.purchase_id == purchase_id).order_by(ContractRefusal.id)
            return session.scalars(query).all()

    def may_supplement(self, contract: Contract, *, actor: Actor) -> bool:
        running = contract.status == "signed" and contract.supplements_id is None
        return running and bool(actor.groups & DRAFTERS) and not self._runs(contract.purchase_id)

    def supplement(self, number: str, *, actor: Actor, command_id: str | None = None) -> int:
        """Begin a supplement; gives the key of its process. Raises NotPermitted, NothingToSupplement, SupplementRuns."""
        if not actor.groups & DRAFTERS:
            raise NotPermitted
        card = self.card(number, actor=actor)
        if card.contract.status != "signed" or card.contract.supplements_id is not None:
            raise NothingToSupplement(contract=number, status=card.contract.status)
        if self._runs(card.purchase.id):
            raise SupplementRuns(contract=number)
        variables = {
            "purchase_id": card.purchase.id,
            "title": card.purchase.title,
            "budget_code": card.purchase.budget_code,
            "original_contract": number,
            "organisation_id": card.organisation.id,
            "organisation": card.organisation.name,
        }
        engine = self._desk.engine
        return engine.start_process(PROCESS, variables, actor=actor, business_key=card.purchase.id, command_id=command_id).key

    def _runs(self, purchase_id: str) -> bool:
        return bool(self._desk.engine.instances(business_key=purchase_id, process_id=PROCESS, running=True, limit=1).items)

    def _sees(self, contract: Contract, actor: Actor) -> bool:
        if of_office(actor) or contract.organisation_id in parties(actor, "organisation"):
            return True
        if not parties(actor, "agency"):
            return False
        with self._desk.reading() as session:
            return may_see_purchase(session, actor, contract.purchase_id)
