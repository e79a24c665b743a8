"""Element instances: what each instance went through and where it stands."""

from __future__ import annotations

from fastapi import APIRouter, Response

from web.api import searching
from web.api.callers import Engine, Operator, Reader
from web.api.searching import Filter, boolean
from web.api.shapes.instances import STATES, Element, VariableChange, bpmn_type
from web.api.shapes.wire import Found, Key, Search

router = APIRouter(prefix="/v2", tags=["element instances"])

FILTERS = {
    "elementInstanceKey": searching.key("key"),
    "processInstanceKey": searching.key("instance_key"),
    "elementId": searching.phrase("element_id"),
    "elementName": searching.phrase("name"),
    "type": Filter("element_type", bpmn_type, searching.AMONG),
    "state": searching.word("state", STATES),
    "hasIncident": Filter("has_incident", boolean),
    "elementInstanceScopeKey": searching.key("scope_key"),
    "startDate": searching.ordered("started_at"),
    "endDate": searching.ordered("ended_at"),
}
SORTS = {"elementInstanceKey": "key", "startDate": "key"}


@router.post("/element-instances/search")
def search(_: Reader, engine: Engine, search: Search | None = None) -> Found[Element]:
    arguments = searching.query(search or Search(), FILTERS, SORTS)
    return searching.answer(engine.elements(**arguments), Element.of, Found[Element])


@router.put("/element-instances/{key}/variables", status_code=204, response_class=Response)
def set_variables(key: Key, body: VariableChange, caller: Operator, engine: Engine) -> Response:
    """Into the nearest scope that has the name, or with ``local`` into this very scope."""
    engine.set_variables(int(key), body.variables, actor=caller.actor, local=body.local)
    return Response(status_code=204)
