"""What an operator does to a job: try it at once instead of after its pause, or give it up."""

from __future__ import annotations

from engine.commands.answers import Command
from engine.commands.jobs import JobClosed
from engine.commands.resolve_incident import retry
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import Conflict, FieldError, InvalidInput, NotFound
from engine.model import Actor
from engine.store import cases, jobs
from engine.store.jobs import JobRow


class JobInHand(Conflict):
    """Worker {worker} has job {job} in hand until {deadline}. Wait for it, or shorten its time first."""


class JobHoldsToken(Conflict):
    """The case waits for job {job}, so it cannot be given up alone. Skip or move the step on the case's repair page."""


def retry_job(workshop: Workshop, job_key: int, *, actor: Actor) -> None:
    """Now, with at least one try. Raises NotFound, NotPermitted, JobClosed, JobInHand."""
    workshop.duties.require_operator(actor)

    def work(step: Step) -> None:
        row = _unfinished(step, job_key)
        if row.job.state == "activated":
            raise JobInHand(worker=row.job.worker, job=job_key, deadline=row.job.deadline)
        _note(step, row, "job_retried")
        stopped = [one for one in step.case.incidents.values() if one.job_key == job_key]
        for incident in stopped:
            retry(step, incident)
        if not stopped:
            jobs.make_available(step.uow, job_key, step.now)
            if row.is_effect:
                step.recorder.effect_jobs.append(job_key)

    in_case(workshop, cases.BY_JOB, job_key, work, actor=actor, command=Command("retry_job", str(job_key)))


def cancel_job(workshop: Workshop, job_key: int, *, reason: str, actor: Actor) -> None:
    """Give up an effect no step waits for. Raises NotFound, NotPermitted, JobClosed, JobHoldsToken, InvalidInput."""
    workshop.duties.require_operator(actor)
    if not reason.strip():
        raise InvalidInput(fields=(FieldError("reason", "Say why: it stays in the history of the case."),))

    def work(step: Step) -> None:
        row = _unfinished(step, job_key)
        if not row.is_detached:
            raise JobHoldsToken(job=job_key)
        _note(step, row, "job_canceled", reason=reason)
        step.recorder.changes.jobs.change(job_key, state="canceled", ended_at=step.recorder.at)
        for incident in [one for one in step.case.incidents.values() if one.job_key == job_key]:
            step.recorder.resolve(incident)

    in_case(workshop, cases.BY_JOB, job_key, work, actor=actor, command=Command("cancel_job", str(job_key)))


def _unfinished(step: Step, job_key: int) -> JobRow:
    row = jobs.find(step.uow, job_key)
    if row is None:
        raise NotFound(kind="Job", key=job_key)
    if row.job.state not in {*jobs.OPEN, "failed"}:
        raise JobClosed(job=job_key, state=row.job.state)
    return row


def _note(step: Step, row: JobRow, kind: str, **data: str) -> None:
    job = row.job
    place = {"instance_key": job.instance_key, "element_id": job.element_id, "element_key": job.element_key}
    step.note(kind, {"job": job.key, "type": job.type, **data}, **place)
