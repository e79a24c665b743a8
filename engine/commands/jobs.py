"""Jobs: taken by workers outside, completed, failed, or ended by a business error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from engine.commands.answers import Command
from engine.commands.complete_task import storable
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import Conflict, FieldError, InvalidInput, NotFound
from engine.events import IncidentRaised
from engine.model import Actor, CommandResult, Job
from engine.store import cases, jobs
from engine.store.jobs import JobRow

NO_RETRIES = "job_no_retries"


class JobClosed(Conflict):
    """Job {job} is {state} already. Nothing was changed."""


class LeaseLost(Conflict):
    """Job {job} was handed to somebody else after its time had passed. Nothing was changed; drop what you did for it."""


def activate_jobs(workshop: Workshop, job_type: str, worker: str, *, timeout: dt.timedelta, max_jobs: int) -> tuple[Job, ...]:
    """Jobs for ``worker`` alone until ``timeout`` has passed; after that anybody may take them again."""
    now = workshop.clock.now()
    with workshop.database.unit_of_work() as uow:
        found = jobs.activate(uow, job_type, worker, now, now + timeout, max_jobs)
        uow.commit()
    return tuple(found)


def available_types(workshop: Workshop, job_types: Collection[str]) -> tuple[str, ...]:
    """Those of the types that somebody could take a job of now."""
    with workshop.database.unit_of_work() as uow:
        return tuple(jobs.available(uow, job_types, workshop.clock.now()))


def complete_job(
    workshop: Workshop,
    job_key: int,
    variables: Mapping[str, Any],
    *,
    actor: Actor,
    command_id: str | None = None,
    lease: int | None = None,
) -> CommandResult:
    """``lease``: the ``handed_out`` the worker got the job with. Raises NotFound, JobClosed, LeaseLost, InvalidInput."""
    values = storable(variables)

    def work(step: Step) -> CommandResult:
        row = _open(step, job_key, lease)
        _note(step, row, "job_completed", variables=values)
        _close(step, row, "completed")
        if row.is_detached:
            _resolve(step, row)
        else:
            step.execution.complete_job(row.job.element_key, values)
        return step.result()

    command = Command("complete_job", str(job_key), command_id)
    return in_case(workshop, cases.BY_JOB, job_key, work, actor=actor, command=command)


def throw_job_error(
    workshop: Workshop,
    job_key: int,
    error_code: str,
    message: str,
    variables: Mapping[str, Any],
    *,
    actor: Actor,
    command_id: str | None = None,
    lease: int | None = None,
) -> CommandResult:
    """A business outcome for the diagram to catch; uncaught it is an incident. Raises as ``complete_job``."""
    values = storable(variables)

    def work(step: Step) -> CommandResult:
        row = _open(step, job_key, lease)
        _note(step, row, "job_error_thrown", error_code=error_code, message=message, variables=values)
        _close(step, row, "error_thrown", error_message=message, error_code=error_code)
        step.execution.throw_error(row.job.element_key, error_code, message, values)
        return step.result()

    command = Command("throw_job_error", str(job_key), command_id)
    return in_case(workshop, cases.BY_JOB, job_key, work, actor=actor, command=command)


def fail_job(
    workshop: Workshop,
    job_key: int,
    *,
    retries: int,
    message: str,
    back_off: dt.timedelta = dt.timedelta(),
    actor: Actor,
    command_id: str | None = None,
    lease: int | None = None,
) -> None:
    """Try again after ``back_off``; without ``retries`` it becomes an incident. Raises NotFound, JobClosed, LeaseLost."""

    def work(step: Step) -> None:
        row = _open(step, job_key, lease)
        _note(step, row, "job_failed", retries=retries, message=message)
        again = step.now + back_off
        step.recorder.changes.jobs.change(
            job_key,
            state="created" if retries > 0 else "failed",
            retries=max(retries, 0),
            worker="",
            deadline=None,
            available_at=again.isoformat(),
            error_message=message,
        )
        if retries <= 0:
            _raise_incident(step, row, message)

    in_case(workshop, cases.BY_JOB, job_key, work, actor=actor, command=Command("fail_job", str(job_key), command_id))


def update_job(
    workshop: Workshop,
    job_key: int,
    *,
    retries: int | None = None,
    timeout: dt.timedelta | None = None,
    actor: Actor,
    lease: int | None = None,
) -> None:
    """Give a job more retries, or its worker more time from now. Raises NotFound, JobClosed, LeaseLost, InvalidInput."""
    if retries is not None and retries < 1:
        raise InvalidInput(fields=(FieldError("retries", "Give at least one retry."),))

    def work(step: Step) -> None:
        row = _open(step, job_key, lease)
        changes: dict[str, Any] = {}
        if retries is not None:
            changes["retries"] = retries
        if timeout is not None and row.job.state == "activated":
            until = (step.now + timeout).isoformat()
            changes |= {"deadline": until, "available_at": until}
        if changes:
            _note(step, row, "job_updated", **{name: changes[name] for name in changes if name != "available_at"})
            step.recorder.changes.jobs.change(job_key, **changes)

    in_case(workshop, cases.BY_JOB, job_key, work, actor=actor, command=Command("update_job", str(job_key)))


def _found(step: Step, job_key: int) -> JobRow:
    row = jobs.find(step.uow, job_key)
    if row is None:
        raise NotFound(kind="Job", key=job_key)
    return row


def _open(step: Step, job_key: int, lease: int | None = None) -> JobRow:
    row = _found(step, job_key)
    if row.job.state not in {*jobs.OPEN, "failed"}:
        raise JobClosed(job=job_key, state=row.job.state)
    if lease not in (None, row.job.handed_out):
        raise LeaseLost(job=job_key)
    return row


def _note(step: Step, row: JobRow, kind: str, **data: Any) -> None:
    job = row.job
    place = {"instance_key": job.instance_key, "element_id": job.element_id, "element_key": job.element_key}
    step.note(kind, {"job": job.key, "type": job.type, **data}, **place)


def _close(step: Step, row: JobRow, state: str, **more: Any) -> None:
    step.recorder.changes.jobs.change(row.key, state=state, ended_at=step.recorder.at, **more)


def _resolve(step: Step, row: JobRow) -> None:
    for incident in [one for one in step.case.incidents.values() if one.job_key == row.key]:
        step.recorder.resolve(incident)


def _raise_incident(step: Step, row: JobRow, message: str) -> None:
    job = row.job
    said = f"The job {job.type} failed for the last time: {message or 'no reason given'}. Mend the cause, then retry."
    if row.is_detached:
        event = IncidentRaised(job.instance_key, job.element_key, job.element_id, NO_RETRIES, said)
        step.recorder.raise_incident(event, job.key, stops_token=False)
        return
    step.recorder.job_of_incident[job.element_key] = job.key
    step.execution.report_incident(job.element_key, NO_RETRIES, said)
