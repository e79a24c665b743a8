"""Gateways whose conditions can all be false."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.checks import catalogue
from engine.checks.conditions import Escape, Undecided, escape
from engine.checks.finding import Finding
from engine.checks.graph import Flow
from engine.checks.world import World
from engine.dmn import DecisionModel
from engine.dmn.model import Literal
from engine.dmn.shown import shown
from engine.feel.syntax import nodes
from engine.forms.model import CheckboxField, ChoiceField, Field, walk
from engine.spiff import ProcessModel
from engine.spiff.specs import containers, gateways, tasks
from engine.spiff.specs.element import Element

STUCK = "At {element} no condition is true when {values}, and there is no default flow: the case would stop there."
UNSURE = "The gateway {element} has no default flow, and its conditions are too involved to tell whether one is always true."

_CALLS = 5  # processes that call one another in a row


def findings(world: World) -> Iterator[Finding]:
    for model in world.processes.values():
        for node in model.nodes.values():
            if isinstance(node, gateways.Choosing) and node.default is None:
                conditions = [flow.condition for flow in node.outgoing if flow.condition is not None]
                if conditions and len(conditions) == len(node.outgoing):
                    yield from _of_gateway(world, model, node, conditions)


def _of_gateway(world: World, model: ProcessModel, node: Element, conditions: list[Any]) -> Iterator[Finding]:
    rule = catalogue.NO_WAY_OUT
    name = node.bpmn_name or node.bpmn_id
    try:
        found = escape(conditions, Domains(world, world.flow(model.id)))
    except Undecided:
        found = Escape({}, sure=False)
    if found is None:
        return
    if not found.sure:
        yield Finding(rule.code, "hint", model.file, node.line, node.bpmn_id, UNSURE, {"element": name})
        return
    values = ", ".join(f"{text} = {shown(value)}" for text, value in found.values.items())
    yield Finding(rule.code, rule.severity, model.file, node.line, node.bpmn_id, STUCK, {"element": name, "values": values})


class Domains(dict[str, list[Any]]):
    """Values a variable can have at an element.

    Only what is closed is followed: a form's choices and check boxes, constants, a table's outputs, what a called process sets.
    """

    def __init__(self, world: World, flow: Flow) -> None:
        super().__init__()
        self._world, self._flow = world, flow

    def get(self, name: str, default: Any = None) -> Any:
        found = self.of(self._flow, name)
        return default if found is None else found

    def of(self, flow: Flow, name: str, depth: int = 0) -> list[Any] | None:
        """Of a variable, or of an entry of it (``route_choice.route``)."""
        variable, _, entry = name.partition(".")
        found: list[Any] = []
        for writer in flow.nodes:
            if variable in flow.given[writer].maybe:
                values = self._written(flow, writer, variable, entry, depth) if depth < _CALLS else None
                if values is None:
                    return None
                found += [value for value in values if value not in found]
        if variable in flow.start.maybe and not depth:
            handed = self._handed_over(flow, name)
            return None if handed is None else [*found, *(value for value in handed if value not in found)]
        return found or None

    def _handed_over(self, flow: Flow, name: str) -> list[Any] | None:
        """What those who call the process may hand over; None when somebody else may start it."""
        found: list[Any] = []
        for caller, call in self._world.callers(flow.model.id):
            outer = self._world.flow(caller)
            if name.partition(".")[0] in outer.locals(call) or name.partition(".")[0] in outer.start.maybe:
                return None
            values = self.of(outer, name, depth=1)
            if values is None:
                return None
            found += values
        return found or None

    def _written(self, flow: Flow, writer: Element, variable: str, entry: str, depth: int) -> list[Any] | None:
        """None when anything may be written; null is written to clear a decision before it is asked for again."""
        for mapping in writer.output_mappings:
            if mapping.target == (variable,):
                source = mapping.source.expression
                if source is None:
                    return [mapping.source.text]
                return self._told(flow, writer, source.tree, entry, depth)
        return self._result(flow, writer, variable, entry, depth)

    def _told(self, flow: Flow, writer: Element, tree: nodes.Located, entry: str, depth: int) -> list[Any] | None:
        match tree:
            case nodes.Literal(value=None):
                return []
            case nodes.Literal(value=value) if not entry:
                return [value]
            case nodes.If(then=then, otherwise=otherwise):
                one = self._told(flow, writer, then, entry, depth)
                other = self._told(flow, writer, otherwise, entry, depth)
                return None if one is None or other is None else [*one, *other]
            case nodes.Name(name=name):
                return self._result(flow, writer, name, entry, depth)
            case nodes.Path(source=nodes.Name(name=name), name=inner) if not entry:
                return self._result(flow, writer, name, inner, depth)
        return None

    def _result(self, flow: Flow, writer: Element, variable: str, entry: str, depth: int) -> list[Any] | None:
        """What the element itself gives under the name."""
        match writer:
            case tasks.UserTask() if writer.definition.form_id is not None and not entry:
                form = self._world.forms.get(writer.definition.form_id.text)
                for component in walk(form.components) if form is not None else ():
                    if isinstance(component, Field) and component.path == (variable,):
                        return _choices(component)
            case tasks.BusinessRuleTask(decision=decision) if decision is not None and decision.result_variable == variable:
                model = self._world.decisions.get(decision.decision_id.text)
                return None if model is None else _outputs(model, decision.decision_id.text, entry)
            case tasks.ScriptTask(script=script) if script is not None and script.result_variable == variable:
                return self._told(flow, writer, script.expression.tree, entry, depth)
            case containers.CallActivity() if writer.call.process_id.text in self._world.processes:
                called = self._world.flow(writer.call.process_id.text)
                return self.of(called, f"{variable}.{entry}" if entry else variable, depth + 1)
        return None


def _outputs(model: DecisionModel, decision_id: str, entry: str) -> list[Any] | None:
    """The constants a table's column can answer with."""
    found: list[Any] = []
    for table in model.graph.tables:
        if table.source.place.element in {decision_id, table.source.id} or table.source.id.startswith(decision_id):
            names = [result.name for result in table.results]
            column = names.index(entry) if entry in names else (0 if not entry and len(names) == 1 else None)
            if column is None:
                return None
            for rule in table.source.rules:
                cell = rule.outputs[column]
                text = cell.text if isinstance(cell, Literal) else "?"
                expression = model.graph.formulas.feel.expression(text) if text else None
                if expression is None or not isinstance(expression.tree, nodes.Literal):
                    return None
                found.append(expression.tree.value)
            return found
    return None


def _choices(component: Field) -> list[Any] | None:
    if isinstance(component, CheckboxField):
        return [True, False]
    closed = isinstance(component, ChoiceField) and not component.multiple and bool(component.options)
    return [option.value for option in component.options] if closed and isinstance(component, ChoiceField) else None
