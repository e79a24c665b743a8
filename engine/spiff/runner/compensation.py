"""Undoing what was completed: each scope remembers, in order, what can be undone; a throw event goes back through it.

What is remembered stands in the memo of the scope (``undo``), so it ends with the scope unless the scope completes and is
itself remembered, with the variables it ended with. A throw event undoes one activity after the other, the last completed
first, and each only once: a record is taken out when its handler begins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.events import CompensationTriggered
from engine.spiff.runner.token import Token

if TYPE_CHECKING:
    from engine.spiff.specs.element import Element


def remember(token: Token) -> None:
    """An activity completes that can be undone later: by its handler, or by undoing what was done inside."""
    spec, scope = token.task_spec, token.scope
    inside = token.memo.get("undo")
    back = spec.brought_back_by
    if spec.undone_by is None and not inside and (back is None or back.handler is None):
        return
    counter = token.workflow.root.memo
    counter["undo_count"] = counter.get("undo_count", 0) + 1
    record: dict[str, Any] = {"node": spec.name, "key": token.key, "number": counter["undo_count"]}
    if token.variables:
        record["variables"] = token.variables
    if inside and spec.undone_by is None:
        record["undo"] = inside
    scope.memo.setdefault("undo", []).append(record)


def forget(scope: Token, element_ids: Collection[str]) -> None:
    """The case was sent back before these: what people did there is done anew (or kept), so that it is not undone twice."""
    left = _still_done(scope.memo.get("undo", []), scope.workflow.model.nodes, element_ids)
    if left:
        scope.memo["undo"] = left
    else:
        scope.memo.pop("undo", None)


def _still_done(
    records: list[dict[str, Any]], nodes: Mapping[str, Element], element_ids: Collection[str] | None
) -> list[dict[str, Any]]:
    """``records`` without user tasks among ``element_ids`` (None: all), also inside completed scopes; operations have happened."""
    left = []
    for record in records:
        node = nodes[record["node"]]
        comes_again = element_ids is None or node.bpmn_id in element_ids
        if comes_again and node.may_be_returned_to:
            continue
        inside = _still_done(record.get("undo", []), nodes, None) if comes_again else []
        if not comes_again or "undo" not in record:
            left.append(record)
        elif inside or (node.brought_back_by is not None and node.brought_back_by.handler is not None):
            left.append({**record, "undo": inside})
    return left


def begin(token: Token) -> None:
    """``token`` undoes what its scope has completed until now, and waits until that is done."""
    token.memo["undoing"] = {"until": token.workflow.root.memo.get("undo_count", 0)}
    token.runner.undoing[token.key] = token


def go_on(token: Token) -> bool:
    """When nothing else can move: begin the next handler, or go on when there is none left. False while one still works."""
    runner = token.runner
    undoing = token.memo["undoing"]
    if undoing.get("handler") in runner.tokens:
        return False
    found = _last_completed(token, undoing["until"])
    if found is not None:
        undoing["handler"] = _undo(token, *found)
        return True
    del token.memo["undoing"], runner.undoing[token.key]
    runner.finish(token)
    return True


def scopes_undone_by(token: Token) -> Iterator[Token]:
    """The scope a throw event stands in; from inside an event sub-process also the scope round it."""
    scope = token if token.task_spec.is_scope_brought_back else token.scope
    yield scope
    while scope.task_spec.shares_what_is_done:
        scope = scope.scope
        yield scope


def _last_completed(token: Token, until: int) -> tuple[Token, int] | None:
    """The scope and the place in its memory of the last completed activity that ``token`` undoes."""
    wanted = token.task_spec.undoes_only
    found = [
        (scope.memo["undo"][place]["number"], scope, place)
        for scope in scopes_undone_by(token)
        if (place := _last_of(scope.memo.get("undo", []), until, None if wanted is None else wanted.name)) is not None
    ]
    return max(found, key=lambda one: one[0])[1:] if found else None


def _last_of(records: list[dict[str, Any]], until: int, node: str | None) -> int | None:
    for place in range(len(records) - 1, -1, -1):
        if records[place]["number"] <= until and node in {None, records[place]["node"]}:
            return place
    return None


def _undo(thrower: Token, scope: Token, place: int) -> int:
    """Begin the handler, or bring the completed scope back to undo what was done inside. The key of what works now."""
    runner = thrower.runner
    record = scope.memo["undo"].pop(place)
    if not scope.memo["undo"]:
        del scope.memo["undo"]
    activity = scope.workflow.model.nodes[record["node"]]
    handler = activity.undone_by or activity.brought_back_by
    assert handler is not None
    memo = {"undoes": thrower.key}
    if "undo" in record:
        memo["undo"] = record["undo"]
    key = runner.host.new_key()
    where = (thrower.workflow.key, thrower.key, thrower.task_spec.bpmn_id)
    runner.emit(CompensationTriggered(*where, activity.bpmn_id, record["key"], handler.bpmn_id, key))
    runner.create(handler, scope, key=key, variables=record.get("variables"), memo=memo)
    return key
