"""The variables known at one element, for whoever writes an expression there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.checks.graph import Flow
from engine.checks.world import World
from engine.feel.values.types import ANY, SIMPLE_TYPES, FeelType, ListType
from engine.forms.model import (
    CheckboxField,
    ChoiceField,
    DateTimeField,
    DynamicList,
    ExpressionField,
    Field,
    FileField,
    NumberField,
    walk,
)
from engine.spiff import ProcessModel
from engine.spiff.specs import tasks
from engine.spiff.specs.containers import CallActivity
from engine.spiff.specs.element import Element
from engine.spiff.specs.multi_instance import MultiInstanceBody

_CALLS = 5  # processes that call one another in a row


@dataclass(frozen=True)
class Visible:
    """``source``: label of the element that writes it first, or of the process it is started with. Not ``sure``: on some ways."""

    name: str
    type: str
    source: str
    sure: bool


def scope(world: World, path: str, element_id: str) -> list[Visible]:
    """Sorted by name; empty when the diagram cannot be read or has no such element."""
    read = world.reads.get(path)
    for model in read.processes if read is not None else ():
        flow = world.flow(model.id)
        node = _node(model, element_id)
        if node is not None:
            return sorted(_visible(world, model, flow, node), key=lambda one: one.name)
    return []


def _node(model: ProcessModel, element_id: str) -> Element | None:
    if element_id in model.nodes:
        return model.nodes[element_id]
    flow = model.flows.get(element_id)  # a condition is written on a flow, and read where the flow begins
    return model.nodes.get(flow.source) if flow is not None else None


def _visible(world: World, model: ProcessModel, flow: Flow, node: Element) -> Iterator[Visible]:
    for name, sure in flow.known(node).items():
        if name in flow.locals(node):
            yield Visible(name, "Any", _label(node), sure)
        else:
            kinds, source = _told(world, flow, name, 0)
            kinds -= {"Null"}
            yield Visible(name, kinds.pop() if len(kinds) == 1 else "Any", source or model.name, sure)


def _label(node: Element) -> str:
    return node.bpmn_name or node.bpmn_id


def _told(world: World, flow: Flow, name: str, depth: int) -> tuple[set[str], str]:
    """Types by all who write the variable, and the label of the first of them; callers come before what they call."""
    kinds: set[str] = set()
    source = ""
    if depth > _CALLS:
        return {"Any"}, source
    if name in flow.start.maybe:
        callers = world.callers(flow.model.id)
        for caller, _call in callers:
            more, label = _told(world, world.flow(caller), name, depth + 1)
            kinds |= more
            source = source or label
        if not callers:
            return {"Any"}, flow.model.name
    for node in flow.nodes:
        if name in flow.given[node].maybe:
            if isinstance(node, CallActivity) and not node.output_mappings and node.call.process_id.text in world.processes:
                more, label = _told(world, world.flow(node.call.process_id.text), name, depth + 1)
            else:
                more, label = {_type(world, node, name)}, _label(node)
            kinds |= more
            source = source or label
    return kinds, source


def _type(world: World, node: Element, name: str) -> str:
    for mapping in node.output_mappings:
        if mapping.target == (name,):
            expression = mapping.source.expression
            if expression is None:
                return "string"
            if expression.text != name:
                return expression.type(_types(world, node)).feel_text()
    if isinstance(node, MultiInstanceBody) and name == node.loop.output_collection:
        return "list"
    return _types(world, node).get(name, ANY).feel_text()


def _types(world: World, node: Element) -> dict[str, FeelType]:
    """What the element itself gives."""
    if isinstance(node, tasks.UserTask) and node.definition.form_id is not None:
        form = world.forms.get(node.definition.form_id.text)
        fields = walk(form.components) if form is not None else ()
        return {
            one.path[0]: _read(_of_field(one)) for one in fields if isinstance(one, (Field, DynamicList)) and len(one.path) == 1
        }
    if isinstance(node, tasks.JobTask) and node.job is not None:
        return {one.name: _read(one.type) for one in world.facts.operations.get(node.job.type.text, ())}
    if isinstance(node, tasks.BusinessRuleTask) and node.decision is not None:
        table = world.decisions.get(node.decision.decision_id.text)
        answer = table.graph.nodes.get(node.decision.decision_id.text) if table is not None else None
        return {node.decision.result_variable: answer.type} if answer is not None else {}
    if isinstance(node, tasks.ScriptTask) and node.script is not None:
        return {node.script.result_variable: node.script.expression.type()}
    return {}


def _of_field(field: Field | DynamicList) -> str:
    match field:
        case NumberField(as_text=as_text):
            return "string" if as_text else "number"
        case CheckboxField():
            return "boolean"
        case DateTimeField():
            return "string"  # variables keep dates as ISO text
        case ChoiceField(multiple=True):
            return "list"
        case ChoiceField(options=options):
            return "string" if options and all(isinstance(one.value, str) for one in options) else "Any"
        case ExpressionField(expression=expression):
            return expression.type().feel_text()
        case DynamicList() | FileField():
            return "list"
    return "string"


def _read(text: str) -> FeelType:
    return ListType(ANY) if text == "list" else SIMPLE_TYPES.get(text, ANY)
