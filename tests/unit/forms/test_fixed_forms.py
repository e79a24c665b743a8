"""Forms that no formula has a say in are checked at once, and give exactly what the general way gives."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from engine.feel import Feel
from engine.forms import Form, read

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
FILE = {"name": "a.pdf", "size": 3, "sha256": "0" * 64, "media_type": "application/pdf"}
COLOURS = [{"label": "Red", "value": "red"}, {"label": "Two", "value": 2}]
COMPONENTS = [
    {"type": "text", "id": "t", "text": "Dear {{name}}"},
    {"type": "textfield", "id": "a", "key": "title", "label": "T", "validate": {"required": True, "maxLength": 20}},
    {"type": "textarea", "id": "b", "key": "story", "label": "S"},
    {"type": "number", "id": "c", "key": "money.amount", "label": "A", "decimalDigits": 2, "validate": {"min": 0, "max": 100}},
    {"type": "number", "id": "d", "key": "code", "label": "C", "serializeToString": True},
    {"type": "checkbox", "id": "e", "key": "agreed", "label": "G"},
    {"type": "select", "id": "f", "key": "colour", "label": "F", "values": COLOURS},
    {"type": "checklist", "id": "g", "key": "colours", "label": "Fs", "values": COLOURS},
    {"type": "datetime", "id": "h", "key": "day", "subtype": "date", "dateLabel": "D"},
    {"type": "filepicker", "id": "i", "key": "papers", "label": "P", "multiple": True},
    {"type": "textfield", "id": "j", "key": "seen", "label": "R", "readonly": True},
    {"type": "group", "id": "k", "label": "K", "components": [{"type": "textfield", "id": "l", "key": "inner", "label": "I"}]},
]


def form(*more: dict) -> Form:
    content = {"type": "default", "schemaVersion": 19, "id": "f", "components": [*COMPONENTS, *more]}
    return read(json.dumps(content).encode(), file="f.form", feel=Feel())


@pytest.mark.parametrize(
    "values",
    [
        {"title": " x ", "money.amount": "1,234".replace(",", ""), "agreed": "on"},
        {"title": "x", "money.amount": "12.50", "code": "007", "colour": "2", "colours": ["red", "2"], "day": "2026-03-04"},
        {"title": "x", "money": {"amount": Decimal("1E+1")}, "papers": [FILE], "story": "a\r\nb", "seen": "no", "other": 1},
        {"title": "", "story": "\u202e"},
        {"title": "x" * 21, "colour": "green", "money.amount": "-1"},
        {"title": ["x", "y"], "papers": "rubbish", "day": "tomorrow"},
        {},
    ],
)
def test_at_once_and_in_general_the_same_is_accepted_and_refused(values: dict) -> None:
    context = {"title": "old", "money": {"currency": "CNY", "amount": 3}, "inner": "kept", "seen": "yes"}
    at_once, general = form(), form()
    assert at_once._all_fixed is not None
    general.__dict__["_all_fixed"] = None
    wanted = form()
    wanted.__dict__.update(_all_fixed=None, _fixed={})
    found = [one.validate(values, context, now=NOW) for one in (at_once, general, wanted)]
    assert found[0] == found[2]
    assert found[1] == found[2]
    assert list(found[0].values) == list(found[2].values)


@pytest.mark.parametrize(
    "formula",
    [
        {"type": "textfield", "id": "x", "key": "x", "label": "X", "conditional": {"hide": "=agreed"}},
        {
            "type": "textfield",
            "id": "x",
            "key": "x",
            "label": "X",
            "properties": {"rule": "=x != title", "ruleText": "Not the title"},
        },
        {"type": "select", "id": "x", "key": "x", "label": "X", "valuesKey": "offers"},
        {"type": "expression", "id": "x", "key": "x", "expression": "=1 + 1"},
        {"type": "textfield", "id": "x", "key": "x", "label": "X", "validate": {"pattern": "[a-z]+"}},
    ],
)
def test_a_formula_or_a_pattern_means_the_general_way(formula: dict) -> None:
    assert form(formula)._all_fixed is None
