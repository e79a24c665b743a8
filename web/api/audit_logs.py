"""Who did what: the history over all cases, as the published audit log."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

from fastapi import APIRouter, Path

from engine.errors import NotFound
from engine.facade import ProcessEngine
from engine.model import Comparisons
from web.api import searching
from web.api.callers import Engine, Reader
from web.api.exact import ExactRoute
from web.api.owners import instances_by_key
from web.api.searching import Filter, number
from web.api.shapes.audit import CATEGORIES, ENTITIES, OPERATIONS, WORDS, AuditEntry, category
from web.api.shapes.wire import Found, Key, Search, place_of

router = APIRouter(prefix="/v2", tags=["audit log"], route_class=ExactRoute)

_WHAT = {
    "entityType": searching.word("entity", {word: (word,) for word in ENTITIES}),
    "operationType": searching.word("operation", {word: (word,) for word in WORDS}),
    "category": searching.word("category", {word: (word,) for word in CATEGORIES}),
    "result": searching.word("result", {"SUCCESS": ("SUCCESS",), "FAIL": ("FAIL",)}),
}
_WHEN = {"actorId": searching.phrase("actor"), "timestamp": searching.ordered("at")}
FILTERS = {
    **_WHAT,
    **_WHEN,
    "processInstanceKey": Filter("instance_key", number),
    "elementInstanceKey": Filter("element_key", number),
}
SORTS = {"timestamp": "at"}
TASK_FILTERS = {"operationType": _WHAT["operationType"], "result": _WHAT["result"], **_WHEN}
EntryKey = Annotated[str, Path(pattern=r"^[0-9]{1,28}$", examples=["2251799813684367000000012"])]


@router.post("/audit-logs/search")
def search(_: Reader, engine: Engine, search: Search | None = None) -> Found[AuditEntry]:
    """The newest first, unless a sort says otherwise."""
    return _found(engine, searching.query(search or Search(), FILTERS, SORTS), OPERATIONS)


@router.get("/audit-logs/{key}")
def get(key: EntryKey, _: Reader, engine: Engine) -> AuditEntry:
    found = engine.audit_entry(*place_of(key))
    if found.kind not in OPERATIONS:
        raise NotFound(kind="Audit log entry", key=key)
    return AuditEntry.of(found, engine.instance(found.instance_key) if found.instance_key else None)


@router.post("/user-tasks/{key}/audit-logs/search")
def of_task(key: Key, caller: Reader, engine: Engine, search: Search | None = None) -> Found[AuditEntry]:
    """What happened to one task the caller may see."""
    task = engine.task(int(key), actor=caller.actor)
    kinds = [kind for kind, (entity, _operation) in OPERATIONS.items() if entity == "USER_TASK"]
    arguments = searching.query(search or Search(), TASK_FILTERS, SORTS)
    return _found(engine, arguments | {"root_key": task.root_key, "element_key": task.key}, kinds)


def _found(engine: ProcessEngine, arguments: dict[str, Any], kinds: Collection[str]) -> Found[AuditEntry]:
    asked = {word: arguments.pop(word) for word in ("entity", "operation", "category", "result") if word in arguments}
    wanted = [kind for kind in kinds if all(_passes(_words_of(kind)[word], tests) for word, tests in asked.items())]
    page = engine.audit(wanted, **searching.without_offset(arguments))
    owners = instances_by_key(engine, (entry.instance_key for entry in page))
    return searching.answer(page, lambda it: AuditEntry.of(it, owners.get(it.instance_key)), Found[AuditEntry])


def _words_of(kind: str) -> dict[str, str]:
    entity, operation = OPERATIONS[kind]
    return {"entity": entity, "operation": operation, "category": category(entity), "result": "SUCCESS"}


def _passes(word: str, tests: Comparisons) -> bool:
    return all((word in among) == (test == "in") for test, among in tests.tests)
