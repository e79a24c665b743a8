"""Where instances stand, how they came there, who called them."""

from __future__ import annotations

from fastapi import APIRouter

from engine.errors import NotFound
from web.api import searching
from web.api.callers import Engine, Reader
from web.api.exact import ExactRoute
from web.api.process_definitions import definition_of_kind
from web.api.searching import Filter, number
from web.api.shapes.paths import Caller, Counted, ElementCounts, Flow, Flows
from web.api.shapes.wire import Filtered, Key

router = APIRouter(prefix="/v2", tags=["process instances"], route_class=ExactRoute)

DEFINITION_FILTERS = {"processInstanceKey": Filter("instance_key", number)}


@router.get("/process-instances/{key}/statistics/element-instances")
def statistics(key: Key, _: Reader, engine: Engine) -> Counted:
    """How often each element was entered, and how that ended."""
    return Counted(items=[ElementCounts.of(one) for one in engine.element_statistics(instance_key=int(key))])


@router.post("/process-definitions/{key}/statistics/element-instances")
def statistics_of_definition(key: Key, _: Reader, engine: Engine, body: Filtered | None = None) -> Counted:
    """Over all instances of this version, or of the one the filter names."""
    definition = definition_of_kind(engine, key, "process")
    instance = searching.conditions((body or Filtered()).filter, DEFINITION_FILTERS).get("instance_key")
    if instance is None:
        found = engine.element_statistics(definition_key=definition.key)
    elif engine.instance(instance).definition_key == definition.key:
        found = engine.element_statistics(instance_key=instance)
    else:
        raise NotFound(kind="Process instance", key=instance)
    return Counted(items=[ElementCounts.of(one) for one in found])


@router.get("/process-instances/{key}/sequence-flows")
def flows(key: Key, _: Reader, engine: Engine) -> Flows:
    """Each flow once, in the order first taken."""
    instance = engine.instance(int(key))
    return Flows(items=[Flow.of(flow, instance) for flow in engine.flows_taken(instance.key)])


@router.get("/process-instances/{key}/call-hierarchy")
def callers(key: Key, _: Reader, engine: Engine) -> list[Caller]:
    """From the root down to the instance itself."""
    return [Caller.of(one) for one in engine.call_hierarchy(int(key))]
