"""How far one organisation has come in one comparison: seven stages, for a line that is read at a glance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from procurement.office.own_sides import OwnPurchase
from procurement.registers.comparison import NO_LONGER

DONE, NOW, LATER, FAILED, SKIPPED = "done", "now", "later", "failed", "skipped"
OUT = (*NO_LONGER, "late", "refused")
CHECKED = ("first_check_passed", "first_check_failed", "confirmed", "refused")


@dataclass(frozen=True)
class Stage:
    label: str
    state: str
    note: str = ""


def line(it: OwnPurchase, now: dt.datetime, tasks: Collection[str] = ()) -> list[Stage]:
    """报名 → 补正 → 确认 → 递交 → 开启 → 结果 → 合同; without a comparison the last two. ``tasks``: element ids waiting for it here."""
    application = it.application if it.application and it.application.status not in NO_LONGER else None
    out = application is None or application.status in OUT
    bid = next((bid for bid in it.bids if bid.status in ("submitted", "opened")), None)
    applies: list[tuple[str, Callable[[], tuple[str, str]]]] = [
        (_("报名"), lambda: _applied(it, now)),
        (_("补正"), lambda: _supplemented(it, tasks)),
        (_("确认"), lambda: _confirmed(it)),
        (_("递交"), lambda: _submitted(it, bid is not None, now)),
        (
            _("开启"),
            lambda: (DONE if bid and bid.status == "opened" else NOW if bid and _past(it.purchase.bid_until, now) else LATER, ""),
        ),
    ]
    steps: list[tuple[str, Callable[[], tuple[str, str]]]] = [
        *(applies if it.purchase.route == "open_comparison" or application else ()),
        (_("结果"), lambda: _result(it)),
        (_("合同"), lambda: (DONE if any(one.signed_on for one in it.contracts) else NOW if it.contracts else LATER, "")),
    ]
    found = [Stage(label, *state()) for label, state in steps]
    if not out:
        return found
    return [
        stage if stage.state in (DONE, FAILED) or (n == 0 and stage.state == NOW) else Stage(stage.label, LATER)
        for n, stage in enumerate(found)
    ]


def _applied(it: OwnPurchase, now: dt.datetime) -> tuple[str, str]:
    application = it.application
    if application is not None and application.status == "late":
        return FAILED, _("逾期")
    if application is not None and application.status not in NO_LONGER:
        return DONE, application.registered_at.strftime("%m-%d")
    return (LATER, _("已截止")) if _past(it.purchase.apply_until, now) else (NOW, "")


def _supplemented(it: OwnPurchase, tasks: Collection[str]) -> tuple[str, str]:
    if "supplement_application" in tasks:
        return NOW, _("请补正")
    asked = it.supplements[-1] if it.supplements else None
    if asked is not None:
        return (DONE, "") if asked.answered else (FAILED, _("逾期")) if asked.closed_at else (NOW, "")
    checked = it.application is not None and it.application.status in CHECKED
    return (SKIPPED, _("不需要")) if checked else (LATER, "")


def _confirmed(it: OwnPurchase) -> tuple[str, str]:
    status = it.application.status if it.application else ""
    if status == "confirmed":
        return DONE, ""
    if status == "refused":
        return FAILED, _("未接受")
    return (NOW, _("审查中")) if status and status not in OUT else (LATER, "")


def _submitted(it: OwnPurchase, has_bid: bool, now: dt.datetime) -> tuple[str, str]:
    if has_bid:
        return DONE, ""
    if it.application is None or it.application.status != "confirmed":
        return LATER, ""
    return (FAILED, _("没有递交")) if _past(it.purchase.bid_until, now) else (NOW, "")


def _result(it: OwnPurchase) -> tuple[str, str]:
    if it.purchase.organisation_id is not None:
        won = bool(it.contracts) or it.purchase.organisation_id == it.organisation_id
        return (DONE, _("中选")) if won else (FAILED, _("未中选"))
    shown = any(notice.kind == "result_publicity" and notice.closed_at is None for notice in it.notices)
    return (NOW, _("公示中")) if shown else (LATER, "")


def _past(moment: dt.datetime | None, now: dt.datetime) -> bool:
    return moment is not None and moment < now
