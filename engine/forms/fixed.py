"""Fields about which no formula says anything: whether they are hidden, locked or required, their limits and their options are
constants. What they demand is the same whenever the form is checked.
"""

from __future__ import annotations

from typing import Any

from engine.forms.constraints import Limits, check
from engine.forms.formula import Scope, Setting
from engine.forms.intake import Source, as_offered, overlay
from engine.forms.model import (
    ChoiceField,
    Component,
    DynamicList,
    ExpressionField,
    Field,
    FileField,
    Group,
    NumberField,
    TextField,
    walk,
)
from engine.forms.paths import put
from engine.forms.state import ComponentState, Fixed, describe
from engine.forms.values import Refused, typed


def fixed_states(components: tuple[Component, ...]) -> Fixed:
    """Not those in groups and lists that may be hidden, nor those in rows."""
    found: dict[int, ComponentState] = {}
    for component in components:
        if isinstance(component, Group) and _are_constant([component.hide]) and component.hide.constant is not True:
            found |= fixed_states(component.components)
        elif isinstance(component, Field) and _is_fixed(component):
            (found[id(component)],) = describe((component,), Scope({}), {})
    return found


def all_fixed(components: tuple[Component, ...], fixed: Fixed) -> tuple[ComponentState, ...] | None:
    """The fields that take a value, when no formula has a say in what may be submitted; else None."""
    every = [component for component in walk(components) if isinstance(component, (Field, DynamicList))]
    has_pattern = any(isinstance(component, TextField) and component.pattern_test for component in every)
    if has_pattern or any(id(component) not in fixed for component in every):  # a pattern may be slow: once is enough
        return None
    states = [fixed[id(component)] for component in every]
    return tuple(state for state in states if not state.hidden and not state.readonly)


def accepted_at_once(fields: tuple[ComponentState, ...], source: Source, limits: Limits) -> dict[str, Any] | None:
    """What may be stored; None when something is refused: then the general way tells what and why."""
    values: dict[str, Any] = {}
    try:
        for state in fields:
            component = state.component
            assert isinstance(component, Field)
            value = as_offered(state, typed(component, source.raw(component), source.zone))
            put(values, component.path, check(state, value, limits))
    except Refused:
        return None
    if any(type(value) is dict for value in values.values()):
        stored = overlay(source.context, values)
        return {name: stored[name] for name in values}
    return values


def _is_fixed(component: Field) -> bool:
    if isinstance(component, ExpressionField) or component.guidance.rule is not None:
        return False
    if isinstance(component, ChoiceField) and (component.options_expression is not None or component.options_key):
        return False
    return _are_constant(_settings(component))


def _are_constant(settings: list[Setting]) -> bool:
    return all(setting.expression is None for setting in settings)


def _settings(component: Field) -> list[Setting]:
    """Those that decide what may be submitted."""
    found = [component.hide, component.readonly, component.disabled, component.required]
    if isinstance(component, NumberField):
        found += [component.minimum, component.maximum]
    if isinstance(component, TextField):
        found += [component.min_length, component.max_length]
    if isinstance(component, FileField):
        found += [component.accept, component.multiple]
    return found
