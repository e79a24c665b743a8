"""The embedded engine as applications use it: one method per use case, nothing else.

Commands take ``actor`` and raise the errors of ``engine.errors``; each is one transaction and happens entirely or not at
all. ``command_id`` is chosen by the sender: the same command sent again happens once and gives the same answer. Queries
give values of ``engine.model``; who may see them is for the interface to say, except where an ``actor`` is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.commands import (
    assign_task,
    cancel_instance,
    complete_task,
    delivery,
    deploy,
    evaluate_decision,
    fire_timers,
    forget_expired,
    jobs,
    messages,
    move_clock,
    resolve_incident,
    return_task,
    run_effect,
    save_draft,
    set_variables,
    start_process,
)
from engine.commands.catalogue import Catalogue
from engine.commands.permission import Duties
from engine.commands.workshop import Workshop
from engine.dmn import load
from engine.dmn.replay import ReplayReport
from engine.errors import NotPermitted, Problem
from engine.feel import Feel
from engine.forms import Form
from engine.model import (
    SYSTEM,
    Actor,
    CommandResult,
    DecisionOutcome,
    Deployment,
    Job,
    MessageResult,
    ProcessInstance,
    Resource,
    TaskCounts,
    UserTask,
)
from engine.ports import Clock, Effect, Operation
from engine.queries import past_decisions, task_form, tasks
from engine.queries.reader import Queries
from engine.queries.task_form import TaskForm
from engine.spiff import ProcessModel
from engine.store.clock import DemoClock, SystemClock
from engine.store.database import Database

__all__ = ["Database", "DemoClock", "Duties", "ProcessEngine", "SystemClock", "TaskForm"]

Values = Mapping[str, Any]


class ProcessEngine(Queries):
    """``operations`` run inside the transaction by the type of their service task, ``effects`` after it by the worker."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock | None = None,
        feel: Feel | None = None,
        operations: Mapping[str, Operation] | None = None,
        effects: Mapping[str, Effect] | None = None,
        duties: Duties | None = None,
    ) -> None:
        language = feel or Feel()
        self.clock = clock or SystemClock()
        self._workshop = Workshop(
            database,
            self.clock,
            language,
            Catalogue(language),
            operations if operations is not None else {},
            effects if effects is not None else {},
            duties or Duties(),
        )
        super().__init__(database, operators=self._workshop.duties.operators)

    # definitions

    def deploy(self, resources: Sequence[Resource], *, actor: Actor, note: str = "") -> Deployment:
        return deploy.deploy(self._workshop, resources, actor=actor, note=note)

    def check(self, resources: Sequence[Resource]) -> tuple[Problem, ...]:
        return deploy.check(self._workshop, resources)

    def process_model(self, definition_key: int) -> ProcessModel:
        """Elements, flows and references of a deployed process."""
        with self.database.unit_of_work() as uow:
            return self._workshop.catalogue.process(uow, definition_key)

    def form(self, definition_key: int) -> Form:
        with self.database.unit_of_work() as uow:
            return self._workshop.catalogue.form(uow, definition_key)

    def evaluate_decision(
        self, decision_id: str | None = None, variables: Values | None = None, *, decision_key: int | None = None, actor: Actor
    ) -> DecisionOutcome:
        return evaluate_decision.evaluate_decision(
            self._workshop, variables or {}, actor=actor, decision_id=decision_id, decision_key=decision_key
        )

    def replay_decision(self, decision_id: str, content: bytes, *, file: str) -> ReplayReport:
        """Which past cases would have gone elsewhere with the tables in ``content`` (a .dmn file). Raises DefinitionInvalid."""
        model = load(content, file=file, feel=self._workshop.feel)
        with self._reading() as session:
            return past_decisions.replayed(session, model, decision_id)

    # cases

    def start_process(
        self,
        process_id: str,
        variables: Values,
        *,
        actor: Actor,
        business_key: str = "",
        version: int | None = None,
        definition_key: int | None = None,
        command_id: str | None = None,
    ) -> ProcessInstance:
        return start_process.start_process(
            self._workshop,
            process_id,
            variables,
            actor=actor,
            business_key=business_key,
            version=version,
            definition_key=definition_key,
            command_id=command_id,
        )

    def cancel_instance(self, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None) -> CommandResult:
        return cancel_instance.cancel_instance(self._workshop, instance_key, actor=actor, reason=reason, command_id=command_id)

    def set_variables(self, scope_key: int, variables: Values, *, actor: Actor, local: bool = False) -> None:
        set_variables.set_variables(self._workshop, scope_key, variables, actor=actor, local=local)

    # user tasks

    def task(self, key: int, *, actor: Actor | None = None) -> UserTask:
        """With ``actor``: raises NotPermitted when the task is none of theirs to see."""
        with self._reading() as session:
            found = tasks.task(session, key)
        if actor is not None and not self._workshop.duties.may_see(actor, found):
            raise NotPermitted("Task {task} is not one of yours.", task=key)
        return found

    def task_counts(self, actor: Actor) -> TaskCounts:
        with self._reading() as session:
            return tasks.counts(session, actor, self.clock.now())

    def task_form(self, task_key: int, *, actor: Actor) -> TaskForm:
        """The task, the form it was opened with, the variables it sees, and the actor's draft or the form's defaults."""
        with self.database.unit_of_work() as uow:
            return task_form.task_form(uow, task_key, actor=actor, now=self.clock.now(), read_form=self._workshop.catalogue.form)

    def claim_task(self, task_key: int, *, actor: Actor) -> UserTask:
        return assign_task.claim_task(self._workshop, task_key, actor=actor)

    def unclaim_task(self, task_key: int, *, actor: Actor) -> UserTask:
        return assign_task.unclaim_task(self._workshop, task_key, actor=actor)

    def assign_task(self, task_key: int, assignee: str, *, actor: Actor) -> UserTask:
        return assign_task.assign_task(self._workshop, task_key, assignee, actor=actor)

    def complete_task(
        self,
        task_key: int,
        values: Values,
        *,
        actor: Actor,
        command_id: str | None = None,
        files: Collection[str] | None = None,
    ) -> CommandResult:
        return complete_task.complete_task(self._workshop, task_key, values, actor=actor, command_id=command_id, files=files)

    def return_task(
        self, task_key: int, target_element_id: str, reason: str, *, actor: Actor, command_id: str | None = None
    ) -> CommandResult:
        return return_task.return_task(self._workshop, task_key, target_element_id, reason, actor=actor, command_id=command_id)

    def save_draft(self, task_key: int, values: Values, *, actor: Actor) -> None:
        save_draft.save_draft(self._workshop, task_key, values, actor=actor)

    # messages and signals

    def publish_message(
        self,
        name: str,
        correlation_key: str,
        variables: Values,
        *,
        actor: Actor,
        time_to_live: dt.timedelta | None = None,
        message_id: str | None = None,
        command_id: str | None = None,
    ) -> MessageResult:
        return messages.publish_message(
            self._workshop,
            name,
            correlation_key,
            variables,
            actor=actor,
            time_to_live=time_to_live,
            message_id=message_id,
            command_id=command_id,
        )

    def correlate_message(
        self, name: str, correlation_key: str, variables: Values, *, actor: Actor, command_id: str | None = None
    ) -> MessageResult:
        return messages.correlate_message(self._workshop, name, correlation_key, variables, actor=actor, command_id=command_id)

    def broadcast_signal(self, name: str, variables: Values, *, actor: Actor) -> int:
        return messages.broadcast_signal(self._workshop, name, variables, actor=actor)

    # jobs and incidents

    def activate_jobs(self, job_type: str, worker: str, *, timeout: dt.timedelta, max_jobs: int) -> tuple[Job, ...]:
        return jobs.activate_jobs(self._workshop, job_type, worker, timeout=timeout, max_jobs=max_jobs)

    def complete_job(self, job_key: int, variables: Values, *, actor: Actor, command_id: str | None = None) -> CommandResult:
        return jobs.complete_job(self._workshop, job_key, variables, actor=actor, command_id=command_id)

    def fail_job(
        self, job_key: int, *, retries: int, message: str, back_off: dt.timedelta = dt.timedelta(), actor: Actor
    ) -> None:
        jobs.fail_job(self._workshop, job_key, retries=retries, message=message, back_off=back_off, actor=actor)

    def throw_job_error(
        self, job_key: int, error_code: str, message: str = "", variables: Values | None = None, *, actor: Actor
    ) -> CommandResult:
        return jobs.throw_job_error(self._workshop, job_key, error_code, message, variables or {}, actor=actor)

    def update_job(self, job_key: int, *, retries: int | None = None, timeout: dt.timedelta | None = None, actor: Actor) -> None:
        jobs.update_job(self._workshop, job_key, retries=retries, timeout=timeout, actor=actor)

    def resolve_incident(self, incident_key: int, *, actor: Actor) -> CommandResult:
        return resolve_incident.resolve_incident(self._workshop, incident_key, actor=actor)

    # time and the worker

    def fire_due_timers(self, limit: int = 100) -> int:
        return fire_timers.fire_due_timers(self._workshop, limit=limit)

    def run_effect(self, job_key: int) -> bool:
        return run_effect.run_effect(self._workshop, job_key)

    def deliver_left_over(self, older_than: dt.timedelta = dt.timedelta(seconds=5)) -> int:
        """Messages and signals that a process which died had stored but not delivered."""
        return delivery.deliver_left_over(self._workshop, older_than)

    def forget_expired(self) -> None:
        """Answers of old commands and messages past their time."""
        forget_expired.forget_expired(self._workshop)

    def advance_clock(self, to: dt.datetime, *, actor: Actor = SYSTEM) -> int:
        return move_clock.advance_clock(self._workshop, to, actor=actor)

    def reset_clock(self, *, actor: Actor = SYSTEM) -> None:
        move_clock.reset_clock(self._workshop, actor=actor)
