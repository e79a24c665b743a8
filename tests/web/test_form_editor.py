"""The form editor in a real browser, with the page of a draft around it: fields, their properties, the preview, the file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.studio_bundle import served
from tests.web.conftest import Visitor
from tests.web.test_table_editor import changed_lines

ROOT = Path(__file__).parents[2]
FORMS = sorted(ROOT.glob("forms/*/*.form"))
REVIEW = "forms/goal_setting/review_budget.form"
Browse = Callable[..., Page]
AsUser = Callable[[str], Visitor]
OPEN = """async text => {
  window.editor?.destroy();
  const make = () => document.body.appendChild(document.createElement('div'));
  const box = window.box ??= make(), panel = window.panel ??= make();
  window.asked ??= [];
  window.editor = await Bixuan.forms.open(box, {text, panel, preview: async body => { asked.push(body); return {html: '', problems: [], sample: '{}'} }});
}"""


@pytest.fixture
def bed(chromium: Browser) -> Iterator[Page]:
    """The editor alone. What the browser says about handlers it did not run is not held against a hostile file: cleaning one
    parses it first, where nothing can run, and Chromium reports its handlers even there.
    """
    with served() as address:
        page = chromium.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        page.goto(f"{address}/?forms")
        yield page
        page.close()


@pytest.fixture
def draft(as_user: AsUser) -> int:
    fields = {"title": "表单", "reason": "会议"}
    answer = as_user("lcsj").post_form("/studio/folders/goal_setting/drafts", fields, page="/studio")
    return int(answer.headers["location"].rsplit("/", 1)[-1])


@pytest.fixture
def page(browse: Browse, draft: int) -> Page:
    page = browse("lcsj")
    page.goto(f"/studio/drafts/{draft}?path={REVIEW}")
    page.wait_for_selector(".forms-canvas .fjs-element")
    page.wait_for_selector(".preview-sheet .field")
    return page


def file(page: Page, draft: int, path: str = REVIEW) -> str:
    page.evaluate("Bixuan.shell.save()")
    text: str = page.evaluate(
        "async ([draft, path]) => (await (await fetch(`/studio/drafts/${draft}/file?path=${path}`)).json()).content",
        [draft, path],
    )
    return text


def unfold(page: Page, entry: str) -> None:
    """All groups of the panel, once it shows what has this entry; before, it shows what was chosen before."""
    page.locator(f'.shell-panel [data-entry-id="{entry}"]').wait_for(state="attached")
    unfold_at_once(page)


def unfold_at_once(page: Page) -> None:
    page.evaluate("document.querySelectorAll('.bio-properties-panel-group-header:not(.open)').forEach(header => header.click())")


def write(page: Page, entry: str, text: str) -> None:
    """Into a text of the panel that may hold a formula, too."""
    page.locator(f'.shell-panel [data-entry-id="{entry}"]').locator("input, textarea, [contenteditable]").last.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def field(page: Page, entry: str) -> Any:
    return page.locator(f'.shell-panel [data-entry-id="{entry}"] input, .shell-panel [data-entry-id="{entry}"] textarea').first


def test_every_form_of_ours_opens_and_is_given_back_to_the_byte(bed: Page) -> None:
    page = bed
    for path in FORMS:
        text = path.read_text(encoding="utf-8")
        page.evaluate(OPEN, text)
        assert page.evaluate("editor.content()") == text, path
        assert page.evaluate("editor.isChanged()") is False


def test_a_new_field_gets_label_and_key_and_stands_in_the_preview(page: Page, draft: int) -> None:
    before = file(page, draft)
    page.locator(".forms-palette [data-field-type=number]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".fjs-editor-selected")
    unfold(page, "label")
    write(page, "label", "法律审查费用")
    field(page, "key").fill("legal_review_cost")
    field(page, "guidance-article").fill("第九条(二)")
    page.wait_for_selector(".preview-sheet label:has-text('法律审查费用')")
    expect(page.locator(".preview-sheet .article").last).to_have_text("第九条(二)")
    after = file(page, draft)
    added = json.loads(after)["components"][-1]
    assert added["type"] == "number"
    assert (added["label"], added["key"]) == ("法律审查费用", "legal_review_cost")
    assert added["properties"] == {"article": "第九条(二)"}
    gone = [line for line in changed_lines(before, after) if line.startswith("- ")]
    assert gone == ["-     }"] or not gone  # the comma after the last component


def test_a_label_changed_changes_one_line_of_the_file(page: Page, draft: int) -> None:
    before = file(page, draft)
    page.locator('.forms-canvas [data-id="group_5_review_budget_decision"]').click()
    unfold(page, "label")
    write(page, "label", "审核意见")
    page.wait_for_selector(".preview-sheet legend:has-text('审核意见')")
    lines = changed_lines(before, file(page, draft))
    assert [line for line in lines if line.startswith("+ ")] == ['+           "label": "审核意见",']
    assert len(lines) == 2


def test_required_and_hidden_show_in_the_preview(page: Page, draft: int) -> None:
    page.locator(".forms-palette [data-field-type=textfield]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".fjs-editor-selected")
    unfold(page, "required")
    page.locator(
        '.shell-panel [data-entry-id="required"] .bio-properties-panel-toggle-switch__slider, .shell-panel [data-entry-id="required"] input'
    ).last.click()
    page.wait_for_selector(".preview-sheet .field:last-child label.must")
    page.locator('.shell-panel [data-entry-id="conditional-hide"] .cm-content').click()
    page.keyboard.type("true")
    page.locator(".preview-sheet .field:last-child label.must").wait_for(state="detached")
    assert json.loads(file(page, draft))["components"][-1]["conditional"] == {"hide": "=true"}


def test_the_preview_is_asked_for_at_once_and_the_file_is_saved_later(page: Page) -> None:
    """The order is told, not the time: a glance takes longer on a busy machine."""
    page.locator('.forms-canvas [data-id="group_5_review_budget_decision"]').click()
    unfold(page, "guidance-help")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    with page.expect_request(lambda request: request.url.endswith("/file")):
        field(page, "guidance-help").fill("看一眼")
    assert "form-preview" in asked[: asked.index("file")]
    expect(page.locator(".preview-sheet .help", has_text="看一眼")).to_be_visible()


def test_problems_of_a_form_are_sentences_that_lead_to_the_component(page: Page) -> None:
    page.locator(".forms-palette [data-field-type=select]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".fjs-editor-selected")
    unfold(page, "guidance-rule")
    field(page, "guidance-rule").fill("amount <=")
    page.wait_for_selector(".preview-problems li")
    told = page.locator(".preview-problems li").all_inner_texts()
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in told), told
    page.locator(".forms-canvas .fjs-element[data-id]").first.click()
    page.locator(".preview-problems button").first.click()
    page.wait_for_selector(".forms-canvas .fjs-editor-selected [data-field-type], .forms-canvas .fjs-editor-selected")
    expect(field(page, "guidance-rule")).to_have_value("amount <=")
    field(page, "guidance-rule").fill("")
    page.locator(".preview-problems li").last.wait_for(state="detached")


def test_filled_wrongly_and_on_a_phone(page: Page) -> None:
    page.get_by_label("填错时").check()
    page.wait_for_selector(".preview-sheet .error")
    page.get_by_label("填错时").uncheck()
    page.locator(".preview-sheet .error").first.wait_for(state="detached")
    page.get_by_role("button", name="手机").click()
    assert page.locator(".preview-sheet").bounding_box()["width"] <= 345  # type: ignore[index]


def test_undo_takes_back_and_gives_the_file_again(page: Page) -> None:
    text = (ROOT / REVIEW).read_text(encoding="utf-8")
    page.evaluate(OPEN, text)
    page.evaluate("editor.jump({element: 'review_budget_decision'})")
    page.locator(".forms-palette [data-field-type=spacer]").last.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("editor.content()") != text
    page.evaluate("editor.undo()")
    assert page.evaluate("editor.content()") == text


HOSTILE = {
    "type": "default",
    "schemaVersion": 19,
    "id": "f",
    "components": [
        {"type": "html", "id": "a", "content": "<script>window.ran=1</script><img src=x onerror=window.ran=1><a href='javascript:window.ran=1'>x</a><svg onload=window.ran=1></svg>"},
        {"type": "text", "id": "b", "text": "<img src=x onerror=window.ran=1> [x](javascript:window.ran=1)"},
        {"type": "image", "id": "c", "source": "javascript:window.ran=1", "alt": '" onerror="window.ran=1'},
        {"type": "iframe", "id": "d", "url": "https://example.org/", "security": {"allowScripts": True}},
        {"type": "textfield", "id": "e", "key": "constructor", "label": "<img src=x onerror=window.ran=1>", "description": "<script>window.ran=1</script>", "defaultValue": '"><script>window.ran=1</script>'},
        {"type": "textfield", "id": "x", "key": "x", "label": "={{window.ran=1}}", "properties": {"__proto__": "1", "help": "<img src=x onerror=window.ran=1>"}},
        {"type": "radio", "id": "g", "key": "toString", "label": "x", "values": [{"label": "<img src=x onerror=window.ran=1>", "value": "<script>"}]},
        {"type": "table", "id": "h", "label": "x", "dataSource": "=rows", "columns": [{"key": "__proto__", "label": "<script>window.ran=1</script>"}]},
    ],
}  # fmt: skip


def test_nothing_in_a_hostile_form_runs(bed: Page) -> None:
    page = bed
    text = json.dumps(HOSTILE, ensure_ascii=False)
    page.evaluate(OPEN, text)
    page.wait_for_timeout(300)
    for node in page.locator(".forms-canvas").last.locator(".fjs-element[data-id]").all():
        node.click(force=True, position={"x": 3, "y": 3})
        page.wait_for_timeout(100)
        unfold_at_once(page)
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("({}).help ?? ({}).label ?? null") is None
    assert page.locator("iframe").count() == 0
    assert (
        page.evaluate("[...document.querySelectorAll('.forms-canvas script, .forms-canvas a[href^=\"javascript\"]')].length") == 0
    )
    assert page.evaluate("editor.content()") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"components": [{"type": "nowhere"}]}',
        '{"components": 5}',
        '{"components": [{"type": "text", "id": "__proto__"}]}',
    ],
)
def test_what_is_no_form_is_told_and_leaves_nothing_behind(bed: Page, text: str) -> None:
    told = bed.evaluate(
        """async text => {
          const box = document.createElement('div');
          try { await Bixuan.forms.open(box, {text}); return null } catch (error) { return [error.message, box.innerHTML] }
        }""",
        text,
    )
    assert told
    assert told[0]
    assert told[1] == ""


OURS = ".tables-bar, .forms-bar, .forms-preview"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.mark.parametrize("path", [REVIEW, "processes/goal_setting/method_route.dmn"])
def test_what_we_add_to_the_editors_is_accessible(browse: Browse, draft: int, axe: str, path: str) -> None:
    page = browse("lcsj")
    page.goto(f"/studio/drafts/{draft}?path={path}")
    page.wait_for_selector(".preview-sheet .field, tbody tr")
    page.evaluate(axe)
    found = page.evaluate(
        "([ours, tags]) => axe.run({include: ours.split(', ').filter(one => document.querySelector(one)).map(one => [one])}, {runOnly: tags})",
        [OURS, RULES],
    )
    assert [f"{v['id']}: {n['html'][:160]} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]] == []


def test_the_tabs_of_a_table_work_with_the_arrow_keys(browse: Browse, draft: int) -> None:
    page = browse("lcsj")
    page.goto(f"/studio/drafts/{draft}?path=processes/goal_setting/method_route.dmn")
    page.locator(".tables-tabs [aria-selected=true]").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(".djs-container")
    expect(page.locator(":focus")).to_have_text("决策关系图")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("tbody tr")
