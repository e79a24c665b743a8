"""One live root instance with all instances it calls: what a command may do to it.

Every method runs on until everything waits. An exception other than Conflict leaves the object half changed: throw it
away and load the snapshot again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from engine.errors import Conflict, InstanceEnded, TaskClosed
from engine.events import Event, IncidentRaised, IncidentResolved
from engine.model import SAFE, Change
from engine.spiff.host import Host
from engine.spiff.migration import CannotMove, Judgement, Versions, judge, move, put_back, run_on
from engine.spiff.model import ProcessModel
from engine.spiff.runner import repair, scopes, snapshot
from engine.spiff.runner.repair import WayBack
from engine.spiff.runner.runner import Runner
from engine.spiff.runner.throwing import throw_error
from engine.spiff.runner.token import Instance, Token
from engine.spiff.runner.values import stored_variables
from engine.spiff.runner.waits import Wait
from engine.spiff.specs.body import Body
from engine.spiff.specs.tasks import UserTask


class NotAwaited(Conflict):
    """{element} does not wait for this {kind} any more. Reload to see where the case stands."""


class Execution:
    """``state`` is active, completed or terminated."""

    def __init__(self, runner: Runner, root_key: int) -> None:
        self._runner = runner
        self.root_key = root_key

    @property
    def state(self) -> str:
        return self._runner.state

    @classmethod
    def start(
        cls, host: Host, definition_key: int, variables: Mapping[str, Any], *, start_element: str | None = None
    ) -> Execution:
        """A new root instance, run until it waits. ``start_element`` names a message, timer or signal start event."""
        runner = Runner(host)
        instance = runner.start_instance(definition_key, None, stored_variables(variables), start_element)
        runner.run_until_waiting()
        return cls(runner, instance.key)

    @classmethod
    def load(cls, host: Host, snapshot_bytes: bytes) -> Execution:
        return cls(*snapshot.restore(host, snapshot_bytes))

    def snapshot(self) -> bytes:
        """Live tokens, waits and live variables as zstd-compressed JSON."""
        return snapshot.save(self._runner, self.root_key)

    def drain(self) -> list[Event]:
        """What happened since the last drain, in order."""
        return self._runner.drain()

    # what people and workers do

    def complete_user_task(self, element_key: int, variables: Mapping[str, Any]) -> None:
        """``variables`` pass the output mapping, or are merged outwards when there is none."""
        token = self._working(element_key)
        if not isinstance(token.task_spec, UserTask):
            raise NotAwaited(element=token.task_spec.bpmn_id, kind="user task")
        self._finish(token, variables)

    def complete_job(self, element_key: int, variables: Mapping[str, Any]) -> None:
        token = self._job(element_key)
        self._resolve_reported(token)
        self._finish(token, variables)

    def throw_error(self, element_key: int, code: str, message: str = "", variables: Mapping[str, Any] | None = None) -> None:
        """A job worker found a business outcome; uncaught it becomes an incident at the task."""
        token = self._job(element_key)
        self._resolve_reported(token)
        self._runner.attempt(token, lambda: throw_error(token, code, message, variables or {}))
        self._runner.run_until_waiting()

    def report_incident(self, element_key: int, kind: str, message: str) -> None:
        """A job ran out of retries outside the runner: it waits on, marked with an incident, until ``retry``."""
        token = self._job(element_key)
        token.memo["reported"] = True
        self._runner.emit(IncidentRaised(token.workflow.key, token.key, token.task_spec.bpmn_id, kind, message))

    # what the outside delivers

    def fire_timer(self, element_key: int) -> None:
        self._trigger(element_key, "timer", {})

    def deliver_message(self, element_key: int, variables: Mapping[str, Any]) -> None:
        self._trigger(element_key, "message", variables)

    def deliver_signal(self, element_key: int, variables: Mapping[str, Any]) -> None:
        self._trigger(element_key, "signal", variables)

    # repair

    def retry(self, element_key: int) -> None:
        """Try again what became an incident."""
        token = self._token(element_key)
        if not token.in_incident and not token.memo.get("reported"):
            raise NotAwaited(element=token.task_spec.bpmn_id, kind="retry")
        if token.in_incident:
            self._runner.retry(token)
        self._resolve_reported(token)
        self._runner.run_until_waiting()

    def cancel(self, reason: str) -> None:
        """End everything, called instances included."""
        self._alive()
        self._runner.terminate(self._runner.tokens[self.root_key], reason)

    def return_to(
        self, element_key: int, target_element_id: str, reason: str, kept: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        """Send a user task back: what comes after an earlier one is withdrawn, and that is open again.

        ``kept``: completions that stay valid, as ``engine.spiff.runner.kept`` remembers them. Raises CannotReturn.
        """
        repair.return_to(self._working(element_key), target_element_id, reason, kept or {})
        self._runner.run_until_waiting()

    def way_back(self, element_key: int, target_element_id: str) -> WayBack:
        """Raises CannotReturn."""
        return WayBack.of(repair.plan(self._working(element_key), target_element_id))

    def ways_back(self, element_key: int) -> list[WayBack]:
        """Every earlier user task this one may be sent back to."""
        return [WayBack.of(found) for found in repair.ways_back(self._working(element_key))]

    def modify(self, instance_key: int, changes: Sequence[Change], reason: str) -> None:
        """Activate, end, move and skip elements of a live instance, all at once. Raises CannotModify."""
        repair.modify(self._runner, self._instance(instance_key), changes, reason)
        self._runner.run_until_waiting()

    # another version

    def judge_migration(self, instance_key: int, target: ProcessModel, mapping: Mapping[str, str]) -> Judgement:
        """What it would mean for a live instance to go on in ``target``; changes nothing."""
        instance = self._instance(instance_key)
        return judge(instance, Versions(instance.model, target, mapping))

    def migrate(self, instance_key: int, target: ProcessModel, mapping: Mapping[str, str]) -> bool:
        """Go on in ``target``. True when something could move at once there. Raises CannotMove; then nothing was changed."""
        instance = self._instance(instance_key)
        versions = Versions(instance.model, target, mapping)
        judgement = judge(instance, versions)
        if judgement.verdict != SAFE:
            raise CannotMove(judgement.findings)
        moved = move(self._runner, self.root_key, instance_key, versions, judgement, self._runner.host)
        went_on = run_on(moved)
        self._runner = moved
        return went_on

    def rehearse_migration(
        self, instance_key: int, target: ProcessModel, mapping: Mapping[str, str], judgement: Judgement
    ) -> None:
        """Begin what would begin to wait, on a copy. Raises CannotMove, also for what no judgement of the diagrams can tell."""
        if judgement.verdict == SAFE and any(change.begun for change in judgement.waits.values()):
            versions = Versions(self._instance(instance_key).model, target, mapping)
            move(self._runner, self.root_key, instance_key, versions, judgement, self._runner.host)

    def put_back(self, before: bytes) -> None:
        """Take a migration back: everything stands where it stood in the snapshot ``before``."""
        self._alive()
        self._runner = put_back(self._runner, before, self._runner.host)

    def places(self, instance_key: int) -> dict[int, tuple[str, str]]:
        """Element id and name by key of every live element of an instance, and of everything it waits for."""
        tokens = [(key, token) for key, token in self._runner.tokens.items() if token.workflow.key == instance_key]
        found = {key: (token.task_spec.bpmn_id, token.task_spec.bpmn_name or "") for key, token in tokens}
        for key, wait in self._runner.waits.items():
            if wait.owner.workflow.key == instance_key:
                found.setdefault(key, (wait.spec.bpmn_id, wait.spec.bpmn_name or ""))
        return found

    def set_variables(self, scope_key: int, variables: Mapping[str, Any], *, local: bool) -> None:
        token = self._token(scope_key)
        if local:
            for name, value in stored_variables(variables).items():
                scopes.write_local(token, name, value)
        else:
            scopes.propagate(token, stored_variables(variables))
        self._runner.run_until_waiting()  # conditions may have become true

    # queries

    def variables(self, element_key: int) -> dict[str, Any]:
        """A copy of what is visible there, the nearest scope first."""
        wait = self._runner.waits.get(element_key)
        token = wait.owner if wait is not None else self._token(element_key)
        return deepcopy(dict(token.visible()))

    def seen(self, element_key: int) -> Mapping[str, Any]:
        """What is visible there, as it lies in memory: to be read at once and never written."""
        return self._token(element_key).visible()

    def awaited(self, element_key: int) -> Wait | None:
        """The timer, message or signal that is awaited there."""
        return self._runner.waits.get(element_key)

    def scope_variables(self) -> dict[int, dict[str, Any]]:
        """A copy of the variables of every live scope that has any, and of every live instance."""
        return {key: deepcopy(token.variables) for key, token in self._runner.tokens.items() if token.variables or token.is_root}

    def waiting_tokens(self) -> list[tuple[int, str, int]]:
        """(element_key, element_id, instance_key) of everything that holds no other token."""
        return [
            (token.key, token.task_spec.bpmn_id, token.workflow.key)
            for token in self._runner.tokens.values()
            if token.is_empty and token.called is None and not token.is_root
        ]

    # inside

    def _instance(self, key: int) -> Instance:
        self._alive()
        instance = self._runner.instances.get(key)
        if instance is None:
            raise InstanceEnded(instance=key)
        return instance

    def _alive(self) -> None:
        if self.state != "active":
            raise InstanceEnded(instance=self.root_key)

    def _token(self, key: int) -> Token:
        self._alive()
        token = self._runner.tokens.get(key)
        if token is None:
            raise TaskClosed(task=key, state="closed")
        return token

    def _working(self, key: int) -> Token:
        """A task that waits for its worker: not in an incident, not only a scope."""
        token = self._token(key)
        if token.in_incident:
            raise NotAwaited(
                "{element} is stopped by an incident. Mend the cause and retry it first.", element=token.task_spec.bpmn_id
            )
        if isinstance(token.task_spec, Body):
            raise NotAwaited(element=token.task_spec.bpmn_id, kind="user task")
        return token

    def _job(self, key: int) -> Token:
        token = self._working(key)
        if not token.memo.get("job"):
            raise NotAwaited(element=token.task_spec.bpmn_id, kind="job")
        return token

    def _finish(self, token: Token, variables: Mapping[str, Any]) -> None:
        self._runner.finish(token, stored_variables(variables))
        self._runner.run_until_waiting()

    def _trigger(self, key: int, kind: str, variables: Mapping[str, Any]) -> None:
        wait = self._wait(key, kind)
        wait.spec.triggered(wait, stored_variables(variables))
        self._runner.run_until_waiting()

    def _wait(self, key: int, kind: str) -> Wait:
        self._alive()
        wait = self._runner.waits.get(key)
        if wait is None or wait.kind != kind:
            raise NotAwaited(element=key, kind=kind)
        return wait

    def _resolve_reported(self, token: Token) -> None:
        if token.memo.pop("reported", False):
            self._runner.emit(IncidentResolved(token.workflow.key, token.key, token.task_spec.bpmn_id))
