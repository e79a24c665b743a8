"""Awards that no publicity period comes before."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks import Finding, World
from engine.checks.trails import Step, back
from engine.spiff.specs import events, tasks
from engine.spiff.specs.element import Element
from procurement.studio.checks.catalogue import NO_PUBLICITY

MISSING = "{element} can be reached on a way without a publicity period: {way}."
AWARDS = frozenset({"award"})
PUBLICITY = frozenset({"result_publicity"})
_SHOWN = 8


def findings(world: World) -> Iterator[Finding]:
    """Each way is judged once: at the notice of the award, or where the award is recorded without one before it."""
    for model in world.processes.values():
        for node in model.nodes.values():
            if is_award(node):
                way = _bare_way(world, Step(model.id, node))
                if way:
                    labels = [_label(step) for step in way if step.process == model.id]
                    shown = labels if len(labels) <= _SHOWN else [*labels[:2], "…", *labels[3 - _SHOWN :]]
                    yield Finding(
                        NO_PUBLICITY.code,
                        NO_PUBLICITY.severity,
                        model.file,
                        model.elements[node.bpmn_id].line,
                        node.bpmn_id,
                        MISSING,
                        {"element": _label(way[-1]), "way": " → ".join(shown)},
                        path=tuple(step.id for step in way if step.process == model.id),
                    )


def _bare_way(world: World, award: Step) -> tuple[Step, ...]:
    """A way from where everything begins that waits for no publicity period; () when there is none."""
    waits = {id(node) for model in world.processes.values() for node in _waits(world, model.id)}

    def stops(step: Step) -> bool:
        return id(step.node) in waits or is_award(step.node)

    for step, way in back(world, award, stops):
        begins = isinstance(step.node, events.StartEvent) and step.node.event_sub_process is None
        if begins and not stops(step) and not world.callers(step.process):
            return way()
    return ()


def _waits(world: World, process: str) -> Iterator[Element]:
    """Timer events that something publicised for objection leads to, with no task of a person between."""
    for node in world.processes[process].nodes.values():
        if isinstance(node, events.Catching) and node.event.kind == "timer":
            steps = back(
                world, Step(process, node), lambda one: isinstance(one.node, tasks.UserTask) or publishes(one.node, PUBLICITY)
            )
            if any(publishes(step.node, PUBLICITY) for step, _way in steps):
                yield node


def is_award(node: Element) -> bool:
    return publishes(node, AWARDS) or _type(node) == "award.record"


def publishes(node: Element, kinds: frozenset[str]) -> bool:
    """Whether the element publishes a notice of one of these kinds."""
    return _type(node) == "notice.publish" and any(
        mapping.target == ("kind",) and mapping.source.text in kinds for mapping in node.input_mappings
    )


def _type(node: Element) -> str:
    return node.job.type.text if isinstance(node, tasks.JobTask) and node.job is not None else ""


def _label(step: Step) -> str:
    return step.node.bpmn_name or step.id
