"""A purchase as six steps with what happened in public in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from procurement.office.public_purchase import PublicPurchase
from procurement.registers.purchases import GIVEN_UP, STEPS
from web.pages.notice_words import called
from web.pages.show import ZONE, money

STEP_OF = {
    "intention": "goal_setting",
    "acceptance": "assessment",
    "termination_of_contract": "delivery",
    "contract": "delivery",
    "negative_list": "tracking",
}


@dataclass(frozen=True)
class Entry:
    """Something that happened on a day; ``address`` leads to its page."""

    on: dt.date
    text: str
    address: str = ""
    note: str = ""


@dataclass(frozen=True)
class Step:
    """``state``: done, now, later, or stopped for the step a purchase was given up in."""

    key: str
    state: str
    entries: Sequence[Entry]


def steps(it: PublicPurchase) -> list[Step]:
    """The six steps in their order, each with its entries, oldest first."""
    entries = sorted(_entries(it), key=lambda found: found[1].on)
    return [Step(key, _state(it, key), [entry for step, entry in entries if step == key]) for key in STEPS]


def _state(it: PublicPurchase, key: str) -> str:
    purchase = it.purchase
    here = STEPS.index(purchase.step) if purchase.step in STEPS else 0
    place = STEPS.index(key)
    if purchase.status == "archived" or place < here:
        return "done"
    if place > here:
        return "later"
    return "stopped" if purchase.status in GIVEN_UP else "now"


def _entries(it: PublicPurchase) -> Iterator[tuple[str, Entry]]:
    for notice in it.notices:
        name = called(notice)
        address = url_for("public.notice", number=notice.id)
        yield STEP_OF.get(notice.kind, "selection"), Entry(notice.published_at.astimezone(ZONE).date(), name, address, notice.id)
    for objection in it.objections:
        yield "selection", Entry(objection.decided_at.astimezone(ZONE).date(), _("答复异议"), "#objections")
    for signed in it.signed:
        contract = signed.contract
        if contract.signed_on is not None:
            yield "delivery", Entry(contract.signed_on, _("签订合同"), "#contract", contract.id)
        for payment in signed.payments:
            yield "delivery", Entry(payment.paid_on, _("付款 %(n)s 元", n=money(payment.amount)), "#contract", payment.milestone)
        if contract.ended_on is not None:
            text = _("合同终止") if contract.status == "terminated" else _("合同履行完毕")
            yield "assessment" if contract.status == "completed" else "delivery", Entry(contract.ended_on, text, "#contract")
    for file in it.files:
        address = url_for("public.case_file", number=file.number)
        yield "tracking", Entry(file.closed_at.astimezone(ZONE).date(), _("卷宗归档"), address, file.number)
