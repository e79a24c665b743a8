"""The five registers: which columns, which list, how saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from engine.errors import NotFound
from engine.model import Actor, Page, last_key
from web.pages.filters import Filters
from web.pages.register_words import BUDGET_LEVELS, FUND_NATURES, ORGANISATION_KINDS
from web.pages.registers.fields import Field
from web.pages.services import office, services

PAGE_SIZE = 100


def _paged(rows: Sequence[Any], kept: Filters) -> Page:
    """A page of a short register, after so many rows."""
    begun = last_key(kept["after"] or None) or 0
    end = begun + PAGE_SIZE
    return Page(tuple(rows[begun:end]), len(rows), str(end) if end < len(rows) else None)


@dataclass(frozen=True)
class Register:
    """``columns`` are the fields the list shows; ``key`` names the column that identifies a row in addresses."""

    name: str
    title: LazyString
    one: LazyString
    key: str
    key_label: LazyString
    key_help: LazyString
    heading: str
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    rows: Callable[[Filters], Page]
    row: Callable[[str], Any]
    save: Callable[[str, Mapping[str, Any], Actor], Any]
    about: LazyString
    filter: Field | None = None
    table: str = ""  # whose edit history; the register's name unless said otherwise
    row_keys: Callable[[str], Sequence[str]] = lambda key: [key]

    @property
    def edited_table(self) -> str:
        return self.table or self.name

    def listed(self) -> list[Field]:
        return [field for field in self.fields if field.name in self.columns]


def _version(code: str) -> Any:
    """The version of a catalogue item in force today, else the newest. Raises NotFound."""
    versions = office().planning.catalogue_versions(code)
    if not versions:
        raise NotFound(kind="Version", key=code)
    today = services().clock.now().date()
    current = [v for v in versions if v.effective_from <= today and (v.effective_to is None or v.effective_to >= today)]
    return (current or list(versions))[-1]


def _save_item(code: str, values: Mapping[str, Any], actor: Actor) -> Any:
    day: dt.date = values["effective_from"]
    return office().planning.save_catalogue_item(code, day, values, actor=actor)


ORGANISATIONS = Register(
    name="organisations",
    title=_l("社会组织"),
    one=_l("社会组织"),
    key="id",
    key_label=_l("编号"),
    key_help=_l("例如 org-13；登记后不变。"),
    heading="name",
    fields=(
        Field("name", _l("名称"), required=True),
        Field(
            "kind",
            _l("类别"),
            "choice",
            required=True,
            options=lambda: ORGANISATION_KINDS,
            help=_l("办法第三条：依法登记的社会服务机构、社会团体、基金会。"),
        ),
        Field("credit_code", _l("统一社会信用代码"), required=True),
        Field("registration_authority", _l("登记机关"), required=True),
        Field("registered_on", _l("登记日期"), "day", required=True),
        Field("legal_representative", _l("法定代表人"), required=True),
        Field("scope", _l("章程业务范围"), "area", required=True, width=""),
        Field("contact", _l("联系人")),
        Field("phone", _l("电话")),
        Field("address", _l("地址"), width=""),
        Field("inspections", _l("年检或年度报告"), "records", help=_l("每行一年，例如：2025 合格"), width=""),
        Field("certified_social_workers", _l("持证社工（人）"), "number"),
        Field("staff", _l("职工（人）"), "number"),
        Field("supported", _l("街道扶持培育"), "tick", help=_l("办法第十七条：同等条件下优先；法定采购中不适用。")),
        Field("incubated", _l("孵化基地在孵"), "tick"),
        Field(
            "related_organisations",
            _l("关联组织编号"),
            "words",
            help=_l("负责人相同或有控股、管理关系的，不得参加同一项目。"),
            width="",
        ),
        Field("active", _l("登记有效"), "tick"),
    ),
    columns=("kind", "credit_code", "legal_representative", "supported", "active"),
    rows=lambda kept: office().parties.search_organisations(
        kept["words"], kept["choice"], limit=PAGE_SIZE, after=kept["after"] or None
    ),
    row=lambda key: office().parties.organisation(key),
    save=lambda key, values, actor: office().parties.save_organisation(key, values, actor=actor),
    about=_l("可承接街道服务的社会组织及其资质。清单用于核对，不得作为法定采购的准入条件。"),
    filter=Field("kind", _l("类别"), "choice", options=lambda: ORGANISATION_KINDS),
)
EXPERTS = Register(
    name="experts",
    title=_l("评审专家"),
    one=_l("专家"),
    key="id",
    key_label=_l("编号"),
    key_help=_l("例如 exp-16；登记后不变。"),
    heading="name",
    fields=(
        Field("name", _l("姓名"), required=True),
        Field("fields", _l("专业领域"), "words", required=True, help=_l("多个领域用顿号隔开。")),
        Field("unit", _l("工作单位"), required=True),
        Field("title", _l("职称")),
        Field("login", _l("登录名"), required=True),
        Field("phone", _l("电话")),
        Field("active", _l("可抽取"), "tick"),
    ),
    columns=("fields", "unit", "title", "active"),
    rows=lambda kept: _paged(
        [e for e in office().parties.experts() if kept["words"] in f"{e.name}{e.unit}{'、'.join(e.fields)}"], kept
    ),
    row=lambda key: office().parties.expert(key),
    save=lambda key, values, actor: office().parties.save_expert(key, values, actor=actor),
    about=_l("专家由系统随机抽取，名单在结果公布前保密。"),
)
AGENCIES = Register(
    name="agencies",
    title=_l("第三方支持机构"),
    one=_l("机构"),
    key="id",
    key_label=_l("编号"),
    key_help=_l("例如 agy-03；登记后不变。"),
    heading="name",
    fields=(
        Field("name", _l("名称"), required=True),
        Field("credit_code", _l("统一社会信用代码"), required=True),
        Field(
            "full_time_staff",
            _l("专职人员（人）"),
            "number",
            required=True,
            help=_l("代理机构须有不少于五名熟悉法规的专职人员。"),
        ),
        Field("rating", _l("信用评价")),
        Field("contact", _l("联系人")),
        Field("phone", _l("电话")),
        Field("active", _l("可委托"), "tick"),
    ),
    columns=("credit_code", "full_time_staff", "rating", "active"),
    rows=lambda kept: _paged([a for a in office().parties.agencies() if kept["words"] in a.name], kept),
    row=lambda key: office().parties.agency(key),
    save=lambda key, values, actor: office().parties.save_agency(key, values, actor=actor),
    about=_l("街道自主选择，不抽签、不设名录门槛。"),
)
CATALOGUE = Register(
    name="catalogue",
    title=_l("指导性目录"),
    one=_l("目录条目"),
    key="code",
    key_label=_l("编码"),
    key_help=_l("例如 A0201；同一编码可以有先后多个版本。"),
    heading="name",
    fields=(
        Field("name", _l("名称"), required=True),
        Field("category", _l("类别"), required=True),
        Field("effective_from", _l("生效日期"), "day", required=True, help=_l("改成新的日期即发布新版本，旧版本到前一天为止。")),
        Field("effective_to", _l("失效日期"), "day"),
        Field("statutory_scope", _l("集中采购目录以内"), "tick", help=_l("目录以内的按政府采购法定方式采购。")),
        Field("source", _l("依据文件"), width=""),
        Field("note", _l("备注"), "area", width=""),
    ),
    columns=("category", "statutory_scope", "effective_from", "effective_to"),
    rows=lambda kept: _paged(
        [i for i in office().planning.catalogue_versions() if kept["words"] in f"{i.code}{i.name}{i.category}"], kept
    ),
    row=_version,
    save=_save_item,
    table="catalogue_items",
    row_keys=lambda code: [str(version.id) for version in office().planning.catalogue_versions(code)],
    about=_l("回答“买什么”的清单；采购按立项当天有效的版本核对。"),
)
BUDGETS = Register(
    name="budgets",
    title=_l("预算"),
    one=_l("预算项目"),
    key="code",
    key_label=_l("预算编号"),
    key_help=_l("例如 2026-JD-09；登记后不变。"),
    heading="name",
    fields=(
        Field("name", _l("名称"), required=True),
        Field("level", _l("级次"), "choice", required=True, options=lambda: BUDGET_LEVELS),
        Field("unit", _l("使用单位")),
        Field("year", _l("年度"), "number", required=True),
        Field("category", _l("品目类别"), help=_l("采购按目录条目在同一年度内合并计算，防止化整为零；这里只是分类。")),
        Field("fund_nature", _l("资金性质"), "choice", options=lambda: FUND_NATURES),
        Field("total", _l("批准总额（元）"), "money", required=True),
    ),
    columns=("level", "unit", "year", "category", "total"),
    rows=lambda kept: _paged(
        [b for b in office().planning.budgets(level=kept["choice"]) if kept["words"] in f"{b.code}{b.name}{b.unit}"], kept
    ),
    row=lambda key: office().planning.budget(key),
    save=lambda key, values, actor: office().planning.save_budget(key, values, actor=actor),
    about=_l("没有预算不得采购；占用和承诺由流程记账，不能在这里改。"),
    filter=Field("level", _l("级次"), "choice", options=lambda: BUDGET_LEVELS),
)
REGISTERS: dict[str, Register] = {r.name: r for r in (ORGANISATIONS, EXPERTS, AGENCIES, CATALOGUE, BUDGETS)}
