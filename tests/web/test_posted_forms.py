"""What a browser posts becomes the values a form takes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from engine.feel import Feel
from engine.forms import Form, read
from web.pages.forms import posted
from web.pages.forms.changes import changed, element_id, mark
from web.pages.forms.layout import places
from web.pages.forms.posted import Pressed
from web.pages.forms.tokens import FileTokens

REFERENCE = {"name": "报告.pdf", "size": 3, "sha256": "a" * 64, "media_type": "application/pdf"}


def component(kind: str, key: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"id_{key}", "key": key, "label": key, **more}


@pytest.fixture(scope="module")
def form() -> Form:
    document = {
        "type": "default",
        "schemaVersion": 19,
        "id": "draw_up_budget",
        "components": [
            component("textfield", "title", layout={"row": "a", "columns": 10}),
            component("number", "amount", layout={"row": "a", "columns": None}, decimalDigits=2),
            component("checklist", "groups", values=[{"label": "老人", "value": "old"}, {"label": "儿童", "value": "young"}]),
            component("textarea", "reason", conditional={"hide": "=amount = null or amount < 100"}),
            component("filepicker", "evidence", multiple=True),
            {
                "type": "dynamiclist",
                "id": "lines",
                "path": "lines",
                "label": "明细",
                "isRepeating": True,
                "allowAddRemove": True,
                "components": [component("textfield", "item"), component("filepicker", "proof")],
            },
        ],
    }
    return read(json.dumps(document).encode(), file="draw_up_budget.form", feel=Feel())


@pytest.fixture
def tokens() -> FileTokens:
    return FileTokens("k" * 32, "zhang")


def test_the_last_of_several_texts_counts_unless_the_field_takes_several(form: Form, tokens: FileTokens) -> None:
    sent = MultiDict([("title", "旧"), ("title", "新"), ("groups", "old"), ("groups", "young")])
    assert posted.values(form, sent, tokens) == {"title": "新", "groups": ["old", "young"]}


def test_the_pages_own_fields_are_no_values(form: Form, tokens: FileTokens) -> None:
    sent = MultiDict([("csrf_token", "x"), ("command_id", "y"), ("_action", "save"), ("_seen.title", "z"), ("title", "项目")])
    assert posted.values(form, sent, tokens) == {"title": "项目"}


def test_only_file_references_signed_for_this_person_are_read(form: Form, tokens: FileTokens) -> None:
    stranger = FileTokens("k" * 32, "somebody.else")
    sent = MultiDict(
        [
            ("evidence", ""),
            ("evidence", tokens.write(REFERENCE)),
            ("evidence", stranger.write(REFERENCE)),
            ("evidence", "[object File]"),
        ]
    )
    assert posted.values(form, sent, tokens) == {"evidence": [REFERENCE]}


def test_files_inside_rows_are_references_too(form: Form, tokens: FileTokens) -> None:
    sent = MultiDict([("lines", ""), ("lines.0._", ""), ("lines.0.proof", tokens.write(REFERENCE))])
    assert posted.tree(posted.values(form, sent, tokens))["lines"] == [{"_": "", "proof": [REFERENCE]}]


def test_a_list_without_rows_arrives_as_empty(form: Form, tokens: FileTokens) -> None:
    values = posted.values(form, MultiDict([("lines", "")]), tokens)
    assert form.state({"lines": [{"item": "社工"}]}, values)["lines"].rows == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("save", Pressed("save")),
        ("add:lines", Pressed("add", "lines")),
        ("drop:lines.2", Pressed("drop", "lines.2")),
        ("unfile:lines.0.proof:abc", Pressed("unfile", "lines.0.proof", "abc")),
    ],
)
def test_a_button_says_what_it_does_and_where(text: str, meant: Pressed) -> None:
    assert posted.pressed({"_action": text}) == meant


def test_without_a_button_the_draft_is_saved() -> None:
    assert posted.pressed({}) == Pressed("save")


def test_a_row_is_added_after_the_last(form: Form) -> None:
    flat = posted.with_row({"lines.0.item": "甲", "lines.4.item": "乙"}, "lines")
    assert [row.get("item") for row in posted.tree(flat)["lines"]] == ["甲", "乙", None]


def test_a_removed_row_leaves_the_others(form: Form) -> None:
    flat = posted.without_row({"lines.0.item": "甲", "lines.1.item": "乙", "title": "项目"}, "lines.0")
    assert posted.tree(flat) == {"lines": [{"item": "乙"}], "title": "项目"}


def test_removing_the_only_row_leaves_an_empty_list() -> None:
    assert posted.tree(posted.without_row({"lines": "", "lines.0.item": "甲"}, "lines.0")) == {"lines": []}


def test_a_removed_file_leaves_the_others() -> None:
    other = REFERENCE | {"sha256": "b" * 64}
    assert posted.without_file({"evidence": [REFERENCE, other]}, "evidence", "a" * 64) == {"evidence": [other]}


def test_components_of_a_row_share_sixteen_columns(form: Form) -> None:
    widths = {place.state.path: (place.width, place.begins_row) for place in places(form.state({}).components)}
    assert widths["title"] == (10, True)
    assert widths["amount"] == (6, False)
    assert widths["groups"] == (16, True)


def test_only_components_that_look_different_are_sent_again(form: Form) -> None:
    shown = {state.path: mark(state) for state in form.state({}, {"amount": "5"}).walk()}
    now = form.state({}, {"amount": "5000", "title": "typed meanwhile"})
    assert [place.state.path for place in changed(now.components, shown)] == ["reason"]


def test_a_browser_that_shows_nothing_gets_every_outer_component(form: Form) -> None:
    state = form.state({})
    assert len(list(changed(state.components, {}))) == len(state.components)


def test_element_ids_have_no_dots() -> None:
    assert element_id("lines.0.item") == "c-lines-0-item"


def test_a_draft_keeps_what_could_not_be_read(form: Form) -> None:
    state = form.state({}, {"amount": "四万八"})
    assert state["amount"].value == "四万八"
    assert form.state({}, {"amount": "48000.50"})["amount"].value == Decimal("48000.50")
