"""Completed user tasks of a case, with where each stood: what a case that is sent back may keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import element_instance, process_instance, user_task, variable

LIST = "multiInstanceBody"


@dataclass(frozen=True)
class Completed:
    """``place``: the element of the asked scope it was, or was done in; ``counters``: of the lists on the way, from the inside."""

    task_key: int
    element_id: str
    name: str
    process_id: str
    definition_key: int
    form_key: int | None
    completed_by: str | None
    completed_at: dt.datetime
    place: str
    counters: tuple[int, ...]


def completed_in(session: Session, root_key: int, scope_key: int) -> list[Completed]:
    """Of everything done in a live scope and below it, also in cases it called; in the order it was done."""
    t = user_task.c
    columns = (t.key, t.element_id, t.name, t.process_id, t.definition_key, t.form_key, t.completed_by, t.ended_at)
    statement = (
        select(*columns, *_PLACE)
        .join(element_instance, (_E.key == t.key) & (_E.root_key == t.root_key))
        .where(t.root_key == root_key, t.state == "completed")
        .order_by(t.ended_at, t.key)
    )
    ways = _Ways(session, root_key, scope_key)
    found = []
    for row in session.execute(statement):
        way = ways.of(row.key, _Place(*row[len(columns) :]))
        if way is not None:
            values: tuple[Any, ...] = (*row[: len(columns)], *way)
            found.append(Completed(*values))
    return found


def between(done: list[Completed], target_id: str, comes_again: Collection[str]) -> list[Completed]:
    """What was completed since the step to return to was completed the last time, where the case comes again."""
    target = next((n for n in range(len(done) - 1, -1, -1) if done[n].place == target_id), -1)
    return [one for one in done[target + 1 :] if one.place in comes_again and one.place != target_id]


def local(session: Session, root_key: int, scope_key: int, name: str) -> Any:
    """A local variable of an element that may be over; None when it had none."""
    v = variable.c
    return session.execute(select(v.value).where(v.root_key == root_key, v.scope_key == scope_key, v.name == name)).scalar()


class _Place(NamedTuple):
    scope_key: int
    instance_key: int
    element_id: str
    element_type: str


_E = element_instance.c
_PLACE = (_E.scope_key, _E.instance_key, _E.element_id, _E.element_type)


class _Ways:
    """From an element outwards to one scope; what lies on the way is read once."""

    def __init__(self, session: Session, root_key: int, scope_key: int) -> None:
        self._session, self._root_key, self._scope_key = session, root_key, scope_key
        self._elements: dict[int, _Place | None] = {}
        self._callers: dict[int, int | None] = {}
        self._counters: dict[int, int] | None = None

    def of(self, key: int, place: _Place) -> tuple[str, tuple[int, ...]] | None:
        """The element of the scope that ``key`` is or stands in, and the loop counters on the way; None from elsewhere."""
        self._elements[key] = place
        counters: list[int] = []
        while True:
            element = self._element(key)
            if element is None:
                return None
            if self._is_list(element.scope_key):
                counters.append(self._counter(key))
            if element.scope_key == self._scope_key:
                return element.element_id, tuple(counters)
            inside = element.scope_key != element.instance_key
            outer = element.scope_key if inside else self._caller(element.instance_key)
            if outer is None:
                return None
            key = outer

    def _is_list(self, key: int) -> bool:
        element = self._element(key)
        return element is not None and element.element_type == LIST

    def _counter(self, key: int) -> int:
        if self._counters is None:
            v = variable.c
            statement = select(v.scope_key, v.value).where(v.root_key == self._root_key, v.name == "loopCounter")
            self._counters = {scope: int(value) for scope, value in self._session.execute(statement)}
        return self._counters.get(key, 0)

    def _element(self, key: int) -> _Place | None:
        if key not in self._elements:
            mine = (_E.key == key, _E.root_key == self._root_key)
            row = self._session.execute(select(*_PLACE).where(*mine)).one_or_none()
            self._elements[key] = None if row is None else _Place(*row)
        return self._elements[key]

    def _caller(self, instance_key: int) -> int | None:
        if instance_key not in self._callers:
            p = process_instance.c
            mine = (p.key == instance_key, p.root_key == self._root_key)
            self._callers[instance_key] = self._session.execute(select(p.parent_element_key).where(*mine)).scalar()
        return self._callers[instance_key]
