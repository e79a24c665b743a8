"""Operations of sealed bids: naming the key holders, sealing the comparison, calling and recording the opening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import BpmnError
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.registers import opening_keys, opening_minutes, openings, sealed_bids, seals
from procurement.registers.bidding import refuse_early
from procurement.registers.opening_keys import Holder
from procurement.registers.purchases import Purchase
from procurement.registers.sealing import PARTS
from procurement.sealing.streams import AES

TOOL = "seal_cipher"  # under which name the application says which cipher the office chose


def list_holders(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, agency_id → street_holders, agency_holders, supervisor_holders [{value, label, login, name, has_code …}]."""
    found = opening_keys.possible_holders(call.session, _agency(call, inputs))
    return {
        "street_holders": [_choice(holder) for holder in found if holder.part == "street"],
        "agency_holders": [_choice(holder) for holder in found if holder.part == "agency"],
        "supervisor_holders": [_choice(holder) for holder in found if holder.part == "supervisor"],
    }


def prepare_sealing(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, agency_id, holders (logins), needed, least_holders, least_needed → sealing {fingerprint, cipher, needed, holders …}.

    Throws HOLDERS_UNFIT with ``refusal``, and HOLDER_WITHOUT_CODE with ``without_code`` [{login, name}].
    """
    chosen = _chosen(call, inputs)
    needed = inputs.whole("needed")
    _refuse_unfit(chosen, needed, inputs.whole("least_holders", 1), inputs.whole("least_needed", 1))
    without = [{"login": holder.login, "name": holder.name} for holder in chosen if holder.key is None]
    if without:
        names = "、".join(one["name"] for one in without)
        raise BpmnError("HOLDER_WITHOUT_CODE", f"{names} have no opening code yet.", {"without_code": without})
    key = opening_keys.seal_comparison(
        call.session,
        inputs.text("purchase_id", call.business_key),
        chosen,
        needed,
        cipher=str(call.tools.get(TOOL, AES)),
        by=call.actor_id,
        now=call.now,
    )
    sealing = {
        "fingerprint": key.fingerprint,
        "cipher": key.cipher,
        "needed": needed,
        "holders": [holder.as_variable() for holder in chosen],
        "sealed_at": key.sealed_at,
    }
    return {"sealing": sealing}


def list_receipts(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → receipts [{number, submitted_at, sha256}], bid_count. After the deadline; waits for bids still being taken in."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    refuse_early(call.session, purchase_id, call.now)
    sealed_bids.close(call.session, purchase_id)
    bids = sealed_bids.counting(call.session, purchase_id)
    receipts = [{"number": bid.id, "submitted_at": bid.submitted_at, "sha256": bid.sha256} for bid in bids]
    return {"receipts": receipts, "bid_count": len(receipts)}


def return_bids(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → returned [receipt numbers], returned_count. Nothing is decrypted: the data keys are destroyed."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    returned = [bid.id for bid in sealed_bids.return_unopened(call.session, purchase_id)]
    opening = openings.current(call.session, purchase_id, lock=True)
    if opening is not None and opening.state in openings.RUNNING:
        openings.end(call.session, opening, "returned", call.now)
    return {"returned": returned, "returned_count": len(returned)}


def call_opening(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → opening {number, needed, holders [{login, name, part}], fingerprint}."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    opening = openings.call(call.session, purchase_id, call.now)
    key = seals.comparison_key(call.session, purchase_id)
    shares = opening_keys.shares_of(call.session, key.id) if key else []
    told = {
        "number": f"{purchase_id}-{opening.id}",
        "needed": key.needed if key else 0,
        "holders": [{"login": share.login, "name": share.name, "part": share.part} for share in shares],
        "fingerprint": key.fingerprint if key else "",
    }
    return {"opening": told}


def check_keys(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, place → keys_given, keys_needed, keys_missing, missing_holders [{login, name, part}].

    The first time it notes who completed the step before as the host, and the place.
    """
    purchase_id = inputs.text("purchase_id", call.business_key)
    opening = openings.running(call.session, purchase_id)
    if not opening.host:
        opening_minutes.note_host(call.session, opening, call.actor_id, inputs.text("place", ""), call.now)
    key = seals.comparison_key(call.session, purchase_id)
    shares = opening_keys.shares_of(call.session, key.id) if key else []
    given, needed = sum(share.given_at is not None for share in shares), key.needed if key else 0
    missing = [{"login": s.login, "name": s.name, "part": s.part} for s in shares if s.given_at is None]
    return {"keys_given": given, "keys_needed": needed, "keys_missing": max(0, needed - given), "missing_holders": missing}


def write_minutes(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → minutes, minutes_text, signers [{login, name, part}], valid_bids. After every bid is open or decided."""
    opening = openings.running(call.session, inputs.text("purchase_id", call.business_key))
    minutes = opening_minutes.written(call.session, opening, call.now)
    return {
        "minutes": minutes,
        "minutes_text": opening_minutes.as_text(minutes),
        "signers": opening_minutes.signers(call.session, opening),
        "valid_bids": sum(bid["outcome"] == "opened" for bid in minutes["bids"]),
    }


def conclude_opening(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, signatures [{login, remark}] → opening_record {…minutes, signatures, sha256}. The given keys are destroyed."""
    opening = openings.running(call.session, inputs.text("purchase_id", call.business_key))
    record = opening_minutes.concluded(call.session, opening, inputs.rows("signatures", []), call.now)
    return {"opening_record": record}


def _agency(call: OperationCall, inputs: Inputs) -> str | None:
    if inputs.given("agency_id"):
        return inputs.text("agency_id")
    purchase = call.session.get(Purchase, inputs.text("purchase_id", call.business_key))
    return purchase.agency_id if purchase else None


def _chosen(call: OperationCall, inputs: Inputs) -> list[Holder]:
    logins = list(dict.fromkeys(str(login) for login in inputs.rows("holders") if login))
    possible = {holder.login: holder for holder in opening_keys.possible_holders(call.session, _agency(call, inputs))}
    if unknown := [login for login in logins if login not in possible]:
        raise _unfit(f"持钥人须是街道经办或领导、本次的支持机构、纪检的在用账号：{'、'.join(unknown)} 不是。")
    return [possible[login] for login in logins]


def _refuse_unfit(chosen: Sequence[Holder], needed: int, least_holders: int, least_needed: int) -> None:
    if missing := set(PARTS) - {holder.part for holder in chosen}:
        words = {"street": "街道", "agency": "支持机构", "supervisor": "纪检"}
        raise _unfit(
            "持钥人须有街道、支持机构、纪检各至少一人，还缺：" + "、".join(words[part] for part in PARTS if part in missing)
        )
    if len(chosen) < least_holders or not least_needed <= needed <= len(chosen):
        raise _unfit(f"持钥人不少于 {least_holders} 人，开启所需人数在 {least_needed} 人和持钥人数之间。")


def _unfit(sentence: str) -> BpmnError:
    return BpmnError("HOLDERS_UNFIT", sentence, {"refusal": sentence})


def _choice(holder: Holder) -> dict[str, Any]:
    told = holder.as_variable()
    label = told["told"] if holder.key else f"{told['told']}（还没有开启码）"
    return {**told, "value": holder.login, "label": label}


OPERATIONS: dict[str, Operation] = {
    "sealing.holders": reading(list_holders),
    "sealing.prepare": writing(prepare_sealing),
    "bid.receipts": reading(list_receipts),
    "bid.return": writing(return_bids),
    "opening.call": writing(call_opening),
    "opening.keys": writing(check_keys),
    "opening.minutes": reading(write_minutes),
    "opening.conclude": writing(conclude_opening),
}
