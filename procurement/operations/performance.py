"""Operations after the award: the contract, its payments, what is observed, and the closed file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from engine import json_codec
from engine.errors import Conflict, NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.registers import numbers
from procurement.registers.parties import Organisation
from procurement.registers.performance import Contract, Milestone, MonitoringRecord, Payment
from procurement.registers.purchases import Purchase


class PaidTooMuch(Conflict):
    """Contract {contract} is for {amount} yuan; {paid} yuan are paid already, so {wanted} yuan more would be too much."""


class ContractEnded(Conflict):
    """Contract {contract} is {status}; this cannot be done any more."""


def create_contract(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, organisation_id, amount, starts_on, ends_on, clauses, milestones, staged, supplements, reason → contract_id,
    number, sha256.

    The milestones' amounts must sum to the amount of the contract. ``supplements``: the contract this one adds to, which stays
    the purchase's own.
    """
    purchase_id, organisation_id = inputs.text("purchase_id", call.business_key), inputs.text("organisation_id")
    if call.session.get(Organisation, organisation_id) is None:
        raise NotFound(kind="Organisation", key=organisation_id)
    amount, starts_on, ends_on = inputs.money("amount"), inputs.date("starts_on"), inputs.date("ends_on")
    if ends_on < starts_on:
        raise inputs.wrong("ends_on", "no earlier than starts_on")
    milestones = [_milestone(call, inputs, row) for row in inputs.rows("milestones", [])]
    if milestones and sum((m.amount for m in milestones), Decimal(0)) != amount:
        raise inputs.wrong("milestones", f"a list whose amounts sum to {amount}")
    clauses = inputs.mapping("clauses", {})
    number = numbers.next_number(call.session, numbers.CONTRACT, call.now.year)
    text = {
        "number": number,
        "purchase_id": purchase_id,
        "organisation_id": organisation_id,
        "amount": amount,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "clauses": clauses,
        "milestones": [{"title": m.title, "due_on": m.due_on, "amount": m.amount} for m in milestones],
    }
    supplements = inputs.text("supplements", "")
    if supplements:
        text |= {"supplements": supplements, "reason": inputs.text("reason", "")}
    contract = Contract(
        id=number,
        purchase_id=purchase_id,
        organisation_id=organisation_id,
        amount=amount,
        starts_on=starts_on,
        ends_on=ends_on,
        clauses=clauses,
        staged=inputs.flag("staged"),
        sha256=json_codec.digest(text),
        status="drafted",
        created_at=call.now,
        supplements_id=supplements or None,
        reason=inputs.text("reason", ""),
    )
    call.session.add(contract)
    call.session.flush()
    for n, milestone in enumerate(milestones, 1):
        milestone.contract_id, milestone.number = number, n
        call.session.add(milestone)
    purchase = call.session.get(Purchase, purchase_id, with_for_update=True)
    if purchase is not None and not supplements:
        purchase.contract_id, purchase.updated_at = number, call.now
    return {"contract_id": number, "number": number, "sha256": contract.sha256}


def _milestone(call: OperationCall, inputs: Inputs, row: Any) -> Milestone:
    if not isinstance(row, dict):
        raise inputs.wrong("milestones", "a list of {title, due_on, amount}")
    fields = Inputs(_replaced(call, row))
    return Milestone(title=fields.text("title"), due_on=fields.date("due_on"), amount=fields.money("amount", zero=True))


def _replaced(call: OperationCall, row: Mapping[str, Any]) -> OperationCall:
    """The same call with the fields of one list row as its inputs, so that errors name the element."""
    return replace(call, inputs=row)


def sign_contract(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """contract_id, signed_on → status."""
    contract = _contract(call, inputs)
    if contract.status not in {"drafted", "signed"}:
        raise ContractEnded(contract=contract.id, status=contract.status)
    contract.status, contract.signed_on = "signed", inputs.date("signed_on", call.now.date())
    return {"status": contract.status, "signed_on": contract.signed_on}


def terminate_contract(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """contract_id, reason → status. Terminating twice keeps the first reason."""
    contract = _contract(call, inputs)
    if contract.status != "terminated":
        contract.status, contract.ended_on, contract.ended_reason = "terminated", call.now.date(), inputs.text("reason")
    return {"status": contract.status}


def complete_contract(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """contract_id → status. A terminated contract stays terminated."""
    contract = _contract(call, inputs)
    if contract.status != "terminated":
        contract.status, contract.ended_on = "completed", call.now.date()
    return {"status": contract.status}


def record_payment(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """contract_id, milestone, amount, paid_on → payment_id, paid_total, remaining."""
    contract, amount = _contract(call, inputs), inputs.money("amount")
    paid = _paid(call, contract.id)
    if paid + amount > contract.amount:
        raise PaidTooMuch(contract=contract.id, amount=contract.amount, paid=paid, wanted=amount)
    payment = Payment(
        contract_id=contract.id,
        milestone=_milestone_title(inputs),
        amount=amount,
        paid_on=inputs.date("paid_on", call.now.date()),
        recorded_by=call.actor_id,
    )
    call.session.add(payment)
    call.session.flush()
    return {"payment_id": payment.id, "paid_total": paid + amount, "remaining": contract.amount - paid - amount}


def total_payments(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """contract_id → paid_total, remaining; changes nothing."""
    contract = _contract(call, inputs)
    paid = _paid(call, contract.id)
    return {"paid_total": paid, "remaining": contract.amount - paid}


def _paid(call: OperationCall, contract_id: str) -> Decimal:
    return call.session.scalar(select(func.sum(Payment.amount)).where(Payment.contract_id == contract_id)) or Decimal(0)


def _milestone_title(inputs: Inputs) -> str:
    milestone = inputs.call.inputs.get("milestone")
    return str(milestone.get("title", "")) if isinstance(milestone, dict) else inputs.text("milestone", "")


def _contract(call: OperationCall, inputs: Inputs) -> Contract:
    contract_id = inputs.text("contract_id")
    contract = call.session.get(Contract, contract_id, with_for_update=True, populate_existing=True)
    if contract is None:
        raise NotFound(kind="Contract", key=contract_id)
    return contract


def record_monitoring(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, kind, findings (a text, or a context or list with more), data → record_id."""
    findings = inputs.call.inputs.get("findings")
    structured = isinstance(findings, (dict, list))
    row = MonitoringRecord(
        purchase_id=inputs.text("purchase_id", call.business_key),
        kind=inputs.text("kind"),
        findings=json_codec.dumps(findings) if structured else inputs.text("findings", ""),
        data={"findings": findings} if structured else inputs.mapping("data", {}),
        recorded_at=call.now,
        recorded_by=call.actor_id,
    )
    call.session.add(row)
    call.session.flush()
    return {"record_id": row.id}


OPERATIONS: dict[str, Operation] = {
    "contract.create": writing(create_contract),
    "contract.sign": writing(sign_contract),
    "contract.terminate": writing(terminate_contract),
    "contract.complete": writing(complete_contract),
    "payment.record": writing(record_payment),
    "payment.total": reading(total_payments),
    "monitoring.record": writing(record_monitoring),
}
