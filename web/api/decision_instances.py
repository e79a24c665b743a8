"""Decisions that were taken in cases, with what each read and which rules matched."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from engine.errors import NotFound
from engine.facade import ProcessEngine
from engine.model import Definition, HistoryEntry
from web.api import searching
from web.api.callers import Engine, Reader
from web.api.exact import ExactRoute
from web.api.owners import instances_by_key
from web.api.searching import Filter, number, text
from web.api.shapes.decision_instances import DecisionInstance, DecisionInstanceExplained
from web.api.shapes.wire import Found, Search, place_of

router = APIRouter(prefix="/v2", tags=["decision instances"], route_class=ExactRoute)

FILTERS = {
    "decisionDefinitionId": Filter("decision_id", text),
    "decisionDefinitionKey": Filter("decision_key", number),
    "decisionDefinitionVersion": Filter("version", number),
    "processInstanceKey": Filter("instance_key", number),
    "elementInstanceKey": Filter("element_key", number),
    "evaluationDate": searching.ordered("at"),
}
SORTS = {"evaluationDate": "at"}
InstanceKey = Annotated[str, Path(pattern=r"^[0-9]{1,28}-[0-9]{1,4}$", examples=["2251799813684367000000012-1"])]


@router.post("/decision-instances/search")
def search(_: Reader, engine: Engine, search: Search | None = None) -> Found[DecisionInstance]:
    arguments = searching.without_offset(searching.query(search or Search(), FILTERS, SORTS))
    page = engine.decision_instances(**arguments)
    owners = instances_by_key(engine, (one.instance_key for one in page))
    known: dict[int, Definition] = {}

    def show(it: HistoryEntry) -> DecisionInstance:
        key = it.data["decision_key"]
        if key not in known:
            known[key] = engine.definition(key)
        return DecisionInstance.of(it, known[key], owners[it.instance_key])

    return searching.answer(page, show, Found[DecisionInstance])


@router.get("/decision-instances/{key}")
def get(key: InstanceKey, _: Reader, engine: Engine) -> DecisionInstanceExplained:
    """With inputs and matched rules."""
    evaluation, _dash, index = key.partition("-")
    found = engine.decision_instance(*place_of(evaluation))
    shown = _explained(engine, found, int(index))
    if shown is None:
        raise NotFound(kind="Decision instance", key=key)
    return shown


def _explained(engine: ProcessEngine, it: HistoryEntry, index: int) -> DecisionInstanceExplained | None:
    definition, instance = engine.definition(it.data["decision_key"]), engine.instance(it.instance_key)
    return DecisionInstanceExplained.explained(it, definition, instance, index)
