"""Variables."""

from __future__ import annotations

from fastapi import APIRouter

from web.api import searching
from web.api.callers import Engine, Reader
from web.api.exact import ExactRoute
from web.api.shapes.instances import VariableFound, VariableValue
from web.api.shapes.wire import Found, Key, Search

router = APIRouter(prefix="/v2", tags=["variables"], route_class=ExactRoute)

FILTERS = {
    "variableKey": searching.key("key"),
    "processInstanceKey": searching.key("instance_key"),
    "scopeKey": searching.key("scope_key"),
    "name": searching.phrase("name"),
}
SORTS = {"variableKey": "key", "name": "name"}


@router.post("/variables/search")
def search(_: Reader, engine: Engine, search: Search | None = None) -> Found[VariableFound]:
    arguments = searching.query(search or Search(), FILTERS, SORTS)
    return searching.answer(engine.variables(**arguments), VariableFound.of, Found[VariableFound])


@router.get("/variables/{key}")
def get(key: Key, _: Reader, engine: Engine) -> VariableValue:
    return VariableValue.of(engine.variable(int(key)))
