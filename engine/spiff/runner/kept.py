"""Completed user tasks whose completion stays valid although the case was sent back before them.

They are remembered in the scope the case was sent back in, by process, element and the loop counters on the way there, and
taken out when a token comes to the task again: it completes at once with the values it had.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.events import UserTaskKept
from engine.spiff.runner.token import Token

LIST = "multiInstanceBody"


def name(process_id: str, element_id: str, counters: list[int]) -> str:
    """What a kept completion is remembered under; ``counters`` from the inside outwards."""
    return "/".join([f"{process_id}:{element_id}", *map(str, counters)])


def remember(scope: Token, records: Mapping[str, Mapping[str, Any]], sent_back: Token) -> None:
    """``records`` by ``name``: task, name, form_key, values, completed_by, completed_at, and item when done for a list.

    They hold until the case is back at the task that was ``sent_back``: in a later round everything is done anew.
    """
    if records:
        until = name(sent_back.workflow.model.id, sent_back.task_spec.bpmn_id, [])
        held = {key: {**record, "until": until} for key, record in records.items()}
        scope.memo["kept"] = {**scope.memo.get("kept", {}), **held}


def complete(token: Token) -> bool:
    """True when the task was kept and is completed with that."""
    record = _take(token)
    if record is None:
        return False
    said = {field: value for field, value in record.items() if field not in {"item", "until"}}
    token.runner.emit(UserTaskKept(token.workflow.key, token.key, token.task_spec.bpmn_id, **said))
    token.runner.finish(token, record["values"])
    return True


def _take(token: Token) -> dict[str, Any] | None:
    process_id, element_id = token.workflow.model.id, token.task_spec.bpmn_id
    counters: list[int] = []
    place: Token | None = token
    while place is not None:
        if not place.is_root and place.scope.task_spec.element_type == LIST:
            counters.append(place.variables.get("loopCounter", 0))
        found = place.memo.get("kept")
        if found is not None and place is not token:
            record: dict[str, Any] | None = found.pop(name(process_id, element_id, counters), None)
            _forget(place, name(process_id, element_id, []))
            if record is not None:
                return record if _same_item(token, record) else None
        place = place.workflow.caller if place.is_root else place.scope
    return None


def _forget(scope: Token, back_at: str) -> None:
    """The case is back at the task it was sent back from: what it did not come to on the way holds no longer."""
    found = scope.memo["kept"]
    for key in [key for key, record in found.items() if record.get("until") == back_at != key.split("/")[0]]:
        del found[key]
    if not found:
        del scope.memo["kept"]


def _same_item(token: Token, record: dict[str, Any]) -> bool:
    """A list that has changed meanwhile: what was said of another item does not count."""
    body = token.scope.task_spec
    item = getattr(getattr(body, "loop", None), "input_element", None)
    return "item" not in record or item is None or token.variables.get(item) == record["item"]
