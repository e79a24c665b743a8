"""Keeps what a run reports, step by step, and knows what is open now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from engine import events
from engine.sandbox.played import (
    Awaited,
    Chosen,
    Decided,
    FlowTaken,
    Incident,
    Instance,
    Job,
    Task,
    Thrown,
    Timer,
    Visit,
    Written,
)


class Trace:
    """``main`` is the key of the instance of the process the case is about."""

    def __init__(self, process_id: str, begins: dt.datetime) -> None:
        self._process_id = process_id
        self.step, self.at = 0, begins
        self.main = 0
        self.instances: dict[int, Instance] = {}
        self.visits: dict[int, Visit] = {}
        self.flows: list[FlowTaken] = []
        self.tasks: dict[int, Task] = {}
        self.timers: list[Timer] = []
        self.decisions: list[Decided] = []
        self.choices: list[Chosen] = []
        self.written: list[Written] = []
        self.thrown: list[Thrown] = []
        self.incidents: dict[int, Incident] = {}
        self.variables: dict[int, dict[str, Any]] = {}
        self.open_timers: dict[int, Timer] = {}
        self.awaited: dict[int, Awaited] = {}
        self.jobs: dict[int, Job] = {}
        self.messages: list[events.MessageThrown] = []  # nobody in the run has taken them yet
        self.signals: list[events.SignalThrown] = []

    def take(self, event: events.Event) -> None:
        match event:
            case events.InstanceStarted() | events.InstanceEnded():
                self._instance(event)
            case events.ElementActivated() | events.ElementCompleted() | events.ElementTerminated():
                self._element(event)
            case events.FlowTaken():
                self.flows.append(FlowTaken(self.step, self._of(event), event.element_id, event.target_id))
            case events.UserTaskCreated():
                self._task(event)
            case events.JobCreated():
                self.jobs[event.element_key] = Job(
                    self._of(event), event.element_id, event.element_key, event.job_type, event.variables
                )
            case events.VariableWritten():
                self._variable(event)
            case events.DecisionEvaluated() | events.ConditionsEvaluated():
                self._reason(event)
            case events.IncidentRaised():
                self.incidents[event.element_key] = Incident(
                    self.step, self._of(event), event.element_id, event.element_key, event.kind, event.message
                )
            case events.IncidentResolved():
                self.incidents.pop(event.element_key, None)
            case _:
                self._wait(event)

    def _of(self, event: events.Event) -> str:
        return self.instances[event.instance_key].process

    def _instance(self, event: events.InstanceStarted | events.InstanceEnded) -> None:
        if isinstance(event, events.InstanceEnded):
            return
        parent = (event.parent_instance_key, event.parent_element_key)
        self.instances[event.instance_key] = Instance(event.instance_key, event.process_id, *parent)
        if event.process_id == self._process_id and not self.main:
            self.main = event.instance_key

    def _element(self, event: events.ElementActivated | events.ElementCompleted | events.ElementTerminated) -> None:
        key = event.element_key
        if isinstance(event, events.ElementActivated):
            self.visits[key] = Visit(
                self.step,
                self.at,
                self._of(event),
                event.instance_key,
                event.element_id,
                key,
                event.element_type,
                event.name,
                event.scope_key,
            )
            return
        outcome = "completed" if isinstance(event, events.ElementCompleted) else "terminated"
        if (visit := self.visits.get(key)) is not None:
            visit.outcome, visit.ended_at, visit.ended_step = outcome, self.at, self.step
        if (task := self.tasks.get(key)) is not None and task.outcome == "active":
            task.outcome, task.ended_at = outcome, self.at
        self.jobs.pop(key, None)
        self.incidents.pop(key, None)

    def _task(self, event: events.UserTaskCreated) -> None:
        self.tasks[event.element_key] = Task(
            step=self.step,
            at=self.at,
            process=self._of(event),
            instance_key=event.instance_key,
            element_id=event.element_id,
            key=event.element_key,
            name=event.name,
            assignee=event.assignee,
            candidate_groups=event.candidate_groups,
            candidate_users=event.candidate_users,
            due=event.due,
            follow_up=event.follow_up,
            priority=event.priority,
            form_id=event.form_id,
        )

    def _variable(self, event: events.VariableWritten) -> None:
        scope = self.variables.setdefault(event.scope_key, {})
        before, is_new = scope.get(event.name), event.name not in scope
        scope[event.name] = event.value
        self.written.append(Written(self.step, event.scope_key, event.name, before, event.value, is_new))

    def _reason(self, event: events.DecisionEvaluated | events.ConditionsEvaluated) -> None:
        place = (self.step, self.at, self._of(event), event.element_id)
        if isinstance(event, events.ConditionsEvaluated):
            self.choices.append(Chosen(*place, event.conditions, event.taken))
        else:
            self.decisions.append(Decided(*place, event.element_key, event.decision_id, event.output, event.explanation))

    def _wait(self, event: events.Event) -> None:
        key = event.element_key
        match event:
            case events.TimerScheduled():
                self._close_timer(key, "fired")
                timer = Timer(self.step, self.at, self._of(event), event.element_id, key, event.due_at, event.repetitions_left)
                self.timers.append(timer)
                self.open_timers[key] = timer
            case events.MessageAwaited():
                self.awaited[key] = Awaited(
                    self._of(event), event.element_id, key, "message", event.message_name, event.correlation_key
                )
            case events.SignalAwaited():
                self.awaited[key] = Awaited(self._of(event), event.element_id, key, "signal", event.signal_name, None)
            case events.WaitEnded():
                self._close_timer(key, "withdrawn")
                self.awaited.pop(key, None)
            case _:
                self._throw(event)

    def firing(self, key: int) -> None:
        """The timer ``key`` fires now."""
        self._close_timer(key, "fired")

    def _close_timer(self, key: int, outcome: str) -> None:
        timer = self.open_timers.pop(key, None)
        if timer is not None and timer.outcome == "active":
            timer.outcome, timer.ended_at = outcome, self.at

    def _throw(self, event: events.Event) -> None:
        match event:
            case events.MessageThrown():
                self.messages.append(event)
                self.thrown.append(
                    Thrown(
                        self.step,
                        self._of(event),
                        event.element_id,
                        "message",
                        event.message_name,
                        event.correlation_key,
                        variables=event.variables,
                    )
                )
            case events.SignalThrown():
                self.signals.append(event)
                place = (self.step, self._of(event), event.element_id)
                self.thrown.append(Thrown(*place, "signal", event.signal_name, variables=event.variables))
            case events.ErrorThrown():
                place = (self.step, self._of(event), event.element_id)
                self.thrown.append(Thrown(*place, "error", event.error_code, message=event.message, caught_by=event.caught_by))
