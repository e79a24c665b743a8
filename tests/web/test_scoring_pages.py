"""An expert scores in the browser; the agency sees who has signed and then every number; templates are kept by version."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.panels import seat_at
from tests.support.serving import until
from tests.web.offices import start_purchase

SHOTS = os.environ.get("SCORING_SHOTS")
FACTS = [
    {
        "organisation_id": key,
        "organisation": key,
        "fact": fact,
        "label": label,
        "declared": None,
        "value": value,
        "page": "第 12 页",
    }
    for key, value in (("org-01", 4), ("org-02", 1), ("org-03", 9))
    for fact, label in (("certified_workers", "持证社会工作者"), ("similar_contracts", "同类服务合同"))
]


def shot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.fixture
def panel(services):
    return seat_at(services.office, services.engine, start_purchase(services).number, fact_rows=FACTS)


def test_an_expert_fills_in_the_sheet_which_is_kept_while_typing_and_signs_it(services, browse, panel):
    expert = panel.experts[0]
    page = browse(expert.user_id)
    page.goto(f"/scoring/{panel.purchase_id}")
    shot(page, "sheet")
    page.locator("[name='p-0-service_plan'][value='20']").check()
    expect(page.locator("#score-state.fresh")).to_contain_text("保存于")
    own = services.office.scoring.own_sheet(panel.purchase_id, actor=expert)
    assert own.marks["org-01"]["service_plan"]["points"] == Decimal(20)
    page.get_by_role("button", name="签字").click()
    expect(page.get_by_role("alert")).to_contain_text("评分表")
    assert page.locator("tr.lacks").count() > 0
    shot(page, "sheet_lacks")
    for item in own.sheet.of_kind("subjective"):
        for n in range(3):
            page.locator(f"[name='p-{n}-{item.id}']").nth(1).check()
    until(lambda: not services.office.scoring.own_sheet(panel.purchase_id, actor=expert).lacks, "the marks to be kept")
    expect(page.locator("#score-state")).to_contain_text("都打完了")
    page.get_by_role("button", name="签字").click()
    expect(page.locator(".note.ok").first).to_contain_text("评分表已签")
    shot(page, "sheet_signed")
    assert len(panel.tasks("score_bids")) == 2


def test_the_sheet_works_by_keyboard_on_a_phone_and_without_javascript(services, browse, panel):
    expert = panel.experts[1]
    phone = browse(expert.user_id, phone=True)
    phone.goto(f"/scoring/{panel.purchase_id}")
    shot(phone, "sheet_phone")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first = phone.locator("[name='p-0-service_plan']").first
    first.focus()
    phone.keyboard.press("ArrowRight")
    expect(phone.locator("[name='p-0-service_plan']").nth(1)).to_be_checked()
    expect(phone.locator("#score-state.fresh")).to_contain_text("保存于")  # later it would undo what the other browser saves
    plain = browse(expert.user_id, javascript=False)
    plain.goto(f"/scoring/{panel.purchase_id}")
    plain.locator("[name='p-1-service_plan']").nth(2).check()
    plain.get_by_role("button", name="先存着").click()
    expect(plain.locator("#messages")).to_contain_text("评分已保存")
    own = services.office.scoring.own_sheet(panel.purchase_id, actor=expert)
    assert own.marks["org-02"]["service_plan"]["points"] == Decimal("12.5")


def test_the_agency_sees_who_signed_and_after_all_have_every_number(services, browse, panel, as_user):
    officer = browse("cgjb")
    officer.goto(f"/scoring/{panel.purchase_id}/result")
    expect(officer.locator("main")).to_contain_text("看不到任何分数")
    shot(officer, "progress")
    for login in ("cgjb", panel.experts[1].user_id):
        assert as_user(login).get(f"/scoring/{panel.purchase_id}/report").status_code == 409
    for n, expert in enumerate(panel.experts):
        panel.sign(expert, panel.marks(("0.8", "0.5", "1")[n]))
    officer.goto(f"/scoring/{panel.purchase_id}/result")
    expect(officer.locator("main")).to_contain_text("360000 ÷ 370000 × 10")
    shot(officer, "result")
    officer.goto(f"/scoring/{panel.purchase_id}/report")
    expect(officer.locator("h1")).to_have_text("评审报告")
    shot(officer, "report")
    phone = browse(panel.experts[0].user_id, phone=True)
    phone.goto(f"/scoring/{panel.purchase_id}/result")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(phone, "result_phone")


def test_others_are_turned_away_from_every_page_of_a_scoring(services, as_user, panel):
    panel.fill(panel.experts[0], panel.marks() | {"org-01": {"service_plan": {"points": "25", "reason": "绝密理由"}}})
    outsiders = [u for u in services.office.accounts.search(limit=1000) if u.login not in {e.user_id for e in panel.experts}]
    judge = next(u.login for u in outsiders if "expert" in u.roles and u.login.startswith("zj"))
    bidder = "org01"
    for login in (judge, bidder, "cgjb", "jdzr", panel.experts[1].user_id):
        client = as_user(login)
        for path in ("", "/progress", "/result", "/report"):
            answer = client.get(f"/scoring/{panel.purchase_id}{path}")
            assert "绝密理由" not in answer.text, (login, path)
            if login in (judge, bidder):
                assert answer.status_code in (302, 303, 403, 404), (login, path, answer.status_code)
        for path in (f"/purchases/{panel.purchase_id}", f"/purchases/{panel.purchase_id}/history"):
            assert "绝密理由" not in client.get(path).text


def test_a_template_gets_a_new_version_checked_by_the_rules(services, browse):
    page = browse("cgjb")
    page.goto("/score-sheets")
    shot(page, "templates")
    page.get_by_role("link", name="检查评估类技术服务").click()
    shot(page, "template")
    page.get_by_role("link", name="改为新版本").click()
    shot(page, "template_edit")
    page.fill("[name='note']", "价格分提高到二十分")
    page.fill("[name='i5-maximum']", "20")
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.get_by_role("alert")).to_contain_text("105 分，应当正好是 100 分")
    assert page.input_value("[name='note']") == "价格分提高到二十分"
    for k, points in enumerate(("10", "8", "5", "2")):
        page.fill(f"[name='i4-l{k}-points']", points)
    page.fill("[name='i4-maximum']", "10")
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.locator("#messages")).to_contain_text("第 2 版")
    page.get_by_role("link", name="第 1 版").click()
    expect(page.locator("main")).to_contain_text("旧版，不能再改")
    assert services.office.scoring.versions("technical_service")[1].model.price_maximum == 15


def test_the_pages_are_accessible(browse, axe, panel):
    for login, path in (
        (panel.experts[0].user_id, f"/scoring/{panel.purchase_id}"),
        ("cgjb", f"/scoring/{panel.purchase_id}/progress"),
        ("cgjb", "/score-sheets/community_service"),
        ("cgjb", "/score-sheets/community_service/edit"),
    ):
        page = browse(login)
        page.goto(path)
        page.evaluate(axe)
        found = page.evaluate(
            "async () => (await axe.run({rules: {region: {enabled: false}}})).violations.map(v => v.id + ' ' + v.nodes[0].html)"
        )
        assert not found, (path, found)
