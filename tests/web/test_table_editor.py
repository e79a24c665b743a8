"""The table editor in a real browser: what is changed in it is all that changes in the file, and nothing in a file runs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.studio_bundle import served

ROOT = Path(__file__).parents[2]
TABLES = sorted(ROOT.glob("processes/*/*.dmn"))
RULES = ROOT / "processes/rules/office_rules.dmn"
ROUTE = ROOT / "processes/goal_setting/method_route.dmn"
OPEN = "async text => { window.editor = await Bixuan.tables.open(document.querySelector('#canvas'), {xml: text}) }"


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("- ", "+ ")]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as at:
        yield at


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/?tables")
    yield page
    page.close()
    assert not complaints, complaints


def opened(page: Page, text: str) -> Page:
    page.evaluate(OPEN, text)
    page.wait_for_selector(".tables-tabs [aria-selected=true]")
    return page


def content(page: Page) -> str:
    return str(page.evaluate("editor.content()"))


def test_every_table_of_ours_opens_and_is_given_back_to_the_byte(page: Page) -> None:
    for path in TABLES:
        text = path.read_text(encoding="utf-8")
        opened(page, text)
        assert content(page) == text, path
        assert page.evaluate("editor.isChanged()") is False
        page.evaluate("editor.destroy()")


def test_a_changed_cell_is_the_only_thing_that_changes_in_the_file(page: Page) -> None:
    text = RULES.read_text(encoding="utf-8")
    opened(page, text)
    assert page.evaluate("editor.jump({element: 'rule_small_limit', cell: 'rule_small_limit_out_1'})")
    page.keyboard.press("Control+A")
    page.keyboard.type("100000")
    assert changed_lines(text, content(page)) == [
        '-         <outputEntry id="rule_small_limit_out_1"><text>50000</text></outputEntry>',
        '+         <outputEntry id="rule_small_limit_out_1"><text>100000</text></outputEntry>',
    ]


def test_a_change_taken_back_gives_the_very_file_again(page: Page) -> None:
    text = ROUTE.read_text(encoding="utf-8")
    opened(page, text)
    page.evaluate("editor.jump({element: 'method_route_small', cell: 'method_route_small_in_3'})")
    page.keyboard.type(" + 1")
    assert content(page) != text
    page.keyboard.press("Control+Z")
    assert content(page) == text
    assert page.evaluate("editor.isChanged()") is False
    page.evaluate("editor.redo()")
    assert "+ 1" in content(page)


def test_a_rule_added_comes_to_the_end_and_leaves_the_others_alone(page: Page) -> None:
    text = ROUTE.read_text(encoding="utf-8")
    opened(page, text)
    page.locator("tfoot td.add-rule").first.click()
    page.keyboard.type('"fiscal"')
    page.locator("tbody tr").last.locator("td.annotation .content-editable").first.click()
    page.keyboard.type("《办法》第九条(二)")
    after = content(page)
    lines = changed_lines(text, after)
    assert all(line.startswith("+ ") for line in lines)
    assert any("《办法》第九条(二)" in line for line in lines)
    assert after.count("<rule ") == text.count("<rule ") + 1


def test_a_rule_is_moved_copied_and_removed(page: Page) -> None:
    text = ROUTE.read_text(encoding="utf-8")
    opened(page, text)
    ids = re.findall(r'<rule id="([^"]+)"', text)
    first = page.locator("tbody tr").first
    first.locator("td.input-cell").first.click(button="right")
    page.get_by_text("剪切规则", exact=True).click()
    page.locator("tbody tr").last.locator("td.input-cell").first.click(button="right")
    page.get_by_text("粘贴到下方", exact=True).click()
    page.locator("tbody tr").last.locator("td.input-cell").first.click(button="right")
    page.get_by_text("复制规则", exact=True).click()
    page.locator("tbody tr").last.locator("td.input-cell").first.click(button="right")
    page.get_by_text("粘贴到下方", exact=True).click()
    page.locator("tbody tr").first.locator("td.input-cell").first.click(button="right")
    page.get_by_text("删除规则", exact=True).click()
    after = re.findall(r'<rule id="([^"]+)"', content(page))
    assert [one for one in after if one in ids] == [*ids[2:], *(one for one in after if one == ids[0])]
    assert len(after) == len(ids)
    assert content(page).count("<annotationEntry>") >= text.count("<annotationEntry>") - 2


def test_annotation_columns_are_shown_by_their_names_and_changed_where_they_stand(page: Page) -> None:
    text = ROUTE.read_text(encoding="utf-8")
    opened(page, text)
    heads = page.locator("th.annotation").all_inner_texts()
    assert [head.strip() for head in heads] == ["依据", "标记", "说明"]
    cell = page.locator('[data-element-id="method_route_small__note_0"] [contenteditable]')
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("《办法》第十条")
    lines = changed_lines(text, content(page))
    assert len(lines) == 2
    assert "<annotationEntry><text>《办法》第十条</text></annotationEntry>" in lines[1]


def test_hit_policy_and_types_are_changed_in_place(page: Page) -> None:
    text = ROUTE.read_text(encoding="utf-8")
    opened(page, text)
    page.locator(".hit-policy .dms-input").first.click()
    page.get_by_text("取第一行", exact=True).first.click()
    lines = changed_lines(text, content(page))
    assert len(lines) == 2, lines
    assert 'hitPolicy="FIRST"' in lines[1]


def test_problems_are_marked_on_their_cells_with_their_words_and_on_the_tab(page: Page) -> None:
    opened(page, RULES.read_text(encoding="utf-8"))
    page.evaluate(
        """editor.mark([
          {element: 'rule_small_limit', cell: 'office_rules_output_1', severity: 'error', text: '数值不对'},
          {element: 'rule_statutory_limit', severity: 'warning', text: '没有依据'}])"""
    )
    marked = page.locator('[data-element-id="rule_small_limit_out_1"]')
    assert marked.get_attribute("data-problem") == "error"
    assert marked.get_attribute("title") == "数值不对"
    assert page.locator('[data-element-id="rule_statutory_limit_in_1"]').get_attribute("data-problem") == "warning"
    assert page.locator(".tables-tabs [aria-selected=true]").get_attribute("data-problem") == "error"
    page.get_by_role("tab", name="决策关系图").click()
    page.get_by_role("tab", name="某日有效的参数").click()
    page.wait_for_selector('[data-element-id="rule_small_limit_out_1"][data-problem=error]')
    page.evaluate("editor.mark([])")
    assert page.locator("[data-element-id][data-problem]").count() == 0


def test_what_is_not_to_be_changed_can_only_be_looked_at(page: Page) -> None:
    text = ROUTE.read_text(encoding="utf-8")
    page.evaluate(
        "async text => { window.editor = await Bixuan.tables.open(document.querySelector('#canvas'), {xml: text, readOnly: true}) }",
        text,
    )
    page.wait_for_selector("tbody tr")
    assert page.locator("[contenteditable=true]").count() == 0
    assert [head.strip() for head in page.locator("th.annotation").all_inner_texts()] == ["依据", "标记", "说明"]
    assert content(page) == text


def test_rows_are_found_by_what_they_say(page: Page) -> None:
    opened(page, RULES.read_text(encoding="utf-8"))
    page.evaluate("editor.find()")
    page.keyboard.type("statutory_limit")
    expect(page.locator("td[data-found=here]")).to_contain_text("statutory_limit")


HOSTILE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="&lt;img src=x onerror=window.ran=1&gt;" namespace="urn:x">
  <decision id="d" name="&lt;script&gt;window.ran=1&lt;/script&gt;">
    <description>&lt;img src=x onerror=window.ran=1&gt;</description>
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i" label="&lt;img src=x onerror=window.ran=1&gt;"><inputExpression id="e" typeRef="&lt;svg onload=window.ran=1&gt;"><text>javascript:window.ran=1</text></inputExpression></input>
      <output id="__proto__" name="constructor" label="&quot;&gt;&lt;script&gt;window.ran=1&lt;/script&gt;"/>
      <annotation name="&lt;img src=x onerror=window.ran=1&gt;"/>
      <rule id="toString">
        <inputEntry id="hasOwnProperty"><text>&lt;img src=x onerror=window.ran=1&gt;</text></inputEntry>
        <outputEntry id="valueOf"><text>&lt;/td&gt;&lt;script&gt;window.ran=1&lt;/script&gt;</text></outputEntry>
        <annotationEntry><text>&lt;a href="javascript:window.ran=1"&gt;x&lt;/a&gt;&lt;img src=x onerror=window.ran=1&gt;</text></annotationEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"""


def test_nothing_in_a_hostile_file_runs(page: Page) -> None:
    opened(page, HOSTILE)
    assert page.locator(".annotation img, .annotation a, td img, th img, td script").count() == 0
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_timeout(150)
    page.evaluate("editor.mark([{element: 'toString', severity: 'error', text: '<img src=x onerror=window.ran=1>'}])")
    page.evaluate("editor.jump({element: 'toString', cell: 'valueOf'})")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("Object.keys({}).length + Number('ran' in {})") == 0
    assert content(page) == HOSTILE


@pytest.mark.parametrize(
    "text", ["", "<a/>", "not xml", "<!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>", "<definitions xmlns='urn:x'/>"]
)
def test_what_is_no_decision_model_is_told_and_leaves_nothing_behind(page: Page, text: str) -> None:
    told = page.evaluate(
        "async text => { try { await Bixuan.tables.open(document.querySelector('#canvas'), {xml: text}); return null } catch (error) { return error.message } }",
        text,
    )
    assert told
    assert page.locator("#canvas").inner_html() == ""
