"""flags.*: have red flags looked for at one moment of a purchase. They are told; nobody is barred by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import EngineError, NotFound
from engine.ports import Operation, OperationCall
from procurement.flags import Finding, looking, purchasing
from procurement.flags.limits import DECISION, Limits
from procurement.operations.budgets import LIMITS, same_category
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.operations.rules import rule_number
from procurement.registers import flagging
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE


def look_at_need(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, amount, catalogue_code → flags, count: splitting, an amount just below a limit."""
    purchase, limits = _purchase(call, inputs), _limits(call)
    this = flagging.purchase_facts(purchase)
    if inputs.given("amount"):
        this = replace(this, amount=inputs.money("amount"))
    code = inputs.text("catalogue_code", purchase.catalogue_code)
    others = [flagging.purchase_facts(other) for other in same_category(call.session, code, call.now.year, purchase.id)]
    amounts = {name: rule_number(call, name, call.now.date()) for name in LIMITS}
    found = list(purchasing.splitting(this, others, amounts)) if limits.row("splitting") else []
    share = limits.number("just_below_share")
    if share is not None:
        found += purchasing.just_below(this, amounts, share)
    told, count = _kept(call, purchase, "need", found, limits)
    return {"flags": told, "count": count}


def look_at_notice(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → flags, count: a short period, or one with a long holiday in it."""
    purchase, limits = _purchase(call, inputs), _limits(call)
    period, numbers = flagging.period_of(call.session, purchase), limits.numbers("short_period_days", "short_period_off_share")
    found: list[Finding] = []
    if period is not None and numbers is not None:
        found += purchasing.short_period(*period, least=int(numbers[0]), off_share=numbers[1])
    told, count = _kept(call, purchase, "notice", found, limits)
    return {"flags": told, "count": count}


def look_at_applications(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → flags, count: applicants that share a person, a telephone or an address."""
    purchase, limits = _purchase(call, inputs), _limits(call)
    found = looking.at_applications(flagging.applications_of(call.session, purchase.id), limits)
    told, count = _kept(call, purchase, "applications", found, limits)
    return {"flags": told, "count": count}


def look_at_bids(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, bids → flags, count: bids that share files, authors or devices, patterned prices, a single bid."""
    purchase, limits = _purchase(call, inputs), _limits(call)
    prices: dict[str, Decimal | None] = {}
    for row in inputs.rows("bids"):
        try:
            price = row.get("price")
            prices[str(row["organisation_id"])] = None if price is None else Decimal(str(price))
        except (AttributeError, KeyError, TypeError, InvalidOperation):
            raise inputs.wrong("bids", "a list of {organisation_id, name, price, files}") from None
    found = looking.at_bids(flagging.bids_of(call.session, purchase.id, prices), limits)
    told, count = _kept(call, purchase, "bids", found, limits)
    return {"flags": told, "count": count}


def look_at_award(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, organisation_id → flags, count: the unit chose the same one again and again."""
    purchase, limits = _purchase(call, inputs), _limits(call)
    winner = inputs.text("organisation_id", "")
    numbers = limits.numbers("repeated_winner_times", "repeated_winner_share", "repeated_winner_months")
    found: list[Finding] = []
    if winner and numbers is not None:
        least, share, months = numbers
        awards = flagging.awards_of_unit(call.session, purchase, _months_before(call.now, int(months)))
        found += purchasing.repeated_winner(winner, awards, least=int(least), share=share)
    told, count = _kept(call, purchase, "award", found, limits)
    return {"flags": told, "count": count}


def _purchase(call: OperationCall, inputs: Inputs) -> Purchase:
    purchase_id = inputs.text("purchase_id", call.business_key)
    purchase = call.session.get(Purchase, purchase_id)
    if purchase is None:
        raise NotFound(kind="Purchase", key=purchase_id)
    return purchase


def _limits(call: OperationCall) -> Limits:
    return Limits(lambda rule_id: _row(call, rule_id))


def _kept(
    call: OperationCall, purchase: Purchase, stage: str, found: list[Finding], limits: Limits
) -> tuple[list[dict[str, Any]], int]:
    """What the diagram gets: [{flag_id, kind, organisations, state}], and how many of them nobody has judged yet."""
    flags = flagging.keep(call.session, purchase.id, stage, found, limits, call.now)
    told = [{"flag_id": f.id, "kind": f.kind, "organisations": f.organisations, "state": f.state} for f in flags]
    return told, sum(flag.state == "open" for flag in flags)


def _row(call: OperationCall, rule_id: str) -> Mapping[str, Any] | None:
    """The row in force today; None when there is none, which turns that sort of flag off."""
    if call.decide is None:
        return None
    try:
        row = call.decide(DECISION, {"rule_id": rule_id, "on": call.now.date()})
    except EngineError:
        return None
    return row if isinstance(row, Mapping) else None


def _months_before(moment: dt.datetime, months: int) -> dt.datetime:
    """The first day of the month that many months earlier."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return dt.datetime(year, month + 1, 1, tzinfo=OFFICE_ZONE)


OPERATIONS: dict[str, Operation] = {
    "flags.need": writing(look_at_need),
    "flags.notice": writing(look_at_notice),
    "flags.applications": writing(look_at_applications),
    "flags.bids": writing(look_at_bids),
    "flags.award": writing(look_at_award),
}
