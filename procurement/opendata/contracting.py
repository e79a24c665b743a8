"""The contract part of a release: what was signed, what was paid, how it ended."""

from __future__ import annotations

from procurement.opendata.events import Event
from procurement.opendata.facts import Facts
from procurement.opendata.parties import Parties
from procurement.opendata.shapes import Json, amount, document, known, last_moment, moment
from procurement.registers.comparison import Notice
from procurement.registers.performance import Contract, Payment


def signed(facts: Facts, event: Event, award_id: str) -> Json:
    contract: Contract = event.row
    milestones = [
        known(id=f"{contract.id}-{m.number}", title=m.title, type="delivery", dueDate=last_moment(m.due_on), status="scheduled")
        for m in facts.milestones
        if m.contract_id == contract.id
    ]
    return known(
        id=contract.id,
        awardID=award_id,
        title=facts.purchase.title,
        status="active",
        period=known(startDate=moment(contract.starts_on), endDate=last_moment(contract.ends_on)),
        value=amount(contract.amount),
        dateSigned=moment(contract.signed_on),
        milestones=milestones,
    )


def supplemented(event: Event, award_id: str) -> Json:
    """A contract that supplements another changes that one."""
    contract: Contract = event.row
    amendment = known(id=contract.id, date=moment(contract.signed_on), rationale=contract.reason)
    period = known(startDate=moment(contract.starts_on), endDate=last_moment(contract.ends_on))
    return known(id=contract.supplements_id, awardID=award_id, period=period, amendments=[amendment])


def paid(facts: Facts, event: Event, award_id: str, parties: Parties) -> Json:
    """One payment, and the milestone it was for."""
    payment: Payment = event.row
    contract = next(row for row in facts.contracts if row.id == payment.contract_id)
    supplier = facts.organisations.get(contract.organisation_id)
    transaction = known(
        id=str(payment.id),
        date=moment(payment.paid_on),
        value=amount(payment.amount),
        payer=parties.office("payer"),
        payee=parties.registered(supplier, "payee") if supplier else {},
    )
    met = [
        known(id=f"{contract.id}-{m.number}", title=m.title, type="delivery", dueDate=last_moment(m.due_on), status="met")
        for m in facts.milestones
        if m.contract_id == contract.id and m.title == payment.milestone
    ]
    return known(id=contract.id, awardID=award_id, milestones=met, implementation={"transactions": [transaction]})


def ended(event: Event, award_id: str) -> Json:
    contract: Contract = event.row
    return known(
        id=contract.id,
        awardID=award_id,
        status="terminated",
        period=known(startDate=moment(contract.starts_on), endDate=last_moment(contract.ended_on or contract.ends_on)),
    )


def told(event: Event, contract_id: str, award_id: str, kind: str) -> Json:
    """A notice about a contract: its text, its acceptance or its early end."""
    notice: Notice = event.row
    papers = [document(notice, kind)]
    if kind == "contractNotice":
        return known(id=contract_id, awardID=award_id, documents=papers)
    return known(id=contract_id, awardID=award_id, implementation={"documents": papers})
