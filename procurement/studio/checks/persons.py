"""Ways on which the same person may request something and approve it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks import Finding, World
from engine.checks.trails import Step, back
from engine.feel.printer import print_expression
from engine.feel.syntax import nodes
from engine.feel.syntax.walk import walk as parts
from engine.forms.model import ChoiceField
from engine.forms.model import walk as components
from engine.spiff.definitions import Value
from engine.spiff.specs import tasks
from engine.spiff.specs.element import Element
from procurement.studio.checks.catalogue import SAME_PERSON

BOTH = "{approver} decides on what {requester} brings, and both are done by {who}: the same person may do both."
AGREEING = frozenset({"agree", "approve", "approved", "accept", "accepted", "confirm", "pass", "passed", "support", "sign"})


def findings(world: World) -> Iterator[Finding]:
    for model in world.processes.values():
        for node in model.nodes.values():
            if isinstance(node, tasks.UserTask) and is_approval(world, node):
                yield from _of_approval(world, Step(model.id, node))


def is_approval(world: World, node: Element) -> bool:
    """A decision with a value that lets the matter go on."""
    return bool(AGREEING & set(_decisions(world, node)))


def is_decision(world: World, node: Element) -> bool:
    """Its form has a choice ``<task>_decision``: the office's convention for what people decide."""
    return bool(_decisions(world, node))


def _decisions(world: World, node: Element) -> list[str]:
    if not isinstance(node, tasks.UserTask) or node.definition.form_id is None:
        return []
    form = world.forms.get(node.definition.form_id.text)
    return [
        str(option.value)
        for one in (components(form.components) if form is not None else ())
        if isinstance(one, ChoiceField) and one.path[-1].endswith("_decision")
        for option in one.options
    ]


def _of_approval(world: World, approval: Step) -> Iterator[Finding]:
    """What is approved is what the nearest tasks before it brought that decide nothing themselves."""
    people = _people(approval.node)

    def brings(step: Step) -> bool:
        return isinstance(step.node, tasks.UserTask) and not is_decision(world, step.node)

    for step, way in back(world, approval, brings):
        both = sorted(people & _people(step.node)) if brings(step) else []
        if both:
            model = world.processes[approval.process]
            facts = {"approver": _name(approval.node), "requester": _name(step.node), "who": ", ".join(both)}
            path = tuple(one.id for one in way() if one.process == approval.process)
            line = model.elements[approval.id].line
            yield Finding(SAME_PERSON.code, SAME_PERSON.severity, model.file, line, approval.id, BOTH, facts, path=path)


def _people(node: Element) -> frozenset[str]:
    """Expressions and group names by which somebody gets the task. A person named by the loop is another one each time."""
    assert isinstance(node, tasks.UserTask)
    task = node.definition
    return frozenset(who for value in (task.assignee, task.candidate_groups, task.candidate_users) for who in _named(value))


def _named(value: Value | None) -> Iterator[str]:
    if value is None:
        return
    if value.expression is None:
        yield from (part.strip() for part in value.text.split(",") if part.strip())
        return
    tree = value.expression.tree
    if isinstance(tree, (nodes.Name, nodes.Path)):
        yield value.expression.text.strip()
        return
    for part in parts(tree):
        if isinstance(part, nodes.ListLiteral):
            for item in part.items:
                yield item.value if isinstance(item, nodes.Literal) and isinstance(item.value, str) else print_expression(item)


def _name(node: Element) -> str:
    return node.bpmn_name or node.bpmn_id
