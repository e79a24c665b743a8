"""What the diagram editor does in a real browser: new elements in our dialect, copying between files, foreign files, harmlessness."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support import memory_host
from tests.support.semantics import differences
from tests.support.studio_bundle import open_editor, served
from tests.web.test_accessibility import complaints as axe_complaints
from tests.web.test_diagram_words import EMPTY

APPEND = """type => {
  const get = name => editor.get(name);
  const made = get('elementFactory').createShape({type});
  get('autoPlace').append(get('elementRegistry').get('t1'), made);
  return made.id;
}"""
SAVED = "() => editor.content()"
TASK = "g.djs-element[data-element-id=approve_purchase] > .djs-visual"
BOTTOM = "at => document.querySelector(at[0]).getBoundingClientRect().bottom"
SHRINK = """place => {
  const canvas = document.querySelector('.djs-container').getBoundingClientRect();
  const task = document.querySelector(place).getBoundingClientRect();
  editor.get('canvas').scroll({dx: 0, dy: canvas.bottom - 60 - task.bottom});
  document.getElementById('canvas').style.height = `${canvas.height - 150}px`;
  return canvas.bottom - 150;
}"""  # the task stands just above the lower edge, and the edge goes up; where the edge is then
CAMUNDA = EMPTY.replace(
    'id="d1"',
    'xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="d1" exporter="Camunda Modeler" exporterVersion="5.30.0" '
    'modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.6.0"',
)
HOSTILE = '&lt;img src=x onerror="window.ran = true"&gt;&lt;script&gt;window.ran = true&lt;/script&gt;'


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as at:
        yield at


@pytest.fixture
def context(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=address, viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{error.message} {error.stack}"))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto("/")
    yield page
    assert not complaints, complaints


def opened(page: Page, xml: str = EMPTY, **options: Any) -> Page:
    open_editor(page, xml, **options)
    return page


def named(page: Page, element: str, name: str) -> str:
    """Names an element as typing on the canvas does; its id afterwards."""
    found: str = page.evaluate(
        """([id, name]) => {
          const element = editor.get('elementRegistry').get(id);
          editor.get('modeling').updateLabel(element, name);
          return element.id;
        }""",
        [element, name],
    )
    return found


def test_a_new_user_task_is_born_in_our_dialect_with_a_readable_id(page: Page) -> None:
    element = opened(page).evaluate(APPEND, "bpmn:UserTask")
    assert element == "user_task_1"
    saved = page.evaluate(SAVED)
    assert "<zeebe:userTask />" in saved
    assert "executionPlatform" not in saved
    assert 'id="t1_to_user_task_1"' in saved


def test_an_id_follows_the_name_whose_words_are_known_and_its_flow_follows_too(page: Page) -> None:
    element = opened(page).evaluate(APPEND, "bpmn:UserTask")
    assert named(page, element, "审核法律意见") == "review_legal_opinion"
    assert 'id="t1_to_review_legal_opinion"' in page.evaluate(SAVED)
    assert named(page, "review_legal_opinion", "审批预算") == "review_legal_opinion", "an id is given once"
    page.evaluate("() => { editor.undo(); editor.undo(); }")
    assert page.evaluate("() => Boolean(editor.get('elementRegistry').get('user_task_1'))")


def test_an_id_stays_readable_when_the_words_of_the_name_are_not_known(page: Page) -> None:
    element = opened(page).evaluate(APPEND, "bpmn:ServiceTask")
    assert named(page, element, "咕咚一下") == "service_task_1"


def test_undoing_every_change_gives_the_very_text_back(page: Page) -> None:
    opened(page).evaluate(APPEND, "bpmn:UserTask")
    assert page.evaluate("() => editor.isChanged()")
    page.evaluate("() => editor.undo()")
    assert not page.evaluate("() => editor.isChanged()")
    assert page.evaluate(SAVED) == EMPTY


def test_what_is_copied_in_one_page_is_pasted_in_another_with_all_it_says(page: Page, context: BrowserContext) -> None:
    opened(page, memory_host.diagrams()["goal_setting"].read_text(encoding="utf-8"))
    page.evaluate("() => editor.get('copyPaste').copy([editor.get('elementRegistry').get('set_objectives')])")
    other = context.new_page()
    other.goto("/")
    opened(other)
    other.evaluate(
        """() => editor.get('copyPaste').paste(
          {element: editor.get('canvas').getRootElement(), point: {x: 500, y: 400}, hints: {}})"""
    )
    saved = other.evaluate(SAVED)
    assert 'name="确定绩效目标"' in saved
    assert 'dueDate="=working days after(now(), 5)"' in saved
    assert 'formId="set_objectives"' in saved
    assert "<zeebe:userTask" in saved


def test_a_file_of_camunda_modeler_keeps_what_it_says_and_opens_in_the_plain_library(page: Page) -> None:
    opened(page, CAMUNDA).evaluate(APPEND, "bpmn:UserTask")
    page.evaluate("() => editor.undo()")
    page.evaluate("() => editor.get('modeling').moveElements([editor.get('elementRegistry').get('t1')], {x: 10, y: 0})")
    saved = page.evaluate(SAVED)
    assert 'modeler:executionPlatform="Camunda Cloud"' in saved
    assert 'modeler:executionPlatformVersion="8.6.0"' in saved
    assert 'exporter="Camunda Modeler"' in saved
    moved = [str(one) for one in differences(CAMUNDA.encode(), saved.encode())]
    assert all("Bounds" in one for one in moved), moved
    page.goto("/?viewer")  # the library without any extension
    assert page.evaluate("async xml => (await Bixuan.diagram.view(document.querySelector('#canvas'), {xml})).has('t1')", saved)


def test_words_in_a_file_are_text_wherever_they_are_shown(page: Page) -> None:
    hostile = EMPTY.replace('<bpmn:task id="t1"/>', f'<bpmn:task id="t1" name="{HOSTILE.replace(chr(34), "&quot;")}">'
        f'<bpmn:documentation>{HOSTILE} [x](javascript:window.ran=true)</bpmn:documentation></bpmn:task>')  # fmt: skip
    opened(page, hostile.replace('name="d"', ""), functions=[{"name": "f", "params": [], "text": HOSTILE}])
    page.evaluate("() => { window.ran = false; editor.jump({element: 't1'}); editor.find(); }")
    page.keyboard.type("img")
    page.evaluate("t => editor.mark([{element: 't1', severity: 'error', text: t}])", "<img src=x onerror='window.ran=true'>")
    page.evaluate(
        """() => {
          const get = name => editor.get(name);
          get('copyPaste').copy([get('elementRegistry').get('t1')]);
          const text = localStorage.getItem('bixuan.diagram.copied');
          get('clipboard').clear();
          localStorage.setItem('bixuan.diagram.copied', text); // as if another page had copied it
          get('copyPaste').paste({element: get('canvas').getRootElement(), point: {x: 500, y: 400}, hints: {}});
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("() => editor.get('elementRegistry').filter(e => e.type === 'bpmn:Task').length") == 2
    assert page.evaluate("() => window.ran") is False
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0


def test_a_diagram_only_to_be_read_cannot_be_changed(page: Page) -> None:
    opened(page, readOnly=True)
    page.evaluate("() => editor.jump({element: 't1'})")
    page.wait_for_timeout(100)
    assert not page.locator(".djs-palette").is_visible()
    assert page.locator(".djs-context-pad .entry:visible").count() == 0
    page.evaluate("() => editor.get('modeling').removeElements([editor.get('elementRegistry').get('t1')])")
    assert page.evaluate(SAVED) == EMPTY


def test_problems_are_painted_and_jumped_to(page: Page) -> None:
    opened(page, memory_host.diagrams()["goal_setting"].read_text(encoding="utf-8"))
    page.evaluate("() => editor.mark([{element: 'draft_budget', severity: 'error', text: '没有表单'}])")
    assert page.locator(".problem-badge.error").get_attribute("title") == "没有表单"
    assert page.evaluate("() => editor.jump({element: 'draft_budget', property: 'formId'})")
    entry = page.locator("[data-entry-id=formId]")
    entry.wait_for(state="visible")
    page.evaluate("() => editor.mark([])")
    assert page.locator(".problem-badge").count() == 0
    assert page.evaluate("() => editor.jump({element: 'goal_setting'})"), "a process is shown as its pool"
    assert page.evaluate("() => editor.jump({element: 'nowhere'})") is False


def test_what_is_worked_on_stays_in_view_when_the_list_of_problems_takes_its_room(page: Page) -> None:
    opened(page, memory_host.diagrams()["goal_setting"].read_text(encoding="utf-8"))
    page.evaluate("() => editor.jump({element: 'approve_purchase'})")
    lowest = page.evaluate(SHRINK, TASK)
    page.wait_for_function(BOTTOM + " < at[1] - 20", arg=[TASK, lowest])
    task, canvas = page.locator(TASK).bounding_box(), page.locator(".djs-container").bounding_box()
    assert task and canvas
    assert canvas["y"] + canvas["height"] == lowest
    assert task["y"] > canvas["y"]


@pytest.mark.parametrize("bundle", ["diagram", "viewer"])
def test_the_mark_of_bpmn_io_is_seen_and_not_covered(page: Page, bundle: str) -> None:
    page.goto(f"/?{bundle}")
    if bundle == "diagram":
        opened(page)
    else:
        page.evaluate("async xml => { await Bixuan.diagram.view(document.querySelector('#canvas'), {xml}) }", EMPTY)
    link = page.locator("a.bjs-powered-by")
    assert re.search(r"bpmn\.io", link.get_attribute("href") or "")
    assert link.evaluate(
        """link => { const box = link.getBoundingClientRect();
          return link.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)) }"""
    )


def test_what_is_ours_in_the_editor_is_accessible(page: Page, axe: str) -> None:
    opened(page, memory_host.diagrams()["goal_setting"].read_text(encoding="utf-8"))
    page.evaluate("() => editor.jump({element: 'draft_budget'})")
    page.evaluate("() => editor.mark([{element: 'draft_budget', severity: 'warning', text: '期限太短'}])")
    page.wait_for_timeout(200)
    assert axe_complaints(page, axe) == []


def test_what_was_typed_just_before_leaving_a_field_is_kept(page: Page) -> None:
    opened(page)
    page.evaluate("editor.jump({element: 't1'})")
    name, key = (page.locator(f".bio-properties-panel [name={field}]") for field in ("name", "id"))
    name.fill("合法性审核")
    key.fill("review_legality")
    key.blur()
    saved = page.evaluate(SAVED)
    assert 'id="review_legality" name="合法性审核"' in saved


def test_problems_are_painted_anew_when_an_element_has_got_another_id(page: Page) -> None:
    opened(page)
    page.evaluate("editor.mark([{element: 't1', severity: 'error', text: '没有表单'}])")
    page.evaluate("editor.get('modeling').updateProperties(editor.get('elementRegistry').get('t1'), {id: 't2'})")
    page.evaluate("editor.mark([{element: 't2', severity: 'warning', text: '没有期限'}])")
    assert page.locator(".djs-element.problem-warning[data-element-id=t2]").count() == 1
    assert page.locator(".djs-element.problem-error").count() == 0


def test_a_button_outside_the_canvas_opens_the_search(page: Page) -> None:
    opened(page)
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<button id=find style=\"position:fixed;right:0;bottom:0\">查找</button>')"
    )
    page.evaluate("document.getElementById('find').addEventListener('click', () => editor.find())")
    page.click("#find")
    page.locator(".djs-search-input input").click()
    page.keyboard.type("t1")
    page.keyboard.press("Enter")
    assert page.evaluate("editor.get('selection').get().map(one => one.id)") == ["t1"]
