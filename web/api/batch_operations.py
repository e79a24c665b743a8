"""Batch operations and how far they are."""

from __future__ import annotations

from fastapi import APIRouter, Response

from web.api import searching
from web.api.callers import Engine, Operator
from web.api.exact import ExactRoute
from web.api.problems import NotOffered
from web.api.searching import Filter, number
from web.api.shapes.batches import ITEM_STATES, STATES, TYPES, Batch, Item
from web.api.shapes.wire import Found, Key, Search

router = APIRouter(prefix="/v2", tags=["batch operations"], route_class=ExactRoute)

FILTERS = {
    "batchOperationKey": searching.key("key"),
    "operationType": searching.word("kind", TYPES),
    "state": searching.word("state", STATES),
    "actorId": searching.phrase("started_by"),
}
SORTS = {"startDate": "created"}
ITEM_FILTERS = {"batchOperationKey": Filter("key", number), "state": searching.word("state", ITEM_STATES)}
ITEM_SORTS = {"itemKey": "key"}


@router.post("/batch-operations/search")
def search(_: Operator, engine: Engine, search: Search | None = None) -> Found[Batch]:
    arguments = searching.query(search or Search(), FILTERS, SORTS)
    return searching.answer(engine.batch_operations(**arguments), Batch.of, Found[Batch])


@router.get("/batch-operations/{key}")
def get(key: Key, _: Operator, engine: Engine) -> Batch:
    return Batch.of(engine.batch_operation(int(key)))


@router.post("/batch-operations/{key}/cancellation", status_code=204, response_class=Response)
def cancel(key: Key, caller: Operator, engine: Engine) -> Response:
    """What is not done yet will not be done; what is done stays."""
    engine.cancel_batch(int(key), actor=caller.actor)
    return Response(status_code=204)


@router.post("/batch-operation-items/search")
def items(_: Operator, engine: Engine, search: Search | None = None) -> Found[Item]:
    """The items of one batch operation."""
    arguments = searching.query(search or Search(), ITEM_FILTERS, ITEM_SORTS)
    if "key" not in arguments:
        raise NotOffered(what="Looking for items without the filter batchOperationKey")
    kind = engine.batch_operation(arguments["key"]).kind
    return searching.answer(engine.batch_items(**arguments), lambda it: Item.of(it, kind), Found[Item])
