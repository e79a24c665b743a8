"""Activating, ending, moving and skipping elements; what would leave the instance in a state no diagram leads to is refused.

All changes are made first and looked at together, so that a token may be taken from one branch and another begun in the same
breath; only then the instance runs on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.errors import Conflict
from engine.events import IncidentResolved
from engine.model import Activate, Change, Move, Skip, Terminate
from engine.spiff.migration.soundness import Hangs, TooManyWays, may_hang, new_hangs, standing
from engine.spiff.migration.versions import Places, is_body
from engine.spiff.runner.runner import Runner
from engine.spiff.runner.token import Instance, Token
from engine.spiff.runner.values import stored_variables
from engine.spiff.specs.containers import Container, EventSubProcess
from engine.spiff.specs.element import Element, Flow
from engine.spiff.specs.events import BoundaryEvent, StartEvent
from engine.spiff.specs.gateways import Choosing, EventBasedGateway, ParallelGateway
from engine.spiff.specs.multi_instance import MultiInstanceBody


class CannotModify(Conflict):
    """This change would leave the case where no diagram leads. Nothing was changed."""


NOT_ACTIVE = "Element instance {key} is not active in process instance {instance}. Reload to see where it stands."
NO_SUCH = "There is no {element} in the version process instance {instance} runs in."
BOUNDARY = "{element} is a boundary event: it happens at its task. Activate what follows it."
START = "{element} is a start event. Activate what follows it."
EVENT_SUB = "{element} begins by its event only. Activate the steps you need in the scope around it."
HANDLER = "{element} undoes another activity and begins only for that."
JOIN = "{element} is a join of several branches. Activate a step before it or the step after it."
SCOPE_AWAY = "{element} stands in {scope}, which is not active. Activate {scope} as a whole."
SCOPE_TWICE = "{element} stands in {scope}, which is active {count} times. Say in which one by its key."
SCOPE_OTHER = "{element} does not stand in the scope {key}."
SCOPE_STOPPED = "{scope} is being ended by an event, so nothing else can begin in it."
OTHER_SCOPE = "{element} and {target} do not stand in the same scope. Activate {target} and end {element} instead."
ONE_OF_SEVERAL = "{element} is one of several that are done for a list. Move the whole, or end this one."
THE_CASE = "This is the process instance itself. Cancel the case instead."
UNDOING = "{element} is being undone. Wait until that has ended."
NAME_FLOW = "{element} is a gateway with several ways out. Say over which flow it goes on."
NO_FLOW = "No flow {flow} leaves {element}."
NOTHING_LEFT = (
    "Nothing would be active in {scope} any more, and it would never end. Move or skip something in it, or end it as a whole."
)
WOULD_HANG = "The join {join} could wait for ever then: a branch that leads to it would be missing, or come twice."
TOO_MANY = "There are too many ways on in {scope} to say whether that is sound."


def modify(runner: Runner, instance: Instance, changes: Sequence[Change], reason: str) -> None:
    """All of ``changes``, in order. Raises CannotModify; then the runner is half changed and must be thrown away."""
    before = {scope.key: _hanging(scope) for scope in _scopes(instance)}
    change = _Changing(runner, instance, reason)
    for one in changes:
        change.make(one)
    for scope in _scopes(instance):
        if scope.key not in change.finishing:
            _check(scope, before.get(scope.key))


class _Changing:
    """``finishing``: keys of what completes when the runner goes on."""

    def __init__(self, runner: Runner, instance: Instance, reason: str) -> None:
        self.runner, self.instance, self.reason = runner, instance, reason
        self.places = Places(instance.model)
        self.finishing: set[int] = set()

    def make(self, change: Change) -> None:
        if isinstance(change, Activate):
            node = self._target(change.element_id)
            self._begin(node, self._scope(node, change.scope_key), change.variables)
        elif isinstance(change, Terminate):
            self._end(self._token(change.element_key))
        elif isinstance(change, Move):
            self._move(self._token(change.element_key), change)
        else:
            self._skip(self._token(change.element_key), change)

    # what is meant

    def _token(self, key: int) -> Token:
        token = self.runner.tokens.get(key)
        if token is None or token.workflow is not self.instance:
            raise CannotModify(NOT_ACTIVE, key=key, instance=self.instance.key)
        if token.is_root:
            raise CannotModify(THE_CASE)
        if "undoing" in token.memo or "undoes" in token.memo:
            raise CannotModify(UNDOING, element=token.task_spec.bpmn_id)
        return token

    def _target(self, element_id: str) -> Element:
        node = self.instance.model.entries.get(element_id)
        if node is None:
            raise CannotModify(NO_SUCH, element=element_id, instance=self.instance.key)
        handlers = {each.undone_by for each in self.instance.model.nodes.values()}
        refusals = [
            (BOUNDARY, isinstance(node, BoundaryEvent)),
            (START, isinstance(node, StartEvent)),
            (EVENT_SUB, isinstance(node, EventSubProcess)),
            (HANDLER, node in handlers),
            (JOIN, isinstance(node, ParallelGateway) and len(node.incoming) > 1),
        ]
        for template, applies in refusals:
            if applies:
                raise CannotModify(template, element=element_id)
        return node

    def _scope(self, node: Element, key: int | None) -> Token:
        """The live scope ``node`` is to be active in."""
        around = self.places.scope(node)
        live = [token for token in self.instance.tasks.values() if token.task_spec is around]
        if key is not None:
            live = [token for token in live if token.key == key]
            if not live:
                raise CannotModify(SCOPE_OTHER, element=node.bpmn_id, key=key)
        if not live:
            raise CannotModify(SCOPE_AWAY, element=node.bpmn_id, scope=around.bpmn_id)
        if len(live) > 1:
            raise CannotModify(SCOPE_TWICE, element=node.bpmn_id, scope=around.bpmn_id, count=len(live))
        return live[0]

    # what is done

    def _begin(self, node: Element, scope: Token, variables: Mapping[str, Any]) -> None:
        if scope.memo.get("interrupted") or not scope.memo.get("open") or scope.key in self.finishing:
            raise CannotModify(SCOPE_STOPPED, scope=scope.task_spec.bpmn_id)
        self.runner.create(node, scope, variables=stored_variables(variables))

    def _end(self, token: Token) -> None:
        scope = token.scope
        self.runner.terminate(token, self.reason)
        if is_body(scope.task_spec):  # the others go on, or the next one begins
            scope.memo["terminated"] = scope.memo.get("terminated", 0) + 1
            scope.task_spec.child_left(scope)

    def _move(self, token: Token, change: Move) -> None:
        node, element_id = self._target(change.target_element_id), token.task_spec.bpmn_id
        scope = token.scope
        if is_body(scope.task_spec):
            raise CannotModify(ONE_OF_SEVERAL, element=element_id)
        if self.places.scope(node) is not scope.task_spec:
            raise CannotModify(OTHER_SCOPE, element=element_id, target=node.bpmn_id)
        self.runner.terminate(token, self.reason)
        self._begin(node, scope, change.variables)

    def _skip(self, token: Token, change: Skip) -> None:
        """It completes as if its work had given the variables; what runs inside ends."""
        spec, memo = token.task_spec, token.memo
        flow = self._way(token, change.flow_id)
        incident, reported = memo.pop("incident", None), memo.pop("reported", False)
        if incident is not None or reported:
            self.runner.emit(IncidentResolved(self.instance.key, token.key, spec.bpmn_id))
        self.runner.terminate_inside(token, self.reason)
        self.runner.joins.pop(token.key, None)
        memo.pop("arrived", None)
        result = stored_variables(change.variables)
        if isinstance(spec, MultiInstanceBody) and spec.loop.output_collection and "outputs" in memo:
            result = {spec.loop.output_collection: list(memo["outputs"]), **result}
        if isinstance(spec, EventBasedGateway) and flow is not None:
            memo.update(chosen=flow.target.bpmn_id, event_key=self.runner.host.new_key(), event_result=result)
        elif flow is not None:
            memo["taken"] = [flow.id]
        token.becomes_ready()
        self.finishing.add(token.key)
        self.runner.finish(token, result)

    @staticmethod
    def _way(token: Token, flow_id: str | None) -> Flow | None:
        """The flow a choosing gateway leaves by; None where nothing is to be chosen."""
        spec = token.task_spec
        if not isinstance(spec, (Choosing, EventBasedGateway)) and flow_id is None:
            return None
        found = [flow for flow in spec.outgoing if flow_id in {None, flow.id}]
        if not found:
            raise CannotModify(NO_FLOW, flow=flow_id, element=spec.bpmn_id)
        if len(found) > 1:
            raise CannotModify(NAME_FLOW, element=spec.bpmn_id)
        return found[0] if isinstance(spec, (Choosing, EventBasedGateway)) else None


def _scopes(instance: Instance) -> Iterator[Token]:
    """Live processes and sub-processes that have begun."""
    return (token for token in list(instance.tasks.values()) if isinstance(token.task_spec, Container) and token.memo.get("open"))


def _check(scope: Token, before: Hangs | None) -> None:
    name = scope.task_spec.bpmn_id
    if scope.is_empty and not scope.in_incident:
        raise CannotModify(NOTHING_LEFT, scope=name)
    for join in sorted(new_hangs(before, _hanging(scope)) if before is not None else ()):
        raise CannotModify(WOULD_HANG, join=join)


def _hanging(scope: Token) -> Hangs:
    try:
        return may_hang(standing(scope))
    except TooManyWays:
        raise CannotModify(TOO_MANY, scope=scope.task_spec.bpmn_id) from None
