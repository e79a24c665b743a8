"""What the operators' pages share: their blueprint, their tabs, how a stretch of time is chosen and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.auth import access
from web.auth.people import me
from web.pages.services import office, services

blueprint = Blueprint("operate", __name__, url_prefix="/operate")

WINDOWS = ((7, _l("最近 7 天")), (30, _l("最近 30 天")), (90, _l("最近 90 天")), (365, _l("最近一年")))
USUAL_WINDOW = 30
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def window() -> int:
    """The chosen number of days; what is not offered counts as the usual one."""
    days = request.args.get("days", USUAL_WINDOW, int)
    return days if days in dict(WINDOWS) else USUAL_WINDOW


def since(days: int) -> dt.datetime:
    return services().clock.now() - dt.timedelta(days=days)


def lasted(seconds: float | None) -> str:
    """A stretch of time in its largest fitting unit, one digit behind the point: 3.2 天, 4 小时, 不到 1 分钟."""
    if seconds is None:
        return "—"
    if seconds >= DAY - HOUR / 2:
        return _("%(n)s 天", n=_short(seconds / DAY))
    if seconds >= HOUR:
        return _("%(n)s 小时", n=_short(seconds / HOUR))
    return _("%(n)s 分钟", n=round(seconds / MINUTE)) if seconds >= MINUTE else _("不到 1 分钟")


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0") if number < 100 else str(round(number))


def case_addresses(cases: Mapping[int, str]) -> dict[int, str]:
    """Where a case is looked at, by root key: its purchase, else its repair page; nothing where neither may be opened.

    ``cases``: business key by root key.
    """
    purchases = office().purchases.by_ids({number for number in cases.values() if number})
    found = {}
    for root_key, number in cases.items():
        if number in purchases:
            found[root_key] = url_for("cases.show", number=number)
        elif root_key and access.allowed("repair.show", me().roles):
            found[root_key] = url_for("repair.show", key=root_key)
    return found


def page(tab: str, template: str, **more: Any) -> str:
    """A page under the tab whose endpoint is ``tab``."""
    tabs = [
        ("operate.overview", _("总览")),
        ("incidents.index", _("异常")),
        ("operate.processes", _("流程与版本")),
        ("operate.steps", _("慢的环节")),
        ("operate.jobs", _("作业")),
        ("operate.timers", _("定时器")),
        ("operate.mail", _("邮件")),
        ("audit.index", _("审计")),
        ("migration.index", _("迁移")),
    ]
    open_ones = [(url_for(name), label, name == tab) for name, label in tabs if access.allowed(name, me().roles)]
    return render_template(template, operate_tabs=open_ones, lasted=lasted, **more)
