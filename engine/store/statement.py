"""One command's rows as one SQL statement: every table is a part of a single WITH, so the whole write is one round trip.

Only the parts a command needs are in the statement; new rows travel as one JSON text per table. The handful of different
statements that arise are prepared by the driver and keep their plans, so every value is a parameter, and changes name their
rows by key: a plan made while a table was small stays right when it has grown.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

import psycopg
from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql

from engine.store.changes import Changes, Row, Rows, Waits
from engine.store.tables import (
    command_log,
    element_instance,
    history_record,
    incident,
    job,
    process_instance,
    subscription,
    timer,
    user_task,
    variable,
)

_ROWS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_UPSERT_VARIABLE = " on conflict (root_key, scope_key, name) do update set value = excluded.value"


class Statement:
    """Collects parts and their parameters; ``$1`` is the case's root key."""

    def __init__(self, root_key: int) -> None:
        self._parts: list[str] = []
        self._values: list[Any] = [str(root_key)]

    def value(self, value: Any, sql_type: str) -> str:
        """A parameter. Numbers go as text, so that their size does not make another statement."""
        self._values.append(str(value) if isinstance(value, int) else value)
        return f"${len(self._values)}::{sql_type}"

    def insert(self, table: Table, rows: Collection[Row], conflict: str = "") -> None:
        if rows:
            rows = list(rows)
            names, columns = _columns(table, tuple(rows[0]))
            source = f"json_to_recordset({self.value(_ROWS(rows), 'json')}) as r({columns})"
            self.add(f"insert into {table.name} ({names}) select {names} from {source}{conflict}")  # noqa: S608 - our own names

    def update(self, table: Table, rows: Iterable[Row]) -> None:
        """Rows that change to the same values are one part."""
        groups: dict[tuple[tuple[str, Any], ...], list[int]] = {}
        for row in rows:
            groups.setdefault(tuple((name, value) for name, value in row.items() if name != "key"), []).append(row["key"])
        for changes, keys in groups.items():
            sets = ",".join(f'"{name}" = {self.value(value, _sql_type(table, name))}' for name, value in changes)
            self.add(f"update {table.name} set {sets} where {self._among('key', keys)}")  # noqa: S608 - our own names

    def delete(self, table: Table, keys: Collection[int]) -> None:
        if keys:
            self.add(f"delete from {table.name} where {self._among('element_key', keys)}")  # noqa: S608 - our own names

    def forget_drafts(self, closed: Collection[int]) -> None:
        if closed:
            self.add(f"delete from task_draft where task_key = any({self._keys(closed)})")  # noqa: S608 - our own names

    def cancel_jobs(self, element_keys: Collection[int], at: str, but: Collection[int]) -> None:
        """``but``: jobs this statement changes already; a row can be changed only once in it."""
        if element_keys:
            ended = self.value(at, "timestamptz")
            mine = f"{self._among('element_key', element_keys)} and key <> all({self._keys(but)})"
            state = "state in ('created', 'activated', 'failed')"
            self.add(f"update job set state = 'canceled', ended_at = {ended} where {mine} and {state}")  # noqa: S608

    def add(self, body: str) -> None:
        self._parts.append(f"p{len(self._parts)} as ({body})")

    def execute(self, connection: psycopg.Connection[Any], last: str) -> int:
        """Run all parts with ``last``; returns how many rows ``last`` wrote."""
        text = f"with {','.join(self._parts)} {last}" if self._parts else last
        with psycopg.RawCursor(connection) as cursor:  # written with $1 already: nothing to look for in a long text
            return cursor.execute(text.encode(), self._values).rowcount

    def _among(self, column: str, keys: Collection[int]) -> str:
        return f"{column} = any({self._keys(keys)}) and root_key = $1::bigint"

    def _keys(self, keys: Collection[int]) -> str:
        return self.value(f"{{{','.join(map(str, keys))}}}", "bigint[]")


_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped
_TYPES: dict[tuple[str, str], str] = {}
_COLUMNS: dict[tuple[str, tuple[str, ...]], tuple[str, str]] = {}


def _columns(table: Table, names: tuple[str, ...]) -> tuple[str, str]:
    """The names of a new row's columns, and the same with their types."""
    known = _COLUMNS.get((table.name, names))
    if known is None:
        quoted = ",".join(f'"{name}"' for name in names)
        typed = ",".join(f'"{name}" {_sql_type(table, name)}' for name in names)
        known = _COLUMNS[table.name, names] = (quoted, typed)
    return known


def _sql_type(table: Table, column: str) -> str:
    known = _TYPES.get((table.name, column))
    if known is None:
        known = _TYPES[table.name, column] = table.c[column].type.compile(_DIALECT).lower()
    return known


def statement_of(root_key: int, changes: Changes, at: str) -> Statement:
    """Everything of ``changes`` but the state row, whose update carries the lock's version check."""
    statement = Statement(root_key)
    statement.insert(history_record, changes.history)
    _rows(statement, element_instance, changes.elements)
    _rows(statement, user_task, changes.tasks)
    statement.insert(variable, changes.variables.values(), _UPSERT_VARIABLE)
    _rows(statement, process_instance, changes.instances)
    _rows(statement, job, changes.jobs)
    _rows(statement, incident, changes.incidents)
    _waits(statement, timer, changes.timers)
    _waits(statement, subscription, changes.subscriptions)
    statement.forget_drafts([key for key, row in changes.tasks.changed.items() if "ended_at" in row])
    if changes.command is not None:
        statement.insert(command_log, [changes.command])
    statement.cancel_jobs(changes.canceled_jobs_of, at, changes.jobs.changed)
    return statement


def _rows(statement: Statement, table: Table, rows: Rows) -> None:
    statement.insert(table, rows.new.values())
    statement.update(table, rows.changed.values())


def _waits(statement: Statement, table: Table, waits: Waits) -> None:
    """A cycle that is set again keeps its row."""
    if waits.begun:
        names = next(iter(waits.begun.values()))
        sets = ",".join(f"{name} = excluded.{name}" for name in names if name not in {"element_key", "root_key"})
        statement.insert(table, waits.begun.values(), f" on conflict (element_key, root_key) do update set {sets}")
    statement.delete(table, waits.ended - waits.begun.keys())
