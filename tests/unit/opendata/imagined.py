"""A purchase with everything that can happen to one, as register rows that were never in a database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from procurement.opendata import Facts, Publisher, drafts
from procurement.opendata.packages import Site, record, release_package
from procurement.opendata.shapes import Json, moment
from procurement.registers.comparison import Notice, Objection
from procurement.registers.money import CatalogueItem
from procurement.registers.parties import Agency, Organisation
from procurement.registers.performance import Contract, Milestone, Payment
from procurement.registers.publicity import Appeal
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE

PUBLISHER = Publisher("锦江街道办事处", "ocds-bixuan", "11510104009149999N")
SITE = Site(
    "https://bixuan.example", PUBLISHER, "https://creativecommons.org/licenses/by/4.0/", "https://bixuan.example/public/open-data"
)
WINNER, SECOND, OBJECTOR = "和风社会工作服务中心", "融合社区发展基金会", "邻里社区服务中心"
IDS = {WINNER: "org-01", SECOND: "org-02", OBJECTOR: "org-03"}
EXPERTS = ("申梅", "阮星")
OCID = "ocds-bixuan-CG-2026-0001"
START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=OFFICE_ZONE)


def at(day: int) -> dt.datetime:
    return START + dt.timedelta(days=day)


def notice(number: int, kind: str, day: int, until: dt.datetime | None = None, **content: Any) -> Notice:
    return Notice(
        id=f"GG-2026-{number:04d}",
        purchase_id="CG-2026-0001",
        kind=kind,
        title=f"{kind} 公告",
        content=content,
        published_at=at(day),
        until=until,
        closed_at=None,
        closed_reason="",
        published_by="hxpg",
        sha256="0" * 64,
    )


def ranked(*names: str) -> list[dict[str, Any]]:
    return [
        {
            "rank": n,
            "organisation_id": IDS[name],
            "name": name,
            "price": Decimal("357200.00") + n,
            "score": Decimal("86.3000") - n,
            "tie_note": "",
        }
        for n, name in enumerate(names, 1)
    ]


def organisation(key: str, name: str, code: str) -> Organisation:
    return Organisation(id=key, name=name, credit_code=code, legal_representative="刘和风", contact="刘和风", phone="13800138000")


NOTICES = [
    notice(1, "intention", 0, title="意向"),
    notice(
        2,
        "comparison_notice",
        3,
        at(20),
        budget=380000,
        requirements="为辖区居民提供社工服务，联系人手机 13800138000",
        conditions="依法登记的社会组织",
        criteria=[{"criterion": "服务方案", "kind": "technical", "weight": 90, "basis": "分四档"}, {"criterion": "报价", "kind": "price", "weight": 10, "basis": "比例"}],
        applications_close_at="2026-03-12T17:00:00+08:00",
        bids_due_at="2026-03-22T17:00:00+08:00",
    ),
    notice(3, "correction", 4, question="场地由谁提供？", answer="由社区提供。"),
    notice(4, "correction", 5, at(21), reason="附件有误", bids_due_at="2026-03-23T17:00:00+08:00"),
    notice(5, "extension", 6, at(22), reason="报名不足", bids_due_at="2026-03-24T17:00:00+08:00"),
    notice(6, "bid_list", 23, bids=[{"receipt": "SJ-2026-0001", "sha256": "a" * 64, "submitted_at": "2026-03-24T10:00:00+08:00"}]),
    notice(7, "opening_record", 24, text="全部开启"),
    notice(8, "result_publicity", 26, at(33), amount=Decimal("357200.00"), organisation=SECOND, text="公示", ranking=ranked(SECOND, WINNER), panel=[{"name": name, "unit": "某大学"} for name in EXPERTS], working_days=5),
    notice(9, "result_publicity", 40, at(47), amount=Decimal("357200.00"), organisation=WINNER, text="公示", ranking=ranked(WINNER, SECOND), panel=[{"name": name, "unit": "某大学"} for name in EXPERTS], working_days=5),
    notice(10, "award", 48, amount=Decimal("357200.00"), organisation=WINNER, ranking=ranked(WINNER, SECOND)),
    notice(11, "contract", 52, text="合同全文"),
    notice(12, "acceptance", 300, organisation=WINNER, accepted=True),
]  # fmt: skip


def facts(**changed: Any) -> Facts:
    """Everything that ever happened; a test cuts it where it wants to look."""
    contract = Contract(
        id="HT-2026-0001", purchase_id="CG-2026-0001", organisation_id="org-01", amount=Decimal("357200.00"), starts_on=at(50).date(),
        ends_on=at(310).date(), clauses={}, status="completed", signed_on=at(51).date(), ended_on=at(301).date(), ended_reason="", created_at=at(50),
    )  # fmt: skip
    objection = Objection(
        id=7, purchase_id="CG-2026-0001", notice_id="GG-2026-0008", organisation_id="org-03", person="孙邻里", contact="13900139000",
        content="评分有误", raised_at=at(27), about="result", status="upheld", decision=f"孙邻里（{OBJECTOR}，电话 13900139000）的异议成立。", decided_at=at(35),
    )  # fmt: skip
    appeal = Appeal(
        id="TS-2026-0001", purchase_id="CG-2026-0001", objection_id=7, organisation_id="org-03", raised_by="org03", person="孙邻里",
        contact="13900139000", content="答复不公", raised_at=at(36), accepted_at=at(37), suspended_on=at(37).date(), suspended_until=at(38).date(),
        status="rejected", outcome="rejected", decision=f"{OBJECTOR}的投诉缺乏事实依据，予以驳回。", decided_at=at(38),
    )  # fmt: skip
    known: dict[str, Any] = {
        "purchase": Purchase(
            id="CG-2026-0001", title="社区社工服务", unit="社会事务办", route="open_comparison", amount=Decimal(380000), budget_code="YS-1",
            category="社会工作", catalogue_code="C0101", beneficiary_group="辖区居民", beneficiary_count=900, started_at=START,
        ),
        "notices": NOTICES,
        "organisations": {
            row.id: row
            for row in (
                organisation("org-01", WINNER, "52510104MJQ1000017"),
                organisation("org-02", SECOND, "53510104MJQ1000025"),
                organisation("org-03", OBJECTOR, "52510104MJQ1000033"),
            )
        },
        "agency": Agency(id="agy-01", name="惠行公共服务评估中心", credit_code="52510104MJQ2000014"),
        "catalogue_item": CatalogueItem(code="C0101", name="社会工作服务", category="社会工作"),
        "objections": [objection],
        "appeals": [appeal],
        "contracts": [contract],
        "milestones": [Milestone(contract_id="HT-2026-0001", number=1, title="启动", due_on=at(80).date(), amount=Decimal("142880.00"))],
        "payments": [Payment(id=3, contract_id="HT-2026-0001", milestone="启动", amount=Decimal("142880.00"), paid_on=at(81).date())],
        "earlier": {"CG-2025-0009": "ocds-bixuan-CG-2025-0009"},
    }  # fmt: skip
    return Facts(**(known | changed))


def releases(told: Facts | None = None) -> list[Json]:
    """As they would be published."""
    return [
        {"ocid": OCID, "id": f"{OCID}-{number:03d}", "date": moment(draft.at), "tag": draft.tags, **draft.body}
        for number, draft in enumerate(drafts(told or facts(), PUBLISHER), 1)
    ]


def packed(found: list[Json]) -> Json:
    return release_package(SITE, "/api/ocds/releases", found, at(400))


def recorded(found: list[Json]) -> Json:
    return record(SITE, found)
