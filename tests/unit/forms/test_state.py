"""How a form looks for given variables and typed values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.forms import Option
from engine.forms.markup import clean, from_markdown
from engine.forms.paths import nest


def test_fields_show_the_draft_then_the_variables_then_the_default(make):
    form = make(*({"type": "textfield", "key": key, "defaultValue": "default"} for key in "abc"))
    state = form.state({"a": "variable", "b": "variable"}, {"a": "draft"})
    assert [state[key].value for key in "abc"] == ["draft", "variable", "default"]
    assert form.defaults({"a": "variable"}) == {"a": "variable", "b": "default", "c": "default"}


def test_what_cannot_be_read_is_shown_as_typed_and_is_null_in_formulas(make):
    form = make({"type": "number", "key": "n"}, {"type": "textfield", "key": "x", "conditional": {"hide": "=n > 5"}})
    state = form.state({}, {"n": "vier"})
    assert state["n"].value == "vier"
    assert state["x"].hidden is False
    assert form.state({}, {"n": "6"})["x"].hidden is True


def test_texts_are_filled_and_values_in_them_stay_plain_text(make):
    form = make(
        {
            "type": "text",
            "id": "t",
            "text": "# {{title}}\n共 **{{amount}}** 元\n\n{{#if amount > 5}}大{{/if}}{{#loop rows}}- {{name}}\n{{/loop}}",
        }
    )
    html = form.state({"title": "<script>*x*", "amount": Decimal("48000.50"), "rows": [{"name": "甲"}, {"name": "乙"}]})["t"].html
    assert "<h1>&lt;script&gt;*x*</h1>" in html
    assert "<strong>48000.50</strong>" in html
    assert "大" in html
    assert "甲" in html
    assert "乙" in html


def test_loops_over_plain_values_name_them_this(make):
    form = make({"type": "html", "id": "t", "content": "<ul>{{#loop names}}<li>{{this}}</li>{{/loop}}</ul>"})
    assert form.state({"names": ["甲", "<b>"]})["t"].html == "<ul><li>甲</li><li>&lt;b&gt;</li></ul>"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
        "<iframe src=//evil></iframe>",
        "<style>*{display:none}</style>",
        "<form action=//evil><input></form>",
        "<svg onload=alert(1)>",
        "<img src=https://tracker.example/a.png>",
    ],
)
def test_dangerous_markup_is_removed(make, attack):
    html = make({"type": "html", "id": "t", "content": f"<p>ok</p>{attack}"}).state({})["t"].html
    assert "<p>ok</p>" in html
    for word in ("script", "onerror", "javascript", "data:", "iframe", "style", "form", "svg", "tracker"):
        assert word not in html
    assert "alert(1)</" not in from_markdown(attack).replace("&lt;", "").split("<p>")[0]


def test_html_in_markdown_is_shown_not_interpreted():
    assert from_markdown("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>"
    assert clean("<p class='x' style='y'>a</p>") == "<p>a</p>"


def test_options_come_from_the_form_a_variable_or_a_formula(make):
    form = make(
        {"type": "radio", "key": "a", "values": [{"label": "是", "value": "yes"}]},
        {"type": "select", "key": "b", "valuesKey": "catalogue.items"},
        {"type": "select", "key": "c", "valuesExpression": "=offers"},
    )
    state = form.state({"catalogue": {"items": ["A05"]}, "offers": [{"label": "甲", "value": 1}, {"no": "value"}]})
    assert state["a"].options == (Option("是", "yes"),)
    assert state["b"].options == (Option("A05", "A05"),)
    assert state["c"].options == (Option("甲", 1),)


def test_guidance_and_limits_reach_the_page(make):
    form = make(
        {
            "type": "number",
            "key": "amount",
            "label": "金额({{year}})",
            "description": "单位:元",
            "appearance": {"suffixAdorner": "元"},
            "validate": {"required": True, "min": 1, "max": "=limit"},
            "layout": {"row": "r1", "columns": 8},
            "properties": {"help": "五万元以下", "article": "第九条(二)", "unit": "元", "icon": "coin"},
        }
    )
    state = form.state({"year": 2026, "limit": 50000})["amount"]
    assert (state.label, state.description, state.suffix) == ("金额(2026)", "单位:元", "元")
    assert (state.required, state.minimum, state.maximum) == (True, 1, 50000)
    guidance = state.component.guidance
    assert (guidance.help, guidance.article, guidance.unit) == ("五万元以下", "第九条(二)", "元")
    assert guidance.properties["icon"] == "coin"
    assert (state.component.layout.row, state.component.layout.columns) == ("r1", 8)


def test_lists_show_their_rows_with_paths(make):
    rows = {
        "type": "dynamiclist",
        "id": "d",
        "path": "rows",
        "defaultRepetitions": 2,
        "components": [{"type": "textfield", "key": "a"}],
    }
    form = make(rows)
    assert [cell.path for row in form.state({})["rows"].rows for cell in row] == ["rows.0.a", "rows.1.a"]
    state = form.state({"rows": [{"a": "x"}]})
    assert state["rows.0.a"].value == "x"
    assert len(state["rows"].rows) == 1


def test_rows_know_themselves_their_number_and_what_surrounds_them(make):
    cells = [
        {"type": "number", "key": "n"},
        {"type": "textfield", "key": "x", "label": "{{i[1]}}/{{this.n}}/{{parent.total}}/{{total}}"},
    ]
    form = make({"type": "dynamiclist", "id": "d", "path": "rows", "components": cells})
    labels = form.state({"total": 9, "rows": [{"n": 4}, {"n": 5}]})
    assert labels["rows.1.x"].label == "2/5/9/9"


def test_tables_and_previews_show_records(make):
    form = make(
        {"type": "table", "id": "t", "dataSource": "=rows", "columns": [{"key": "a", "label": "甲"}]},
        {"type": "documentPreview", "id": "p", "dataSource": "=files"},
    )
    state = form.state({"rows": [{"a": 1}, "junk"], "files": None})
    assert state["t"].records == ({"a": 1},)
    assert state["t"].columns == (("a", "甲"),)
    assert state["p"].records == ()


def test_a_foreign_picture_from_a_variable_is_not_shown(make):
    form = make({"type": "image", "id": "i", "source": "=where", "alt": "章"})
    assert form.state({"where": "https://tracker.example/x.png"})["i"].source == ""
    assert form.state({"where": "/files/1"})["i"].source == "/files/1"


def test_flat_and_nested_names_mean_the_same():
    assert nest({"a.b": 1, "a.c": 2, "l.1.x": "b", "l.0.x": "a"}) == {"a": {"b": 1, "c": 2}, "l": [{"x": "a"}, {"x": "b"}]}
    assert nest({"l": [{"x": 1}]}) == {"l": [{"x": 1}]}
    assert nest({"l.0.x": "a", "l": ""}) == {"l": [{"x": "a"}]}
