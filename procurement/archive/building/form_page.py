"""A completed form as a page: labels of the very version that was signed, and what was entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from engine.forms import ComponentState, Form
from engine.forms.model import Field
from procurement.archive import printing
from procurement.archive.building.registers import told


def form_page(form: Form, document: dict[str, Any], at: dt.datetime) -> str:
    """HTML of one form as signed."""
    facts = {
        "办理人": document["actor"],
        "办结时间": f"{at:%Y-%m-%d %H:%M:%S}",
        "历史": f"{document['root_key']} 第 {document['seq']} 条",
    }
    answers = answered(form, document["values"] or {}, at)
    body = f"<h1>{escape(str(document['task']))}</h1>{told(facts)}<h2>填写</h2>{_lines(answers)}"
    return printing.page(str(document["task"]), body)


def _lines(answers: Iterable[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(label)}</dt><dd>{value}</dd>" for label, value in answers) + "</dl>"


def answered(form: Form, values: dict[str, Any], at: dt.datetime) -> Iterator[tuple[str, str]]:
    """Label and entered value (HTML) of each field that has one; fields the labels do not name come last, by their key."""
    state = form.state(values, values, now=at)
    named: set[str] = set()
    for label, key, value in _fields(state.components, ""):
        named.add(key.partition(".")[0])
        yield label, value
    yield from ((key, told(value)) for key, value in values.items() if key not in named)


def _fields(states: Iterable[ComponentState], group: str) -> Iterator[tuple[str, str, str]]:
    for state in states:
        if isinstance(state.component, Field) and state.value not in (None, "", []):
            yield f"{group}{state.label or state.path}", state.path, _value(state)
        yield from _fields(state.children, f"{state.label} / " if state.label else group)
        for number, row in enumerate(state.rows, 1):
            yield from _fields(row, f"{state.label} {number} / ")


def _value(state: ComponentState) -> str:
    chosen = state.value if isinstance(state.value, list) else [state.value]
    words = {str(option.value): option.label for option in state.options}
    if words:
        return "、".join(escape(words.get(str(one), str(one))) for one in chosen)
    return told(state.value)
