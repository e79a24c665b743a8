"""What a view works with: the engine and the office the application was composed of."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, g, has_request_context

from engine.facade import ProcessEngine
from procurement.office import Office
from web.auth.people import current_person
from web.composition import Services
from web.discreet import DiscreetEngine

_KEY = "bixuan"


def install(pages: Flask, services: Services) -> None:
    pages.extensions[_KEY] = services


def services() -> Services:
    return cast("Services", current_app.extensions[_KEY])


def engine() -> ProcessEngine:
    """As the person in front may see it: the panels of running comparisons are secret to most."""
    if not has_request_context():
        return services().engine
    if "engine" not in g:  # asked for hundreds of times on a page of cases
        found, person = services().engine, current_person()
        if person is None:
            return found
        secret = office().panels.secret(actor=person.actor)
        g.engine = DiscreetEngine(found, secret, person.actor) if secret else found
    return cast("ProcessEngine", g.engine)


def office() -> Office:
    return services().office
