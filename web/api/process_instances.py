"""Process instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from engine.errors import NotFound
from engine.facade import ProcessEngine
from engine.model import Comparisons
from web.api import searching
from web.api.callers import CommandId, Engine, Operator, Reader, Worker
from web.api.exact import ExactRoute
from web.api.problems import BadRequest, NotOffered
from web.api.searching import Filter, boolean, number
from web.api.shapes.instances import STATES, Created, Creation, Instance
from web.api.shapes.wire import Found, Key, Operation, Search

router = APIRouter(prefix="/v2", tags=["process instances"], route_class=ExactRoute)

SUSPENDED = "suspended"
FILTERS = {
    "processInstanceKey": searching.key("key"),
    "processDefinitionKey": searching.key("definition_key"),
    "processDefinitionId": searching.phrase("process_id"),
    "processDefinitionName": searching.phrase("process_name"),
    "processDefinitionVersion": searching.ordered("version", number),
    "businessId": searching.phrase("business_key"),
    "state": searching.word("state", STATES | {"SUSPENDED": (SUSPENDED,)}),
    "hasIncident": Filter("has_incident", boolean),
    "startDate": searching.ordered("started_at"),
    "endDate": searching.ordered("ended_at"),
    "parentProcessInstanceKey": searching.key("parent_key"),
    "parentElementInstanceKey": searching.key("parent_element_key"),
}
SORTS = {"processInstanceKey": "key", "startDate": "key"}


@router.post("/process-instances")
def create(body: Creation, caller: Worker, engine: Engine, command_id: CommandId) -> Created:
    """Start the latest version, or the one named; answers when the instance waits for somebody or something."""
    instance = engine.start_process(
        body.process_definition_id or definition_id(engine, body.process_definition_key),
        body.variables,
        actor=caller.actor,
        business_key=body.business_id or "",
        version=None if body.process_definition_version == -1 else body.process_definition_version,
        definition_key=int(body.process_definition_key) if body.process_definition_key else None,
        command_id=command_id,
    )
    return Created.of(instance)


@router.post("/process-instances/search")
def search(_: Reader, engine: Engine, search: Search | None = None) -> Found[Instance]:
    asked = search or Search()
    arguments = searching.query(asked.model_copy(update={"filter": {}}), FILTERS, SORTS) | conditions(asked.filter)
    return searching.answer(engine.instances(**arguments), Instance.of, Found[Instance])


@router.get("/process-instances/{key}")
def get(key: Key, _: Reader, engine: Engine) -> Instance:
    return Instance.of(engine.instance(int(key)))


@router.post("/process-instances/{key}/cancellation", status_code=204, response_class=Response)
def cancel(key: Key, caller: Operator, engine: Engine, command_id: CommandId, body: Operation | None = None) -> Response:
    engine.cancel_instance(int(key), actor=caller.actor, reason=(body or Operation()).reason, command_id=command_id)
    return Response(status_code=204)


def definition_id(engine: ProcessEngine, key: str | None) -> str:
    if key is None:
        raise BadRequest(cause="processDefinitionId or processDefinitionKey is missing")
    found = engine.definition(int(key))
    if found.kind != "process":
        raise NotFound(kind="Process definition", key=key)
    return found.id


def conditions(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The engine's arguments for the filters of instances: being suspended is a state to clients and a mark beside it here."""
    found = searching.conditions(wanted, FILTERS)
    if "state" not in found:
        return found
    words = {word for states in STATES.values() for word in states} | {SUSPENDED}
    for test, among in found.pop("state").tests:
        words = words & set(among) if test == "in" else words - set(among)
    if words == {SUSPENDED}:
        return found | {"suspended": True}
    if SUSPENDED in words and "active" not in words:
        raise NotOffered(what="The state SUSPENDED together with states that have ended")
    state = Comparisons((("in", tuple(words - {SUSPENDED})),))
    return found | {"state": state} | ({"suspended": False} if "active" in words and SUSPENDED not in words else {})
