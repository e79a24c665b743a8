"""Judging one live instance against another version of its process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.model import Finding
from engine.spiff.migration.findings import Findings
from engine.spiff.migration.soundness import Place, TooManyWays, follows, may_be_together, may_hang, new_hangs, standing
from engine.spiff.migration.versions import BODY, Versions, said
from engine.spiff.migration.waiting import Waiting, waiting
from engine.spiff.runner.token import Instance, Token
from engine.spiff.specs.containers import CallActivity, Container
from engine.spiff.specs.element import Element, Flow
from engine.spiff.specs.events import Event
from engine.spiff.specs.gateways import InclusiveGateway, Joining
from engine.spiff.specs.multi_instance import MultiInstanceBody
from engine.spiff.specs.tasks import JobTask, UserTask


@dataclass
class Judgement:
    """``waits``: by token key, what happens to what it waits for; only right when the verdict is safe."""

    verdict: str
    findings: tuple[Finding, ...]
    waits: dict[int, Waiting] = field(default_factory=dict)


def judge(instance: Instance, versions: Versions) -> Judgement:
    """``instance`` runs on ``versions.source``; nothing is changed."""
    findings = Findings()
    tokens = [token for token in instance.tasks.values() if isinstance(token, Token)]
    waits: dict[int, Waiting] = {}
    for token in tokens:
        target = _place(token, versions, findings)
        if target is not None:
            waits[token.key] = waiting(token, target, versions, findings)
            _differences(token, target, findings)
        _undo(token.memo.get("undo", []), versions, findings)
    if findings.verdict == "safe":
        for token in tokens:
            if isinstance(token.task_spec, Container):
                _scope(token, versions, findings)
    return Judgement(findings.verdict, findings.all, waits)


# each token


def _place(token: Token, versions: Versions, findings: Findings) -> Element | None:
    """The node the token would stand at; None, with the reason, when it cannot stand there."""
    spec = token.task_spec
    if token.is_root:
        return versions.target.root
    target = versions.node(spec)
    if target is None:
        _missing(token, versions, findings)
        return None
    if _kind(spec) != _kind(target) or (isinstance(spec, JobTask) and _by_job(spec) != _by_job(target)):
        findings.note(token, "type_changed", before=_kind_shown(spec), after=_kind_shown(target))
        return None
    if _repetition(spec, versions.source.nodes) != _repetition(target, versions.target.nodes):
        findings.note(token, "multi_instance_changed")
        return None
    around = versions.node(token.scope.task_spec)
    if around is not None and versions.at_target.scope(target) is not around:
        before, after = token.scope.task_spec.bpmn_id, versions.at_target.scope(target).bpmn_id
        findings.note(token, "scope_changed", before=before, after=after)
    if "arrived" in token.memo and not _same_flows(token, target, versions):
        findings.note(token, "join_changed")
    if spec.bpmn_id != target.bpmn_id:
        findings.note(token, "element_renamed", target=target.bpmn_id)
    return target


def _missing(token: Token, versions: Versions, findings: Findings) -> None:
    element_id = token.task_spec.bpmn_id
    target_id = versions.element_id(element_id)
    if target_id in versions.target.elements:  # the element is there, but not the body of its repetitions
        findings.note(token, "multi_instance_changed")
    elif element_id in versions.mapping:
        findings.note(token, "mapping_target_missing", target=target_id)
    else:
        findings.note(token, "element_removed")


def _kind(node: Element) -> tuple[str, str]:
    return node.element_type, node.event.kind if isinstance(node, Event) else ""


def _kind_shown(node: Element) -> str:
    return " ".join(filter(None, _kind(node)))


def _by_job(node: Element) -> bool:
    return isinstance(node, JobTask) and node.job is not None


def _repetition(node: Element, nodes: Any) -> str:
    """Once, or how the body that stands for the activity repeats it."""
    body = nodes.get(node.bpmn_id + BODY)
    return "once" if body is None else f"{type(body).__name__} {getattr(getattr(body, 'loop', None), 'sequential', '')}"


def _same_flows(token: Token, target: Element, versions: Versions) -> bool:
    """The flows over which tokens have come are known, and a parallel join waits for as many as before."""
    known = all(versions.flow(flow_id) is not None for flow_id in token.memo["arrived"])
    return known and (isinstance(target, InclusiveGateway) or len(token.task_spec.incoming) == len(target.incoming))


def _differences(token: Token, target: Element, findings: Findings) -> None:
    """What the active element keeps although the new version says otherwise."""
    spec = token.task_spec
    if said(spec.input_mappings) != said(target.input_mappings) and token.memo.get("entered"):
        findings.note(token, "inputs_stay")
    if isinstance(spec, UserTask) and isinstance(target, UserTask):
        before, after = spec.definition, target.definition
        if said(before.form_id) != said(after.form_id) or before.form_binding != after.form_binding:
            findings.note(token, "task_keeps_form")
        if _people(before) != _people(after):
            findings.note(token, "task_keeps_assignment")
    elif token.memo.get("job") and isinstance(spec, JobTask) and isinstance(target, JobTask):
        if said((spec.job, tuple(spec.headers.items()))) != said((target.job, tuple(target.headers.items()))):
            findings.note(token, "job_keeps_type")
    elif isinstance(spec, MultiInstanceBody) and isinstance(target, MultiInstanceBody):
        if said(spec.loop.input_collection) != said(target.loop.input_collection):
            findings.note(token, "items_stay")
        if said(spec.loop.completion_condition) != said(target.loop.completion_condition):
            findings.note(token, "condition_counts")
    elif isinstance(spec, CallActivity) and token.called is not None:
        findings.note(token, "called_stays")


def _people(task: Any) -> Any:
    return said((task.assignee, task.candidate_groups, task.candidate_users, task.due, task.follow_up, task.priority))


def _undo(records: Iterable[dict[str, Any]], versions: Versions, findings: Findings) -> None:
    """What is completed and may be undone needs its node, and there what undoes it."""
    for record in records:
        spec = versions.source.nodes[record["node"]]
        target = versions.node(spec)
        if target is None:
            findings.add(spec.bpmn_id, "completed_element_removed")
        elif target.undone_by is None and target.brought_back_by is None:
            findings.add(spec.bpmn_id, "handler_removed")
        _undo(record.get("undo", []), versions, findings)


# the tokens of one scope together


def _scope(scope: Token, versions: Versions, findings: Findings) -> None:
    """Every token stands somewhere in the new version: can they go on together there?"""
    before = standing(scope)
    after = [_at_target(place, versions) for place in before]
    try:
        for join in sorted(_would_hang(before, after, versions)):
            findings.add(join, "join_would_hang")
    except TooManyWays:
        findings.add(scope.task_spec.bpmn_id, "too_many_ways")
    _order(scope, versions, findings)


def _at_target(place: Place, versions: Versions) -> Place:
    found: Place | None = versions.flow(place.id) if isinstance(place, Flow) else versions.node(place)
    assert found is not None, "every place was found before"
    return found


def _would_hang(before: list[Place], after: list[Place], versions: Versions) -> set[str]:
    """Joins that could wait for ever in the target and could not in the source."""
    return new_hangs(may_hang(before), may_hang(after), versions.element_id)


def _order(scope: Token, versions: Versions, findings: Findings) -> None:
    """Two that are active side by side must not follow one another, nor be one, nor be two where only one can be."""
    active = [token for token in scope.inside() if not isinstance(token.task_spec, Joining)]
    inside = versions.inside(scope.task_spec) if len(active) > 1 else ([], [])
    for one in active:
        node = versions.node(one.task_spec)
        assert node is not None
        for other in active:
            after = versions.node(other.task_spec)
            if other is one or other.task_spec is one.task_spec:
                continue
            if after is node:
                findings.note(one, "merged", other=other.task_spec.bpmn_id)
            elif after is not None and follows(node, after) and not follows(one.task_spec, other.task_spec):
                findings.note(one, "order_changed", other=other.task_spec.bpmn_id)
            elif one.key < other.key and _cannot_meet(one.task_spec, node, other.task_spec, after, inside):
                findings.note(one, "never_together", other=other.task_spec.bpmn_id)


def _cannot_meet(
    one: Element, one_after: Element, other: Element, other_after: Element | None, inside: tuple[list[Element], list[Element]]
) -> bool:
    """Both can be active in the source by the way it is drawn, and in the target they cannot."""
    assert other_after is not None
    before, after = inside
    return may_be_together(one, other, before) and not may_be_together(one_after, other_after, after)
