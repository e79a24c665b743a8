"""What is taken as entered in a task that past cases do not know: the first choice of everything that must be filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.forms.form import Form
from engine.forms.model import CheckboxField, ChoiceField, DateTimeField, DynamicList, FileField, NumberField
from engine.forms.state import ComponentState
from engine.sandbox.case_values import file_reference

ROUNDS = 6  # what is filled in may show further fields
WORDS = "重算时假定"


def usual_values(form: Form, context: Mapping[str, Any], given: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """``given`` and, where the form refuses what is missing, the first choice. What cannot be guessed stays as it is."""
    values = dict(given)
    for _round in range(ROUNDS):
        refused = {error.path for error in form.validate(values, context, now=now).errors}
        missing = [state for state in _fields(form, context, values, now) if state.path in refused and state.path not in values]
        if not missing:
            break
        values.update({state.path: _first(state, now) for state in missing})
    return values


def _fields(form: Form, context: Mapping[str, Any], values: Mapping[str, Any], now: dt.datetime) -> Iterator[ComponentState]:
    for state in form.state(context, values, now=now).components:
        yield from (inner for inner in state.walk() if not inner.hidden)


def _first(state: ComponentState, now: dt.datetime) -> Any:
    field = state.component
    if isinstance(field, ChoiceField):
        first = next((option.value for option in state.options), None)
        return [first] if field.multiple else first
    if isinstance(field, CheckboxField):
        return True
    if isinstance(field, NumberField):
        return next((limit for limit in (state.minimum, state.maximum) if isinstance(limit, (int, Decimal))), 1)
    if isinstance(field, DateTimeField):
        return now.date().isoformat() if field.subtype == "date" else now.isoformat()
    if isinstance(field, FileField):
        return [file_reference("重算.pdf")]
    return [{}] if isinstance(field, DynamicList) else WORDS
