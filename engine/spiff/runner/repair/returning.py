"""Sending a user task back to an earlier one.

The target is looked for in the scope of the task, then in the scopes round it, then in the case that called it. What comes
after the target is withdrawn; what runs beside it in another branch stays. A join that the branch of the target had passed
already gets back the branches that are complete, so that it does not wait for them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import Conflict
from engine.spiff.migration.soundness import Place, TooManyWays, flows_to, follows, may_hang, new_hangs, reaches, standing
from engine.spiff.migration.versions import is_body
from engine.spiff.runner import compensation, kept
from engine.spiff.runner.token import Token
from engine.spiff.specs.containers import EventSubProcess
from engine.spiff.specs.element import Element, Flow
from engine.spiff.specs.gateways import Joining, ParallelGateway
from engine.spiff.specs.tasks import RETURN


class CannotReturn(Conflict):
    """This task cannot be sent back there."""


DRAWN = "{element} cannot be sent back: its diagram says so. Finish it as its form offers."
NEVER = "{element} cannot be sent back to {target}: that has not been completed before it, here or in a scope around."
NO_WAY = "{element} cannot be sent back to {target}: no way leads from there to here, it stands in another branch."
EVENT = "{element} cannot be sent back to {target}: it belongs to {event}, which began beside or instead of the rest. Finish that first."
INTERRUPTED = "{element} cannot be sent back to {target}: an event has ended what runs there."
WOULD_HANG = "{element} cannot be sent back to {target}: the join {join} would wait for ever then."
TOO_MANY = "{element} cannot be sent back to {target}: there are too many ways on from there to say that the case would end."


@dataclass
class Return:
    """``level``: the token of ``scope`` that is withdrawn with the task in it; ``joins``: what stays arrived at each join."""

    level: Token
    scope: Token
    target: Element
    withdrawn: list[Token] = field(default_factory=list)
    joins: dict[Joining, dict[str, int]] = field(default_factory=dict)

    @property
    def comes_again(self) -> set[str]:
        """Ids of the elements of the scope that the case may come to again."""
        nodes = reaches(self.target)
        return {node.bpmn_id for node in nodes if node is self.level.task_spec or follows(self.target, node)}


@dataclass(frozen=True)
class WayBack:
    """A return for whoever asks: the target, the scope it stands in, and the elements of that scope that come again."""

    element_id: str
    scope_key: int
    process_id: str
    comes_again: frozenset[str]

    @classmethod
    def of(cls, found: Return) -> WayBack:
        scope = found.scope
        return cls(found.target.bpmn_id, scope.key, scope.workflow.model.id, frozenset(found.comes_again))


def ways_back(token: Token) -> Iterator[Return]:
    """Every return from ``token`` that is sound."""
    for _, scope in _levels(token):
        for target_id in scope.memo.get("done", []):
            try:
                found = plan(token, target_id)
            except CannotReturn:
                continue
            if found.scope is scope:  # the same id nearer by hides this one
                yield found


def return_to(token: Token, target_id: str, reason: str, records: Mapping[str, Mapping[str, Any]]) -> None:
    """Withdraw what comes after ``target_id`` and begin there again; ``records``: what is kept (engine.spiff.runner.kept)."""
    found = plan(token, target_id)
    runner, scope = token.runner, found.scope
    for other in found.withdrawn:
        if runner.tokens.get(other.key) is other:
            runner.terminate(other, reason)
    for join, arrived in found.joins.items():
        join.stand(scope, arrived)
    compensation.forget(scope, {target_id, *found.comes_again})
    kept.remember(scope, records, token)
    found.target.arrive(scope)


def plan(token: Token, target_id: str) -> Return:
    """What a return would do; nothing is changed. Raises CannotReturn."""
    element = token.task_spec.bpmn_id

    def refuse(template: str, **ids: Any) -> CannotReturn:
        return CannotReturn(template, element=element, target=target_id, **ids)

    if token.task_spec.headers.get(RETURN) == "never":
        raise refuse(DRAWN)
    for level, scope in _levels(token):
        if target_id in scope.memo.get("done", []) and target_id in scope.workflow.model.entries:
            break
        if isinstance(level.task_spec, EventSubProcess):
            raise refuse(EVENT, event=level.task_spec.bpmn_id)
    else:
        raise refuse(NEVER)
    if isinstance(level.task_spec, EventSubProcess):
        raise refuse(EVENT, event=level.task_spec.bpmn_id)
    if scope.memo.get("interrupted"):
        raise refuse(INTERRUPTED)
    target = scope.workflow.model.entries[target_id]
    if target is not level.task_spec and not follows(target, level.task_spec):
        raise refuse(NO_WAY)
    found = _planned(level, scope, target)
    hanging = _hanging(found)
    if hanging is None:
        raise refuse(TOO_MANY)
    if hanging:
        raise refuse(WOULD_HANG, join=", ".join(sorted(hanging)))
    return found


def _levels(token: Token) -> Iterator[tuple[Token, Token]]:
    """The token and what it stands in, outwards through the calls; a list's body is no scope to return in."""
    place: Token | None = token
    while place is not None:
        if place.is_root:
            place = place.workflow.caller
            continue
        if not is_body(place.scope.task_spec):
            yield place, place.scope
        place = place.scope


def _planned(level: Token, scope: Token, target: Element) -> Return:
    found = Return(level, scope, target, [level])
    for other in level.beside():
        node = other.task_spec
        if "arrived" in other.memo and isinstance(node, Joining):
            again = {flow.id for flow in flows_to(target, node)}
            left = {flow_id: count for flow_id, count in other.memo["arrived"].items() if flow_id not in again}
            if not left:
                found.withdrawn.append(other)
            elif left != other.memo["arrived"]:
                found.joins[node] = left
        elif node is target or follows(target, node):
            found.withdrawn.append(other)
    _give_back(found)
    return found


def _give_back(found: Return) -> None:
    """Branches beside the target's that are complete stay complete at the joins the case had passed."""
    passed = [node for node in reaches(found.target) if isinstance(node, ParallelGateway) and len(node.incoming) > 1]
    stay = [token for token in found.scope.inside() if token not in found.withdrawn]
    for join in passed:
        own = flows_to(found.target, join)
        others = [flow for flow in join.incoming if flow not in own]
        if not own or not others or found.level.task_spec not in {join, *reaches(join)}:
            continue
        waiting = {flow.id for token in stay for flow in _brings(token, join)}
        given = {flow.id: 1 for flow in others if flow.id not in waiting}
        if given:
            there: dict[str, int] = next((token.memo["arrived"] for token in stay if token.task_spec is join), {})
            found.joins[join] = {**given, **found.joins.get(join, there)}


def _brings(token: Token, join: Joining) -> set[Flow]:
    """Flows into ``join`` that a token which stays will come over, or has come over."""
    if token.task_spec is join:
        return {flow for flow in join.incoming if flow.id in token.memo.get("arrived", {})}
    return flows_to(token.task_spec, join)


def _hanging(found: Return) -> set[str] | None:
    """Joins that could wait for ever after the return and could not before; None when nobody can tell."""
    before = standing(found.scope)
    replaced = [token for token in found.scope.inside() if token in found.withdrawn or token.task_spec in found.joins]
    after: list[Place] = list(before)
    for place in [place for token in replaced for place in _places(token)]:
        after.remove(place)
    for join, arrived in found.joins.items():
        after += [flow for flow in join.incoming for _ in range(arrived.get(flow.id, 0))]
    after.append(found.target)
    try:
        return new_hangs(may_hang(before), may_hang(after))
    except TooManyWays:
        return None


def _places(token: Token) -> list[Place]:
    arrived = token.memo.get("arrived")
    if arrived is None:
        return [token.task_spec]
    return [flow for flow in token.task_spec.incoming for _ in range(arrived.get(flow.id, 0))]
