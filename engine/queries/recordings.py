"""Past instances of a process as recordings: read from the history alone, so what ran on any version can be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import (
    Comparisons,
    HistoryEntry,
    Page,
    ProcessInstance,
    RecordedDecision,
    RecordedInput,
    RecordedTask,
    Recording,
)
from engine.queries import instances
from engine.queries.paging import Cut
from engine.store import reading
from engine.store.tables import history as single
from engine.store.tables import history_record as record

ENDED = ("completed", "terminated")
BY_HAND = frozenset({"user_task_returned", "user_task_kept", "variables_set", "instance_modified", "instance_migrated",
                     "migration_undone", "job_canceled"})  # fmt: skip
DOES_WORK = frozenset({"serviceTask", "sendTask", "businessRuleTask", "scriptTask"})


def recordings(
    session: Session,
    process_id: str,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    business_key: str | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """Ended instances that began from ``since`` to before ``until``, the newest first. ``business_key``: part of it."""
    found = instances.instances(
        session, Cut("-started", limit, after, counted=False), **_which(process_id, since, until, business_key)
    )
    return Page(tuple(recording(session, one) for one in found), found.total, found.after, found.is_least)


def recorded(
    session: Session,
    process_id: str,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    business_key: str | None = None,
) -> int:
    """How many there are; beyond ``paging.COUNTED_UP_TO`` nobody counts."""
    return instances.instances(session, Cut("-started", 1), **_which(process_id, since, until, business_key)).total


def _which(process_id: str, since: dt.datetime | None, until: dt.datetime | None, business_key: str | None) -> dict[str, Any]:
    tests = [("gte", since)] if since else []
    tests += [("lt", until)] if until else []
    return {
        "process_id": process_id,
        "state": Comparisons((("in", ENDED),)),
        "started_at": Comparisons(tuple(tests)) if tests else None,
        "business_key": Comparisons((("like", f"*{_literal(business_key)}*"),)) if business_key else None,
    }


def recording(session: Session, instance: ProcessInstance) -> Recording:
    """One instance, as the history of its case tells it."""
    tape = _Tape(instance.key)
    for entry in _history(session, instance.root_key):
        tape.take(entry)
    return tape.recording(instance)


def _literal(text: str) -> str:
    """Stars and question marks mean themselves."""
    return "".join(f"\\{sign}" if sign in "*?\\" else sign for sign in text)


def _history(session: Session, root_key: int) -> Iterator[HistoryEntry]:
    for row in session.execute(select(*reading.HISTORY).where(single.c.root_key == root_key).order_by(single.c.seq)):
        yield reading.history(row)
    for row in session.execute(select(*reading.RECORD).where(record.c.root_key == root_key).order_by(record.c.seq)):
        yield from reading.entries(row)


class _Tape:
    """Collects what concerns one instance from the history of its case."""

    def __init__(self, key: int) -> None:
        self.key = key
        self.start: str | None = None
        self.variables: dict[str, Any] = {}
        self.inputs: list[RecordedInput] = []
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.path: list[str] = []
        self.flows: list[str] = []
        self.decisions: list[RecordedDecision] = []
        self.by_hand: list[str] = []
        self._tasks: dict[int, RecordedTask] = {}
        self._types: dict[int, str] = {}
        self._jobs: dict[int, str] = {}  # elements whose work is done outside: its type
        self._called: dict[int, _Called] = {}
        self._thrown: list[tuple[str, str]] = []  # messages of its own, on their way back to it

    def take(self, entry: HistoryEntry) -> None:
        if entry.kind == "instance_started" and entry.data.get("parent_instance_key") == self.key:
            self._called[entry.instance_key] = _Called(entry.data["process_id"])
        if entry.instance_key in self._called:
            self._take_called(self._called[entry.instance_key], entry)
        if entry.instance_key != self.key:
            return
        if entry.kind in BY_HAND:
            self.by_hand.append(entry.kind)
        take = _TAKES.get(entry.kind)
        if take is not None:
            take(self, entry)

    def _take_called(self, called: _Called, entry: HistoryEntry) -> None:
        if entry.kind == "variables_written" and entry.data["scope_key"] == entry.instance_key:
            called.variables.update(entry.data["values"])
        elif entry.kind == "error_thrown":
            called.error, called.failed_at = entry.data["error_code"], entry.at
        elif entry.kind == "instance_ended":
            completed = entry.data["outcome"] == "completed"
            failed = not completed and called.failed_at == entry.at  # not when its caller was interrupted later
            if completed or failed:
                self._input(entry, "job", called.process_id, called.variables, error=called.error if failed else None)

    def recording(self, instance: ProcessInstance) -> Recording:
        return Recording(
            instance_key=instance.key,
            root_key=instance.root_key,
            process_id=instance.process_id,
            definition_key=instance.definition_key,
            version=instance.version,
            business_key=instance.business_key,
            started_at=instance.started_at,
            ended_at=instance.ended_at,
            outcome=instance.state,
            start=self.start,
            variables=self.variables,
            inputs=tuple(self.inputs),
            answers={element: tuple(given) for element, given in self.answers.items()},
            called=frozenset(called.process_id for called in self._called.values()),
            path=tuple(self.path),
            flows=tuple(self.flows),
            decisions=tuple(self.decisions),
            tasks=tuple(self._tasks.values()),
            interventions=tuple(dict.fromkeys(self.by_hand)),
        )

    def _input(self, entry: HistoryEntry, kind: str, element: str, values: dict[str, Any], **more: Any) -> None:
        self.inputs.append(RecordedInput(entry.at, kind, element, dict(values), **more))

    # one method for each kind of entry that tells something

    def variables_written(self, entry: HistoryEntry) -> None:
        if not self.path and entry.data["scope_key"] == self.key:
            self.variables.update(entry.data["values"])

    def element_activated(self, entry: HistoryEntry) -> None:
        self.path.append(entry.element_id)
        self._types[entry.element_key] = entry.data["element_type"]

    def flow_taken(self, entry: HistoryEntry) -> None:
        self.flows.append(entry.element_id)

    def user_task_created(self, entry: HistoryEntry) -> None:
        told = entry.data
        due = None if told["due"] is None else reading.moment(told["due"])
        groups = tuple(told["candidate_groups"])
        self._tasks[entry.element_key] = RecordedTask(entry.element_id, entry.at, due, told["assignee"], groups, None, None)

    def user_task_completed(self, entry: HistoryEntry) -> None:
        known = self._tasks.get(entry.element_key)
        who = known.assignee if known and known.assignee else entry.actor
        self._input(entry, "task", entry.element_id, entry.data["values"], who=who)
        if known is not None:
            self._tasks[entry.element_key] = replace(known, completed_at=entry.at, completed_by=entry.actor)

    def operation_performed(self, entry: HistoryEntry) -> None:
        self.answers.setdefault(entry.element_id, []).append(entry.data["output"])

    def error_thrown(self, entry: HistoryEntry) -> None:
        """At a task: its operation gave a business error."""
        if self._types.get(entry.element_key) in DOES_WORK and entry.element_key not in self._jobs:
            said = {"error": entry.data["error_code"], "message": entry.data["message"]}
            self.answers.setdefault(entry.element_id, []).append(said)

    def decision_evaluated(self, entry: HistoryEntry) -> None:
        told = entry.data
        tables = told["explanation"].get("tables", ())
        rules = tuple((table["id"], rule["id"]) for table in tables for rule in table["matched"])
        self.decisions.append(RecordedDecision(entry.element_id, told["decision_id"], told["decision_key"], rules))

    def job_created(self, entry: HistoryEntry) -> None:
        self._jobs[entry.element_key] = entry.data["job_type"]

    def job_completed(self, entry: HistoryEntry) -> None:
        name = self._jobs.get(entry.element_key, "")
        self._input(entry, "job", entry.element_id, entry.data["variables"], name=name)

    def job_error_thrown(self, entry: HistoryEntry) -> None:
        name = self._jobs.setdefault(entry.element_key, "")
        self._input(entry, "job", entry.element_id, entry.data["variables"], name=name, error=entry.data["error_code"])

    def message_thrown(self, entry: HistoryEntry) -> None:
        self._thrown.append((entry.data["message_name"], str(entry.data["correlation_key"])))

    def message_correlated(self, entry: HistoryEntry) -> None:
        name, key = entry.data["message"], str(entry.data["correlation_key"])
        if not self.path:
            self.start = entry.element_id
        elif (name, key) in self._thrown:  # the run passes it on by itself
            self._thrown.remove((name, key))
        else:
            self._input(entry, "message", entry.element_id, entry.data["variables"], name=name, key=key)

    def signal_received(self, entry: HistoryEntry) -> None:
        if not self.path:
            self.start = entry.element_id
        else:
            self._input(entry, "signal", entry.element_id, entry.data["variables"], name=entry.data["signal"])

    def timer_fired(self, entry: HistoryEntry) -> None:
        """Time passes again by itself; only what began the case is told."""
        if not self.path:
            self.start = entry.element_id


class _Called:
    def __init__(self, process_id: str) -> None:
        self.process_id = process_id
        self.variables: dict[str, Any] = {}
        self.error: str | None = None
        self.failed_at: dt.datetime | None = None


_TAKES: dict[str, Callable[[_Tape, HistoryEntry], None]] = {
    take.__name__: take
    for take in (
        _Tape.variables_written,
        _Tape.element_activated,
        _Tape.flow_taken,
        _Tape.user_task_created,
        _Tape.user_task_completed,
        _Tape.operation_performed,
        _Tape.error_thrown,
        _Tape.decision_evaluated,
        _Tape.job_created,
        _Tape.job_completed,
        _Tape.job_error_thrown,
        _Tape.message_thrown,
        _Tape.message_correlated,
        _Tape.signal_received,
        _Tape.timer_fired,
    )
}
