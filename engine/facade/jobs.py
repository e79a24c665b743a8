"""Work done outside, and what stopped."""

from __future__ import annotations

import datetime as dt

from engine.commands import jobs, resolve_incident
from engine.facade.part import Part, Values
from engine.model import Actor, CommandResult, Job


class Jobs(Part):
    """Work done outside, and what stopped."""

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
