"""The table editor says everything in Chinese: what dmn-js asks a translation for, and whatever can be opened in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.foreign_words import foreign
from tests.support.studio_bundle import served
from tests.web.test_table_editor import opened

DESIGNER = Path(__file__).parents[2] / "web" / "designer"
PACKAGES = ("dmn-js", "dmn-js-decision-table", "dmn-js-drd", "dmn-js-literal-expression", "dmn-js-boxed-expression", "dmn-js-shared", "table-js")  # fmt: skip
TYPES = ("string", "number", "boolean", "date", "time", "dateTime", "dayTimeDuration", "yearMonthDuration")
NAMES = ("文字", "数字", "是否", "日期", "时间", "时刻", "时长", "年月")
WRITTEN = ("feel", "P1Y2M", "P2M", "P1DT2H", "P1D", "PnYnM", "PnDTnH", "true", "false", "date and time", "date", "time", "duration", "not", "number")  # fmt: skip


def table() -> str:
    """A model with a column of every type, a literal expression, a function, and a knowledge source, all with Chinese names."""
    inputs = "".join(
        f'<input id="i{n}" label="{name}"><inputExpression id="e{n}" typeRef="{kind}"><text>甲{n}</text></inputExpression></input>'
        for n, (kind, name) in enumerate(zip(TYPES, NAMES, strict=True))
    )
    outputs = "".join(
        f'<output id="o{n}" label="{name}" name="丙{n}" typeRef="{kind}"/>'
        for n, (kind, name) in enumerate(zip(TYPES, NAMES, strict=True))
    )
    cells = "".join(f'<inputEntry id="a{n}"><text>-</text></inputEntry>' for n in range(len(TYPES)))
    cells += "".join(f'<outputEntry id="b{n}"><text></text></outputEntry>' for n in range(len(TYPES)))
    shapes = "".join(
        f'<dmndi:DMNShape id="s{n}" dmnElementRef="{ref}"><dc:Bounds height="80" width="180" x="{160 + 220 * n}" y="120"/></dmndi:DMNShape>'
        for n, ref in enumerate(("d1", "d2", "k1", "n1", "ks"))
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="m1" name="模型" namespace="urn:x">
<decision id="d1" name="表"><variable id="w1" name="表" typeRef="string"/><decisionTable id="t1">{inputs}{outputs}<annotation name="依据"/><rule id="r1">{cells}</rule></decisionTable></decision>
<decision id="d2" name="式"><variable id="w2" name="式" typeRef="number"/><literalExpression id="l2"><text>1 + 1</text></literalExpression></decision>
<businessKnowledgeModel id="k1" name="函"><variable id="w3" name="函" typeRef="number"/><encapsulatedLogic id="f1" kind="FEEL"><formalParameter id="p1" name="数" typeRef="number"/><literalExpression id="l3"><text>数 + 1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<inputData id="n1" name="入"><variable id="w4" name="入" typeRef="number"/></inputData><knowledgeSource id="ks" name="法"/>
<dmndi:DMNDI><dmndi:DMNDiagram id="g1">{shapes}</dmndi:DMNDiagram></dmndi:DMNDI></definitions>"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as at:
        yield at


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 2400, "height": 900}, locale="zh-CN")
    page.goto(f"{address}/?tables")
    yield opened(page, table())
    page.close()


def view(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    page.wait_for_timeout(150)


def test_every_text_dmn_js_has_translated_has_a_chinese_one() -> None:
    if not (DESIGNER / "node_modules").is_dir():
        pytest.skip("npm ci was not run in web/designer")
    words = (DESIGNER / "src/words/zh/tables.js").read_text(encoding="utf-8")
    known = {
        single or double or plain
        for single, double, plain in re.findall(r"^  (?:'((?:[^'\\]|\\.)*)'|\"([^\"]*)\"|(\w+)):", words, re.MULTILINE)
    }
    asked: set[str] = set()
    for package in PACKAGES:
        for file in (DESIGNER / "node_modules" / package / "lib").rglob("*.js"):
            asked |= set(texts_asked_for(file.read_text(encoding="utf-8")))
    assert not {text for text in asked - known if re.search("[A-Za-z]{2}", text)}


def texts_asked_for(source: str) -> Iterator[str]:
    """The string literals inside every translate(…), up to the values filled in."""
    for call in re.finditer(r"ranslate\(", source):
        depth, at = 1, call.end()
        while depth and source[at] != "{":
            if source[at] in "'\"`":
                end = source.index(source[at], at + 1)
                yield source[at + 1 : end]
                at = end
            depth += {"(": 1, ")": -1}.get(source[at], 0)
            at += 1


def test_the_table_its_menus_and_the_editor_of_every_type_are_chinese(page: Page) -> None:
    view(page, "表")
    said = foreign(page, but=WRITTEN)
    for place in range(len(TYPES)):
        for entry in (f"a{place}", f"b{place}"):
            cell = page.locator(f'[data-element-id="{entry}"]')
            cell.click()
            page.wait_for_timeout(60)
            said |= foreign(page, but=WRITTEN)
            button = page.locator(".simple-mode-button")
            if button.count():
                button.first.click()
                page.wait_for_timeout(60)
                said |= foreign(page, but=WRITTEN)
                for select in page.locator(".context-menu .dms-input-select").all():
                    select.click()
                    said |= foreign(page, but=WRITTEN)
                    page.keyboard.press("Escape")
                for other in ("介于", "区间", "都不等于"):
                    options = page.locator(".context-menu .dms-input-select")
                    if not options.count():
                        break
                    options.first.click()
                    if page.locator(".option", has_text=other).count():
                        page.locator(".option", has_text=other).first.click()
                        page.wait_for_timeout(60)
                        said |= foreign(page, but=WRITTEN)
            page.keyboard.press("Escape")
            page.locator(".tables-bar").click()
            cell.click(button="right")
            page.wait_for_timeout(60)
            said |= foreign(page, but=WRITTEN)
            page.locator(".tables-bar").click()
    assert sorted(said) == []


def test_the_heads_of_columns_and_the_hit_policies_are_chinese(page: Page) -> None:
    view(page, "表")
    said: set[str] = set()
    for head in page.locator("th.input-editor, th.output-editor").all():
        head.dblclick()
        page.wait_for_timeout(60)
        said |= foreign(page, but=WRITTEN)
        for select in page.locator(".context-menu .dms-input-select").all():
            select.click()
            said |= foreign(page, but=WRITTEN)
        page.keyboard.press("Escape")
        page.locator(".tables-bar").click()
        head.click(button="right")
        page.wait_for_timeout(60)
        said |= foreign(page, but=WRITTEN)
        page.locator(".tables-bar").click()
    page.locator(".hit-policy .dms-input").click()
    for option in page.locator(".dms-select-options .option").all_inner_texts():
        page.locator(".dms-select-options .option", has_text=re.compile(f"^{re.escape(option)}$")).first.click()
        said |= foreign(page, but=WRITTEN)
        page.locator(".hit-policy .dms-input").click()
    assert sorted(said) == []


def test_requirements_expressions_and_functions_are_chinese(page: Page) -> None:
    view(page, "决策关系图")
    said = foreign(page)
    for shape in ("d1", "d2", "k1", "n1", "ks"):
        page.locator(f'[data-element-id="{shape}"] .djs-hit').first.click()
        page.wait_for_timeout(100)
        said |= foreign(page)
        pad = page.evaluate(
            "[...document.querySelectorAll('.djs-context-pad .entry')].map(entry => entry.title || entry.getAttribute('aria-label'))"
        )
        said |= {title for title in pad if re.search("[A-Za-z]{2}", title or "")}
        change = page.locator(".djs-context-pad.open .entry[data-action=replace]")
        if change.count():
            change.click()
            page.wait_for_timeout(100)
            said |= foreign(page)
            page.keyboard.press("Escape")
    for name in ("式", "函"):
        view(page, name)
        said |= foreign(page, but=WRITTEN)
        for button in page.locator(".tables-view button:visible").all():
            button.dispatch_event("click")
            page.wait_for_timeout(60)
            said |= foreign(page, but=WRITTEN)
            page.locator(".tables-bar").click()
    assert sorted(said) == []
