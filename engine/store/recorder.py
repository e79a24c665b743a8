"""From what a run reports to the rows that keep it, in the order things happened."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable
from functools import singledispatch
from typing import Any, TypeAlias

from engine import events
from engine.model import Definition
from engine.store.case import Case, OpenIncident, RunningInstance
from engine.store.chain import Fact, moment_text, records
from engine.store.changes import Changes
from engine.store.rows import (
    element_row,
    incident_row,
    instance_row,
    job_row,
    opened_task,
    subscription_row,
    task_row,
    timer_row,
    variable_row,
)

HAVE_JOBS = {"serviceTask", "sendTask", "businessRuleTask", "scriptTask", "endEvent", "intermediateThrowEvent"}


class Recorder:
    """Collects the rows of one command on one case. ``now`` is the moment of all of them."""

    def __init__(
        self,
        case: Case,
        *,
        now: dt.datetime,
        actor: str,
        new_key: Callable[[], int],
        definition: Callable[[int], Definition],
        effects: Collection[str] = (),
    ) -> None:
        self.case = case
        self.changes = Changes()
        self.facts: list[Fact] = []
        self.now = now
        self.at = moment_text(now)
        self.actor = actor
        self.thrown: list[events.MessageThrown | events.SignalThrown] = []
        self.listening: dict[int, list[int]] = {}  # by id() of a thrown signal: waits opened by this command before it
        self.thrown_messages: list[int] = []  # keys, once kept
        self.signal_deliveries: list[int] = []
        self.awaited: list[events.MessageAwaited] = []
        self.job_of_incident: dict[int, int] = {}  # element key → the job whose failure stopped it
        self.effect_jobs: list[int] = []  # to be enqueued in the same transaction
        self.new_key = new_key
        self.definition = definition
        self.effects = effects
        self.ended: set[int] = set()  # instances; forgotten last, since an effect may still be asked for on their behalf

    def record(self, happened: Iterable[events.Event]) -> None:
        """Keep the events' rows, and an entry of the history for each (variables of one scope share one)."""
        values: dict[str, Any] = {}
        scope_key = 0
        for event in happened:
            kind, fields, keep = _TOLD.get(type(event)) or _told(type(event))
            if keep is not None:
                keep(event, self)
            if type(event) is not events.VariableWritten:
                values, scope_key = {}, 0
                data = {name: getattr(event, name) for name in fields}
            elif event.scope_key == scope_key:
                values[event.name] = event.value
                continue
            else:
                values, scope_key = {event.name: event.value}, event.scope_key
                kind, data = "variables_written", {"scope_key": scope_key, "values": values}
            self.facts.append((kind, event.instance_key, event.element_id, event.element_key, data))

    def finish(self) -> None:
        """Nothing more will be recorded: what was noted takes its place in the chain."""
        self.changes.history = [*records(self.case.head, self.case.root_key, self.at, self.actor, self.facts)]
        for key in self.ended:
            self.case.instances.pop(key, None)

    def note(self, kind: str, data: dict[str, Any], *, instance_key: int = 0, element_id: str = "", element_key: int = 0) -> None:
        """An entry of the history."""
        self.facts.append((kind, instance_key or self.case.root_key, element_id, element_key, data))

    def close(self, element_key: int, state: str, task_state: str) -> None:
        self.changes.elements.change(element_key, state=state, ended_at=self.at)
        if self.case.tasks.pop(element_key, None):
            completed_by = self.actor if state == "completed" else None
            self.changes.tasks.change(element_key, state=task_state, ended_at=self.at, completed_by=completed_by)
        for incident in self.case.incidents_at(element_key):
            self.resolve(incident)

    def cancel_jobs(self, element_key: int) -> None:
        for row in self.changes.jobs.new.values():
            if row["element_key"] == element_key and row["state"] == "created":
                row.update(state="canceled", ended_at=self.at)
        self.changes.canceled_jobs_of.add(element_key)

    def add_job(self, event: events.JobCreated, *, is_effect: bool, is_detached: bool = False) -> int:
        """``is_detached``: an operation asked for it and no token waits for it. Returns the job's key."""
        key = self.new_key()
        self.changes.jobs.add(key, job_row(key, event, self.case, self.at, is_effect=is_effect, is_detached=is_detached))
        if is_effect:
            self.effect_jobs.append(key)
        return key

    def raise_incident(self, event: events.IncidentRaised, job_key: int | None = None, *, stops_token: bool = True) -> None:
        """An incident the runner knows nothing of: a job without retries, a timer that cannot fire."""
        self.open_incident(event, job_key, stops_token=stops_token)
        self.note(
            "incident_raised",
            {"kind": event.kind, "message": event.message},
            instance_key=event.instance_key,
            element_id=event.element_id,
            element_key=event.element_key,
        )

    def open_incident(self, event: events.IncidentRaised, job_key: int | None = None, *, stops_token: bool = True) -> None:
        key = self.new_key()
        self.case.incidents[key] = OpenIncident(key, event.instance_key, event.element_key, event.element_id, job_key, event.kind)
        self.changes.incidents.add(key, incident_row(key, event, self.case, self.at, job_key))
        if stops_token:
            self.changes.elements.change(event.element_key, state="incident")
        self._mark_instances(event.instance_key)

    def resolve(self, incident: OpenIncident) -> None:
        del self.case.incidents[incident.key]
        self.changes.incidents.change(incident.key, state="resolved", resolved_at=self.at)
        self._mark_instances(incident.instance_key)

    def _mark_instances(self, instance_key: int) -> None:
        """An instance with an active incident says so, and so does its root."""
        troubled = any(incident.instance_key == instance_key for incident in self.case.incidents.values())
        if self.case.root_key not in self.ended:
            self.case.state = "incident" if self.case.incidents else "active"
        for key, state in ((instance_key, "incident" if troubled else "active"), (self.case.root_key, self.case.state)):
            if key in self.case.instances and key not in self.ended:
                self.changes.instances.change(key, state=state)


@singledispatch
def _keep(event: events.Event, recorder: Recorder) -> None:
    """Flows, conditions, decisions, operations and errors are history only."""


@_keep.register
def _(event: events.InstanceStarted, recorder: Recorder) -> None:
    definition = recorder.definition(event.definition_key)
    recorder.case.instances[event.instance_key] = RunningInstance(
        event.instance_key, event.definition_key, event.process_id, definition.version
    )
    recorder.changes.instances.add(event.instance_key, instance_row(event, recorder.case, definition, recorder.at))


@_keep.register
def _(event: events.InstanceEnded, recorder: Recorder) -> None:
    recorder.ended.add(event.instance_key)
    recorder.changes.instances.change(event.instance_key, state=event.outcome, ended_at=recorder.at)
    if event.instance_key == recorder.case.root_key:
        recorder.case.state = event.outcome


@_keep.register
def _(event: events.ElementActivated, recorder: Recorder) -> None:
    recorder.changes.elements.add(event.element_key, element_row(event, recorder.case, recorder.at))


@_keep.register
def _(event: events.ElementCompleted, recorder: Recorder) -> None:
    recorder.close(event.element_key, "completed", "completed")


@_keep.register
def _(event: events.ElementTerminated, recorder: Recorder) -> None:
    recorder.close(event.element_key, "terminated", "canceled")
    if event.element_type in HAVE_JOBS:
        recorder.cancel_jobs(event.element_key)


@_keep.register
def _(event: events.VariableWritten, recorder: Recorder) -> None:
    known = recorder.changes.variables.get((event.scope_key, event.name))
    key = known["key"] if known else recorder.new_key()
    recorder.changes.variables[event.scope_key, event.name] = variable_row(event, recorder.case, key)


@_keep.register
def _(event: events.UserTaskCreated, recorder: Recorder) -> None:
    task = opened_task(event, recorder.case, recorder.now)
    recorder.case.tasks[task.key] = task
    recorder.changes.tasks.add(task.key, task_row(task))


@_keep.register
def _(event: events.TimerScheduled, recorder: Recorder) -> None:
    recorder.changes.timers.begin(event.element_key, timer_row(event, recorder.case))


@_keep.register
def _(event: events.MessageAwaited, recorder: Recorder) -> None:
    recorder.changes.subscriptions.begin(event.element_key, subscription_row(event, recorder.case, recorder.at))
    recorder.awaited.append(event)


@_keep.register
def _(event: events.SignalAwaited, recorder: Recorder) -> None:
    recorder.changes.subscriptions.begin(event.element_key, subscription_row(event, recorder.case, recorder.at))


@_keep.register
def _(event: events.WaitEnded, recorder: Recorder) -> None:
    recorder.changes.timers.end(event.element_key)
    recorder.changes.subscriptions.end(event.element_key)


@_keep.register
def _(event: events.MessageThrown, recorder: Recorder) -> None:
    recorder.thrown.append(event)


@_keep.register
def _(event: events.SignalThrown, recorder: Recorder) -> None:
    recorder.thrown.append(event)
    opened = recorder.changes.subscriptions.begun.values()
    recorder.listening[id(event)] = [
        row["element_key"] for row in opened if (row["kind"], row["name"]) == ("signal", event.signal_name)
    ]


@_keep.register
def _(event: events.JobCreated, recorder: Recorder) -> None:
    recorder.add_job(event, is_effect=event.job_type in recorder.effects)


@_keep.register
def _(event: events.IncidentRaised, recorder: Recorder) -> None:
    recorder.open_incident(event, recorder.job_of_incident.get(event.element_key))


@_keep.register
def _(event: events.IncidentResolved, recorder: Recorder) -> None:
    for incident in recorder.case.incidents_at(event.element_key):
        recorder.resolve(incident)
    recorder.changes.elements.change(event.element_key, state="active")


_Keeper: TypeAlias = Callable[[Any, Recorder], None]
_PLACE = {"instance_key", "element_key", "element_id"}  # an entry of the history has them apart
_TOLD: dict[type[events.Event], tuple[str, tuple[str, ...], _Keeper | None]] = {}


def _told(kind: type[events.Event]) -> tuple[str, tuple[str, ...], _Keeper | None]:
    """What an entry calls such an event, which of its fields it holds, and what else is kept of it."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    fields = tuple(field.name for field in dataclasses.fields(kind) if field.name not in _PLACE)
    keeper = _keep.dispatch(kind)
    found = _TOLD[kind] = (name, fields, None if keeper is _keep.dispatch(events.Event) else keeper)
    return found
