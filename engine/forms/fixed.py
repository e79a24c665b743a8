"""Fields about which no formula says anything: whether they are hidden, locked or required, their limits and their options are
constants. What they demand is the same whenever the form is checked.
"""

from __future__ import annotations

from engine.forms.formula import Scope, Setting
from engine.forms.model import (
    ChoiceField,
    Component,
    ExpressionField,
    Field,
    FileField,
    Group,
    NumberField,
    TextField,
)
from engine.forms.state import ComponentState, Fixed, describe


def fixed_states(components: tuple[Component, ...]) -> Fixed:
    """Not those in groups and lists that may be hidden, nor those in rows."""
    found: dict[int, ComponentState] = {}
    for component in components:
        if isinstance(component, Group) and _are_constant([component.hide]) and component.hide.constant is not True:
            found |= fixed_states(component.components)
        elif isinstance(component, Field) and _is_fixed(component):
            (found[id(component)],) = describe((component,), Scope({}), {})
    return found


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
