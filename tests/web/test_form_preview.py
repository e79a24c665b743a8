"""The preview of an unsaved form, as the editor asks for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from tests.support.statements import asked_by_pages
from tests.web.conftest import Visitor
from tests.web.test_studio_drafts import Writer
from web.composition import Services

ROOT = Path(__file__).parents[2]
FORMS = sorted(ROOT.glob("forms/*/*.form"))
AsUser = Callable[[str], Visitor]


@pytest.fixture
def writer(as_user: AsUser) -> Writer:
    client = as_user("lcsj")
    fields = {"title": "表单", "reason": "会议"}
    answer = client.post_form("/studio/folders/goal_setting/drafts", fields, page="/studio")
    return Writer(client, int(answer.headers["location"].rsplit("/", 1)[-1]))


def form(*components: dict[str, Any]) -> str:
    numbered = [{"id": f"c{n}", "layout": {"row": f"r{n}"}, **component} for n, component in enumerate(components)]
    return json.dumps({"type": "default", "schemaVersion": 19, "id": "f", "components": numbered}, ensure_ascii=False)


def previewed(writer: Writer, schema: str, **more: Any) -> dict[str, Any]:
    answer = writer.post("form-preview", schema=schema, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_form_of_ours_is_drawn_with_values_from_the_cases(writer: Writer) -> None:
    for path in FORMS:
        found = previewed(writer, path.read_text(encoding="utf-8"))
        assert found["problems"] == [], path
        assert 'class="fields"' in found["html"], path
        assert isinstance(json.loads(found["sample"]), dict)


def test_the_sample_takes_what_the_cases_of_the_folder_say(writer: Writer) -> None:
    schema = form({"type": "text", "text": "**{{title}}** 预算 {{estimate}} {{unheard_of}}"})
    found = previewed(writer, schema)
    sample = json.loads(found["sample"])
    assert sample["title"] == "社区老年人日间照料"
    assert sample["estimate"] == 60000
    assert sample["unheard_of"]
    assert "社区老年人日间照料" in found["html"]


def test_sample_values_can_be_changed(writer: Writer) -> None:
    schema = form({"type": "text", "text": "{{title}}", "conditional": {"hide": "=amount > 100"}})
    assert "改过的" in previewed(writer, schema, variables='{"title": "改过的", "amount": 5}')["html"]
    assert "改过的" not in previewed(writer, schema, variables='{"title": "改过的", "amount": 500}')["html"]


@pytest.mark.parametrize("variables", ["[1]", "{", '"x"', 5, "x" * 300_000])
def test_sample_values_that_are_no_object_are_refused_in_a_sentence(writer: Writer, variables: Any) -> None:
    answer = writer.post("form-preview", schema=form(), variables=variables)
    assert answer.status_code == 422
    assert "示例数据" in answer.json()["problem"]


def test_options_may_come_from_a_variable(writer: Writer) -> None:
    schema = form({"type": "radio", "key": "choice", "label": "选哪一个", "valuesExpression": "=offers"})
    found = previewed(writer, schema, variables='{"offers": [{"label": "第一家", "value": "a"}]}')
    assert "第一家" in found["html"]


def test_what_is_typed_in_the_preview_decides_what_is_hidden(writer: Writer) -> None:
    schema = form(
        {
            "type": "radio",
            "key": "result",
            "label": "结果",
            "values": [{"label": "同意", "value": "agree"}, {"label": "退回", "value": "return"}],
        },
        {"type": "textarea", "key": "reason", "label": "退回理由", "conditional": {"hide": '=result != "return"'}},
    )
    assert "退回理由" not in previewed(writer, schema)["html"]
    assert "退回理由" in previewed(writer, schema, values=[["result", "return"]])["html"]


def test_rows_are_added_and_taken_away_in_the_preview(writer: Writer) -> None:
    row = {"type": "textfield", "id": "name", "key": "name", "label": "名称", "layout": {"row": "x"}}
    schema = form({"type": "dynamiclist", "path": "rows", "label": "名单", "components": [row]})
    more = previewed(writer, schema, values=[["rows.0.name", "甲"], ["_action", "add:rows"]])["html"]
    assert more.count('name="rows.') >= 2
    assert "甲" in more
    assert "甲" not in previewed(writer, schema, values=[["rows.0.name", "甲"], ["_action", "drop:rows.0"]])["html"]


def test_filled_wrongly_it_says_what_people_would_be_told(writer: Writer) -> None:
    schema = form(
        {"type": "number", "key": "amount", "label": "金额", "validate": {"required": True, "min": 0.01}},
        {"type": "textfield", "key": "name", "label": "名称", "validate": {"required": True}},
        {"type": "datetime", "key": "until", "label": "截止", "subtype": "date"},
        {"type": "checkbox", "key": "agreed", "label": "同意", "validate": {"required": True}},
    )
    html = previewed(writer, schema, wrong=True)["html"]
    assert html.count('class="error"') == 4
    assert 'class="error"' not in previewed(writer, schema)["html"]


def test_what_is_wrong_with_the_form_is_said_in_sentences_with_the_component(writer: Writer) -> None:
    found = previewed(writer, form({"type": "iframe", "url": "https://x"}, {"type": "number", "key": "1x", "label": "数"}))
    assert found["html"] is None
    assert {problem["element"] for problem in found["problems"]} == {"c0", "1x"}  # the key, where there is one
    assert all(re.search(r"[\u4e00-\u9fff]", problem["text"]) for problem in found["problems"])


@pytest.mark.parametrize(
    "schema", ["", "{", "[]", "null", '{"type": "default"}', "{" * 5000, '{"components": {"__proto__": 1}}', "\ud800"]
)
def test_a_schema_that_is_no_form_is_told_not_failed_on(writer: Writer, schema: str) -> None:
    found = previewed(writer, schema)
    assert found["html"] is None
    assert found["problems"]


HOSTILE: list[dict[str, Any]] = [
    {"type": "html", "content": "<script>window.ran=1</script><img src=x onerror=window.ran=1><a href='javascript:window.ran=1'>x</a><b onclick=window.ran=1>b</b><style>body{display:none}</style>"},
    {"type": "text", "text": '<script>window.ran=1</script> [x](javascript:window.ran=1) ![x](x" onerror="window.ran=1)'},
    {"type": "text", "text": "{{evil}}"},
    {"type": "textfield", "key": "constructor", "label": '"><script>window.ran=1</script>', "description": "<img src=x onerror=window.ran=1>", "properties": {"help": "<img src=x onerror=window.ran=1>"}},
    {"type": "radio", "key": "toString", "label": "x", "values": [{"label": "<img src=x onerror=window.ran=1>", "value": '" onfocus="window.ran=1'}]},
    {"type": "table", "label": "x", "dataSource": "=rows", "columns": [{"key": "__proto__", "label": "<script>window.ran=1</script>"}]},
]  # fmt: skip
EVIL = '{"evil": "<script>window.ran=1</script><img src=x onerror=window.ran=1>", "rows": [{"__proto__": "<b onclick=x>"}]}'


def test_a_hostile_form_brings_no_script_into_the_preview(writer: Writer) -> None:
    for hidden in (False, True):
        html = previewed(writer, form(*HOSTILE), variables=EVIL, wrong=hidden)["html"]
        for element in lxml.html.fragment_fromstring(html, create_parent=True).iter():
            assert element.tag not in {"script", "style", "iframe", "object"}
            assert not [name for name in element.attrib if name.startswith("on")]
            assert not [value for value in element.attrib.values() if value.strip().lower().startswith("javascript:")]


def test_the_preview_of_our_largest_form_asks_the_database_no_more_than_that_of_our_smallest(
    services: Services, writer: Writer
) -> None:
    asked = []
    for path in sorted(FORMS, key=lambda path: path.stat().st_size)[:: len(FORMS) - 1]:
        schema = path.read_text(encoding="utf-8")
        previewed(writer, schema)
        with asked_by_pages(services) as found:
            previewed(writer, schema)
        asked.append(len(found))
    smallest, largest = asked
    assert 0 < largest <= smallest
