"""Element instances: what each instance went through and where it stands."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from engine.errors import NotFound
from engine.facade import ProcessEngine
from engine.model import Comparisons
from web.api import searching
from web.api.callers import Engine, Operator, Reader
from web.api.exact import ExactRoute
from web.api.owners import instances_by_key
from web.api.searching import Filter, boolean, text
from web.api.shapes.instances import STATES, Element, VariableChange, bpmn_type
from web.api.shapes.wire import Found, Key, Search

router = APIRouter(prefix="/v2", tags=["element instances"], route_class=ExactRoute)

FILTERS = {
    "elementInstanceKey": searching.key("key"),
    "processInstanceKey": searching.key("instance_key"),
    "elementId": searching.phrase("element_id"),
    "elementName": searching.phrase("name"),
    "type": Filter("element_type", lambda value: bpmn_type(text(value)), searching.AMONG),
    "state": searching.word("state", STATES),
    "hasIncident": Filter("has_incident", boolean),
    "elementInstanceScopeKey": searching.key("scope_key"),
    "startDate": searching.ordered("started_at"),
    "endDate": searching.ordered("ended_at"),
}
SORTS = {"elementInstanceKey": "key", "startDate": "key"}


@router.post("/element-instances/search")
def search(_: Reader, engine: Engine, search: Search | None = None) -> Found[Element]:
    page = engine.elements(**_by_case(searching.query(search or Search(), FILTERS, SORTS)))
    owners = instances_by_key(engine, (element.instance_key for element in page))
    stopped = _incidents(engine, [element.key for element in page if element.state == "incident"])
    return searching.answer(page, lambda it: Element.of(it, owners[it.instance_key], stopped.get(it.key)), Found[Element])


@router.get("/element-instances/{key}")
def get(key: Key, _: Reader, engine: Engine) -> Element:
    found = engine.elements(key=int(key), limit=1).items
    if not found:
        raise NotFound(kind="Element instance", key=key)
    return Element.of(found[0], engine.instance(found[0].instance_key), _incidents(engine, [found[0].key]).get(found[0].key))


def _by_case(arguments: dict[str, Any]) -> dict[str, Any]:
    """Elements of one instance are found through the index by case."""
    instance = arguments.get("instance_key")
    return arguments | {"of": instance} if isinstance(instance, int) else arguments


def _incidents(engine: ProcessEngine, elements: list[int]) -> dict[int, int]:
    """Active incidents by the element they stop."""
    if not elements:
        return {}
    among = Comparisons((("in", tuple(elements)),))
    return {incident.element_key: incident.key for incident in engine.incidents(element_key=among, limit=None)}


@router.put("/element-instances/{key}/variables", status_code=204, response_class=Response)
def set_variables(key: Key, body: VariableChange, caller: Operator, engine: Engine) -> Response:
    """Into the nearest scope that has the name, or with ``local`` into this very scope."""
    engine.set_variables(int(key), body.variables, actor=caller.actor, local=body.local)
    return Response(status_code=204)
