"""Incidents: what stopped, why, and trying again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Response

from engine.facade import ProcessEngine
from engine.model import Comparisons, Incident, Page, ProcessInstance
from web.api import searching
from web.api.callers import Engine, Operator
from web.api.exact import ExactRoute
from web.api.owners import instances_by_key
from web.api.problems import NotOffered
from web.api.shapes.incidents import (
    ERROR_TYPES,
    STATES,
    ByDefinitionQuery,
    ByErrorQuery,
    IncidentFound,
    InstancesByDefinition,
    InstancesByError,
)
from web.api.shapes.wire import Found, Key, Operation, PageInfo, Search

router = APIRouter(prefix="/v2", tags=["incidents"], route_class=ExactRoute)

FILTERS = {
    "incidentKey": searching.key("key"),
    "processInstanceKey": searching.key("instance_key"),
    "processDefinitionId": searching.phrase("process_id"),
    "elementId": searching.phrase("element_id"),
    "elementInstanceKey": searching.key("element_key"),
    "jobKey": searching.key("job_key"),
    "errorType": searching.word("kind", ERROR_TYPES),
    "state": searching.word("state", STATES),
    "creationTime": searching.ordered("raised_at"),
}
SORTS = {"creationTime": "raised", "incidentKey": "key"}
Shown = TypeVar("Shown", InstancesByError, InstancesByDefinition)


@router.post("/incidents/search")
def search(_: Operator, engine: Engine, search: Search | None = None) -> Found[IncidentFound]:
    return _found(engine, search)


@router.get("/incidents/{key}")
def get(key: Key, _: Operator, engine: Engine) -> IncidentFound:
    found = engine.incident(int(key))
    return IncidentFound.of(found, _definition_key(engine, found, instances_by_key(engine, [found.instance_key])))


@router.post("/incidents/{key}/resolution", status_code=204, response_class=Response)
def resolve(key: Key, caller: Operator, engine: Engine, body: Operation | None = None) -> Response:
    """Tries again at once; a job without retries gets one more. What fails again is a new incident."""
    del body  # an incident is resolved without a reason; the property is only checked
    engine.resolve_incident(int(key), actor=caller.actor)
    return Response(status_code=204)


@router.post("/process-instances/{key}/incidents/search")
def of_instance(key: Key, _: Operator, engine: Engine, search: Search | None = None) -> Found[IncidentFound]:
    """Also those of the instances it called."""
    return _found(engine, search, instance_key=engine.called_by(int(key)))


@router.post("/element-instances/{key}/incidents/search")
def of_element(key: Key, _: Operator, engine: Engine, search: Search | None = None) -> Found[IncidentFound]:
    """Also those of everything inside it."""
    return _found(engine, search, element_key=engine.inside_element(int(key)))


@router.post("/incidents/statistics/process-instances-by-error")
def by_error(_: Operator, engine: Engine, query: ByErrorQuery | None = None) -> Found[InstancesByError]:
    """How many instances stand still for each reason."""
    asked = query or ByErrorQuery()
    items = [InstancesByError.of(one) for one in engine.incidents_by_error()]
    return _counted(asked, items, Found[InstancesByError], {"errorMessage": lambda one: one.error_message})


@router.post("/incidents/statistics/process-instances-by-definition")
def by_definition(query: ByDefinitionQuery, _: Operator, engine: Engine) -> Found[InstancesByDefinition]:
    """Which definitions have instances that stand still for one reason."""
    items = [InstancesByDefinition.of(one) for one in engine.incidents_by_definition(query.filter.error_hash_code)]
    by_key = {"processDefinitionKey": lambda one: int(one.process_definition_key)}
    return _counted(query, items, Found[InstancesByDefinition], by_key)


def _found(engine: ProcessEngine, search: Search | None, **among: Sequence[int]) -> Found[IncidentFound]:
    arguments: dict[str, Any] = {"state": None} | searching.query(search or Search(), FILTERS, SORTS)
    for name, keys in among.items():
        arguments[name] = searching.both(arguments.get(name), Comparisons((("in", tuple(keys)),)))
    page: Page = engine.incidents(**arguments)
    owners = instances_by_key(engine, (incident.instance_key for incident in page))
    return searching.answer(page, lambda it: IncidentFound.of(it, _definition_key(engine, it, owners)), Found[IncidentFound])


def _definition_key(engine: ProcessEngine, incident: Incident, owners: dict[int, ProcessInstance]) -> int:
    """A timer that could not start its case belongs to no instance (key 0): then the newest version of its process, or 0."""
    if incident.instance_key in owners:
        return owners[incident.instance_key].definition_key
    newest = engine.definitions(kind="process", id=incident.process_id, latest=True, limit=1).items
    return newest[0].key if newest else 0


def _counted(
    asked: ByErrorQuery | ByDefinitionQuery,
    items: list[Shown],
    shape: type[Found[Shown]],
    orders: dict[str, Callable[[Any], Any]],
) -> Found[Shown]:
    if asked.page.after or asked.page.before or len(asked.sort) > 1:
        raise NotOffered(what="A cursor over statistics, or more than one order,")
    for sort in asked.sort:
        by = orders.get(sort.field, lambda one: one.active_instances_with_error_count)
        items = sorted(items, key=by, reverse=sort.order == "DESC")
    first = asked.page.from_ or 0
    return shape(items=items[first : first + asked.page.limit], page=PageInfo(total_items=len(items)))
