"""What an element leaves behind when it is done: variable names, surely or perhaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.checks.finding import Facts, Known
from engine.checks.uses import local_names
from engine.forms import Form
from engine.forms.model import Component, DynamicList, ExpressionField, Field, Group
from engine.spiff import ProcessModel
from engine.spiff.definitions import Value
from engine.spiff.specs import containers, events, tasks
from engine.spiff.specs.element import Element
from engine.spiff.specs.multi_instance import MultiInstanceBody


@dataclass(frozen=True)
class Result:
    """``anything``: nobody said what comes, so any name may."""

    sure: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    anything: bool = False

    def either(self, other: Result) -> Result:
        return Result(self.sure & other.sure, self.maybe | other.maybe, self.anything or other.anything)


NOTHING = Result()
ANYTHING = Result(anything=True)


def known(given: Iterable[Known]) -> Result:
    given = tuple(given)
    return Result(frozenset(one.name for one in given if one.sure), frozenset(one.name for one in given))


def exactly(*names: str) -> Result:
    return Result(frozenset(names), frozenset(names))


@dataclass(frozen=True)
class Surroundings:
    """What the results of elements depend on beside their own drawing."""

    facts: Facts
    forms: Mapping[str, Form] = field(default_factory=dict)
    called: Mapping[str, Result] = field(default_factory=dict)  # by process id, what it gives back
    thrown: Mapping[tuple[str, str], Result] = field(default_factory=dict)  # (message or signal, name) → what goes with it


def of(node: Element, around: Surroundings, model: ProcessModel) -> Result:
    """What leaves the element: with output mappings what they name, else its result without what hides in its own scope."""
    if node.output_mappings:
        names = local_names(node.output_mappings)
        return Result(names, names)
    raw = result(node, around, model)
    local = local_names(node.input_mappings)
    return Result(raw.sure - local, raw.maybe - local, raw.anything)


def result(node: Element, around: Surroundings, model: ProcessModel) -> Result:
    """What output mappings of the element see beside the variables of the case."""
    match node:
        case tasks.UserTask():
            told = around.facts.tasks.get(node.bpmn_id, ())
            return known(told) if node.definition.form_id is None else _form(around, node.definition.form_id)
        case MultiInstanceBody(loop=loop) if loop.output_collection:
            return exactly(loop.output_collection)
        case containers.CallActivity():
            return _called(node, around)
        case tasks.ScriptTask(script=script) if script is not None:
            return exactly(script.result_variable)
        case tasks.BusinessRuleTask(decision=decision) if decision is not None:
            return exactly(decision.result_variable)
        case tasks.JobTask(job=job) if job is not None:
            given = around.facts.operations.get(job.type.text) if job.type.expression is None else None
            return ANYTHING if given is None else known(given)
        case events.Catching():
            return _event(node, around, model)
    return NOTHING


def _form(around: Surroundings, form_id: Value) -> Result:
    form = around.forms.get(form_id.text) if form_id.expression is None else None
    return ANYTHING if form is None else of_form(form)


def of_form(form: Form) -> Result:
    """A field that is hidden under a condition counts as filled in: who wrote the condition thought of the other case."""
    return Result(frozenset(_filled_in(form.components)), frozenset(form.keys))


def _filled_in(components: tuple[Component, ...]) -> Iterator[str]:
    for component in components:
        if component.hide.constant is True:
            continue
        if isinstance(component, Group):
            yield from _filled_in(component.components)
        elif isinstance(component, DynamicList) or (
            isinstance(component, Field) and (isinstance(component, ExpressionField) or component.readonly.constant is not True)
        ):
            yield component.path[0]


def _called(node: containers.CallActivity, around: Surroundings) -> Result:
    if not node.call.propagate_all_child_variables and not node.output_mappings:
        return NOTHING
    if node.call.process_id.expression is not None:
        return ANYTHING
    return around.called.get(node.call.process_id.text, ANYTHING)


def _event(node: events.Catching, around: Surroundings, model: ProcessModel) -> Result:
    event = node.event
    if event.kind in {"message", "signal"}:
        if event.name is None or event.name.expression is not None:
            return ANYTHING
        return payload(event.kind, event.name.text, around)
    if event.kind in {"error", "escalation"}:
        return _thrown_inside(node, model)
    return NOTHING


def payload(kind: str, name: str, around: Surroundings) -> Result:
    told = around.facts.messages.get(name) if kind == "message" else None
    thrown = around.thrown.get((kind, name))
    if told is None:
        return thrown or ANYTHING
    return known(told) if thrown is None else known(told).either(thrown)


def _thrown_inside(node: events.Catching, model: ProcessModel) -> Result:
    """Errors and escalations carry what the input mappings of their event set; operations say nothing of theirs."""
    found: Result | None = None
    for other in model.nodes.values():
        if isinstance(other, events.Throwing) and other.event.kind == node.event.kind:
            names = local_names(other.input_mappings)
            one = Result(names, names)
            found = one if found is None else found.either(one)
    return Result(frozenset(), found.maybe if found else frozenset())


def throws(model: ProcessModel) -> Iterator[tuple[tuple[str, str], Result]]:
    """What goes with the messages and signals the process sends."""
    for node in model.nodes.values():
        if isinstance(node, events.Throwing) and node.event.kind in {"message", "signal"} and node.job is None:
            name = node.event.name
            if name is not None and name.expression is None:
                names = local_names(node.input_mappings)
                yield (node.event.kind, name.text), Result(names, names)
