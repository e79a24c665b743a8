"""The rail: which sections exist, in which order. A page whose route the person may not open, or that is not there, is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from web.auth import access
from web.auth.people import current_person
from web.pages.messages.listing import unread


@dataclass(frozen=True)
class Item:
    endpoint: str
    label: LazyString
    others: tuple[str, ...] = ()  # blueprints whose pages also light this item
    count: Callable[[], int] | None = None  # a number beside the label, when it is not 0

    @property
    def is_current(self) -> bool:
        return request.endpoint == self.endpoint or request.blueprint in self.others


@dataclass(frozen=True)
class Section:
    title: LazyString
    items: tuple[Item, ...]


STUDIO = (
    "studio",
    "studio_shelf",
    "studio_checks",
    "studio_play",
    "studio_compare",
    "studio_replay",
    "studio_release",
    "designer",
)
SECTIONS = (
    Section(
        _l("办理"),
        (
            Item("inbox.index", _l("收件箱"), ("tasks",)),
            Item("messages.index", _l("消息"), ("mail_wishes", "mail_confirmation"), unread),
            Item("purchases.index", _l("采购项目"), ("cases", "threads")),
            Item("matter_list.index", _l("监督事项"), ("matters",)),
            Item("dashboards.index", _l("看板"), ("dashboards",)),
            Item("agency.index", _l("比选工作台")),
            Item("survey_desk.index", _l("满意度调查"), ("survey_desk",)),
            Item("flags.index", _l("红旗"), ("flags",)),
            Item("discretion.index", _l("裁量台账"), ("discretion",)),
            Item("objections.appeals", _l("投诉"), ("objections",)),
            Item("panels.invitations", _l("我的评审")),
            Item("opening_keys.show", _l("我的开启码"), ("opening_keys",)),
            Item("supplier.index", _l("社会组织门户"), ("supplier", "evidence")),
        ),
    ),
    Section(
        _l("登记簿"),
        (
            Item("registers.organisations", _l("社会组织"), ("integrity",)),
            Item("registrations.index", _l("注册申请")),
            Item("registers.experts", _l("评审专家")),
            Item("panels.conflicts", _l("利害关系")),
            Item("registers.agencies", _l("第三方支持机构")),
            Item("ledgers.index", _l("台账"), ("ledgers", "ledger_imports")),
            Item("registers.catalogue", _l("指导性目录")),
            Item("registers.budgets", _l("预算")),
            Item("execution.index", _l("还剩多少"), ("execution",)),
            Item("archives.index", _l("卷宗"), ("archives",)),
            Item("score_sheets.index", _l("评分表模板"), ("score_sheets",)),
            Item("registers.rules", _l("法定数值")),
            Item("registers.calendar", _l("工作日历"), ()),
        ),
    ),
    Section(
        _l("流程与系统"),
        (
            Item("studio.index", _l("设计室"), STUDIO),
            Item("operate.overview", _l("运行总览"), ("operate", "repair", "migration")),
            Item("incidents.index", _l("异常"), ("incidents",)),
            Item("audit.index", _l("审计")),
            Item("users.index", _l("用户与角色")),
            Item("clock.show", _l("演示时钟")),
        ),
    ),
    Section(_l("公开信息"), (Item("public.index", _l("公告与结果"), ("public", "explained")),)),
)


def sections() -> list[Section]:
    """What the person looking at the page may open."""
    person = current_person()
    roles = person.roles if person else None
    shown = [Section(s.title, tuple(i for i in s.items if _open(i.endpoint, roles))) for s in SECTIONS]
    return [section for section in shown if section.items]


def _open(endpoint: str, roles: frozenset[str] | None) -> bool:
    return endpoint in current_app.view_functions and access.allowed(endpoint, roles)
