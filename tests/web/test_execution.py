"""还剩多少, integrity files, and an organisation's appeal against its record."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.web.offices import start_purchase
from tests.web.test_accessibility import complaints

SHOTS = os.environ.get("EXECUTION_SHOTS")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    ("login", "address", "heading"),
    [
        ("czs", "/budgets", "还剩多少"),
        ("czs", "/budgets/2082004", "社会组织服务购买"),
        ("cgjb", "/organisations/org-12/integrity", "诚信档案"),
        ("org05", "/portal/record/contest", "信用申诉和移出申请"),
    ],
)
def test_the_pages_are_readable_for_everybody(services, browse, axe, login, address, heading, phone):
    start_purchase(services)
    page = browse(login, phone=phone)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{heading}-{'phone' if phone else 'desktop'}.png", full_page=True)


def test_what_is_left_adds_up_by_level(services, as_user):
    text = as_user("czs").get("/budgets?year=2026").text
    assert text.index("区级") >= 0
    for row in services.office.execution.spent(2026):
        assert row.left == row.budget.total - row.budget.reserved - row.budget.committed
        assert row.budget.name in text


def test_an_expired_entry_is_shown_as_counting_no_longer(as_user):
    text = as_user("cgjb").get("/organisations/org-12/integrity").text
    assert "已失效，不再起作用" in text


@pytest.mark.parametrize(("login", "status"), [("czs", 200), ("jjjc", 200), ("org02", 403), ("hxpg", 403), ("zj02", 403)])
def test_the_budgets_are_for_the_office(as_user, login, status):
    assert as_user(login).get("/budgets").status_code == status


def test_an_organisation_appeals_against_an_entry_of_its_own_and_discipline_decides(services, as_user):
    entry = next(one for one in services.office.parties.credit("org-05") if one.kind == "warning")
    own = as_user("org05")
    form = {"values": {"entry_choice": str(entry.id), "request_kind": "appeal", "facts": "签到表在社区"}}
    foreign = as_user("org02").get("/portal/record/contest").text
    assert entry.reason not in foreign
    services.office.parties.petition(
        "org-05", entry.id, "appeal", form["values"]["facts"], actor=services.office.accounts.actor("org05")
    )
    tasks = services.engine.tasks(element_id="examine_credit_appeal", limit=5).items
    assert len(tasks) == 1
    assert own.get("/portal/record").status_code == 200
