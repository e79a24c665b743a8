"""Budget operations: is there money, is a need being split, hold it, give it back, bind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.operations.rules import rule_number
from procurement.registers.budgeting import Booking, commit, release, reserve
from procurement.registers.money import Budget
from procurement.registers.purchases import GIVEN_UP, Purchase
from procurement.registers.row import OFFICE_ZONE

LIMITS = ("small_limit", "statutory_limit")  # rules whose crossing by several small purchases looks like splitting


def check(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """budget_code, amount, catalogue_code, year, purchase_id → exists, available, sufficient, same_category_total, splitting_suspected."""
    amount, day = inputs.money("amount"), call.now.date()
    purchase_id = inputs.text("purchase_id", call.business_key)
    budget = call.session.get(Budget, inputs.text("budget_code", ""))
    others = same_category(call.session, inputs.text("catalogue_code", ""), inputs.whole("year", day.year), purchase_id)
    total = amount + sum(((p.amount or p.estimate or Decimal(0)) for p in others), Decimal(0))
    limits = [rule_number(call, name, day) for name in LIMITS]
    held = Booking(call.session, budget.code, purchase_id, "", call.now).held("reserve", "release") if budget else Decimal(0)
    available = budget.available + held if budget else Decimal(0)
    return {
        "exists": budget is not None,
        "budget_name": budget.name if budget else "",
        "budget_total": budget.total if budget else Decimal(0),
        "available": available,
        "sufficient": amount <= available,
        "same_category_total": total,
        "same_category_purchases": [{"purchase_id": p.id, "title": p.title, "amount": p.amount or p.estimate} for p in others],
        "splitting_suspected": any(amount <= limit < total for limit in limits),
    }


def same_category(session: Session, catalogue_code: str, year: int, purchase_id: str) -> Sequence[Purchase]:
    """Other purchases of the item in the year that were not given up and not tendered (政府采购法实施条例 第二十八条)."""
    if not catalogue_code:
        return ()
    first, last = dt.datetime(year, 1, 1, tzinfo=OFFICE_ZONE), dt.datetime(year + 1, 1, 1, tzinfo=OFFICE_ZONE)
    query = select(Purchase).where(
        Purchase.catalogue_code == catalogue_code,
        Purchase.started_at >= first,
        Purchase.started_at < last,
        Purchase.id != purchase_id,
        Purchase.status.not_in(GIVEN_UP),
        Purchase.route != "statutory",
        func.coalesce(Purchase.amount, Purchase.estimate) > 0,
    )
    return session.scalars(query.order_by(Purchase.id)).all()


def list_budgets(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """unit, year → budgets [{budget_code, name, available, level}] the unit may spend; budgets without a unit are everybody's."""
    year, unit = inputs.whole("year", call.now.year), inputs.text("unit", "")
    query = select(Budget).where(Budget.year == year, Budget.unit.in_({unit, ""}) if unit else Budget.year == year)
    return {
        "budgets": [
            {"budget_code": b.code, "name": b.name, "available": b.available, "level": b.level}
            for b in call.session.scalars(query.order_by(Budget.code))
        ]
    }


def reserve_budget(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """budget_code, amount, purchase_id → reservation_id. Throws BUDGET_INSUFFICIENT."""
    return {"reservation_id": reserve(_booking(call, inputs), inputs.money("amount")).id}


def release_budget(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """budget_code, purchase_id → released (yuan)."""
    return {"released": release(_booking(call, inputs)) if inputs.given("budget_code") else Decimal(0)}


def commit_budget(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """budget_code, amount, purchase_id → commitment_id. Throws BUDGET_INSUFFICIENT."""
    return {"commitment_id": commit(_booking(call, inputs), inputs.money("amount", zero=True)).id}


def _booking(call: OperationCall, inputs: Inputs) -> Booking:
    return Booking(
        call.session, inputs.text("budget_code"), inputs.text("purchase_id", call.business_key), call.actor_id, call.now
    )


OPERATIONS: dict[str, Operation] = {
    "budget.list": reading(list_budgets),
    "budget.check": reading(check),
    "budget.reserve": writing(reserve_budget),
    "budget.release": writing(release_budget),
    "budget.commit": writing(commit_budget),
}
