"""What the articles want a notice to say, item by item: it stands on the public page, and what lacks it is not published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.model import SYSTEM
from procurement.registers.comparison import Notice
from procurement.registers.purchases import Purchase
from tests.web.conftest import Visitor
from web.composition import Services
from web.pages.notice_words import label

KINDS = ("comparison_notice", "correction", "extension", "termination", "result_publicity", "award")
SAID: Mapping[str, tuple[Any, str]] = {  # item → what a notice says, and how the page shows it
    "title": ("社区长者食堂", "社区长者食堂"),
    "budget": (Decimal(380000), "380,000.00"),
    "amount": (Decimal(357200), "357,200.00"),
    "requirements": ("每天供应午餐", "每天供应午餐"),
    "conditions": ("依法登记的社会组织", "依法登记的社会组织"),
    "criteria": ([{"criterion": "供餐方案", "weight": 90}], "供餐方案"),
    "applications_close_at": ("2026-03-09T17:00:00+08:00", "2026-03-09 17:00"),
    "bids_due_at": ("2026-03-16T17:00:00+08:00", "2026-03-16 17:00"),
    "contact": ("蒋涛 028-80000100", "蒋涛 028-80000100"),
    "corrects": ("GG-2026-7001", "GG-2026-7001"),
    "changes": ([{"item": "预算", "before": "三十八万", "after": "三十九万"}], "三十九万"),
    "reason": ("附件有误", "附件有误"),
    "organisation": ("和风社会工作服务中心", "和风社会工作服务中心"),
    "period_months": (12, "12"),
    "objection": ("公示期内书面提出", "公示期内书面提出"),
    "panel": ([{"name": "申梅", "unit": "某大学"}], "申梅"),
    "ranking": ([{"rank": 1, "name": "和风社会工作服务中心", "score": Decimal("86.3")}], "86.30"),
}


@pytest.fixture(scope="module")
def purchase(services: Services) -> str:
    """A purchase of this module's own."""
    now, number = services.clock.now(), "CG-2026-7001"
    with services.office.desk.editing(SYSTEM) as session:
        session.add(
            Purchase(id=number, title="社区长者食堂", unit="社会事务办", initiator="shsw", initiator_kind="department", details={},
                     route="open_comparison", step="selection", status="comparison_open", started_at=now, updated_at=now)
        )  # fmt: skip
    return number


def wanted(services: Services, kind: str) -> list[dict[str, Any]]:
    rows = services.engine.evaluate_decision("notice_contents", {"kind": kind}, actor=SYSTEM).value
    assert rows, f"the table says nothing of {kind}"
    return [dict(row) for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_every_item_an_article_names_stands_on_the_public_page(
    services: Services, purchase: str, visitor: Visitor, kind: str
) -> None:
    rows, number = wanted(services, kind), f"GG-2026-7{KINDS.index(kind):03d}"
    with services.office.desk.editing(SYSTEM) as session:
        content = {row["item"]: SAID[row["item"]][0] for row in rows}
        session.add(
            Notice(id=number, purchase_id=purchase, kind=kind, title="公告", content=content, sha256="0" * 64, until=None,
                   published_at=services.clock.now() - dt.timedelta(days=200), published_by="cgjb")
        )  # fmt: skip
    page = visitor.get(f"/public/notices/{number}").text
    for row in rows:
        assert label(row["item"]) in page, f"{row['label']}（{row['document']} {row['article']}）"
        assert SAID[row["item"]][1] in page, f"{row['label']}（{row['document']} {row['article']}）"
        assert row["article"], "each item has its article"
