"""Process definitions."""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.errors import NotFound
from engine.facade import ProcessEngine
from engine.model import Definition
from web.api import searching
from web.api.callers import Engine, Reader
from web.api.exact import ExactRoute
from web.api.searching import Filter, boolean, number
from web.api.shapes.definitions import ProcessDefinition
from web.api.shapes.wire import Found, Key, Search

router = APIRouter(prefix="/v2", tags=["process definitions"], route_class=ExactRoute)

FILTERS = {
    "processDefinitionKey": searching.key("key"),
    "processDefinitionId": searching.phrase("id"),
    "name": searching.phrase("name"),
    "version": searching.ordered("version", number),
    "versionTag": searching.phrase("version_tag"),
    "resourceName": searching.phrase("resource_name"),
    "isLatestVersion": Filter("latest", boolean),
}
SORTS = {"processDefinitionKey": "key", "processDefinitionId": "id", "version": "version"}


@router.post("/process-definitions/search")
def search(_: Reader, engine: Engine, search: Search | None = None) -> Found[ProcessDefinition]:
    arguments = searching.query(search or Search(), FILTERS, SORTS)
    return searching.answer(engine.definitions(kind="process", **arguments), ProcessDefinition.of, Found[ProcessDefinition])


@router.get("/process-definitions/{key}")
def get(key: Key, _: Reader, engine: Engine) -> ProcessDefinition:
    return ProcessDefinition.of(definition_of_kind(engine, key, "process"))


@router.get("/process-definitions/{key}/xml", response_class=Response)
def xml(key: Key, _: Reader, engine: Engine) -> Response:
    found = definition_of_kind(engine, key, "process")
    return Response(engine.resource(found.key), media_type="text/xml")


@router.get("/process-definitions/{key}/form", status_code=204, response_class=Response)
def start_form(key: Key, _: Reader, engine: Engine) -> Response:
    """204: a process is started without a form here."""
    definition_of_kind(engine, key, "process")
    return Response(status_code=204)


def definition_of_kind(engine: ProcessEngine, key: str, kind: str) -> Definition:
    """Raises NotFound also when the key names a definition of another kind."""
    found = engine.definition(int(key))
    if found.kind != kind:
        raise NotFound(kind=f"{kind.capitalize()} definition", key=key)
    return found
