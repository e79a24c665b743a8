"""One command's rows as one SQL statement: every table is a part of a single WITH, so the whole write is one round trip.

The first part, ``mine``, moves the case's state row on from the version the command began with; all other parts read from it,
so that they do nothing at all when somebody else has moved the case on before. Only the parts a command needs are in the
statement; new rows travel as one JSON text per table. The few dozen different statements that arise are written once (by
``sql_of``), prepared and keep their plans, so every value is a parameter, and changes name their rows by key: a plan made
while a table was small stays right when it has grown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import orjson

from engine.store.changes import Changes, Row, Rows, Waits
from engine.store.statement_text import Part, sql_of


class Statement:
    """Collects parts and their parameters; the first is the case's root key."""

    def __init__(self, root_key: int) -> None:
        self.values: list[str | None] = [str(root_key)]
        self._parts: list[Part] = []

    @property
    def text(self) -> str:
        """Gives one row when it was done, none when the case is not as it was."""
        return sql_of(tuple(self._parts))

    def add(self, part: Part, values: Iterable[Any]) -> None:
        self._parts.append(part)
        self.values += [value if value is None or type(value) is str else _as_text(value) for value in values]

    def move_on(self, version: int, state: Row, generation: int | None, *, wait: bool) -> None:
        """First of all: the state row of a new case (version 0), or of one that is as it was; with nothing deployed since."""
        verb = ("go on" if version else "begin") + (" deployed" if generation else "")
        self.add(
            (verb if wait or not version else f"{verb} at once", "instance_state", tuple(state)),
            (*state.values(), *([version] if version else []), *([generation] if generation else [])),
        )

    def insert(self, table: str, rows: Collection[Row], *, or_update: bool = False) -> None:
        if rows:
            part = ("upsert" if or_update else "insert", table, tuple(next(iter(rows))))
            self.add(part, (orjson.dumps(list(rows)).decode(),))

    def insert_one(self, table: str, row: Row) -> None:
        self.add(("insert one", table, tuple(row)), row.values())

    def update(self, table: str, rows: Collection[Row]) -> None:
        """Rows that change to the same values are one part."""
        if len(rows) == 1:
            (row,) = rows
            key, *values = row.values()
            self.add(("update one", table, (*row,)[1:]), (*values, key))
            return
        groups: dict[tuple[tuple[str, ...], tuple[Any, ...]], list[int]] = {}
        for row in rows:
            groups.setdefault(((*row,)[1:], (*row.values(),)[1:]), []).append(row["key"])
        for (names, common), keys in groups.items():
            self.add((_one_or_all("update", keys), table, names), (*common, _keys(keys)))

    def delete(self, table: str, column: str, keys: Sequence[int]) -> None:
        if keys:
            self.add((_one_or_all("delete", keys), table, (column,)), (_keys(keys),))

    def cancel_jobs(self, element_keys: Sequence[int], at: str, but: Collection[int]) -> None:
        """``but``: jobs this statement changes already; a row can be changed only once in it."""
        if element_keys:
            self.add(("cancel jobs", "job", ()), (at, [*element_keys], [*but]))


def _one_or_all(verb: str, keys: Sequence[int]) -> str:
    """One key is not written as a list of one: the plan for lists of any length is dearer than the one that is needed."""
    return f"{verb} one" if len(keys) == 1 else f"{verb} all"


def _keys(keys: Sequence[int]) -> int | Sequence[int]:
    return keys[0] if len(keys) == 1 else keys


def _as_text(value: Any) -> str:
    """As PostgreSQL reads it."""
    if isinstance(value, (list, tuple)):
        return "{" + ",".join([_quoted(item) if isinstance(item, str) else str(item) for item in value]) + "}"
    return str(value)


def _quoted(item: str) -> str:
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'


def add_changes(statement: Statement, changes: Changes, at: str) -> None:
    """Everything but the state row, which is ``mine``."""
    for record in changes.history:
        statement.insert_one("history_record", record)
    _rows(statement, "element_instance", changes.elements)
    _rows(statement, "user_task", changes.tasks)
    statement.insert("variable", changes.variables.values(), or_update=True)
    _rows(statement, "process_instance", changes.instances)
    _rows(statement, "job", changes.jobs)
    _rows(statement, "incident", changes.incidents)
    _waits(statement, "timer", changes.timers)
    _waits(statement, "message_subscription", changes.subscriptions)
    for message in changes.messages:
        statement.insert_one("message", message)
    for correlation in changes.correlations:
        statement.insert_one("message_correlation", correlation)
    if changes.command is not None:
        statement.insert_one("command_log", changes.command)
    statement.cancel_jobs(list(changes.canceled_jobs_of), at, changes.jobs.changed)


def _rows(statement: Statement, table: str, rows: Rows) -> None:
    if rows.new:
        statement.insert(table, rows.new.values())
    if rows.changed:
        statement.update(table, rows.changed.values())


def _waits(statement: Statement, table: str, waits: Waits) -> None:
    """A cycle that is set again keeps its row."""
    if waits.begun:
        statement.insert(table, waits.begun.values(), or_update=True)
    if waits.ended:
        statement.delete(table, "element_key", [*(waits.ended - waits.begun.keys())])
