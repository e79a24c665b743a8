"""A host in memory and a case to drive: what the store and the commands do, in a few lines."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import NotFound
from engine.events import (
    ConditionAwaited,
    ConditionsEvaluated,
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    Event,
    FlowTaken,
    IncidentRaised,
    IncidentResolved,
    InstanceEnded,
    InstanceStarted,
    JobCreated,
    MessageAwaited,
    SignalAwaited,
    SignalThrown,
    TimerScheduled,
    UserTaskCreated,
    VariableWritten,
    WaitEnded,
)
from engine.feel import Feel
from engine.spiff import Binding, DecisionResult, Execution, ProcessModel, parse

ZONE = dt.timezone(dt.timedelta(hours=8))
FEEL = Feel()


class Office:
    """Deployed processes, operations and a clock."""

    def __init__(self) -> None:
        self.feel = FEEL
        self.time = dt.datetime(2026, 3, 2, 9, tzinfo=ZONE)
        self.keys = itertools.count(1000)
        self.deployed: dict[int, ProcessModel] = {}
        self.latest: dict[str, int] = {}
        self.operations: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {}
        self.decisions: dict[str, Callable[[Mapping[str, Any]], Any]] = {}
        self.missing_forms: set[str] = set()
        self.bindings: list[Binding] = []
        self.headers: list[Mapping[str, str]] = []

    def deploy(self, content: bytes) -> ProcessModel:
        for model in parse(content, file="test.bpmn", feel=self.feel):
            model.definition_key = len(self.deployed) + 1
            self.deployed[model.definition_key] = model
            self.latest[model.id] = model.definition_key
        return model

    def now(self) -> dt.datetime:
        return self.time

    def new_key(self) -> int:
        return next(self.keys)

    def process(self, definition_key: int) -> ProcessModel:
        return self.deployed[definition_key]

    def called_process(self, process_id: str, binding: Binding, caller: ProcessModel) -> int:
        self.bindings.append(binding)
        if process_id not in self.latest:
            raise NotFound(kind="process", key=process_id)
        return self.latest[process_id]

    def form(self, form_id: str, binding: Binding, caller: ProcessModel) -> int | None:
        self.bindings.append(binding)
        return None if form_id in self.missing_forms else 7

    def decision(self, decision_id: str, binding: Binding, caller: ProcessModel, inputs: Mapping[str, Any]) -> DecisionResult:
        self.bindings.append(binding)
        if decision_id not in self.decisions:
            raise NotFound(kind="decision", key=decision_id)
        return DecisionResult(5, 1, self.decisions[decision_id](inputs), {"decision": decision_id, "inputs": dict(inputs)})

    def is_operation(self, job_type: str) -> bool:
        return job_type in self.operations

    def perform(self, operation: str, inputs: Any, headers: Any, *, instance_key: int, element_id: str, element_key: int) -> Any:
        self.headers.append(headers)
        return self.operations[operation](inputs)


class Case:
    """One root instance; ``stored`` drops it from memory before every step."""

    def __init__(self, office: Office, stored: bool) -> None:
        self.office = office
        self.stored = stored
        self.events: list[Event] = []
        self.waits: dict[int, Event] = {}
        self.tasks: dict[int, UserTaskCreated] = {}
        self.jobs: dict[int, JobCreated] = {}
        self.incidents: dict[int, IncidentRaised] = {}
        self.values: dict[int, dict[str, Any]] = {}
        self.execution: Execution

    def start(self, process_id: str = "p", start_element: str | None = None, /, **variables: Any) -> Case:
        key = self.office.latest[process_id]
        self.execution = Execution.start(self.office, key, variables, start_element=start_element)
        self._gather()
        return self

    # steps

    def complete(self, element_id: str, /, nth: int = 0, **variables: Any) -> Case:
        key = [task.element_key for task in self.tasks.values() if task.element_id == element_id][nth]
        return self.do(lambda run: run.complete_user_task(key, variables))

    def complete_job(self, element_id: str, /, **variables: Any) -> Case:
        key = next(job.element_key for job in self.jobs.values() if job.element_id == element_id)
        return self.do(lambda run: run.complete_job(key, variables))

    def fire(self, element_id: str) -> Case:
        """Let the clock reach the timer and fire it."""
        wait = next(w for w in self.waits.values() if isinstance(w, TimerScheduled) and w.element_id == element_id)
        self.office.time = max(self.office.time, wait.due_at)
        return self.do(lambda run: run.fire_timer(wait.element_key))

    def message(self, name: str, key: str = "k", /, **variables: Any) -> Case:
        wait = next(
            w for w in self.waits.values() if isinstance(w, MessageAwaited) and (w.message_name, w.correlation_key) == (name, key)
        )
        return self.do(lambda run: run.deliver_message(wait.element_key, variables))

    def signal(self, name: str, /, **variables: Any) -> Case:
        for wait in [w for w in self.waits.values() if isinstance(w, SignalAwaited) and w.signal_name == name]:
            if wait.element_key in self.waits:
                self.do(lambda run, wait=wait: run.deliver_signal(wait.element_key, variables))
        return self

    def retry(self, element_id: str) -> Case:
        key = next(i.element_key for i in self.incidents.values() if i.element_id == element_id)
        return self.do(lambda run: run.retry(key))

    def do(self, step: Callable[[Execution], None]) -> Case:
        if self.stored:
            self.execution = Execution.load(self.office, self.execution.snapshot())
        step(self.execution)
        self._gather()
        return self

    # what can be seen

    @property
    def open(self) -> list[str]:
        """Ids of open user tasks, in the order of their creation."""
        return [task.element_id for task in self.tasks.values()]

    @property
    def state(self) -> str:
        return self.execution.state

    def task(self, element_id: str) -> UserTaskCreated:
        return next(task for task in self.tasks.values() if task.element_id == element_id)

    def local(self, element_id: str, nth: int = 0) -> dict[str, Any]:
        key = [task.element_key for task in self.tasks.values() if task.element_id == element_id][nth]
        return self.execution.variables(key)

    @property
    def variables(self) -> dict[str, Any]:
        """What was last written to the root instance, also after its end."""
        return self.values.get(self.execution.root_key, {})

    def completed(self) -> list[str]:
        return [e.element_id for e in self.events if isinstance(e, ElementCompleted)]

    def terminated(self) -> list[str]:
        return [e.element_id for e in self.events if isinstance(e, ElementTerminated)]

    def flows(self) -> list[str]:
        return [e.element_id for e in self.events if isinstance(e, FlowTaken)]

    def conditions(self) -> list[ConditionsEvaluated]:
        return [e for e in self.events if isinstance(e, ConditionsEvaluated)]

    def outcomes(self) -> list[tuple[int, str]]:
        return [(e.instance_key, e.outcome) for e in self.events if isinstance(e, InstanceEnded)]

    def instances(self) -> list[InstanceStarted]:
        return [e for e in self.events if isinstance(e, InstanceStarted)]

    def waiting_for(self) -> list[str]:
        return sorted(wait.element_id for wait in self.waits.values())

    def incident(self) -> IncidentRaised:
        (found,) = self.incidents.values()
        return found

    # inside

    def _gather(self) -> None:
        new = self.execution.drain()
        self.events += new
        for event in new:
            self._keep(event)
        for event in new:
            if isinstance(event, SignalThrown):
                self.signal(event.signal_name, **event.variables)
        self._check()

    def _keep(self, event: Event) -> None:
        key = event.element_key
        if isinstance(event, UserTaskCreated):
            self.tasks[key] = event
        elif isinstance(event, JobCreated):
            self.jobs[key] = event
        elif isinstance(event, (TimerScheduled, MessageAwaited, SignalAwaited, ConditionAwaited)):
            self.waits[key] = event
        elif isinstance(event, WaitEnded):
            del self.waits[key]
        elif isinstance(event, IncidentRaised):
            self.incidents[key] = event
        elif isinstance(event, IncidentResolved):
            del self.incidents[key]
        elif isinstance(event, VariableWritten):
            self.values.setdefault(event.scope_key, {})[event.name] = event.value
        elif isinstance(event, (ElementCompleted, ElementTerminated)):
            for kept in (self.tasks, self.jobs, self.incidents):
                kept.pop(key, None)

    def _check(self) -> None:
        """What the events say is alive is what the runner holds, and it survives being stored."""
        ended = {e.element_key for e in self.events if isinstance(e, (ElementCompleted, ElementTerminated))}
        alive = {e.element_key for e in self.events if isinstance(e, ElementActivated)} - ended
        held = set(self.execution._runner.tokens) - set(self.execution._runner.instances)
        assert held == alive
        assert set(self.execution._runner.waits) == set(self.waits)
        assert self.state != "active" or held
