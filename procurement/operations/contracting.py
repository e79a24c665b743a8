"""Operations round the signing of a contract: who signed which text, who refused, what a supplement adds up to, the filing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from engine.errors import Conflict, NotFound
from engine.ports import Operation, OperationCall
from procurement.accounts.tables import User
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.registers.performance import SIGNING_PARTIES, Contract, ContractRefusal, ContractSignature


class OtherTextSigned(Conflict):
    """What was signed ({signed}) is not the text of contract {contract} ({text}). Open the task again and sign the text it shows."""


def countersign_contract(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """contract_id, party, sha256, files → signed_at: the account that just acted signed the text with that SHA-256.

    A party signs once; a second time changes nothing. Raises OtherTextSigned.
    """
    contract, party = _contract(call, inputs), inputs.choice("party", SIGNING_PARTIES)
    texts = [paper["sha256"] for paper in contract.papers] or [contract.sha256]
    signed = inputs.text("sha256")
    if signed not in texts:
        raise OtherTextSigned(contract=contract.id, signed=signed, text=texts[0])
    query = select(ContractSignature).where(ContractSignature.contract_id == contract.id, ContractSignature.party == party)
    earlier = call.session.scalars(query).one_or_none()
    if earlier is not None:
        return {"signed_at": earlier.signed_at}
    user = call.session.get(User, call.actor_id)
    call.session.add(
        ContractSignature(
            contract_id=contract.id,
            party=party,
            login=call.actor_id,
            name=user.name if user else call.actor_id,
            signed_at=call.now,
            sha256=signed,
            scans=inputs.rows("files", []),
        )
    )
    return {"signed_at": call.now}


def refuse_contract(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, organisation_id, contract_id, how, reason, decision, decision_reason → refusal_id."""
    row = ContractRefusal(
        purchase_id=inputs.text("purchase_id", call.business_key),
        organisation_id=inputs.text("organisation_id"),
        contract_id=inputs.text("contract_id", "") or None,
        how=inputs.choice("how", ("refused", "overdue")),
        reason=inputs.text("reason", ""),
        at=call.now,
        decision=inputs.text("decision"),
        decision_reason=inputs.text("decision_reason", ""),
        decided_by=call.actor_id,
    )
    call.session.add(row)
    call.session.flush()
    return {"refusal_id": row.id}


def total_contract(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """contract_id → original, supplemented, ends_on: the amount of a contract and of its signed supplements. Changes nothing."""
    contract = _contract(call, inputs)
    supplements = select(func.sum(Contract.amount)).where(Contract.supplements_id == contract.id, Contract.signed_on.is_not(None))
    return {
        "original": contract.amount,
        "supplemented": call.session.scalar(supplements) or Decimal(0),
        "ends_on": contract.ends_on,
    }


def file_contract(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """contract_id, filed_on, filed_with → filed_on: the copy that was handed to the supervisor."""
    contract = _contract(call, inputs)
    contract.filed_on, contract.filed_with = inputs.date("filed_on", call.now.date()), inputs.text("filed_with", "")
    return {"filed_on": contract.filed_on}


def _contract(call: OperationCall, inputs: Inputs) -> Contract:
    number = inputs.text("contract_id")
    contract = call.session.get(Contract, number, with_for_update=True)
    if contract is None:
        raise NotFound(kind="Contract", key=number)
    return contract


OPERATIONS: dict[str, Operation] = {
    "contract.countersign": writing(countersign_contract),
    "contract.refuse": writing(refuse_contract),
    "contract.file": writing(file_contract),
    "contract.total": reading(total_contract),
}
