"""A timer start event that could not start its case: an incident of no case, kept beside the deployments (root 0)."""

from __future__ import annotations

import datetime as dt

from engine.commands.repeating import repeated
from engine.commands.workshop import Workshop
from engine.errors import Conflict, EngineError
from engine.model import Actor, CommandResult
from engine.store import incidents, system_chain, timers
from engine.store.timers import Due
from engine.store.unit_of_work import UnitOfWork

NOTHING_RUNS = CommandResult(0, 0, "active", ())


class IncidentClosed(Conflict):
    """Incident {incident} was resolved already. Reload to see the present state."""


def set_aside(workshop: Workshop, due: Due, cause: str, now: dt.datetime) -> None:
    """Suspend the timer and raise the incident that lets it go on."""
    with workshop.database.unit_of_work() as uow:
        timers.suspend(uow, due.element_key, system_chain.ROOT)
        message = f"The timer {due.element_id} could not be fired: {cause}. Mend the cause, then retry."
        key, process_id = uow.new_key(), _process_id(workshop, uow, due)
        incidents.raise_start_failed(uow, key, process_id, due.element_id, due.element_key, message, now)
        told = {"incident": key, "process": process_id, "element": due.element_id, "kind": timers.FAILED, "message": message}
        system_chain.append(uow, "incident_raised", told, at=now, actor="system")
        uow.commit()


def retry(workshop: Workshop, incident_key: int, actor: Actor) -> CommandResult | None:
    """Let the timer fire again; None when the incident is one of a case. Raises IncidentClosed."""

    def attempt() -> CommandResult | None:
        with workshop.database.unit_of_work() as uow:
            found = incidents.lock_start_failed(uow, incident_key)
            if found is None:
                return None
            if found.state != "active":
                raise IncidentClosed(incident=incident_key)
            now = workshop.clock.now()
            timers.resume(uow, found.element_key, system_chain.ROOT)
            incidents.resolve(uow, incident_key, now)
            told = {"incident": incident_key, "element": found.element_id}
            system_chain.append(uow, "incident_retried", told, at=now, actor=actor.user_id)
            uow.commit()
        return NOTHING_RUNS

    return repeated(workshop.database, attempt)


def _process_id(workshop: Workshop, uow: UnitOfWork, due: Due) -> str:
    try:
        return workshop.catalogue.definition(uow, due.definition_key).id
    except EngineError:  # gone: that may be the very cause
        return ""
