"""Purchases that published something, beside everything about them that must stay inside.

Written into the registers directly: what the pages show is asked here, not how a case comes to it. Whatever must never be
read by a visitor holds ``SECRET``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.model import SYSTEM
from procurement.registers.comparison import (
    Application,
    Award,
    Bid,
    BidContent,
    Evaluation,
    ExpertDraw,
    Notice,
    Objection,
    Question,
    ScoreSheet,
)
from procurement.registers.performance import CaseFile, Contract, Milestone, MonitoringRecord, Payment
from procurement.registers.publicity import PublicityStop
from procurement.registers.purchases import Purchase
from web.composition import Services

SECRET = "不得外传"
DONE, RUNNING, PUBLICITY, UNTOLD = "CG-2026-9001", "CG-2026-9002", "CG-2026-9003", "CG-2026-9004"
WINNER, SECOND = "和风社会工作服务中心", "融合社区发展基金会"
EXPERTS = ("申梅", "阮星")
RECEIPT, DIGEST, ROOT = "SJ-2026-9001", "a1" * 32, "b2" * 32
RANKING = [
    {"rank": 1, "organisation_id": "org-01", "name": WINNER, "price": Decimal("357200.00"), "score": Decimal("86.3")},
    {"rank": 2, "organisation_id": "org-09", "name": SECOND, "price": Decimal("364800.00"), "score": Decimal("86.2")},
]
PANEL = [{"name": name, "unit": "市社会治理研究院"} for name in EXPERTS]


@dataclass(frozen=True)
class Told:
    """The numbers of the notices of the finished purchase, by kind."""

    notices: dict[str, str]


class _Writing:
    def __init__(self, session: Any, now: dt.datetime) -> None:
        self.session, self.now, self.number = session, now, 9000
        self.notices: dict[str, str] = {}

    def purchase(self, key: str, title: str, **more: Any) -> None:
        known = {
            "unit": "社会事务办", "initiator": "shsw", "initiator_kind": "department", "community": "晚晴社区", "route": "open_comparison",
            "step": "selection", "status": "comparison_open", "agency_id": "agy-01", "amount": Decimal(380000), "details": {"note": SECRET},
            "started_at": self.day(-60), "updated_at": self.now, "status_reason": "",
        }  # fmt: skip
        self.session.add(Purchase(id=key, title=title, **(known | more)))
        self.session.flush()

    def notice(self, purchase: str, kind: str, day: int, until: dt.datetime | None = None, **content: Any) -> str:
        self.number += 1
        key = f"GG-2026-{self.number}"
        self.session.add(
            Notice(id=key, purchase_id=purchase, kind=kind, title=f"{purchase} {kind}", content=content, published_at=self.day(day),
                   until=until, published_by=SECRET, sha256="0" * 64)
        )  # fmt: skip
        self.session.flush()
        self.notices[kind] = key
        return key

    def day(self, offset: int) -> dt.datetime:
        return self.now + dt.timedelta(days=offset)


def write(services: Services) -> Told:
    """A finished purchase, a running comparison, a publicity period that stands still, and one that said nothing yet.

    Written once, however many modules ask for them.
    """
    with services.office.desk.reading() as session:
        known = session.scalars(select(Notice).where(Notice.purchase_id == DONE)).all()
    if known:
        return Told({notice.kind: notice.id for notice in known})
    with services.office.desk.editing(SYSTEM) as session:
        it = _Writing(session, services.clock.now())
        _finished(it)
        told = dict(it.notices)
        _running(it)
        _in_publicity(it)
        it.purchase(UNTOLD, f"{SECRET}的项目")
        _inside(it)
    return Told(told)


def _finished(it: _Writing) -> None:
    it.purchase(
        DONE, "社区社工服务 <b>&", status="archived", step="tracking", organisation_id="org-01", awarded_amount=Decimal(357200)
    )
    base = {"budget": 380000, "requirements": "经办手机 13800138000，<script>alert(1)</script>", "contact": "蒋涛 028-80000100"}
    it.notice(DONE, "comparison_notice", -50, it.day(-40), **base, bids_due_at=it.day(-41).isoformat())
    it.notice(DONE, "extension", -45, it.day(-39), reason="报名不足", bids_due_at=it.day(-39).isoformat())
    it.notice(DONE, "bid_list", -39, receipts=[{"number": RECEIPT, "submitted_at": it.day(-42).isoformat(), "sha256": DIGEST}])
    it.notice(
        DONE,
        "opening_record",
        -38,
        text="开启一份。",
        record={"place": "便民服务中心", "bids": [{"number": RECEIPT, "outcome": "opened"}]},
    )
    result = it.notice(
        DONE,
        "result_publicity",
        -30,
        it.day(-23),
        organisation=WINNER,
        amount=Decimal(357200),
        ranking=RANKING,
        panel=PANEL,
        working_days=5,
    )
    it.notice(DONE, "award", -20, organisation=WINNER, amount=Decimal(357200), ranking=RANKING)
    it.notice(DONE, "acceptance", -4, organisation=WINNER, accepted=True)
    it.session.add_all([
        Question(purchase_id=DONE, organisation_id="org-02", asked_by=SECRET, asked_at=it.day(-48), question="邻里社区服务中心问：场地谁提供？", answer="社区提供。", answered_at=it.day(-47), answered_by=SECRET),
        Objection(purchase_id=DONE, notice_id=result, organisation_id="org-02", person=f"孙{SECRET}", contact="13900139000", content=SECRET, raised_at=it.day(-28), status="rejected", decision=f"孙{SECRET}：复核无误。", decided_at=it.day(-25), supplement=SECRET),
        Award(purchase_id=DONE, organisation_id="org-01", amount=Decimal(357200), method="open_comparison", awarded_at=it.day(-20)),
        Contract(id="HT-2026-9001", purchase_id=DONE, organisation_id="org-01", amount=Decimal(357200), starts_on=it.day(-15).date(), ends_on=it.day(300).date(), clauses={"liability": SECRET}, sha256="0" * 64, status="signed", signed_on=it.day(-16).date(), created_at=it.day(-17)),
        CaseFile(id="DA-2026-9001", purchase_id=DONE, manifest=[{"title": SECRET}], sha256="c3" * 32, keep_until=dt.date(2041, 3, 1), assembled_at=it.day(-2), status="accepted", root=ROOT, entries=31, archive_sha256="d4" * 32, accepted_at=it.day(-1)),
    ])  # fmt: skip
    it.session.flush()
    it.session.add(
        Milestone(contract_id="HT-2026-9001", number=1, title="启动", due_on=it.day(10).date(), amount=Decimal(142880))
    )
    it.session.add(
        Payment(
            contract_id="HT-2026-9001", milestone="启动", amount=Decimal(142880), paid_on=it.day(-5).date(), recorded_by=SECRET
        )
    )


def _running(it: _Writing) -> None:
    it.purchase(RUNNING, "长者食堂助餐", apply_until=it.day(3), bid_until=it.day(8))
    it.notice(
        RUNNING,
        "comparison_notice",
        -1,
        it.day(8),
        budget=380000,
        applications_close_at=it.day(3).isoformat(),
        bids_due_at=it.day(8).isoformat(),
    )


def _in_publicity(it: _Writing) -> None:
    it.purchase(PUBLICITY, "残疾人之家运营", bid_until=it.day(-20))
    it.notice(PUBLICITY, "comparison_notice", -40, it.day(-20), budget=380000)
    result = it.notice(
        PUBLICITY,
        "result_publicity",
        -6,
        None,
        organisation=WINNER,
        amount=Decimal(357200),
        ranking=RANKING,
        panel=PANEL,
        working_days=5,
    )
    it.session.add(PublicityStop(purchase_id=PUBLICITY, notice_id=result, stopped_on=it.day(-3).date(), days_left=3))
    it.session.add(
        Objection(purchase_id=PUBLICITY, notice_id=result, person=SECRET, content=SECRET, raised_at=it.day(-3), status="raised")
    )


def _inside(it: _Writing) -> None:
    """What the office knows of the running comparison and nobody outside may."""
    application = Application(
        id="BM-2026-9001",
        purchase_id=RUNNING,
        organisation_id="org-03",
        name=SECRET,
        contact=SECRET,
        phone=SECRET,
        content={"note": SECRET},
        status="confirmed",
        registered_at=it.now,
        first_reason=SECRET,
    )
    it.session.add(application)
    it.session.flush()
    bid = Bid(
        id=f"SJ-{SECRET}",
        purchase_id=RUNNING,
        application_id="BM-2026-9001",
        organisation_id="org-03",
        name=SECRET,
        sha256="5ec4e7" * 10 + "0000",
        submitted_at=it.now,
        submitted_by=SECRET,
        status="submitted",
    )
    it.session.add(bid)
    it.session.flush()
    it.session.add_all([
        BidContent(bid_id=bid.id, content={"price": SECRET}),
        ExpertDraw(purchase_id=RUNNING, field=SECRET, number=1, seed=SECRET, candidates=[SECRET], excluded=[], chosen=[SECRET], at=it.now, by=SECRET),
        ScoreSheet(purchase_id=RUNNING, expert_id="exp-05", organisation_id="org-03", scores={SECRET: 1}, total=Decimal(80), comment=SECRET),
        Evaluation(purchase_id=RUNNING, ranking=[{"name": SECRET}], report={"text": SECRET}, at=it.now, by=SECRET),
        Question(purchase_id=RUNNING, organisation_id="org-03", asked_by=SECRET, asked_at=it.now, question=SECRET),
        MonitoringRecord(purchase_id=DONE, kind="visit", findings=SECRET, data={"note": SECRET}, recorded_at=it.now, recorded_by=SECRET),
        Contract(id=f"HT-{SECRET}", purchase_id=PUBLICITY, organisation_id="org-01", amount=Decimal(357200), starts_on=it.now.date(), ends_on=it.day(300).date(), clauses={"note": SECRET}, sha256="0" * 64, created_at=it.now),
        CaseFile(id="DA-2026-9002", purchase_id=RUNNING, manifest=[{"title": SECRET}], sha256="e5" * 32, keep_until=dt.date(2041, 3, 1), assembled_at=it.now, status="built", root="f6" * 32, entries=3),
    ])  # fmt: skip
