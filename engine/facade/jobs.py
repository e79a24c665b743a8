"""Work done outside, and what stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from engine.commands import jobs, resolve_incident
from engine.facade.part import Part, Values
from engine.model import Actor, CommandResult, Job


class Jobs(Part):
    """Work done outside, and what stopped."""

    def activate_jobs(self, job_type: str, worker: str, *, timeout: dt.timedelta, max_jobs: int) -> tuple[Job, ...]:
        return jobs.activate_jobs(self._workshop, job_type, worker, timeout=timeout, max_jobs=max_jobs)

    def available_job_types(self, job_types: Collection[str]) -> tuple[str, ...]:
        """Those of the types that somebody could take a job of now."""
        return jobs.available_types(self._workshop, job_types)

    def complete_job(
        self, job_key: int, variables: Values, *, actor: Actor, command_id: str | None = None, lease: int | None = None
    ) -> CommandResult:
        return jobs.complete_job(self._workshop, job_key, variables, actor=actor, command_id=command_id, lease=lease)

    def fail_job(
        self,
        job_key: int,
        *,
        retries: int,
        message: str,
        back_off: dt.timedelta = dt.timedelta(),
        actor: Actor,
        command_id: str | None = None,
        lease: int | None = None,
    ) -> None:
        jobs.fail_job(
            self._workshop,
            job_key,
            retries=retries,
            message=message,
            back_off=back_off,
            actor=actor,
            command_id=command_id,
            lease=lease,
        )

    def throw_job_error(
        self,
        job_key: int,
        error_code: str,
        message: str = "",
        variables: Values | None = None,
        *,
        actor: Actor,
        command_id: str | None = None,
        lease: int | None = None,
    ) -> CommandResult:
        return jobs.throw_job_error(
            self._workshop, job_key, error_code, message, variables or {}, actor=actor, command_id=command_id, lease=lease
        )

    def update_job(
        self,
        job_key: int,
        *,
        retries: int | None = None,
        timeout: dt.timedelta | None = None,
        actor: Actor,
        lease: int | None = None,
    ) -> None:
        jobs.update_job(self._workshop, job_key, retries=retries, timeout=timeout, actor=actor, lease=lease)

    def resolve_incident(self, incident_key: int, *, actor: Actor) -> CommandResult:
        return resolve_incident.resolve_incident(self._workshop, incident_key, actor=actor)
