"""What happened in public, in order: each event becomes one release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from procurement.opendata.facts import Facts
from procurement.registers.comparison import NOTICE_KINDS
from procurement.registers.row import OFFICE_ZONE

CLOSED = ("completed", "terminated")
DECIDED = ("refused", "rejected", "upheld", "withdrawn")
APPEALS_DECIDED = (
    "rejected",
    "upheld",
)  # the decision is announced (财政部令第94号 第三十五条); one that was not admitted is not
UNTOLD = ("negative_list",)  # about an organisation, not about a purchase


@dataclass(frozen=True)
class Event:
    """``key`` names it for ever, such as "notice GG-2026-0001"; ``kind`` is the notice's, or contract, payment, end, objection, appeal."""

    key: str
    at: dt.datetime
    kind: str
    row: Any


def events(facts: Facts) -> list[Event]:
    """In the order they happened; before the first notice there is nothing public, and so nothing at all."""
    if not facts.notices:
        return []
    first = min(notice.published_at for notice in facts.notices)
    told = (replace(event, at=max(event.at, first)) for event in _all(facts))
    return sorted(told, key=lambda event: (event.at, event.kind not in NOTICE_KINDS, event.key))


def _all(facts: Facts) -> Iterator[Event]:
    for notice in facts.notices:
        if notice.kind not in UNTOLD:
            yield Event(f"notice {notice.id}", notice.published_at, notice.kind, notice)
    for objection in facts.objections:
        if objection.status in DECIDED and objection.decided_at is not None:
            yield Event(f"objection {objection.id}", objection.decided_at, "objection", objection)
    for appeal in facts.appeals:
        if appeal.status in APPEALS_DECIDED and appeal.decided_at is not None:
            yield Event(f"appeal {appeal.id}", appeal.decided_at, "appeal", appeal)
    for contract in facts.contracts:
        if contract.signed_on is not None:
            signed = max(contract.created_at, midnight(contract.signed_on))
            yield Event(f"contract {contract.id}", signed, "contract_signed", contract)
            yield from _after(facts, contract, signed)


def _after(facts: Facts, contract: Any, signed: dt.datetime) -> Iterator[Event]:
    for payment in facts.payments:
        if payment.contract_id == contract.id:
            yield Event(f"payment {payment.id}", max(signed, midnight(payment.paid_on)), "payment", payment)
    if contract.status in CLOSED and contract.ended_on is not None:
        yield Event(f"contract_end {contract.id}", max(signed, midnight(contract.ended_on)), "contract_end", contract)


def midnight(day: dt.date) -> dt.datetime:
    """The first moment of a day in the office's zone: what is known by the day only."""
    return dt.datetime.combine(day, dt.time(), OFFICE_ZONE)
