"""A recorded case once more: what people, operations and the outside gave then, given again to whoever asks for it now.

Unlike a case, a script names no order of its own: every answer waits for its element to ask. Over the files it was recorded on
it goes as it went. Over others it goes elsewhere where those say so, and stops with what it needs where they ask something new.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.sandbox.case import Case
from engine.sandbox.limits import Stopped
from engine.sandbox.played import Stop, Task
from engine.sandbox.run import Run
from engine.sandbox.stand_ins import STUB
from engine.sandbox.steps import check_form, deliver, finish_job, signal

TASK, MESSAGE, SIGNAL, JOB = "task", "message", "signal", "job"


@dataclass(frozen=True)
class Entry:
    """One thing that came from outside, at its time.

    ``element``: of a task or job its element id (of a called process left ``waits``, the process id). ``name`` and ``key``: of a
    message; ``name`` of a signal. ``who``: picks among several open tasks of the element the one this person may do.
    """

    at: dt.datetime
    kind: str
    element: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    key: str = ""
    error: str | None = None
    who: str | None = None


@dataclass(frozen=True)
class Script:
    """``answers``: what operations answered, by element id in the order of the calls; ``stubs``: by called process.

    ``assumed``: values for tasks the recording does not know, by element id, and for fields it lacks in those it knows.
    ``forms``: let the forms check what is entered; False takes recorded values as they are.
    ``until``: the clock at the end; ``open``: element ids of the tasks that were open then.
    """

    process: str
    clock: dt.datetime
    variables: Mapping[str, Any] = field(default_factory=dict)
    start: str | None = None
    entries: tuple[Entry, ...] = ()
    answers: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    operations: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, Any] = field(default_factory=dict)
    assumed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    forms: bool = True
    only_given: bool = True
    until: dt.datetime | None = None
    open: tuple[str, ...] = ()
    name: str = ""

    def case(self) -> Case:
        """The case that begins as this script does; its steps come from following it."""
        return Case(
            file="",
            name=self.name,
            process=self.process,
            clock=self.clock,
            start=self.start,
            variables=self.variables,
            operations=self.operations,
            stubs=self.stubs,
            answers=self.answers,
            only_given=self.only_given,
        )


def follow(run: Run, script: Script) -> None:
    """``run`` has begun. What is missing at the end becomes its stop."""
    _Follower(run, script).follow()


class _Follower:
    def __init__(self, run: Run, script: Script) -> None:
        self.run, self.script = run, script
        self.held: list[Entry] = []  # their elements have not asked yet
        self.recorded = {entry.element for entry in script.entries if entry.kind == TASK} | set(script.open)

    @property
    def is_going(self) -> bool:
        return self.run.is_going and not self.run.trace.incidents

    def follow(self) -> None:
        self._give_held()
        for entry in sorted(self.script.entries, key=lambda one: one.at):
            self._move_to(entry.at)
            if not self.is_going:
                break
            self.held.append(entry)
            self._give_held()
        if self.script.until is not None:
            self._move_to(self.script.until)
            self._give_held()
        if self.is_going:
            self._say_what_is_missing()

    def _move_to(self, at: dt.datetime) -> None:
        if self.is_going and (at > self.run.clock.now() or self._is_due(at)):
            self.run.attempt({"clock": at.isoformat()}, lambda: self.run.move_clock(at))
            self._give_held()

    def _is_due(self, at: dt.datetime) -> bool:
        """A timer may be due at the moment it begins to run; it fires before what came later at that moment."""
        return any(timer.due_at <= at for timer in self.run.trace.open_timers.values())

    def _give_held(self) -> None:
        """Give what is asked for, until nobody asks for anything that is there."""
        while self.is_going and (self._assume() or self._give_one()):
            pass

    def _give_one(self) -> bool:
        for entry in self.held:
            if self._is_asked(entry):
                self.held.remove(entry)
                step = {entry.kind: entry.element or entry.name}
                self.run.attempt(step, lambda entry=entry: self._give(entry))  # type: ignore[misc]  # bound now
                return True
        return False

    def _is_asked(self, entry: Entry) -> bool:
        trace = self.run.trace
        if entry.kind == TASK:
            return bool(self._open(entry.element))
        if entry.kind == JOB:
            return any(entry.element in (job.element_id, job.type.removeprefix(STUB)) for job in trace.jobs.values())
        key = entry.key if entry.kind == MESSAGE else None
        wanted = (entry.kind, entry.name, key)
        return any((one.kind, one.name, one.correlation_key) == wanted for one in trace.awaited.values())

    def _open(self, element: str) -> list[Task]:
        return [task for task in self.run.trace.tasks.values() if task.outcome == "active" and task.element_id == element]

    def _give(self, entry: Entry) -> None:
        if entry.kind == TASK:
            tasks = self._open(entry.element)
            task = next((one for one in tasks if entry.who and entry.who in (one.assignee, *one.candidate_users)), tasks[0])
            self._complete(task, {**self.script.assumed.get(entry.element, {}), **entry.values})
        elif entry.kind == JOB:
            error = {} if entry.error is None else {"error": entry.error}
            finish_job(self.run, {"job": entry.element, "values": entry.values, **error})
        elif entry.kind == MESSAGE:
            deliver(self.run, {"name": entry.name, "key": entry.key, "variables": entry.values})
        else:
            signal(self.run, {"name": entry.name, "variables": entry.values})

    def _complete(self, task: Task, values: Mapping[str, Any]) -> None:
        if self.script.forms:
            accepted, refused = check_form(self.run, task, values)
            if refused:
                path, reason = next(iter(sorted(refused.items())))
                template = "The form of {element} refuses what was entered then in {field}: {reason}"
                raise Stopped("refused", template, element=task.element_id, field=path, reason=reason)
            values = accepted
        task.values = values
        self.run.live.complete_user_task(task.key, values)

    def _assume(self) -> bool:
        """Complete one task the recording does not know, if its values are given."""
        for task in self.run.trace.tasks.values():
            if task.outcome == "active" and task.element_id not in self.recorded and task.element_id in self.script.assumed:
                values = self.script.assumed[task.element_id]
                self.run.attempt({TASK: task.element_id}, lambda task=task, values=values: self._complete(task, values))  # type: ignore[misc]
                return True
        return False

    def _say_what_is_missing(self) -> None:
        still = list(self.script.open)
        for task in self.run.trace.tasks.values():
            if task.outcome != "active":
                continue
            if task.element_id in still:
                still.remove(task.element_id)
            else:
                self.run.stop = self._missing(task)
                return
        jobs: Sequence[str] = [job.element_id for job in self.run.trace.jobs.values()]
        if jobs and not self.script.open:
            template = "The work {element} has no answer in the recording. Say what it gives."
            self.run.stop = Stop("answer", template, {"element": jobs[0]}, len(self.run.steps), jobs[0])

    def _missing(self, task: Task) -> Stop:
        if task.element_id in self.recorded:
            template = "The task {element} opens once more than was recorded. Say what is to be entered there."
        else:
            template = "The task {element} is new and has no answer. Say what is to be entered there."
        return Stop("new_task", template, {"element": task.element_id}, len(self.run.steps), task.element_id)
