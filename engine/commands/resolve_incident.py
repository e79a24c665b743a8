"""Try again what had stopped, once its cause is mended."""

from __future__ import annotations

from engine.commands import failed_starts
from engine.commands.answers import Command
from engine.commands.failed_starts import IncidentClosed
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.model import Actor, CommandResult
from engine.store import cases, jobs, timers
from engine.store.case import OpenIncident


def resolve_incident(workshop: Workshop, incident_key: int, *, actor: Actor) -> CommandResult:
    """Retry at once. What fails again raises a new incident. Raises NotFound, NotPermitted, IncidentClosed."""
    workshop.duties.require_operator(actor)
    if (done := failed_starts.retry(workshop, incident_key, actor)) is not None:
        return done

    def work(step: Step) -> CommandResult:
        incident = step.case.incidents.get(incident_key)
        if incident is None:
            raise IncidentClosed(incident=incident_key)
        place = {"instance_key": incident.instance_key, "element_id": incident.element_id, "element_key": incident.element_key}
        step.note("incident_retried", {"kind": incident.kind}, **place)
        retry(step, incident)
        return step.result()

    command = Command("resolve_incident", str(incident_key))
    return in_case(workshop, cases.BY_INCIDENT, incident_key, work, actor=actor, command=command)


def retry(step: Step, incident: OpenIncident) -> None:
    """Move on what the incident stopped."""
    if incident.kind == timers.FAILED:
        step.recorder.resolve(incident)
        timers.resume(step.uow, incident.element_key, step.case.root_key)
        return
    if incident.job_key is None:
        step.execution.retry(incident.element_key)
        return
    job = jobs.make_available(step.uow, incident.job_key, step.now)
    if job.is_effect:
        step.recorder.effect_jobs.append(job.key)
    if job.is_detached:
        step.recorder.resolve(incident)
    else:
        step.execution.retry(incident.element_key)
