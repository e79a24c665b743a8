"""A form that was read and checked: how it looks for given values, and whether submitted values can be accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from engine.errors import FieldError
from engine.forms.constraints import Limits, broken_rule, check
from engine.forms.fixed import accepted_at_once, all_fixed, fixed_states
from engine.forms.intake import Intake, Source, overlay, settle, take_in
from engine.forms.model import Component, DynamicList, ExpressionField, Field, Group, walk
from engine.forms.paths import nest, put
from engine.forms.state import ComponentState, Fixed, FormState
from engine.forms.values import Refused


@dataclass(frozen=True)
class Validated:
    """``values`` are what may be stored: typed, declared, visible, not read-only. With ``errors`` nothing may be stored."""

    values: dict[str, Any]
    errors: tuple[FieldError, ...] = ()

    @property
    def is_valid(self) -> bool:
        return not self.errors


@dataclass(frozen=True)
class Form:
    """One form definition. Its files, dates and formulas need no other knowledge than the variables given as context."""

    id: str
    title: str
    version_tag: str
    components: tuple[Component, ...]
    file: str

    @cached_property
    def _fixed(self) -> Fixed:
        """Most fields are: what they demand is worked out once."""
        return fixed_states(self.components)

    @cached_property
    def _all_fixed(self) -> tuple[ComponentState, ...] | None:
        return all_fixed(self.components, self._fixed)

    @property
    def keys(self) -> tuple[str, ...]:
        """The variables this form writes: the first step of every field's path, in the form's order."""
        paths = [c.path for c in _outer(self.components) if isinstance(c, (Field, DynamicList))]
        return tuple(dict.fromkeys(path[0] for path in paths))

    @property
    def file_keys(self) -> tuple[str, ...]:
        """Keys of all file fields, also those inside lists."""
        return tuple(c.name for c in walk(self.components) if c.type == "filepicker")

    def state(
        self, context: Mapping[str, Any], values: Mapping[str, Any] | None = None, *, now: dt.datetime | None = None
    ) -> FormState:
        """How the form looks. ``context``: the variables; ``values``: a draft or what was just typed, flat or nested.

        Without ``values`` fields show the variables of their names, else their default. What cannot be read as its field's
        type is shown as typed, and is null in every formula.
        """
        sent = None if values is None else nest(values)
        intake = take_in(self.components, Source(sent, context, now.tzinfo if now else None, use_defaults=True))
        states, _ = settle(self.components, context, intake.values, now)
        return FormState(tuple(_as_typed(state, intake) for state in states))

    def defaults(self, context: Mapping[str, Any], *, now: dt.datetime | None = None) -> dict[str, Any]:
        """The values a form opens with: the case's variables where there are any, else the designer's defaults."""
        return take_in(self.components, Source(None, context, now.tzinfo if now else None, use_defaults=True)).values

    def validate(
        self,
        values: Mapping[str, Any],
        context: Mapping[str, Any],
        files: Collection[str] | None = None,
        *,
        now: dt.datetime | None = None,
    ) -> Validated:
        """Check ``values`` (JSON-typed or as an HTML form sends them, flat names or nested).

        ``files``: SHA-256 of the uploads this person may refer to; None checks only the shape of references. A name that was
        not sent keeps the case's value, except check boxes, multiple choices and lists, where nothing sent means nothing chosen.
        ``now`` is needed by formulas that ask for the time and by disallowPassedDates (ValueError without it).
        """
        source = Source(nest(values), context, now.tzinfo if now else None, use_defaults=False)
        limits = Limits(files, now)
        at_once = None if self._all_fixed is None else accepted_at_once(self._all_fixed, source, limits)
        if at_once is not None:
            return Validated(at_once)
        intake = take_in(self.components, source)
        states, accepted = settle(self.components, context, intake.values, now, self._fixed)
        errors: dict[str, FieldError] = {}
        every = [inner for outer in states for inner in outer.walk()]
        for state in every:
            _check_one(state, accepted, intake, limits, errors)
        for state in every:
            if state.component.guidance.rule is not None and state.path not in errors and (broken := broken_rule(state)):
                errors[state.path] = broken
        stored = overlay(context, accepted)
        return Validated({name: stored[name] for name in accepted}, tuple(errors.values()))


def _check_one(
    state: ComponentState, accepted: dict[str, Any], intake: Intake, limits: Limits, errors: dict[str, FieldError]
) -> None:
    component = state.component
    if state.hidden or state.readonly or not isinstance(component, (Field, DynamicList)):
        return
    if state.path in intake.errors:
        errors[state.path] = intake.errors[state.path]
        return
    steps = state.steps
    value = _at(accepted, steps)
    try:
        checked = check(state, value, limits)
    except Refused as refusal:
        errors[state.path] = refusal.at(state.path)
        return
    if not isinstance(component, (DynamicList, ExpressionField)) and checked is not value:
        _set(accepted, steps, checked)


def _at(data: Any, steps: list[str]) -> Any:
    for step in steps:
        data = data[int(step)] if isinstance(data, list) else data.get(step)
    return data


def _set(data: Any, steps: list[str], value: Any) -> None:
    inner = _at(data, steps[:-1])
    put(inner, (steps[-1],), value)


def _as_typed(state: ComponentState, intake: Intake) -> ComponentState:
    """Show what the person typed where it could not be read."""
    children = tuple(_as_typed(child, intake) for child in state.children)
    rows = tuple(tuple(_as_typed(cell, intake) for cell in row) for row in state.rows)
    return replace(state, children=children, rows=rows, value=intake.raw.get(state.path, state.value))


def _outer(components: tuple[Component, ...]) -> list[Component]:
    """Components of the form itself, groups opened, list rows closed."""
    found: list[Component] = []
    for component in components:
        found += _outer(component.components) if isinstance(component, Group) else [component]
    return found
