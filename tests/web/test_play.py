"""A designer plays a draft in the browser: forms, clock, reasons, undo, saving as a case, all cases with what they reach."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import expect

from engine.model import Actor
from engine.sandbox import read_cases


@pytest.fixture(scope="module")
def designer(services):
    return next(user.login for user in services.office.accounts.search(limit=200) if "designer" in user.roles)


@pytest.fixture
def draft(services, designer):
    """A new draft of goal_setting."""
    made = services.studio.drafts.begin("goal_setting", "试走用的草稿", "看看走得通不通", actor=actor(designer))
    yield made.key
    services.studio.drafts.discard(made.key, actor=actor(designer))


def actor(login):
    return Actor(login, frozenset({"designer"}))


def shot(page, name):
    """A picture to look at, when BIXUAN_SHOTS names a folder."""
    if folder := os.environ.get("BIXUAN_SHOTS"):
        page.wait_for_timeout(300)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def settled(page, step):
    """Wait until the diagram shows that step."""
    page.wait_for_selector(f"#play[data-step='{step}']")
    page.wait_for_selector(f"#play-drawing[data-ready='{step}']")


def begin(page, draft):
    page.goto(f"/studio/drafts/{draft}/play")
    page.get_by_role("button", name="开始试走").click()
    settled(page, 0)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def set_objectives(page):
    page.fill("[name='objectives.0.objective']", "覆盖重点老人")
    page.fill("[name='objectives.0.indicator']", "服务人数")
    page.fill("[name='objectives.0.target']", "126")
    page.fill("[name='objectives.0.unit']", "人")
    page.fill("[name=service_requirements]", "每周五天日间照料与午餐，配备持证社工两名。")
    press(page, "办结")


def draft_budget(page, amount):
    page.select_option("[name=budget_code]", "2082004")
    page.check("[name=fund_nature][value=fiscal]")
    page.fill("[name='budget_lines.0.item']", "社工与照护员")
    page.fill("[name='budget_lines.0.basis']", "人数 × 月数 × 标准")
    page.fill("[name='budget_lines.0.amount']", amount)
    page.fill("[name=period_months]", "12")
    press(page, "办结")


def test_a_run_goes_to_its_end_is_kept_as_a_case_and_all_cases_are_run(browse, services, designer, draft, axe):
    page = browse(designer)
    begin(page, draft)
    expect(page.locator("#play-drawing .djs-element.play-waiting[data-element-id=set_objectives]")).to_be_visible()
    expect(page.locator("details.why-box").first).to_contain_text("读取限额")
    press(page, "办结")  # nothing filled in: refused as approvers are
    expect(page.get_by_role("alert")).to_contain_text("需更正")
    expect(page.locator(".field .error").first).to_be_visible()
    set_objectives(page)
    settled(page, 1)
    draft_budget(page, "48000")
    settled(page, 2)
    page.get_by_role("button", name="拨过去").click()
    settled(page, 3)
    page.fill("[name=_days]", "30")
    page.get_by_role("button", name="拨过去").click()
    settled(page, 4)
    expect(page.locator(".open-task")).to_contain_text("已逾期")
    shot(page, "play_late")
    page.check("[name=review_budget_decision][value=agree]")
    press(page, "办结")
    settled(page, 5)
    expect(page.locator("details.why-box", has_text="确定采购方式").first).to_contain_text("命中")
    page.check("[name=approve_purchase_decision][value=agree]")
    press(page, "办结")
    settled(page, 6)
    expect(page.locator("#play-status")).to_contain_text("已结束")
    assert not page.evaluate(axe + "; axe.run('#main').then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
    page.get_by_text("存成案例", exact=True).click()
    page.fill("[name=_case_name]", "四万八千元，一路同意")
    page.fill("[name=_case_file]", "played_48000")
    shot(page, "play_end")
    press(page, "存进草稿")
    page.wait_for_selector("#coverage-drawing[data-ready=true]")
    expect(page.locator("#cases-status")).to_contain_text("20 个如所写")
    expect(page.locator("#cases")).to_contain_text("四万八千元，一路同意")
    shot(page, "cases_after")
    assert not page.evaluate(axe + "; axe.run('#main').then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
    path = "processes/goal_setting/cases/played_48000.yaml"
    [case] = read_cases(services.studio.drafts.content(draft, path), path)
    assert [next(iter(step)) for step in case.steps] == ["task", "task", "clock", "clock", "task", "task"]
    assert case.expect["end"] == "goals_approved"
    assert case.expect["decisions"]["method_route"] == ["method_route_small"]


def test_any_step_is_taken_back_and_the_run_survives_a_reload(browse, designer, draft):
    page = browse(designer)
    begin(page, draft)
    set_objectives(page)
    settled(page, 1)
    draft_budget(page, "60000")
    settled(page, 2)
    page.reload()
    page.get_by_role("button", name="接着走").click()
    settled(page, 2)
    page.get_by_role("button", name="退回到第 2 步之前").click()
    settled(page, 1)
    expect(page.locator(".open-task")).to_contain_text("编制预算")
    page.locator("#play-status").focus()
    page.keyboard.press("Control+z")
    settled(page, 0)
    expect(page.locator("[name='objectives.0.objective']")).to_be_visible()


def test_another_answer_of_an_operation_leads_elsewhere(browse, designer, draft):
    page = browse(designer)
    begin(page, draft)
    set_objectives(page)
    settled(page, 1)
    draft_budget(page, "48000")
    settled(page, 2)
    expect(page.locator(".open-task")).to_contain_text("审查资金")
    page.get_by_text("系统操作的回答").click()
    answers = page.locator("details.box details.box", has_text="budget.check")
    answers.locator("summary").click()
    box = answers.locator("textarea")
    box.fill(re.sub(r"sufficient: true", "sufficient: false", box.input_value()))
    answers.get_by_role("button", name="换成这个回答").click()
    expect(page.locator(".open-task")).to_contain_text("编制预算")
    expect(page.locator("details.why-box", has_text="预算到位").first).to_contain_text("走这里")


def test_a_role_sees_but_cannot_do_what_others_have_to(browse, designer, draft):
    page = browse(designer)
    begin(page, draft)
    set_objectives(page)
    settled(page, 1)
    draft_budget(page, "48000")
    settled(page, 2)
    with page.expect_response(lambda answer: answer.url.endswith("/play")):
        page.select_option("[name=_who]", index=1)
    expect(page.locator("[name=_who] option[selected]")).to_have_count(1)
    others = [option for option in page.locator("[name=_who] option").all_inner_texts() if option not in ("任何人", "财政所")]
    page.select_option("[name=_who]", label=others[0])
    expect(page.locator(".open-task")).to_contain_text("这个身份办不了")
    expect(page.locator(".play-form")).to_have_count(0)


def test_a_message_arrives_and_what_is_wrong_with_it_is_said(browse, designer, draft):
    page = browse(designer)
    begin(page, draft)
    page.get_by_text("发来消息").click()
    page.fill("[name=_message_0]", "- not: [names")
    press(page, "送达")
    expect(page.get_by_role("alert")).to_contain_text("不是正确的 YAML")
    page.fill("[name=_message_0]", "reason: 不办了")
    press(page, "送达")
    settled(page, 1)
    expect(page.locator("#play-status")).to_contain_text("已结束")


def test_a_changed_rule_is_shown_by_the_cases_it_concerns_and_can_be_accepted(browse, services, designer, draft):
    studio = services.studio
    files = studio.drafts.workspace(draft)
    path = next(name for name, content in files.items() if name.endswith(".dmn") and b"method_route_comparison" in content)
    text = files[path].decode()
    changed = text.replace("method_route_comparison", "method_route_open_way")
    assert changed != text
    base = next(file.sha256 for file in studio.drafts.files(draft) if file.path == path)
    studio.drafts.save(draft, path, changed.encode(), base=base, actor=actor(designer))
    page = browse(designer)
    page.goto(f"/studio/drafts/{draft}/cases")
    page.wait_for_selector("#coverage-drawing[data-ready=true]")
    row = page.locator("tr", has_text="五万元零一分走公开比选")
    expect(row).to_contain_text("决策 method_route 应命中规则 method_route_comparison，实际命中 method_route_open_way")
    shot(page, "cases_wrong")
    row.get_by_role("button", name="接受新结果").click()
    assert [line.strip() for line in page.locator("pre .came").all_inner_texts()] == [
        "+  decisions: {method_route: [method_route_open_way]}"
    ]
    shot(page, "cases_accept")
    page.get_by_role("button", name="是规则变了，改写案例").click()
    expect(page.locator("tr", has_text="五万元零一分走公开比选")).to_contain_text("如所写")


def test_a_case_opens_in_play_with_every_step(browse, designer, draft):
    page = browse(designer, phone=True)
    page.goto(f"/studio/drafts/{draft}/play?case=processes/goal_setting/cases/above_limit.yaml")
    settled(page, 4)
    expect(page.locator(".note.ok")).to_contain_text("与案例所写相符")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    shot(page, "play_phone")
    if os.environ.get("BIXUAN_SHOTS"):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.reload()
        settled(page, 4)
        page.screenshot(path=os.environ["BIXUAN_SHOTS"] + "/case1366.png")


def test_it_works_without_scripts(browse, designer, draft):
    page = browse(designer, javascript=False)
    page.goto(f"/studio/drafts/{draft}/play")
    page.get_by_role("button", name="开始试走").click()
    set_objectives(page)
    expect(page.locator(".open-task")).to_contain_text("编制预算")
