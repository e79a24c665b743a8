"""Which variables an element reads, where, and whether it asks first if they are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.feel import Expression
from engine.feel.syntax import nodes
from engine.feel.syntax.walk import walk
from engine.feel.variables import readings
from engine.spiff.definitions import Value, VariableMapping
from engine.spiff.specs import containers, events, gateways, tasks
from engine.spiff.specs.ad_hoc import AdHocSubProcess
from engine.spiff.specs.element import Element
from engine.spiff.specs.multi_instance import MultiInstanceBody
from engine.spiff.specs.standard_loop import StandardLoopBody

COUNTERS = frozenset(
    {"loopCounter", "numberOfInstances", "numberOfCompletedInstances", "numberOfActiveInstances", "numberOfTerminatedInstances"}
)
_ASKING = frozenset({"get or else", "is defined"})


@dataclass(frozen=True)
class Use:
    """``name`` is read in ``text``. ``asked``: its absence is thought of: the same expression compares it with null, or reads
    it only where a condition of its own holds.

    ``after``: it is read when the element is done, so that what the element gives is there already. ``compared``: with null,
    there.
    """

    name: str
    text: str
    asked: bool = False
    after: bool = False
    compared: bool = False


def of_expression(expression: Expression, functions: Mapping[str, object], *, after: bool = False) -> Iterator[Use]:
    """Each name once. Names inside filters may be entries of the elements and count as not read."""
    asked = set(_asked(expression.tree))
    always = set(_names(_always(expression.tree), functions))
    for name in dict.fromkeys(_names(expression.tree, functions)):
        yield Use(name, expression.text, name in asked or name not in always, after, name in asked)


def _names(tree: nodes.Located, functions: Mapping[str, object]) -> list[str]:
    found = [one for one in readings(tree) if not one.maybe_entry and not (one.called and one.node.name in functions)]
    return [one.node.name for one in found]


def _always(tree: nodes.Located) -> nodes.Located:
    """What is read whenever the expression runs: of a choice at its top only the condition."""
    return _always(tree.condition) if isinstance(tree, nodes.If) else tree


def _asked(tree: nodes.Located) -> Iterator[str]:
    for node in walk(tree):
        match node:
            case nodes.Comparison(left=nodes.Name(name=name), right=nodes.Literal(value=None)):
                yield name
            case nodes.Comparison(left=nodes.Literal(value=None), right=nodes.Name(name=name)):
                yield name
            case nodes.Call(function=nodes.Name(name=called), arguments=arguments) if called in _ASKING:
                yield from (one.name for one in arguments if isinstance(one, nodes.Name))


def of_element(node: Element, functions: Mapping[str, object]) -> tuple[Use, ...]:
    """What the drawing of one element says, in the order of running; names that its own input mappings set are left out."""
    found: list[Use] = []
    local: set[str] = set()
    for mapping in node.input_mappings:
        found += _without(local, _values([mapping.source], functions))
        if len(mapping.target) == 1:
            local.add(mapping.target[0])
    found += _without(local, _act(node, functions))
    given = {mapping.target[0] for mapping in node.output_mappings if len(mapping.target) == 1}
    earlier: set[str] = set()
    for mapping in node.output_mappings:
        found += _without(local | earlier, _values([mapping.source], functions, after=True))
        earlier |= {mapping.target[0]} & given
    return tuple(dict.fromkeys(found))


def local_names(mappings: Iterable[VariableMapping]) -> frozenset[str]:
    return frozenset(mapping.target[0] for mapping in mappings)


def _without(local: set[str], uses: Iterable[Use]) -> list[Use]:
    return [use for use in uses if use.name not in local]


def _values(values: Iterable[Value | None], functions: Mapping[str, object], *, after: bool = False) -> Iterator[Use]:
    for value in values:
        if value is not None and value.expression is not None:
            yield from of_expression(value.expression, functions, after=after)


def _act(node: Element, functions: Mapping[str, object]) -> Iterator[Use]:
    match node:
        case tasks.UserTask(definition=task):
            people = [task.assignee, task.candidate_groups, task.candidate_users]
            yield from _values([*people, task.due, task.follow_up, task.priority, task.form_id], functions)
        case containers.CallActivity():
            yield from _values([node.call.process_id], functions)
        case MultiInstanceBody(loop=loop):
            yield from of_expression(loop.input_collection, functions)
        case StandardLoopBody(loop=turns) if turns.condition is not None:
            yield from (use for use in of_expression(turns.condition, functions) if use.name not in COUNTERS)
        case AdHocSubProcess():
            yield from of_expression(node.active_elements, functions)
        case events.Event():
            yield from _event(node, functions)
        case gateways.Choosing():
            for flow in node.outgoing:
                if flow.condition is not None:
                    yield from of_expression(flow.condition, functions)
        case _:
            pass
    if isinstance(node, tasks.JobTask) and node.job is not None:
        yield from _values([node.job.type, node.job.retries], functions)
    if isinstance(node, tasks.ScriptTask) and node.script is not None:
        yield from of_expression(node.script.expression, functions)
    if isinstance(node, tasks.BusinessRuleTask) and node.decision is not None:
        yield from _values([node.decision.decision_id], functions)


def _event(node: events.Event, functions: Mapping[str, object]) -> Iterator[Use]:
    event = node.event
    yield from _values([event.name, event.correlation_key, event.code], functions)
    if event.timer is not None:
        yield from _values([event.timer.value], functions)
    if event.condition is not None:  # asked again and again; null is not true
        yield from (Use(use.name, use.text, asked=True) for use in of_expression(event.condition, functions))
