"""One command's rows as one SQL statement: every table is a part of a single WITH, so the whole write is one round trip.

The first part, ``mine``, moves the case's state row on from the version the command began with; all other parts read from it,
so that they do nothing at all when somebody else has moved the case on before. Only the parts a command needs are in the
statement; new rows travel as one JSON text per table. The handful of different statements that arise are prepared and keep
their plans, so every value is a parameter, and changes name their rows by key: a plan made while a table was small stays
right when it has grown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import orjson
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

_UPSERT_VARIABLE = " on conflict (root_key, scope_key, name) do update set value = excluded.value"


class Statement:
    """Collects parts and their parameters; ``$1`` is the case's root key, which the parts call ``mine.root``."""

    def __init__(self, root_key: int) -> None:
        self.values: list[str | None] = [str(root_key)]
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        """Gives one row when it was done, none when the case is not as it was."""
        return f"with {','.join(self._parts)} select root from mine"  # noqa: S608 - our own names

    def begin(self, body: str) -> None:
        """``body`` moves the case on and returns its key, or nothing."""
        self._parts.append(f"mine(root) as ({body})")

    def value(self, value: Any, sql_type: str) -> str:
        """A parameter, sent as text."""
        self.values.append(value if value is None or type(value) is str else _as_text(value))
        return f"${len(self.values)}::{sql_type}"

    def insert(self, table: Table, rows: Collection[Row], conflict: str = "") -> None:
        if rows:
            first = next(iter(rows))
            names, columns = _columns(table, tuple(first))
            source = f"json_to_recordset({self.value(orjson.dumps(list(rows)).decode(), 'json')}) as r({columns})"
            self.add(f"insert into {table.name} ({names}) select {names} from mine, {source}{conflict}")  # noqa: S608 - our own names

    def insert_one(self, table: Table, row: Row) -> None:
        names, _ = _columns(table, tuple(row))
        values = ",".join(self.value(value, _sql_type(table, name)) for name, value in row.items())
        self.add(f"insert into {table.name} ({names}) select {values} from mine")  # noqa: S608 - our own names

    def update(self, table: Table, rows: Iterable[Row]) -> None:
        """Rows that change to the same values are one part."""
        groups: dict[tuple[tuple[str, Any], ...], list[int]] = {}
        for row in rows:
            groups.setdefault(tuple((name, value) for name, value in row.items() if name != "key"), []).append(row["key"])
        for changes, keys in groups.items():
            sets = ",".join(f'"{name}" = {self.value(value, _sql_type(table, name))}' for name, value in changes)
            self.add(f"update {table.name} set {sets} from mine where {self._among('key', keys)} and root_key = root")  # noqa: S608

    def delete(self, table: Table, keys: Collection[int]) -> None:
        if keys:
            self.add(f"delete from {table.name} using mine where {self._among('element_key', keys)} and root_key = root")  # noqa: S608

    def forget_drafts(self, closed: Collection[int]) -> None:
        if closed:
            self.add(f"delete from task_draft using mine where {self._among('task_key', closed)}")  # noqa: S608 - our own names

    def cancel_jobs(self, element_keys: Collection[int], at: str, but: Collection[int]) -> None:
        """``but``: jobs this statement changes already; a row can be changed only once in it."""
        if element_keys:
            ended = self.value(at, "timestamptz")
            these = f"{self._among('element_key', element_keys)} and key <> all({self._keys(but)}) and root_key = root"
            state = "state in ('created', 'activated', 'failed')"
            self.add(f"update job set state = 'canceled', ended_at = {ended} from mine where {these} and {state}")  # noqa: S608

    def add(self, body: str) -> None:
        self._parts.append(f"p{len(self._parts)} as ({body})")

    def _among(self, column: str, keys: Collection[int]) -> str:
        """One key is not written as a list of one: the plan for lists of any length is dearer than the one that is needed."""
        if len(keys) == 1:
            return f"{column} = {self.value(next(iter(keys)), 'bigint')}"
        return f"{column} = any({self._keys(keys)})"

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


def _as_text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "{" + ",".join('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in value) + "}"
    return str(value)


def statement_of(statement: Statement, changes: Changes, at: str) -> Statement:
    """Everything of ``changes`` but the state row, which is ``mine``."""
    for record in changes.history:
        statement.insert_one(history_record, record)
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
