"""From what was sent to the data a form works on: typed, without what is hidden or locked, with computed fields added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import json_codec
from engine.errors import FieldError
from engine.forms import messages
from engine.forms.formula import Scope
from engine.forms.model import (
    ROW_LIMIT,
    CheckboxField,
    ChoiceField,
    Component,
    DynamicList,
    ExpressionField,
    Field,
    FileField,
    Group,
)
from engine.forms.paths import MISSING, dotted, get, put
from engine.forms.state import ComponentState, Fixed, describe
from engine.forms.values import Refused, option_text, typed

_ROUNDS = 12  # computed fields may build on each other this deep before the last result is taken as it is


@dataclass
class Intake:
    """Typed values of the declared fields, and what could not be read as its field's type."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, FieldError] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)  # by path, only what was refused


@dataclass(frozen=True)
class Source:
    """Where values come from: ``sent`` first, then the case's variables; ``use_defaults`` when a form is first shown."""

    sent: Mapping[str, Any] | None
    context: Mapping[str, Any]
    zone: dt.tzinfo | None
    use_defaults: bool

    def raw(self, component: Field) -> Any:
        value = MISSING if self.sent is None else get(self.sent, component.path)
        if value is not MISSING:
            return value
        is_absence_an_answer = isinstance(component, CheckboxField) or (isinstance(component, ChoiceField) and component.multiple)
        if self.sent is not None and is_absence_an_answer:
            return None  # browsers send nothing for boxes that are not ticked
        value = get(self.context, component.path)
        if value is MISSING and self.use_defaults:
            return component.default
        return None if value is MISSING else value

    def rows(self, component: DynamicList) -> tuple[Any, list[Any]]:
        """The rows sent (or shown first), and the case's own rows they are laid over when rows are fixed."""
        known = get(self.context, component.path)
        own = known if isinstance(known, list) else []
        sent = MISSING if self.sent is None else get(self.sent, component.path)
        if sent is not MISSING:
            return sent, own
        if known is MISSING and self.use_defaults:
            return [{} for _ in range(max(component.first_rows, component.min_rows))], own
        return own, own

    def row(self, row: Any, own: Any) -> Source:
        if self.sent is None:
            return Source(None, row, self.zone, self.use_defaults)
        return Source(row, own if isinstance(own, Mapping) else {}, self.zone, self.use_defaults)


def take_in(components: tuple[Component, ...], source: Source, prefix: str = "", into: Intake | None = None) -> Intake:
    """Read every declared field from ``source``; undeclared names are dropped by never being asked for."""
    intake = into or Intake()
    for component in components:
        if isinstance(component, Group):
            take_in(component.components, source, prefix, intake)
        elif isinstance(component, DynamicList):
            put(intake.values, component.path, _take_rows(component, source, dotted(prefix, component.path), intake))
        elif isinstance(component, Field) and not isinstance(component, ExpressionField):
            _take_field(component, source, dotted(prefix, component.path), intake)
    return intake


def _take_field(component: Field, source: Source, path: str, intake: Intake) -> None:
    raw = source.raw(component)
    try:
        value = typed(component, raw, source.zone)
    except Refused as refusal:
        intake.errors[path] = refusal.at(path)
        intake.raw[path] = raw
        value = [] if isinstance(component, FileField) or (isinstance(component, ChoiceField) and component.multiple) else None
    put(intake.values, component.path, value)


def _take_rows(component: DynamicList, source: Source, path: str, intake: Intake) -> list[dict[str, Any]]:
    rows, own = source.rows(component)
    if not component.may_add and source.sent is not None and isinstance(rows, list) and own and len(rows) != len(own):
        intake.errors[path] = FieldError(path, messages.ROWS_FIXED, {"count": len(own)})
        return list(own)
    if rows is None or rows == "":
        rows = []
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, Mapping) for row in rows):
        intake.errors[path] = FieldError(path, messages.NOT_ROWS)
        return []
    if len(rows) > ROW_LIMIT:
        intake.errors[path] = FieldError(path, messages.TOO_MANY_ROWS, {"max": ROW_LIMIT, "count": len(rows)})
        return []
    taken = []
    for n, row in enumerate(rows):
        base = {} if component.may_add or n >= len(own) else own[n]
        inner = take_in(component.components, source.row(row, base), f"{path}.{n}")
        intake.errors |= inner.errors
        intake.raw |= inner.raw
        taken.append(inner.values)
    return taken


def settle(
    components: tuple[Component, ...],
    context: Mapping[str, Any],
    values: Mapping[str, Any],
    now: dt.datetime | None,
    fixed: Fixed | None = None,
) -> tuple[tuple[ComponentState, ...], dict[str, Any]]:
    """States of the components, and the accepted values with computed fields, once both have stopped changing.

    Hiding depends on values and computed fields on hiding, so the two are repeated until nothing moves. With ``fixed`` the
    states are for checking only.
    """
    accepted: dict[str, Any] = dict(values)
    for _ in range(_ROUNDS):
        data = overlay(context, accepted)
        states = describe(components, Scope(data, now), data, fixed=fixed)
        settled = {} if not states else accept(states, values, context)
        if settled == accepted:
            break
        accepted = settled
    return states, accepted


def accept(
    states: tuple[ComponentState, ...], values: Any, context: Any, into: dict[str, Any] | None = None, *, is_row: bool = False
) -> dict[str, Any]:
    """The values that may be stored: of visible, unlocked fields only, and what the computed ones give.

    A list is stored as a whole, so a locked field of a row is put back as the case's row of that number has it.
    """
    accepted: dict[str, Any] = {} if into is None else into
    for state in states:
        component = state.component
        if state.hidden:
            continue
        if isinstance(component, Group):
            accept(state.children, values, context, accepted, is_row=is_row)
        elif isinstance(component, DynamicList):
            put(accepted, component.path, _accept_rows(component, state, values, context))
        elif isinstance(component, ExpressionField):
            put(accepted, component.path, _computed(state, component))
        elif isinstance(component, Field) and not state.readonly:
            value = get(values, component.path)
            put(accepted, component.path, None if value is MISSING else as_offered(state, value))
        elif isinstance(component, Field) and is_row and get(context, component.path) is not MISSING:
            put(accepted, component.path, get(context, component.path))
    return accepted


def as_offered(state: ComponentState, value: Any) -> Any:
    """A choice as the option's own value: a browser sends every option as text, but formulas compare what was offered."""
    if not isinstance(state.component, ChoiceField):
        return value
    offered = state.offered
    if isinstance(value, list):
        return [offered.get(option_text(item), item) for item in value]
    return value if value is None else offered.get(option_text(value), value)


def _accept_rows(component: DynamicList, state: ComponentState, values: Any, context: Any) -> list[dict[str, Any]]:
    """Rows that cannot be added or removed keep what the case knows about them beside the form's own fields."""
    rows, own = get(values, component.path), get(context, component.path)
    own_rows = own if isinstance(own, list) else []
    accepted = []
    for n, cells in enumerate(state.rows):
        base = own_rows[n] if n < len(own_rows) and isinstance(own_rows[n], Mapping) else {}
        row = accept(cells, rows[n] if n < len(rows) else {}, base, is_row=True)
        accepted.append(row if component.may_add else overlay(base, row))
    return accepted


def _computed(state: ComponentState, component: ExpressionField) -> Any:
    """As it will be read back from storage, so that a rule sees today what a gateway sees tomorrow."""
    try:
        return json_codec.loads(json_codec.dumps(state.scope.evaluate(component.expression)))
    except TypeError:  # a function or a range is no variable
        return None


def overlay(context: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """``context`` with ``values`` over it; contexts are merged name by name, so undeclared neighbours survive."""
    merged = dict(context)
    for name, value in values.items():
        below = merged.get(name)
        merged[name] = overlay(below, value) if isinstance(value, dict) and isinstance(below, Mapping) else value
    return merged
