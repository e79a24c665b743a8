"""The form editor says everything in Chinese: the palette, every kind of component, every entry of its properties, what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from engine.forms.vocabulary import KINDS
from tests.support.foreign_words import foreign
from tests.support.studio_bundle import served

OPEN = """async ([text, html]) => {
  window.editor?.destroy();
  window.editor = await Bixuan.forms.open(document.querySelector('#canvas'), {text, panel: document.querySelector('#panel'),
    preview: async () => ({html, problems: [{text: '有问题', element: 'a', line: 1}], sample: '{}'})});
}"""
UNFOLD = """() => {
  for (const header of document.querySelectorAll('.bio-properties-panel-group-header:not(.open), .bio-properties-panel-collapsible-entry-header:not(.open)')) header.click();
}"""
MORE: dict[str, dict[str, Any]] = {
    "table": {"dataSource": "=甲", "columns": [{"key": "一", "label": "二"}]},
    "radio": {"values": [{"label": "一", "value": "二"}]},
    "select": {"valuesExpression": "=甲"},
    "checklist": {"valuesKey": "甲"},
    "textfield": {"validate": {"pattern": "甲", "validationType": "custom"}, "appearance": {"prefixAdorner": "甲"}},
    "datetime": {"subtype": "datetime", "dateLabel": "甲", "timeLabel": "乙"},
    "dynamiclist": {"path": "rows", "isRepeating": True, "components": []},
    "group": {"components": []},
    "expression": {"expression": "=1"},
    "text": {"text": "{{甲}}"},
    "html": {"content": "<b>{{甲}}</b>"},
    "documentPreview": {"dataSource": "=甲"},
}
# what is written there is a formula, a path, or the example of one; bpmn.io's watermark stays as it is
WRITTEN = ("rows", "label", "value", "documentId", "endpoint", "metadata", "fileName", "contentType", "Markdown", "docx", "pdf", "HTML", "amount", "available", "data:image", "image", "dynamiclist", "yyyy/mm/dd", "hh:mm", "Powered by bpmn.io")  # fmt: skip


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with served() as address:
        page = chromium.new_page(viewport={"width": 1800, "height": 1000}, locale="zh-CN")
        page.goto(f"{address}/?forms")
        yield page
        page.close()


def form(*kinds: str) -> str:
    components = [
        {
            "type": kind,
            "id": f"f{n}",
            "label": "某项",
            **({"key": f"k{n}"} if "key" in KINDS[kind].keys else {}),
            **MORE.get(kind, {}),
        }
        for n, kind in enumerate(kinds)
    ]
    return json.dumps(
        {"type": "default", "schemaVersion": 19, "id": "f", "title": "表", "components": components}, ensure_ascii=False
    )


def seen(page: Page, count: int) -> set[str]:
    return foreign(page, but=[*WRITTEN, *(f"{letter}{n}" for n in range(count) for letter in "fk")])


def test_palette_canvas_and_preview_are_chinese(page: Page) -> None:
    page.evaluate(OPEN, [form(), ""])
    said = seen(page, 0)
    page.locator(".fjs-palette-search").fill("没有这个")
    said |= seen(page, 0)
    page.locator(".fjs-palette-search").fill("")
    page.evaluate(OPEN, [form(*KINDS), "<p>看</p>"])
    page.wait_for_timeout(300)
    said |= seen(page, len(KINDS))
    page.get_by_text("示例数据").click()
    for name in ("画布", "预览", "并排", "手机"):
        page.get_by_role("button", name=name, exact=True).click()
        said |= seen(page, len(KINDS))
    assert sorted(said) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_properties_of_every_kind_of_component_are_chinese(page: Page, kind: str) -> None:
    page.evaluate(OPEN, [form(kind), ""])
    page.evaluate("editor.jump({element: 'f0'})")
    page.wait_for_timeout(150)
    page.evaluate(UNFOLD)
    page.wait_for_timeout(100)
    for add in page.locator(".bio-properties-panel-add-entry").all():
        add.dispatch_event("click")
    page.evaluate(UNFOLD)
    page.wait_for_timeout(100)
    said = seen(page, 1)
    for tooltip in page.locator(".bio-properties-panel-tooltip-wrapper").all():
        tooltip.hover()
        page.wait_for_timeout(260)
        said |= seen(page, 1)
    for entry in page.locator(
        "#panel input[type=text]:visible, #panel input[type=number]:visible, #panel textarea:visible"
    ).all():
        for wrong in ("a b..", ""):
            entry.fill(wrong) if entry.get_attribute("type") != "number" else entry.fill("0.5" if wrong else "")
            page.wait_for_timeout(20)
        said |= seen(page, 1)
    said -= {text for text in said if "a b.." in text}
    for button in page.locator("#panel .bio-properties-panel-feel-icon:visible").all():
        said |= {title for title in [button.get_attribute("title") or ""] if title.isascii() and title}
    assert sorted(said) == []
