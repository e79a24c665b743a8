"""The stepping: a queue of tokens that run until everything waits.

Elements decide what happens (engine.spiff.specs); this module only creates, moves, ends and removes tokens, and turns
failures into incidents. All state is reachable from here, by key, without scanning.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from engine.errors import BpmnError, EngineError
from engine.events import (
    ElementActivated,
    ElementTerminated,
    Event,
    IncidentRaised,
    IncidentResolved,
    InstanceEnded,
    InstanceStarted,
)
from engine.spiff.runner import conditions, scopes, settle
from engine.spiff.runner.conditions import Change
from engine.spiff.runner.failures import StepFailed
from engine.spiff.runner.throwing import throw_error
from engine.spiff.runner.token import Instance, Token
from engine.spiff.runner.waits import Wait, close_waits

if TYPE_CHECKING:
    from engine.spiff.host import Host
    from engine.spiff.specs.element import Element

RUN, FINISH = "run", "finish"
MAX_STEPS = 100_000  # in one command: a loop without any waiting element would otherwise hold the transaction for ever
MAX_CALL_DEPTH = 50


class Runner:
    """All live tokens of a root instance and of the instances it calls."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.state = "active"
        self.instances: dict[int, Instance] = {}
        self.tokens: dict[int, Token] = {}
        self.waits: dict[int, Wait] = {}
        self.joins: dict[int, Token] = {}
        self.undoing: dict[int, Token] = {}  # they wait until what they undo is undone
        self.conditions: dict[int, Wait] = {}  # those of the waits that look at variables
        self.alerts: list[Change | Wait] = []  # what conditions have to be looked at for, after the step
        self._queue: deque[tuple[str, Token]] = deque()
        self._events: list[Event] = []
        self._steps = 0

    # events

    def emit(self, event: Event) -> None:
        self._events.append(event)

    def drain(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    # instances

    def start_instance(
        self, definition_key: int, caller: Token | None, variables: Mapping[str, Any], start_element: str | None = None
    ) -> Instance:
        """``variables`` must be in stored form; the start event gets them when one is named, else the instance."""
        model = self.host.process(definition_key)
        depth = 0 if caller is None else caller.workflow.depth_of_calls + 1
        if depth > MAX_CALL_DEPTH:
            raise StepFailed(
                "called_element_error", f"{model.id} is called more than {MAX_CALL_DEPTH} levels deep. Does it call itself?"
            )
        model.root.start_for(start_element)
        instance = Instance(self, self.host.new_key(), model, caller)
        instance.depth_of_calls = depth
        self.instances[instance.key] = instance
        self.tokens[instance.key] = instance.root
        parents = (caller.workflow.key, caller.key) if caller else (None, None)
        self.emit(InstanceStarted(instance.key, instance.key, model.id, definition_key, model.id, *parents))
        model.root.begin(instance.root, variables, start_element)
        return instance

    def end_instance(self, instance: Instance, outcome: str) -> None:
        del self.instances[instance.key]
        del self.tokens[instance.key]
        self.emit(InstanceEnded(instance.key, instance.key, instance.model.id, outcome))
        if instance.caller is None:
            self.state = outcome

    # tokens

    def create(
        self,
        spec: Element,
        scope: Token,
        *,
        key: int | None = None,
        result: Mapping[str, Any] | None = None,
        variables: Mapping[str, Any] | None = None,
        memo: Mapping[str, Any] | None = None,
    ) -> Token:
        """A token at ``spec``, ready to run. ``result``: it was triggered already, with these variables."""
        token = Token(scope.workflow, spec, scope, key or self.host.new_key())
        token.memo.update(memo or {})
        if result is not None:
            token.memo["triggered"] = True
            token.result = dict(result)
        self.tokens[token.key] = token
        self.emit(
            ElementActivated(scope.workflow.key, token.key, spec.bpmn_id, spec.element_type, scope.key, spec.bpmn_name or "")
        )
        for name, value in (variables or {}).items():
            scopes.write_local(token, name, value)
        self._queue.append((RUN, token))
        return token

    def run_now(self, token: Token) -> None:
        token.becomes_ready()
        self._queue.append((RUN, token))

    def finish(self, token: Token, result: Mapping[str, Any] | None = None) -> None:
        """``token`` has done its work with ``result`` (stored form): outputs are mapped and it moves on, when its turn comes."""
        token.result = dict(result or {})
        self._queue.append((FINISH, token))

    def remove(self, token: Token) -> None:
        del self.tokens[token.key]
        self.joins.pop(token.key, None)
        token.workflow.remove(token)

    def terminate(self, token: Token, reason: str) -> None:
        """End ``token`` and everything inside it, innermost first."""
        self.terminate_inside(token, reason)
        close_waits(token)
        token.cancel()
        if token.is_root:
            self.end_instance(token.workflow, "terminated")
            return
        self.emit(ElementTerminated(token.workflow.key, token.key, token.task_spec.bpmn_id, token.task_spec.element_type, reason))
        self.remove(token)

    def terminate_inside(self, token: Token, reason: str) -> None:
        for child in token.inside():
            self.terminate(child, reason)
        if token.called is not None:
            self.terminate(token.called.root, reason)
            token.called = None

    # steps

    def run_until_waiting(self) -> None:
        self._steps = 0
        while True:
            while self._queue or self.alerts:
                if self.alerts:
                    conditions.look_again(self)
                else:
                    self._step(*self._queue.popleft())
            if not settle.settle(self):
                return

    def _step(self, phase: str, token: Token) -> None:
        if self.tokens.get(token.key) is not token:
            return
        self._steps += 1
        try:
            if self._steps > MAX_STEPS:
                raise StepFailed(
                    "step_limit", f"More than {MAX_STEPS} steps ran without waiting. Let the loop wait for something."
                )
            self._run_phase(phase, token)
        except EngineError as failure:
            self.raise_incident(token, phase, failure)

    def attempt(self, token: Token, action: Callable[[], None]) -> None:
        """Do something to a waiting token from outside a step; its failure is an incident there."""
        try:
            action()
        except EngineError as failure:
            self.raise_incident(token, RUN, failure)

    def _run_phase(self, phase: str, token: Token) -> None:
        try:
            if phase == RUN:
                token.run()
            else:
                token.task_spec.finish(token)
        except BpmnError as error:
            throw_error(token, error.error_code, error.message, error.variables)

    # incidents

    def raise_incident(self, token: Token, phase: str, failure: EngineError) -> None:
        token.stops()
        token.memo["incident"] = phase
        kind = failure.kind if isinstance(failure, StepFailed) else "engine_error"
        self.emit(IncidentRaised(token.workflow.key, token.key, token.task_spec.bpmn_id, kind, str(failure)))

    def retry(self, token: Token) -> None:
        phase = token.memo.pop("incident")
        self.emit(IncidentResolved(token.workflow.key, token.key, token.task_spec.bpmn_id))
        if phase == settle.JOIN:  # looked at again when everything else has come to rest
            token.waits_at_join()
            return
        token.becomes_ready()
        self._queue.append((phase, token))
