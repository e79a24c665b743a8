"""Problems while drawing, in the page: what is wrong is said after a change, a click goes there, silencing needs a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Visitor
from tests.web.test_accessibility import complaints
from tests.web.test_studio_drafts import Writer
from web.composition import Services

DIAGRAM = "processes/goal_setting/goal_setting.bpmn"
AsUser = Callable[[str], Visitor]


@pytest.fixture
def draft(as_user: AsUser) -> int:
    answer = as_user("lcsj").post_form("/studio/folders/goal_setting/drafts", {"title": "检查", "reason": "试"}, page="/studio")
    return int(answer.headers["location"].rsplit("/", 1)[-1])


@pytest.fixture
def writer(as_user: AsUser, draft: int) -> Writer:
    return Writer(as_user("lcsj"), draft)


def broken(writer: Writer) -> str:
    """The diagram with a name misspelt in one expression."""
    return str(writer.get("file", path=DIAGRAM)["content"]).replace('source="=budget_code"', 'source="=budgt_code"')


def problems(writer: Writer, **unsaved: str) -> list[dict[str, Any]]:
    answer = writer.post("check", **{DIAGRAM if name == "diagram" else name: text for name, text in unsaved.items()})
    assert answer.status_code == 200, answer.text
    return [one for one in answer.json()["problems"] if not one["silenced"]]


def test_the_shipped_process_has_no_open_problem(writer: Writer) -> None:
    answer = writer.post("check").json()
    assert [one for one in answer["problems"] if not one["silenced"]] == []
    assert answer["counts"]["silenced"] > 0


def test_unsaved_text_is_checked_and_the_sentence_is_chinese(writer: Writer) -> None:
    found = problems(writer, diagram=broken(writer))
    assert {(one["rule"], one["element"]) for one in found} == {
        ("variable_never_written", "check_budget"),
        ("variable_never_written", "reserve_budget"),
        ("caller_input_missing", "reserve_budget"),  # the purchases that run do not pass it either
    }
    written = next(one for one in found if one["rule"] == "variable_never_written")
    assert "budgt_code" in written["text"]
    assert "是不是想写 budget_code" in written["text"]
    assert written["fix"].startswith("改正名字")


def test_what_deployment_refuses_is_said_too(writer: Writer) -> None:
    assert [one["severity"] for one in problems(writer, diagram="<x")] == ["error"]


def test_only_paths_of_the_layout_are_checked(writer: Writer) -> None:
    assert writer.post("check", **{"../../etc/passwd": "x"}).status_code == 422
    assert writer.post("check", **{DIAGRAM: 5}).status_code == 422


def test_the_variables_known_at_an_element_are_told(writer: Writer) -> None:
    known = {one["name"]: one for one in writer.get("scope", path=DIAGRAM, element="approve_purchase")}
    assert known["route"]["from"] == "确定采购方式"
    assert known["budget_available"]["type"] == "number"
    assert "purchase_id" in known
    assert writer.get("scope", path=DIAGRAM, element="nowhere") == []


def test_a_silence_needs_a_reason_is_kept_and_ends_when_the_element_changes(
    writer: Writer, services: Services, draft: int
) -> None:
    text = broken(writer)
    base = writer.get("file", path=DIAGRAM)["sha256"]
    assert writer.post("file", path=DIAGRAM, content=text, base=base).status_code == 200
    place = {"rule": "variable_never_written", "file": DIAGRAM, "element": "check_budget", "cell": ""}
    assert writer.post("silence", **place, reason="  ").status_code == 422
    assert writer.post("silence", **place, reason="平台送来").status_code == 200
    assert {one["element"] for one in problems(writer)} == {"reserve_budget"}
    kept = services.studio.drafts.content(draft, "processes/goal_setting/silenced.yaml").decode()
    assert 'by: "lcsj"' in kept
    assert "平台送来" in kept
    changed = text.replace('name="查预算"', 'name="查一查预算"')
    again = [one for one in problems(writer, diagram=changed) if one["element"] == "check_budget"]
    assert again[0]["outdated"]["reason"] == "平台送来"


def test_what_deployment_refuses_cannot_be_silenced(writer: Writer) -> None:
    place = {"rule": "deployment_refused", "file": DIAGRAM, "element": "check_budget", "cell": ""}
    assert writer.post("silence", **place, reason="我要发布").status_code == 422


def test_an_administrator_decides_how_serious_a_rule_is(as_user: AsUser, writer: Writer, services: Services) -> None:
    address = "/studio/rules/variable_never_written/severity"
    assert as_user("lcsj").post_form(address, {"severity": "hint", "reason": "试"}, page="/studio").status_code == 403
    admin = as_user("admin")
    assert admin.post_form(address, {"severity": "hint", "reason": ""}, page="/studio").status_code == 422
    assert admin.post_form(address, {"severity": "hint", "reason": "先熟悉"}, page="/studio").status_code == 303
    found = [one for one in problems(writer, diagram=broken(writer)) if one["rule"] == "variable_never_written"]
    assert {one["severity"] for one in found} == {"hint"}
    fixed = "/studio/rules/deployment_refused/severity"
    assert admin.post_form(fixed, {"severity": "hint", "reason": "试"}, page="/studio").status_code == 403
    assert admin.post_form(address, {"severity": "", "reason": "恢复"}, page="/studio").status_code == 303
    assert services.studio.checks.severities.now() == {}
    assert "先熟悉" in admin.get("/studio/rules").text


def test_who_may_not_change_the_draft_reads_its_problems_only(as_user: AsUser, draft: int) -> None:
    clerk = Writer(as_user("czs"), draft)
    assert clerk.post("check").status_code == 200
    assert clerk.client.get(f"/studio/drafts/{draft}/problems").status_code == 200
    assert clerk.post("silence", rule="x", file=DIAGRAM, element="x", reason="x").status_code == 403


def test_a_change_is_checked_a_click_goes_to_the_element_and_silencing_keeps_the_reason(
    browse: Callable[..., Page], writer: Writer, draft: int
) -> None:
    base = writer.get("file", path=DIAGRAM)["sha256"]
    writer.post("file", path=DIAGRAM, content=broken(writer), base=base)
    page = browse("lcsj")
    page.goto(f"/studio/drafts/{draft}?path={DIAGRAM}")
    row = page.locator(".problems-go[data-element=check_budget]")
    expect(row).to_contain_text("budgt_code")
    expect(page.locator(".problems-told")).to_contain_text("提醒 2")
    page.locator(".djs-container").first.wait_for()
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator('.djs-element.selected[data-element-id="check_budget"]')).to_be_attached()
    item = page.locator(".problems-list li", has=row)
    item.get_by_role("button", name="停用…").click()
    page.get_by_label("为什么这里是有意的").fill("预算代码由平台送来")
    page.get_by_role("button", name="停用", exact=True).click()
    expect(row).to_have_count(0)
    expect(page.locator(".problems-told")).to_contain_text("已停用")
    page.goto(f"/studio/drafts/{draft}/problems")
    expect(page.locator(".problem.silenced", has_text="预算代码由平台送来")).to_contain_text("沈一凡")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_pages_of_problems_and_rules_are_accessible_and_fit(
    browse: Callable[..., Page], axe: str, writer: Writer, draft: int, phone: bool
) -> None:
    base = writer.get("file", path=DIAGRAM)["sha256"]
    writer.post("file", path=DIAGRAM, content=broken(writer), base=base)
    page = browse("admin", phone=phone)
    for address in (f"/studio/drafts/{draft}/problems", "/studio/rules"):
        page.goto(address)
        page.locator("details summary").first.click()
        assert complaints(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_click_opens_the_table_and_the_form_that_have_the_problem(
    browse: Callable[..., Page], writer: Writer, draft: int
) -> None:
    table, form = "processes/goal_setting/budget_gate.dmn", "forms/goal_setting/draft_budget.form"
    for path, before, after in [
        (table, "<text>true</text>", "<text>true, false</text>"),
        (form, '"key": "budget_code"', '"key": "budget_number"'),
    ]:
        found = writer.get("file", path=path)
        content = found["content"].replace(before, after, 1)
        assert content != found["content"]
        assert writer.post("file", path=path, content=content, base=found["sha256"]).status_code == 200
    page = browse("lcsj")
    page.goto(f"/studio/drafts/{draft}?path={DIAGRAM}")
    in_table = page.locator(".problems-go", has_text="budget_gate.dmn").first
    in_table.click()
    expect(page.locator(".dmn-js-parent").first).to_be_visible()
    expect(page.locator("[data-place=state]")).to_contain_text("已保存")
    expect(page.locator(".problems-go", has_text="goal_setting.bpmn").first).to_contain_text("budget_code")
