"""One command's rows as one SQL statement: every table is a part of a single WITH, so the whole write is one round trip.

Only the parts a command needs are in the statement; rows travel as one JSON text per part. The handful of different
statements that arise are prepared by the driver and keep their plans.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql

from engine.store.changes import Changes, Row
from engine.store.tables import (
    command_log,
    element_instance,
    history,
    incident,
    job,
    process_instance,
    subscription,
    timer,
    user_task,
    variable,
)


class Parts:
    """Collects the parts of the statement and their parameters."""

    def __init__(self, root_key: int) -> None:
        self._parts: list[str] = []
        self.values: dict[str, Any] = {"root": root_key}

    def insert(self, table: Table, rows: Iterable[Row], conflict: str = "") -> None:
        rows = list(rows)
        if not rows:
            return
        names = ",".join(f'"{name}"' for name in rows[0])
        source = self._recordset(table, rows)
        body = f"insert into {table.name} ({names}) select {names} from {source} {conflict}"  # noqa: S608 - our own names
        self._add(f"new_{table.name}", body)

    def update(self, table: Table, rows: Iterable[Row], key: str = "key") -> None:
        """Rows that change the same columns are one part."""
        groups: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple(row), []).append(row)
        for number, (names, group) in enumerate(groups.items()):
            sets = ",".join(f'"{name}" = r."{name}"' for name in names if name != key)
            source = self._recordset(table, group)
            self._add(
                f"changed_{table.name}_{number}",
                f'update {table.name} t set {sets} from {source} where t."{key}" = r."{key}" and t.root_key = %(root)s',  # noqa: S608
            )

    def delete(self, table: Table, keys: Iterable[int]) -> None:
        keys = sorted(keys)
        if keys:
            name = f"gone_{table.name}"
            self.values[name] = keys
            gone = f"delete from {table.name} where element_key = any(%({name})s) and root_key = %(root)s"  # noqa: S608
            self._add(name, gone)

    def cancel_jobs(self, element_keys: set[int], at: str, but: Iterable[int]) -> None:
        """``but``: jobs this statement changes already; a row can be changed only once in it."""
        if element_keys:
            self.values |= {"canceled": sorted(element_keys), "canceled_at": at, "not_canceled": sorted(but)}
            self._add(
                "canceled_jobs",
                "update job set state = 'canceled', ended_at = %(canceled_at)s::timestamptz where root_key = %(root)s "
                "and element_key = any(%(canceled)s) and key <> all(%(not_canceled)s) and state in ('created', 'activated', 'failed')",
            )

    def forget_drafts(self, closed: list[int]) -> None:
        if closed:
            self.values["closed"] = closed
            self._add("gone_drafts", "delete from task_draft where task_key = any(%(closed)s)")

    def text(self, last: str) -> str:
        return f"with {', '.join(self._parts)} {last}" if self._parts else last

    def _recordset(self, table: Table, rows: list[Row]) -> str:
        name = f"rows_{len(self.values)}"
        self.values[name] = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        columns = ",".join(f'"{column}" {_sql_type(table, column)}' for column in rows[0])
        return f"json_to_recordset(%({name})s::json) as r({columns})"

    def _add(self, name: str, body: str) -> None:
        self._parts.append(f"{name} as ({body})")


_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped
_TYPES: dict[tuple[str, str], str] = {}


def _sql_type(table: Table, column: str) -> str:
    known = _TYPES.get((table.name, column))
    if known is None:
        known = _TYPES[table.name, column] = table.c[column].type.compile(_DIALECT).lower()
    return known


def parts_of(root_key: int, changes: Changes, at: str) -> Parts:
    """Everything of ``changes`` but the state row, whose update carries the lock's version check."""
    parts = Parts(root_key)
    parts.insert(history, changes.history)
    for table, rows in (
        (process_instance, changes.instances),
        (element_instance, changes.elements),
        (user_task, changes.tasks),
        (job, changes.jobs),
        (incident, changes.incidents),
    ):
        parts.insert(table, rows.new.values())
        parts.update(table, rows.changed.values())
    parts.insert(
        variable, changes.variables.values(), "on conflict (root_key, scope_key, name) do update set value = excluded.value"
    )
    for table, waits in ((timer, changes.timers), (subscription, changes.subscriptions)):
        parts.insert(table, waits.begun.values(), _replace(next(iter(waits.begun.values()), {})))
        parts.delete(table, waits.ended - set(waits.begun))
    parts.forget_drafts([key for key, row in changes.tasks.changed.items() if "ended_at" in row])
    if changes.command is not None:
        parts.insert(command_log, [changes.command])
    parts.cancel_jobs(changes.canceled_jobs_of, at, changes.jobs.changed)
    return parts


def _replace(row: Row) -> str:
    """A cycle that is set again keeps its row."""
    sets = ",".join(f"{name} = excluded.{name}" for name in row if name not in {"element_key", "root_key"})
    return f"on conflict (element_key, root_key) do update set {sets}"
