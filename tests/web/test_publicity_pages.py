"""The ledger of discretion, objections with the publicity day by day, appeals: who sees which, and what the pages say."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from procurement.office.discretion import record
from procurement.registers.comparison import Notice, Objection
from procurement.registers.publicity import Appeal, PublicityStop
from procurement.registers.purchases import Purchase
from tests.web.conftest import MORNING
from tests.web.offices import start_purchase
from tests.web.test_accessibility import complaints
from web.composition import Services

LAST_WEEK = MORNING - dt.timedelta(days=4)


@pytest.fixture(scope="session")
def disputed(services: Services) -> tuple[str, int]:
    """A purchase whose publicised result org-01 objects to; the number of the purchase and of the objection."""
    number = start_purchase(services).number
    with services.office.desk.editing(services.office.accounts.actor("cgjb")) as session:
        row = session.get_one(Purchase, number)
        row.route, row.step, row.agency_id = "open_comparison", "selection", "agy-01"
        content = {"title": row.title, "organisation": "邻里", "amount": 360000, "period_months": 12, "working_days": 5}
        notice = Notice(
            id="GG-2026-8801", purchase_id=number, kind="result_publicity", title="结果公示", content=content,
            published_at=LAST_WEEK, until=None, published_by="jdzr", sha256="0" * 64,
        )  # fmt: skip
        session.add(notice)
        objection = Objection(
            purchase_id=number, notice_id=notice.id, organisation_id="org-01", person="夕照", contact="1", request="复核",
            content="=1+1 评分疑有误", evidence=[], raised_at=MORNING - dt.timedelta(days=3), raised_by="", status="supplementing",
            about="result", against="panel", supplement="没有署名", answer_due_on=dt.date(2026, 3, 9),
        )  # fmt: skip
        session.add(objection)
        session.flush()
        session.add(
            PublicityStop(
                purchase_id=number, notice_id=notice.id, objection_id=objection.id, stopped_on=MORNING.date(), days_left=4
            )
        )
        session.add(
            Appeal(
                id="TS-2026-8801", purchase_id=number, objection_id=objection.id, organisation_id="org-01", raised_by="", person="夕照",
                contact="1", request="重新评审", content="专家应回避", evidence=[], raised_at=MORNING, status="accepted", accepted_at=MORNING,
                due_on=dt.date(2026, 4, 13), pauses=[{"why": "expertise", "from": "2026-03-02", "to": None, "days": 0}],
                days_not_counted=0, unfounded=False, suspended_on=dt.date(2026, 3, 2), suspended_until=dt.date(2026, 4, 1),
            )
        )  # fmt: skip
        record(
            session, rule_id="publicity_working_days", default=5, chosen=3, reason="=HYPERLINK(1) 汛期应急", decided_by="hxpg",
            approver="jdzr", purchase_id=number, at=MORNING,
            rule={"document": "办法", "article": "第九条(九)", "mark": "V1", "unit": "工作日", "approver": "street_leader"},
        )  # fmt: skip
        return number, objection.id


def test_the_ledger_shows_rule_value_reason_and_both_people(disputed: tuple[str, int], as_user: Callable[..., Any]) -> None:
    page = as_user("jdzr").get("/discretion").text
    for shown in ("第九条(九)", "汛期应急", "方敏", "高志明", disputed[0], "100%", "2026-Q1"):
        assert shown in page
    assert as_user("hxpg").get("/discretion").status_code == 403
    assert as_user("jdzr").get("/discretion?first=never").status_code == 422


def test_the_table_of_the_ledger_has_no_formula(disputed: tuple[str, int], as_user: Callable[..., Any]) -> None:
    answer = as_user("jdzr").get("/discretion/table.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert len(book.sheetnames) == 4
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells if disputed)


def test_the_case_counts_the_days_of_publicity_and_shows_its_stop(disputed: tuple[str, int], as_user: Callable[..., Any]) -> None:
    page = as_user("jdzr").get(f"/cases/{disputed[0]}/objections").text
    for shown in ("因异议停走", "还剩 4 个工作日", "仍在停走", "夕照", "TS-2026-8801", "实施周期"):
        assert shown in page


def test_an_objection_is_seen_by_its_objector_and_the_office_only(
    disputed: tuple[str, int], as_user: Callable[..., Any], services: Services
) -> None:
    address = f"/objections/{disputed[1]}"
    users = {
        next((g for g in user.groups if g.startswith("organisation:")), ""): user.login
        for user in services.office.accounts.search(limit=500)
    }
    own, other = users["organisation:org-01"], users["organisation:org-02"]
    assert "送达补正" in as_user(own).get(address).text
    assert as_user(other).get(address).status_code == 404
    assert as_user(other).get("/appeals/TS-2026-8801").status_code == 404
    assert "TS-2026-8801" not in as_user(other).get("/appeals").text
    assert "检验、鉴定" in as_user(own).get("/appeals/TS-2026-8801").text
    assert as_user("jdzr").get(address).status_code == 200


@pytest.mark.parametrize("phone", [False, True])
def test_the_pages_are_drawn(disputed: tuple[str, int], browse: Callable[..., Any], axe: str, phone: bool) -> None:
    page = browse("jdzr", phone=phone)
    for name, address in {
        "ledger": "/discretion",
        "case": f"/cases/{disputed[0]}/objections",
        "objection": f"/objections/{disputed[1]}",
        "appeal": "/appeals/TS-2026-8801",
        "appeals": "/appeals",
    }.items():
        page.goto(address)
        assert page.locator("h1").count() == 1, name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert complaints(page, axe) == [], name
