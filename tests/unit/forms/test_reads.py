"""What a form reads besides its own fields, and what its formulas tell about it."""

from __future__ import annotations

import json
from typing import Any

from engine.feel import Feel
from engine.forms import Form, read
from engine.forms.reads import read_by


def form(*components: dict[str, Any]) -> Form:
    numbered = [{"id": f"c{n}", **component} for n, component in enumerate(components)]
    text = json.dumps({"type": "default", "id": "f", "schemaVersion": 19, "components": numbered})
    return read(text.encode(), file="f.form", feel=Feel())


def test_texts_settings_and_rules_tell_what_is_read() -> None:
    found = read_by(
        form(
            {"type": "text", "text": "{{application.name}} {{#if score > 80}}{{remark}}{{/if}}"},
            {"type": "number", "key": "amount", "label": "x", "validate": {"max": "=available - 1"}},
            {"type": "textfield", "key": "why", "label": "x", "conditional": {"hide": '=result != "return"'}},
        )
    )
    assert set(found) == {"application", "score", "remark", "available", "result"}
    assert found["application"].entries == {"name"}
    assert (found["score"].kind, found["available"].kind) == ("number", "number")
    assert found["result"].compared == "return"


def test_own_fields_rows_and_functions_are_not_read_from_outside() -> None:
    row = {"type": "number", "id": "r", "key": "price", "label": "x"}
    found = read_by(
        form(
            {"type": "dynamiclist", "path": "lines", "label": "x", "components": [row]},
            {"type": "expression", "key": "total", "label": "x", "expression": "=sum(lines.price) + extra"},
        ),
        frozenset({"sum"}),
    )
    assert set(found) == {"extra"}


def test_lists_tell_what_their_rows_must_have() -> None:
    found = read_by(
        form(
            {"type": "table", "label": "x", "dataSource": "=offers", "columns": [{"key": "name", "label": "x"}]},
            {"type": "text", "text": "{{#loop findings}}{{reason}}{{/loop}}"},
            {
                "type": "radio",
                "key": "one",
                "label": "x",
                "valuesExpression": "=for a in agencies return {label: a.title, value: a.id}",
            },
            {"type": "text", "text": '{{budgets[code = "x"][1].available}}'},
        )
    )
    assert {name: use.kind for name, use in found.items()} == dict.fromkeys(("offers", "findings", "agencies", "budgets"), "list")
    assert found["offers"].entries == {"name"}
    assert found["findings"].entries == {"reason"}
    assert found["agencies"].entries >= {"title", "id"}
    assert "code" in found["budgets"].entries
