"""Words and small answers the public templates use."""

from __future__ import annotations

import datetime as dt

from flask import Flask, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.pages.show import ZONE

WEEKDAYS = (_l("一"), _l("二"), _l("三"), _l("四"), _l("五"), _l("六"), _l("日"))
ABOUT = {"documents": _l("比选文件"), "process": _l("比选过程"), "result": _l("比选结果")}
OUTCOMES = {"refused": _l("不予受理"), "rejected": _l("不成立"), "upheld": _l("成立"), "withdrawn": _l("已撤回")}
OUTCOME_KINDS = {"refused": "", "rejected": "", "upheld": "warn", "withdrawn": ""}


def remaining(until: dt.datetime, now: dt.datetime) -> str:
    """How long is left in the words a resident uses: days, then hours, then minutes."""
    left = until - now
    if left <= dt.timedelta(0):
        return _("已截止")
    if left >= dt.timedelta(days=1):
        return _("还剩 %(d)s 天 %(h)s 小时", d=left.days, h=left.seconds // 3600)
    if left >= dt.timedelta(hours=1):
        return _("还剩 %(h)s 小时 %(m)s 分钟", h=left.seconds // 3600, m=left.seconds % 3600 // 60)
    return _("还剩 %(m)s 分钟", m=max(1, left.seconds // 60))


def weekday(day: dt.date) -> str:
    return str(WEEKDAYS[day.weekday()])


def here() -> str:
    """This page's own address, to come back to after another language was chosen."""
    return request.full_path.rstrip("?")


def clock(moment: dt.datetime) -> str:
    """5 月 7 日 17:00"""
    local = moment.astimezone(ZONE)
    return _("%(m)s 月 %(d)s 日 %(t)s", m=local.month, d=local.day, t=local.strftime("%H:%M"))


def install(pages: Flask) -> None:
    pages.jinja_env.globals.update(
        remaining=remaining,
        weekday=weekday,
        pairs=lambda names: [(name, name) for name in names],
        clock_of=clock,
        objection_subjects=ABOUT,
        objection_outcomes=OUTCOMES,
        objection_outcome_kinds=OUTCOME_KINDS,
    )
