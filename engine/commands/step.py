"""What a command works with while it has a case to itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.commands import answers
from engine.commands.workshop import Workshop
from engine.errors import InstanceEnded, InstanceSuspended, NotFound, TaskClosed
from engine.events import JobCreated
from engine.model import Actor, CommandResult, UserTask
from engine.ports import OperationCall
from engine.spiff import Execution, Wait
from engine.store import cases, messages, queue
from engine.store.case import Case
from engine.store.recorder import Recorder
from engine.store.unit_of_work import UnitOfWork

EFFECT_RETRIES = 5


class Step:
    """``touched``: from here on the case in memory is only right if the transaction commits."""

    def __init__(
        self, workshop: Workshop, uow: UnitOfWork, case: Case, *, actor: Actor, now: dt.datetime, generation: int
    ) -> None:
        self.workshop = workshop
        self.uow = uow
        self.case = case
        self.actor = actor
        self.now = now
        self.deployments = generation  # the generation of the newest one; a deployment of the command's own counts
        self._relies_on_generation = False  # it asked for the newest version of something
        self.waits = True  # for whoever has the case in hand when it is written
        self.touched = False
        self.recorder = Recorder(
            case,
            now=now,
            actor=actor.user_id,
            new_key=uow.new_key,
            definition=lambda key: workshop.catalogue.definition(uow, key),
            effects=workshop.effects,
        )
        self._execution: Execution | None = None
        self._effects: list[JobCreated] = []

    @property
    def generation(self) -> int:
        """The deployment after which nothing was deployed."""
        self._relies_on_generation = True
        return self.deployments

    def rely_on_generation(self) -> None:
        """What is written holds only if nothing was deployed meanwhile."""
        self._relies_on_generation = True

    def attach(self, execution: Execution | None) -> None:
        """The runner; None when the case has ended."""
        self._execution = execution

    @property
    def execution(self) -> Execution:
        """The runner, to be changed. Raises InstanceEnded."""
        self.touched = True
        if self._execution is None:
            raise InstanceEnded(instance=self.case.root_key)
        return self._execution

    def require_awake(self) -> None:
        """Raises InstanceSuspended."""
        asleep = self.case.suspension
        if asleep is not None:
            raise InstanceSuspended(
                instance=self.case.root_key, by=asleep.by, at=f"{asleep.at:%Y-%m-%d %H:%M}", reason=asleep.reason
            )

    def seen(self, element_key: int) -> Mapping[str, Any]:
        """The variables visible there; to be read and never written. Raises InstanceEnded."""
        if self._execution is None:
            raise InstanceEnded(instance=self.case.root_key)
        return self._execution.seen(element_key)

    def awaits(self, element_key: int) -> Wait | None:
        """What memory knows of a timer, message or signal the case waits for; as true as the case in memory is."""
        return None if self._execution is None else self._execution.awaited(element_key)

    def open_task(self, key: int) -> UserTask:
        """Raises TaskClosed or NotFound."""
        task = self.case.tasks.get(key)
        if task is not None:
            return task
        closed = cases.read_task(self.uow, key)
        if closed is None:
            raise NotFound(kind="Task", key=key)
        raise TaskClosed(task=key, state=closed.state)

    def note(self, kind: str, data: dict[str, Any], **place: Any) -> None:
        """An entry of the history for what the command itself does. ``place``: instance_key, element_id, element_key."""
        self.touched = True
        self.recorder.note(kind, data, **place)

    def note_task(self, kind: str, task: UserTask, **data: Any) -> None:
        place = {"instance_key": task.instance_key, "element_id": task.element_id, "element_key": task.key}
        self.note(kind, {"name": task.name, **data}, **place)

    def ask_for_effects(self, call: OperationCall) -> None:
        place = (call.instance_key, call.element_key, call.element_id)
        self._effects += [JobCreated(*place, effect, EFFECT_RETRIES, {}, payload) for effect, payload in call.effects]

    def record(self) -> None:
        """Take over what the runner did so far."""
        if self._execution is not None:
            self.recorder.record(self._execution.drain())

    def result(self) -> CommandResult:
        """Where the case stands now."""
        self.record()
        tasks = tuple(sorted(self.case.tasks.values(), key=lambda task: (task.created_at, task.key)))
        return CommandResult(self.case.root_key, self.case.root_key, self.case.state, tasks)

    def save(self, command: answers.Command, answer: Any) -> None:
        """Write everything; the caller commits when a transaction is open. Raises Overtaken."""
        self.record()
        for effect in self._effects:
            self.recorder.add_job(effect, is_effect=True, is_detached=True)
        self.recorder.finish()
        if command.id is not None:
            self.recorder.changes.command = answers.row(command, self.actor, self.recorder.at, answer)
        messages.keep_thrown(self.uow, self.recorder)
        for key in self.recorder.effect_jobs:
            queue.enqueue(self.uow, key)
        snapshot = None if self._execution is None else self._execution.snapshot()
        generation = self.deployments if self._relies_on_generation else None
        cases.write(self.uow, self.recorder, snapshot, generation, wait=self.waits)
