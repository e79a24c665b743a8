"""Scopes that hold other tokens: the process, sub-processes, event sub-processes, and instances that are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.spiff.definitions import CallDefinition
from engine.spiff.runner import evaluate, scopes
from engine.spiff.runner.failures import StepFailed, failing
from engine.spiff.runner.throwing import INTERRUPTED
from engine.spiff.runner.token import Token
from engine.spiff.runner.values import stored_variables
from engine.spiff.runner.waits import close_wait, close_waits, open_waits
from engine.spiff.specs.element import Element
from engine.spiff.specs.events import Catching, StartEvent


class Container(Element):
    """``starts`` are its start events by id; ``event_sub_processes`` wait while it is active."""

    inside: BpmnProcessSpec  # SpiffWorkflow's specification of what is drawn inside

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.starts: dict[str, StartEvent] = {}
        self.event_sub_processes: list[EventSubProcess] = []

    @property
    def none_start(self) -> StartEvent | None:
        return next((start for start in self.starts.values() if start.event.kind == "none"), None)

    def listen(self, token: Token) -> None:
        """Arm the event sub-processes: they wait as long as the scope is active and not interrupted."""
        open_waits(token, [inner.start for inner in self.event_sub_processes])

    def act(self, token: Token) -> None:
        if not token.memo.get("open"):
            self.listen(token)
            token.memo["open"] = True
        assert self.none_start is not None
        self.none_start.arrive(token)

    def child_left(self, scope: Token) -> None:
        if scope.is_empty:
            scope.runner.finish(scope)

    def event_sub_process_starts(self, scope: Token, inner: Token) -> list[Catching]:
        if scope.memo.get("interrupted"):
            return []
        return [sub.start for sub in self.event_sub_processes if sub is not inner.task_spec]


class Process(Container):
    """The process itself; its token is the instance and owns the instance's variables."""

    element_type: ClassVar[str] = "process"

    def start_for(self, start_element: str | None) -> StartEvent:
        start = self.starts.get(start_element) if start_element else self.none_start
        if start is None:
            wanted = start_element or "without a message, timer or signal"
            raise StepFailed("called_element_error", f"The process {self.bpmn_id} has no start event {wanted}.")
        return start

    def begin(self, token: Token, variables: Mapping[str, Any], start_element: str | None) -> None:
        """Start at the named start event (which gets the variables), else at the none start event."""
        start = self.start_for(start_element)
        if start.event.kind == "none" or not start.output_mappings:
            for name, value in variables.items():
                scopes.write_local(token, name, value)
            variables = {}
        token.memo["start"] = start.bpmn_id
        token.result = dict(variables)
        token.runner.run_now(token)

    def act(self, token: Token) -> None:
        if not token.memo.get("open"):
            self.listen(token)
            token.memo["open"] = True
        token.runner.create(self.starts[token.memo.pop("start")], token, result=token.result)

    def finish(self, token: Token) -> None:
        token.complete()

    def _on_complete_hook(self, my_task: Token) -> None:
        close_waits(my_task)
        instance = my_task.workflow
        my_task.runner.end_instance(instance, "completed")
        if instance.caller is not None:
            instance.caller.called = None
            my_task.runner.finish(instance.caller, instance.caller.task_spec.answer(my_task.variables))


class SubProcess(Container):
    element_type: ClassVar[str] = "subProcess"


class Transaction(SubProcess):
    """A sub-process that a cancel end event inside can take back as a whole (engine.spiff.runner.transactions)."""

    element_type: ClassVar[str] = "transaction"


class EventSubProcess(Container):
    """Started by its start event, any number of times when it does not interrupt."""

    element_type: ClassVar[str] = "eventSubProcess"
    shares_what_is_done: ClassVar[bool] = True

    @property
    def start(self) -> StartEvent:
        return next(iter(self.starts.values()))

    @property
    def is_compensation(self) -> bool:
        """It undoes the sub-process it stands in, once that has completed."""
        return any(start.event.kind == "compensation" for start in self.starts.values())

    def trigger(self, scope: Token, variables: Mapping[str, Any]) -> None:
        runner = scope.runner
        if self.start.interrupting:
            scope.memo["interrupted"] = True
            for key in list(scope.waits):
                wait = runner.waits[key]
                if isinstance(wait.spec, StartEvent):
                    close_wait(wait)
            runner.terminate_inside(scope, INTERRUPTED.format(self.bpmn_id))
        runner.create(self, scope, memo={"event": dict(variables)})

    def act(self, token: Token) -> None:
        if not token.memo.get("open"):
            self.listen(token)
            token.memo["open"] = True
        token.runner.create(self.start, token, result=token.memo.pop("event"))


class CallActivity(Element):
    """Runs another process as an instance of its own."""

    element_type: ClassVar[str] = "callActivity"
    call: CallDefinition

    def act(self, token: Token) -> None:
        kind = "called_element_error"
        process_id = evaluate.text(token, self.call.process_id, kind, "process id")
        with failing(kind):
            key = token.runner.host.called_process(process_id, self.call.binding, token.workflow.model)
        visible = token.visible() if self.call.propagate_all_parent_variables else token.variables
        token.called = token.runner.start_instance(key, token, stored_variables(visible))

    def answer(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        return variables if self.call.propagate_all_child_variables or self.output_mappings else {}
