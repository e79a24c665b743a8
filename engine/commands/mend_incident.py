"""Put right what an incident stands on, then try again: one command, so that nobody sees half of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.answers import Command
from engine.commands.complete_task import storable
from engine.commands.failed_starts import IncidentClosed
from engine.commands.resolve_incident import retry
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import Conflict, FieldError, InvalidInput
from engine.model import Actor, CommandResult
from engine.store import cases, incidents


class OfNoCase(Conflict):
    """Incident {incident} belongs to no case, so it has no variables. Mend its cause, then retry it."""


def mend_incident(
    workshop: Workshop,
    incident_key: int,
    variables: Mapping[str, Any],
    *,
    reason: str,
    actor: Actor,
    command_id: str | None = None,
) -> CommandResult:
    """Each variable goes to the nearest scope that has its name, else to the instance.

    Raises NotFound, NotPermitted, IncidentClosed, OfNoCase, InvalidInput without a reason or for what is not JSON.
    """
    workshop.duties.require_operator(actor)
    values = storable(variables)
    if not reason.strip():
        raise InvalidInput(fields=(FieldError("reason", "Say why: it stays in the history of the case."),))

    with workshop.database.unit_of_work() as uow:
        if incidents.lock_start_failed(uow, incident_key) is not None:
            raise OfNoCase(incident=incident_key)

    def work(step: Step) -> CommandResult:
        incident = step.case.incidents.get(incident_key)
        if incident is None:
            raise IncidentClosed(incident=incident_key)
        place = {"instance_key": incident.instance_key, "element_id": incident.element_id, "element_key": incident.element_key}
        if values:
            step.note("variables_set", {"variables": values, "local": False, "reason": reason}, **place)
            step.execution.set_variables(incident.element_key, values, local=False)
        step.note("incident_retried", {"kind": incident.kind, "reason": reason}, **place)
        retry(step, incident)
        return step.result()

    command = Command("mend_incident", str(incident_key), command_id)
    return in_case(workshop, cases.BY_INCIDENT, incident_key, work, actor=actor, command=command)
