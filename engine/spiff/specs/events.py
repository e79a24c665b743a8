"""Events: what waits, what throws, what interrupts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from engine.errors import EngineError
from engine.events import ConditionFailed, MessageThrown, SignalThrown
from engine.spiff.definitions import EventDefinition
from engine.spiff.runner import compensation, evaluate, transactions
from engine.spiff.runner.throwing import INTERRUPTED, throw_error, throw_escalation
from engine.spiff.runner.token import Token
from engine.spiff.runner.waits import Wait, close_wait, open_waits, used_up
from engine.spiff.specs.element import Element
from engine.spiff.specs.tasks import JobTask

if TYPE_CHECKING:
    from engine.spiff.specs.containers import EventSubProcess


class Event(Element):
    """``event`` says what kind it is and what it names."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.event = EventDefinition()


class Catching(Event):
    """An event that is triggered from outside (timer, message, signal) or from inside (error, escalation)."""

    interrupting = True

    def act(self, token: Token) -> None:
        """A token is here because the event has happened; its result holds what came with it."""
        token.runner.finish(token, token.result)

    def triggered(self, wait: Wait, variables: Mapping[str, Any]) -> None:
        """What was awaited came."""
        raise NotImplementedError

    def catch(self, owner: Token, variables: Mapping[str, Any]) -> None:
        """An error or escalation thrown inside ``owner`` came here."""
        raise NotImplementedError

    def cannot_be_asked(self, wait: Wait, failure: EngineError) -> None:
        """The condition gives no answer: it counts as not true, the work goes on, and the history says why."""
        owner = wait.owner
        owner.runner.emit(ConditionFailed(owner.workflow.key, wait.key, self.bpmn_id, str(failure)))


class StartEvent(Catching):
    """Of a process: it has happened when the instance begins. Of an event sub-process: it waits in the enclosing scope."""

    element_type: ClassVar[str] = "startEvent"
    event_sub_process: EventSubProcess | None = None

    def triggered(self, wait: Wait, variables: Mapping[str, Any]) -> None:
        assert self.event_sub_process is not None
        if not self.interrupting and used_up(wait):
            close_wait(wait)
        self.event_sub_process.trigger(wait.owner, variables)

    def catch(self, owner: Token, variables: Mapping[str, Any]) -> None:
        assert self.event_sub_process is not None
        self.event_sub_process.trigger(owner, variables)


class WaitingForOne(Catching):
    """A catch event or receive task: its own token waits, unless an event-based gateway waited for it."""

    def act(self, token: Token) -> None:
        if token.memo.get("triggered") or self.event.kind in {"none", "link"}:
            super().act(token)
        elif not token.memo.get("listening"):
            open_waits(token, [self], own_key=True)
            token.memo["listening"] = True

    def cannot_be_asked(self, wait: Wait, failure: EngineError) -> None:
        """Where a token waits for nothing else it stops: an incident."""
        if wait.owner.task_spec is not self:
            super().cannot_be_asked(wait, failure)
            return
        close_wait(wait)
        wait.owner.memo.pop("listening", None)
        raise failure

    def triggered(self, wait: Wait, variables: Mapping[str, Any]) -> None:
        owner = wait.owner
        if owner.task_spec is self:
            close_wait(wait)
            owner.runner.finish(owner, variables)
            return
        if "chosen" in owner.memo:
            return  # two conditions became true at once: the first has been taken
        owner.memo.update(chosen=self.bpmn_id, event_key=wait.key, event_result=dict(variables))
        owner.runner.finish(owner)  # the event-based gateway; its other waits close as it completes


class IntermediateCatchEvent(WaitingForOne):
    element_type: ClassVar[str] = "intermediateCatchEvent"


class ReceiveTask(WaitingForOne):
    element_type: ClassVar[str] = "receiveTask"


class BoundaryEvent(Catching):
    element_type: ClassVar[str] = "boundaryEvent"
    attached_to: Element

    def triggered(self, wait: Wait, variables: Mapping[str, Any]) -> None:
        if self.interrupting:
            self._interrupt(wait.owner, variables, wait.key)
            return
        scope = wait.owner.scope
        if used_up(wait):
            close_wait(wait)
        scope.runner.create(self, scope, result=variables)

    def catch(self, owner: Token, variables: Mapping[str, Any]) -> None:
        if self.interrupting:
            self._interrupt(owner, variables, None)
        else:
            owner.runner.create(self, owner.scope, result=variables)

    def _interrupt(self, owner: Token, variables: Mapping[str, Any], key: int | None) -> None:
        scope = owner.scope
        owner.runner.terminate(owner, INTERRUPTED.format(self.bpmn_id))
        scope.runner.create(self, scope, key=key, result=variables)


class Throwing(Event, JobTask):
    """A throw or end event, or a send task: it throws, then the token goes on (or ends)."""

    ends: ClassVar[bool] = False

    def act(self, token: Token) -> None:
        kind = self.event.kind
        if self.job is not None:
            JobTask.act(self, token)
            return
        if kind == "compensation":
            compensation.begin(token)
            return
        if kind == "signal":
            self._throw_signal(token)
        elif kind == "message":
            self._throw_message(token)
        elif kind == "escalation":
            self._throw_escalation(token)
        token.runner.finish(token)

    def _throw_signal(self, token: Token) -> None:
        assert self.event.name is not None
        name = evaluate.text(token, self.event.name, "message_error", "signal name")
        token.runner.emit(SignalThrown(token.workflow.key, token.key, self.bpmn_id, name, dict(token.variables)))

    def _throw_message(self, token: Token) -> None:
        event = self.event
        assert event.name is not None
        name = evaluate.text(token, event.name, "message_error", "message name")
        key = evaluate.text(token, event.correlation_key, "message_error", "correlation key") if event.correlation_key else ""
        where = (token.workflow.key, token.key, self.bpmn_id)
        token.runner.emit(MessageThrown(*where, name, key, dict(token.variables), event.time_to_live))

    def _throw_escalation(self, token: Token) -> None:
        assert self.event.code is not None
        code = evaluate.text(token, self.event.code, "expression_error", "escalation code")
        throw_escalation(token, code, token.variables, ends=self.ends)


class IntermediateThrowEvent(Throwing):
    """Also the source of a link: its token goes on at the link's target."""

    element_type: ClassVar[str] = "intermediateThrowEvent"
    link_target: Element | None = None

    def leave(self, token: Token) -> None:
        scope = token.scope
        target = self.link_target
        super().leave(token) if target is None else self._jump(token, scope, target)

    def _jump(self, token: Token, scope: Token, target: Element) -> None:
        token.runner.remove(token)
        target.arrive(scope)


class SendTask(Throwing):
    element_type: ClassVar[str] = "sendTask"


class EndEvent(Throwing):
    element_type: ClassVar[str] = "endEvent"
    ends: ClassVar[bool] = True

    def act(self, token: Token) -> None:
        if self.event.kind == "error":
            self._throw_error(token)
        elif self.event.kind == "cancel":
            transactions.cancel(token)
        else:
            super().act(token)

    def _throw_error(self, token: Token) -> None:
        assert self.event.code is not None
        code = evaluate.text(token, self.event.code, "expression_error", "error code")
        throw_error(token, code, "", token.variables, ends=True)

    def leave(self, token: Token) -> None:
        if self.event.kind == "cancel":
            transactions.leave(token)
            return
        if self.event.kind == "terminate":
            for other in token.beside():
                token.runner.terminate(other, INTERRUPTED.format(self.bpmn_id))
        super().leave(token)
