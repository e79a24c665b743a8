"""Form fields that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields as parts_of
from dataclasses import is_dataclass
from functools import partial
from typing import Any

from engine.checks import catalogue
from engine.checks.decision_inputs import read_by
from engine.checks.finding import Finding
from engine.checks.reading import Read
from engine.checks.world import World
from engine.feel import Expression
from engine.forms import Form
from engine.forms.model import (
    CheckboxField,
    ChoiceField,
    Component,
    DateTimeField,
    DynamicList,
    Field,
    Group,
    NumberField,
    walk,
)
from engine.spiff import ProcessModel
from engine.spiff.specs import gateways
from engine.spiff.specs.ad_hoc import AdHocSubProcess
from engine.spiff.specs.element import Element
from engine.spiff.specs.multi_instance import MultiInstanceBody

UNREAD = "Nobody reads what is entered under {field} (form {form})."


def findings(world: World) -> Iterator[Finding]:
    """A field of the same name in another form counts as a reader: it shows the value. Forms of no task are read elsewhere."""
    read: set[str] = set()
    for one in world.reads.values():
        read |= world.library.once("names", one.path, one.sha256, partial(_read, one))
    for needed in world.facts.needs.values():
        read |= set(needed)
    asked: dict[str, int] = {}
    for form in world.forms.values():
        for name in form.keys:
            asked[name] = asked.get(name, 0) + 1
    used = {str(one.id) for model in world.processes.values() for one in model.form_refs}
    for form_id, form in world.forms.items():
        for component in _outer(form.components):
            name = component.path[0]
            if form_id in used and name not in read and asked[name] == 1:
                yield _finding(world.form_paths[form_id], form, component)


def _finding(path: str, form: Form, component: Field | DynamicList) -> Finding:
    rule = catalogue.FIELD_UNREAD
    label = next((part for part in component.label.parts if isinstance(part, str)), "") or component.name
    facts = {"field": label, "form": form.title}
    return Finding(rule.code, rule.severity, path, component.line, form.id, UNREAD, facts, cell=component.id)


def _outer(components: tuple[Component, ...]) -> Iterator[Field | DynamicList]:
    """What a person fills in that could steer something: numbers, dates, choices, check boxes and lists.

    Text and files are for the record; a box that has to be ticked is a declaration, and the form itself reads it.
    """
    for component in components:
        if isinstance(component, Group):
            yield from _outer(component.components)
        elif isinstance(component, DynamicList):
            yield component
        elif isinstance(component, (NumberField, DateTimeField, ChoiceField, CheckboxField)):
            is_declaration = isinstance(component, CheckboxField) and component.required.constant is True
            if component.readonly.constant is not True and not is_declaration:
                yield component


def _read(read: Read) -> frozenset[str]:
    """Every name any expression of the file mentions, also those that may be entries of list elements."""
    if read.form is not None:
        names = {name for one in _expressions(read.form.components) for name in one.variables}
        keys = [one.options_key for one in walk(read.form.components) if isinstance(one, ChoiceField)]
        return frozenset(names | {key[0] for key in keys if key})
    if read.table is not None:
        return frozenset(name for decision in read.table.decisions for name in read_by(read.table, decision))
    return frozenset(name for model in read.processes for name in _drawn(model))


def expressions_of(node: Element) -> Iterator[Expression]:
    """Every expression drawn on an element, the conditions on flows out of it included."""
    yield from _expressions(_sayings(node))


def _drawn(model: ProcessModel) -> Iterator[str]:
    for node in [model.root, *model.nodes.values()]:
        for one in expressions_of(node):
            yield from one.variables


def _sayings(node: Element) -> list[Any]:
    found: list[Any] = [node.input_mappings, node.output_mappings]
    found += [getattr(node, name, None) for name in ("definition", "job", "script", "decision", "call", "event")]
    if isinstance(node, gateways.Choosing):
        found += [flow.condition for flow in node.outgoing]
    if isinstance(node, AdHocSubProcess):
        found += [node.active_elements, node.completion_condition]
    if isinstance(node, MultiInstanceBody) or hasattr(node, "loop"):
        found.append(node.loop)
    return found


def _expressions(value: Any) -> Iterator[Expression]:
    """Every expression somewhere inside plain values."""
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _expressions(one)
    elif is_dataclass(value):
        for part in parts_of(value):
            yield from _expressions(getattr(value, part.name))
