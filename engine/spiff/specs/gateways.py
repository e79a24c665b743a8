"""Gateways: choosing flows, splitting and joining."""

from __future__ import annotations

from typing import Any, ClassVar

from engine.events import ConditionsEvaluated, ElementActivated, FlowTaken
from engine.spiff.runner import evaluate
from engine.spiff.runner.failures import StepFailed
from engine.spiff.runner.token import Token
from engine.spiff.runner.waits import open_waits
from engine.spiff.specs.element import Element, Flow
from engine.spiff.specs.reach import must_still_wait


class Choosing(Element):
    """A gateway whose outgoing flows have conditions; ``default`` is taken when none is true."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.default: Flow | None = None

    takes_all_true: ClassVar[bool] = False

    def act(self, token: Token) -> None:
        taken = self._choose(token) if any(flow.condition for flow in self.outgoing) else self.outgoing
        token.memo["taken"] = [flow.id for flow in taken]
        token.runner.finish(token)

    def _choose(self, token: Token) -> list[Flow]:
        seen: list[dict[str, Any]] = []
        taken: list[Flow] = []
        for flow in self.outgoing:
            if flow.condition is None or flow is self.default:
                continue
            result, inputs = evaluate.condition(token, flow.condition)
            seen.append({"flow": flow.id, "expression": flow.condition.text, "inputs": inputs, "result": result})
            if result:
                taken.append(flow)
                if not self.takes_all_true:
                    break
        if not taken and self.default is not None:
            taken = [self.default]
        if not taken:
            raise StepFailed("condition_error", f"No condition of {self.bpmn_id} is true and it has no default flow.")
        where = (token.workflow.key, token.key, self.bpmn_id)
        token.runner.emit(ConditionsEvaluated(*where, tuple(seen), tuple(flow.id for flow in taken)))
        return taken

    def chosen_flows(self, token: Token) -> list[Flow]:
        taken = token.memo["taken"]
        return [flow for flow in self.outgoing if flow.id in taken]


class ExclusiveGateway(Choosing):
    """The first flow in drawn order whose condition is true."""

    element_type: ClassVar[str] = "exclusiveGateway"


class Joining(Element):
    """A gateway that gathers: one waiting token remembers on which flows others have come."""

    def arrive(self, scope: Token, flow: Flow | None = None) -> None:
        if len(self.incoming) < 2 or flow is None:
            super().arrive(scope, flow)
            return
        token = self._waiting(scope) or self._open(scope, {})
        arrived = token.memo["arrived"]
        arrived[flow.id] = arrived.get(flow.id, 0) + 1
        if self.is_complete(token):
            self.go_on(token)

    def is_complete(self, token: Token) -> bool:
        return all(token.memo["arrived"].get(flow.id) for flow in self.incoming)

    def go_on(self, token: Token) -> None:
        """Use one token of each flow; what is left waits for the next round (a loop may run ahead)."""
        runner = token.runner
        left = {flow: count - 1 for flow, count in token.memo.pop("arrived").items() if count > 1}
        del runner.joins[token.key]
        if token.in_incident:
            runner.retry(token)
        runner.run_now(token)
        if left:
            again = self._open(token.scope, left)
            if self.is_complete(again):
                self.go_on(again)

    def stand(self, scope: Token, arrived: dict[str, int]) -> None:
        """Wait in ``scope`` as if tokens had come over just these flows: the case was sent back before the join."""
        token = self._waiting(scope)
        if token is None:
            self._open(scope, dict(arrived))
        else:
            token.memo["arrived"] = dict(arrived)

    def _waiting(self, scope: Token) -> Token | None:
        return next((token for token in scope.runner.joins.values() if token.task_spec is self and token.scope is scope), None)

    def _open(self, scope: Token, arrived: dict[str, int]) -> Token:
        runner = scope.runner
        token = Token(scope.workflow, self, scope, runner.host.new_key())
        token.waits_at_join()
        token.memo["arrived"] = arrived
        runner.tokens[token.key] = runner.joins[token.key] = token
        where = (scope.workflow.key, token.key, self.bpmn_id)
        runner.emit(ElementActivated(*where, self.element_type, scope.key, self.bpmn_name or ""))
        return token


class ParallelGateway(Joining):
    """Waits for one token on every incoming flow; leaves on all outgoing flows."""

    element_type: ClassVar[str] = "parallelGateway"


class InclusiveGateway(Joining, Choosing):
    """Leaves on every flow whose condition is true; joins when no token can come on the missing flows any more."""

    element_type: ClassVar[str] = "inclusiveGateway"
    takes_all_true: ClassVar[bool] = True

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.sources: dict[tuple[Flow, ...], frozenset[Element]] = {}

    def may_go_on(self, token: Token) -> bool:
        return not must_still_wait(self, token)


class EventBasedGateway(Element):
    """The first of the following events decides."""

    element_type: ClassVar[str] = "eventBasedGateway"

    def act(self, token: Token) -> None:
        if not token.waits:
            open_waits(token, [flow.target for flow in self.outgoing])  # type: ignore[misc]  # the linter allows only catch events

    def chosen_flows(self, token: Token) -> list[Flow]:
        return [flow for flow in self.outgoing if flow.target.bpmn_id == token.memo["chosen"]]

    def leave(self, token: Token) -> None:
        """The chosen event has happened already: its token starts triggered, under the key that was awaited."""
        scope, runner = token.scope, token.runner
        (flow,) = self.chosen_flows(token)
        runner.emit(FlowTaken(token.workflow.key, token.key, flow.id, flow.target.bpmn_id))
        runner.remove(token)
        runner.create(flow.target, scope, key=token.memo["event_key"], result=token.memo["event_result"])
