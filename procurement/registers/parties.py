"""Organisations, their credit standing, experts with their conflicts, and support agencies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow

ORGANISATION_KINDS = ("social_service", "social_group", "foundation")  # 社会服务机构、社会团体、基金会
CREDIT_KINDS = ("good", "warning", "abnormal", "serious", "negative")  # 良好、警示、活动异常名录、严重违法失信名单、负面清单
BARRING = ("serious", "negative")  # may not supply while such an entry is in force; the tables say the same (credit_gate)
# 政府采购法实施条例 第九条, and the drafters of the demand (条例 第十八条)
RECUSAL_RELATIONS = (
    "employment",
    "director",
    "shareholder",
    "kinship",
    "spouse",
    "lineal",
    "collateral",
    "in_law",
    "same_unit",
    "drafter",
    "supervisor",
    "requested",
    "other",
)
RECUSAL_SOURCES = (
    "registered",
    "declared",
    "found",
    "requested",
)  # by the keeper, by the expert, by the computer, by an applicant


class Organisation(KeptRow):
    """A social organisation that may supply services."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(primary_key=True)  # org-01
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # one of ORGANISATION_KINDS
    credit_code: Mapped[str] = mapped_column(unique=True)  # 统一社会信用代码, check digit verified
    registration_authority: Mapped[str]
    registered_on: Mapped[dt.date]
    scope: Mapped[str]  # 章程业务范围
    legal_representative: Mapped[str]
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    inspections: Mapped[list[Any]] = mapped_column(default=list)  # [{"year": 2025, "result": "合格"}] 年检或年度报告
    supported: Mapped[bool] = mapped_column(default=False)  # 街道扶持、培育 (办法 第十七条)
    incubated: Mapped[bool] = mapped_column(default=False)
    certified_social_workers: Mapped[int] = mapped_column(default=0)  # 持证社工
    staff: Mapped[int] = mapped_column(default=0)
    related_organisations: Mapped[list[str]] = mapped_column(default=list)  # same head or control (条例 第十八条)
    active: Mapped[bool] = mapped_column(default=True)


class CreditEntry(KeptRow):
    """Something on an organisation's record, good or bad. A negative entry bars from the day it starts until it ends."""

    __tablename__ = "credit_entries"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str]  # one of CREDIT_KINDS
    reason: Mapped[str]
    source: Mapped[str] = mapped_column(default="")  # decision document, register it was taken from
    purchase_id: Mapped[str | None]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date | None]
    lifted_on: Mapped[dt.date | None]
    lifted_reason: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str]
    recorded_at: Mapped[dt.datetime]

    def in_force(self, day: dt.date) -> bool:
        """Both the first and the last day count (民法典 第一千二百五十九条)."""
        if day < self.starts_on or (self.lifted_on is not None and day >= self.lifted_on):
            return False
        return self.ends_on is None or day <= self.ends_on


class Expert(KeptRow):
    """Somebody who may be drawn into a panel."""

    __tablename__ = "experts"

    id: Mapped[str] = mapped_column(primary_key=True)  # exp-01
    name: Mapped[str]
    fields: Mapped[list[str]]
    unit: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    login: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str] = mapped_column(default="")
    credentials: Mapped[list[Any]] = mapped_column(default=list)  # [{"name", "number", "valid_until"}]
    supervises: Mapped[bool] = mapped_column(default=False)  # 监管人员 may not judge (财库〔2016〕198号)
    active: Mapped[bool] = mapped_column(default=True)
    suspended_until: Mapped[dt.date | None]  # not drawn up to and including this day
    suspended_reason: Mapped[str] = mapped_column(default="")


class ExpertRecusal(KeptRow):
    """Why an expert may not judge an organisation, or a purchase it helped to draft."""

    __tablename__ = "expert_recusals"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    expert_id: Mapped[str] = mapped_column(ForeignKey("experts.id"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    purchase_id: Mapped[str | None]  # of a drafter of the demand or of the documents (条例 第十八条)
    relation: Mapped[str]  # one of RECUSAL_RELATIONS
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]  # three years after the relation ended, where the rule says so
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="registered")  # one of RECUSAL_SOURCES
    recorded_by: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[dt.datetime | None]


class Agency(KeptRow):
    """A third-party support agency (第三方支持机构)."""

    __tablename__ = "agencies"

    id: Mapped[str] = mapped_column(primary_key=True)  # agy-01
    name: Mapped[str] = mapped_column(unique=True)
    credit_code: Mapped[str] = mapped_column(unique=True)
    full_time_staff: Mapped[int]
    rating: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
