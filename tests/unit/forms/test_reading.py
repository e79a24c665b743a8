"""What a designer's .form file may contain, and how a bad one is refused."""

from __future__ import annotations

import json

import pytest

from engine.errors import DefinitionInvalid
from engine.forms import read
from engine.forms.vocabulary import KINDS


def problems(call, *components, **top):
    with pytest.raises(DefinitionInvalid) as caught:
        call(*components, **top)
    return caught.value.problems


MINIMAL = {
    "textfield": {"key": "a"},
    "textarea": {"key": "a"},
    "number": {"key": "a"},
    "datetime": {"key": "a", "subtype": "datetime"},
    "checkbox": {"key": "a"},
    "checklist": {"key": "a", "values": [{"label": "是", "value": "yes"}]},
    "radio": {"key": "a", "values": [{"label": "是", "value": "yes"}]},
    "select": {"key": "a", "valuesKey": "offers"},
    "taglist": {"key": "a", "valuesExpression": "=offers"},
    "filepicker": {"key": "a", "accept": ".pdf", "multiple": True},
    "expression": {"key": "a", "expression": "=b", "computeOn": "change"},
    "group": {"path": "contract", "components": [{"type": "textfield", "key": "a"}]},
    "dynamiclist": {"path": "rows", "components": [{"type": "textfield", "key": "a"}]},
    "table": {"dataSource": "=rows", "columns": [{"key": "a", "label": "A"}]},
    "text": {"text": "# 目标\n金额 {{amount}}"},
    "html": {"content": "<p>{{amount}}</p>"},
    "image": {"source": "/static/seal.png", "alt": "章"},
    "button": {"label": "提交", "action": "submit"},
    "separator": {},
    "spacer": {"height": 60},
    "documentPreview": {"dataSource": "=files", "title": "附件"},
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_component_type_of_the_schema_can_be_read_and_described(make, kind):
    form = make({"type": kind, **MINIMAL[kind]})
    assert form.components[0].type == kind
    assert form.state({}).components[0].type == kind


def test_the_title_is_the_given_one_or_the_first_heading_or_the_id(make):
    assert make(title="设定目标").title == "设定目标"
    assert make({"type": "text", "text": "# 设定目标\n说明"}).title == "设定目标"
    assert make().title == "set_objectives"


def test_an_iframe_is_refused_with_file_component_and_line(make):
    (problem,) = problems(make, {"type": "textfield", "key": "a"}, {"type": "iframe", "id": "frame_1", "url": "https://x"})
    assert (problem.file, problem.element) == ("set_objectives.form", "frame_1")
    assert problem.line == 12
    assert "html for text" in problem.message


def test_an_unknown_type_is_refused_with_the_known_ones(make):
    (problem,) = problems(make, {"type": "signature", "id": "sign"})
    assert "signature is not known" in problem.message
    assert "filepicker" in problem.message


def test_an_unknown_key_is_refused_rather_than_ignored(make):
    (problem,) = problems(make, {"type": "number", "key": "amount", "decimals": 2})
    assert "number has no key decimals" in problem.message
    (problem,) = problems(make, {"type": "number", "key": "amount", "validate": {"minimum": 2}})
    assert "validate of number has no key minimum" in problem.message


def test_all_problems_are_reported_at_once(make):
    found = problems(
        make,
        {"type": "number", "key": "amount", "validate": {"min": "many"}},
        {"type": "select", "key": "route"},
        {"type": "textfield", "key": "1st"},
        {"type": "textfield", "key": "x", "conditional": {"hide": "yes"}},
    )
    assert len(found) == 4
    assert {p.element for p in found} == {"amount", "route", "1st", "x"}


@pytest.mark.parametrize(
    "component",
    [
        {"type": "textfield", "key": "a", "conditional": {"hide": "=1 +"}},
        {"type": "textfield", "key": "a", "readonly": "=1 +"},
        {"type": "textfield", "key": "a", "properties": {"rule": "1 +", "ruleText": "x"}},
        {"type": "textfield", "key": "a", "properties": {"rule": "a = 1", "ruleText": "{{1 +}}"}},
        {"type": "expression", "key": "a", "expression": "=1 +"},
        {"type": "text", "text": "{{ 1 + }}"},
        {"type": "text", "text": "=1 +"},
        {"type": "number", "key": "a", "validate": {"max": "=1 +"}},
        {"type": "select", "key": "a", "valuesExpression": "=1 +"},
        {"type": "text", "text": "{{ summ(rows) }}"},
        {"type": "textfield", "key": "a", "properties": {"rule": "contain(a, 'x')", "ruleText": "x"}},
    ],
)
def test_bad_feel_is_found_wherever_it_stands(make, component):
    (problem,) = problems(make, {"id": "it", **component})
    assert "is not FEEL" in problem.message


@pytest.mark.parametrize("text", ["{{#if a}} without end", "{{/if}}", "{{#each a}}x{{/each}}", "{{ a "])
def test_a_malformed_template_is_refused(make, text):
    (problem,) = problems(make, {"type": "text", "id": "intro", "text": text})
    assert "not a well-formed text" in problem.message


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"a": 1, "a": 2}', "written twice"),
        (b'{"a": NaN}', "no JSON number"),
        (b'\n\n{"id": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_json_is_refused(feel, content, cause):
    with pytest.raises(DefinitionInvalid) as caught:
        read(content, file="x.form", feel=feel)
    assert cause in str(caught.value)


def test_the_line_of_a_json_error_is_named(feel):
    with pytest.raises(DefinitionInvalid) as caught:
        read(b'{\n"id": "a",\n"b" 1}', file="x.form", feel=feel)
    assert caught.value.problems[0].line == 3


def test_ids_and_keys_may_not_repeat_or_overlap(make):
    (problem,) = problems(make, {"type": "textfield", "id": "f", "key": "a"}, {"type": "textfield", "id": "f", "key": "b"})
    assert "two components have the id" in problem.message.lower()
    (problem,) = problems(make, {"type": "textfield", "key": "a", "id": "x"}, {"type": "number", "key": "a", "id": "y"})
    assert "collides" in problem.message
    (problem,) = problems(make, {"type": "textfield", "key": "a", "id": "x"}, {"type": "number", "key": "a.b", "id": "y"})
    assert "a.b collides with a" in problem.message


def test_a_default_must_fit_its_field(make):
    (problem,) = problems(make, {"type": "number", "key": "a", "defaultValue": "much"})
    assert "defaultValue much does not fit" in problem.message
    (problem,) = problems(make, {"type": "radio", "key": "a", "values": ["x"], "defaultValue": "y"})
    assert "not one of the options" in problem.message


def test_a_newer_schema_is_refused(make):
    (problem,) = problems(make, schemaVersion=20)
    assert "schemaVersion 20 is not known" in problem.message


def test_a_pattern_that_cannot_be_tested_is_refused(make):
    (problem,) = problems(make, {"type": "textfield", "key": "a", "validate": {"pattern": "(["}})
    assert "pattern" in problem.message


def test_a_foreign_picture_is_refused(make):
    (problem,) = problems(make, {"type": "image", "id": "i", "source": "https://tracker.example/x.png"})
    assert "must lie on this server" in problem.message


def test_a_huge_form_is_refused_once(make):
    found = problems(make, *({"type": "separator", "id": f"s{n}"} for n in range(1200)))
    assert len(found) == 1


def test_keys_are_the_variables_the_form_writes(make):
    form = make(
        {"type": "textfield", "key": "title"},
        {"type": "group", "id": "g", "path": "contract", "components": [{"type": "textfield", "key": "number"}]},
        {"type": "dynamiclist", "id": "d", "path": "rows", "components": [{"type": "filepicker", "key": "proof"}]},
        {"type": "expression", "key": "total", "expression": "=1"},
    )
    assert form.keys == ("title", "contract", "rows", "total")
    assert form.file_keys == ("proof",)


def test_numbers_in_a_form_file_stay_exact(feel):
    text = '{"type":"default","id":"f","components":[{"type":"number","key":"a","defaultValue":0.1}]}'
    form = read(text.encode(), file="f.form", feel=feel)
    assert str(form.state({})["a"].value) == "0.1"
    assert json.loads(text)["components"][0]["defaultValue"] == 0.1
