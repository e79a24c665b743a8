"""Variables that are read where they have not been written, and the way that shows it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks import catalogue, flow, results
from engine.checks.finding import Finding
from engine.checks.graph import Flow
from engine.checks.uses import COUNTERS, Use
from engine.checks.world import World
from engine.feel.errors import did_you_mean
from engine.spiff import ProcessModel
from engine.spiff.specs.body import Body
from engine.spiff.specs.element import Element

NEVER = "{element} reads {name}, but nothing before it writes {name} (in {text})."
NEVER_HINT = "{element} reads {name}, but nothing before it writes {name} (in {text}). Did you mean {hint}?"
UNKNOWN = (
    "{element} reads {name}, which nothing in these files writes (in {text}). Name it in the property variables of the start event "
    "when the process is started with it."
)
SOMETIMES = "{element} reads {name}, but on the way {way} nothing has written {name} (in {text})."
SOMETIMES_CALLED = "{element} reads {name}, but not everything that starts {process} has written {name} (in {text})."
_WAY = 8  # elements of a way that are named in the sentence


def findings(world: World) -> Iterator[Finding]:
    for model in world.processes.values():
        solved = world.flow(model.id)
        for node in solved.nodes:
            yield from _of_node(world, model, solved, node)


def _of_node(world: World, model: ProcessModel, solved: Flow, node: Element) -> Iterator[Finding]:
    seen: set[str] = set()
    for use in read_before(world, model, solved, node):
        found = _judge(solved, model, node, use) if use.name not in seen else None
        if found is not None:
            seen.add(use.name)
            yield found


def read_before(world: World, model: ProcessModel, solved: Flow, node: Element) -> Iterator[Use]:
    """What the element reads that has to be there when it begins, unless it asks."""
    for use in world.uses(model, node):
        if use.name in COUNTERS and (isinstance(node, Body) or isinstance(solved.holder.get(node), Body)):
            continue
        if not (use.after and _is_given(solved, model, node, use.name)):
            yield use


def _is_given(solved: Flow, model: ProcessModel, node: Element, name: str) -> bool:
    """Output mappings see what the element gives, and what it set for itself."""
    given = results.result(node, solved.around, model)
    return name in given.maybe or given.anything or name in solved.locals(node)


def _judge(solved: Flow, model: ProcessModel, node: Element, use: Use) -> Finding | None:
    state = solved.before[node]
    facts = {"element": node.bpmn_name or node.bpmn_id, "name": use.name, "text": _short(use.text)}
    line = model.elements[node.bpmn_id].line
    if not solved.is_possible(state, use.name):
        if solved.is_open(state):
            rule, template = catalogue.NOT_ON_EVERY_WAY, UNKNOWN
            if use.asked:
                return None
        else:
            rule, template = catalogue.NEVER_WRITTEN, NEVER
            hint = did_you_mean(use.name, list(solved.known(node)))
            if hint:
                template, facts = NEVER_HINT, facts | {"hint": hint}
        return Finding(rule.code, rule.severity, model.file, line, node.bpmn_id, template, facts)
    if solved.is_sure(state, use.name) or use.asked:
        return None
    rule = catalogue.NOT_ON_EVERY_WAY
    way = flow.way(solved, node, use.name)
    if not way:
        template, facts = SOMETIMES_CALLED, facts | {"process": model.name}
    else:
        template, facts = SOMETIMES, facts | {"way": _named(model, way)}
    return Finding(rule.code, rule.severity, model.file, line, node.bpmn_id, template, facts, path=way)


def _named(model: ProcessModel, way: tuple[str, ...]) -> str:
    shown = way if len(way) <= _WAY else (*way[:2], "…", *way[3 - _WAY :])
    return " → ".join(model.elements[name].name or name if name in model.elements else name for name in shown)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
