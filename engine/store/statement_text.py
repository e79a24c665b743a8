"""The SQL of the one statement that writes what a command did, from the kinds of its parts. Each combination is written once.

``$1`` is the case's root key, which all parts but the first read as ``root`` from ``mine``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import TypeAlias

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql

from engine.store.types import metadata

Part: TypeAlias = tuple[str, str, tuple[str, ...]]  # what is done, to which table, with which columns
_Text: TypeAlias = tuple[str, int]  # SQL, and how many parameters it takes

_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped


@lru_cache(maxsize=2000)
def sql_of(parts: tuple[Part, ...]) -> str:
    """The parameters of the parts follow each other, after ``$1``."""
    texts: list[str] = []
    number = 2
    for verb, table, columns in parts:
        text, taken = _WRITERS[verb](table, columns, number)
        texts.append(f"{'mine(root)' if not texts else f'p{len(texts)}'} as ({text})")
        number += taken
    return f"with {','.join(texts)} select root from mine"  # noqa: S608 - our own names, here and below


def _begin(table: str, columns: tuple[str, ...], first: int) -> _Text:
    names, values = ",".join(columns), ",".join(_typed(table, columns, first))
    begun = f"insert into {table} (root_key,version,{names}) select $1::bigint,1,{values}"
    return f"{begun} returning root_key", len(columns)


def _begin_deployed(table: str, columns: tuple[str, ...], first: int) -> _Text:
    names, values = ",".join(columns), ",".join(_typed(table, columns, first))
    begun = f"insert into {table} (root_key,version,{names}) select $1::bigint,1,{values}"
    return f"{begun} where {_deployed(first + len(columns))} returning root_key", len(columns) + 1


def _go_on(table: str, columns: tuple[str, ...], first: int) -> _Text:
    sets = ",".join(f"{name} = {value}" for name, value in zip(columns, _typed(table, columns, first), strict=True))
    same = f"root_key = $1::bigint and version = ${first + len(columns)}::integer"
    return f"update {table} set version = version + 1,{sets} where {same} returning root_key", len(columns) + 1  # noqa: S608


def _go_on_at_once(table: str, columns: tuple[str, ...], first: int) -> _Text:
    """As ``_go_on``, but nothing when somebody has the case in hand."""
    sets = ",".join(f"{name} = {value}" for name, value in zip(columns, _typed(table, columns, first), strict=True))
    same = f"root_key = $1::bigint and version = ${first + len(columns)}::integer"
    free = f"root_key = (select root_key from {table} where {same} for update skip locked)"  # noqa: S608
    return f"update {table} set version = version + 1,{sets} where {free} returning root_key", len(columns) + 1  # noqa: S608


def _go_on_deployed_at_once(table: str, columns: tuple[str, ...], first: int) -> _Text:
    text, taken = _go_on_at_once(table, columns, first)
    return text.replace(" returning", f" and {_deployed(first + taken)} returning"), taken + 1


def _go_on_deployed(table: str, columns: tuple[str, ...], first: int) -> _Text:
    text, taken = _go_on(table, columns, first)
    return text.replace(" returning", f" and {_deployed(first + taken)} returning"), taken + 1


def _deployed(number: int) -> str:
    return f"(select max(generation) from deployment) = ${number}::bigint"  # noqa: S608


def _insert(table: str, columns: tuple[str, ...], first: int) -> _Text:
    names = _quoted(columns)
    typed = ",".join(f'"{name}" {_sql_type(table, name)}' for name in columns)
    source = f"json_to_recordset(${first}::json) as r({typed})"
    return f"insert into {table} ({names}) select {names} from mine, {source}", 1  # noqa: S608


def _upsert(table: str, columns: tuple[str, ...], first: int) -> _Text:
    keys = [column.name for column in metadata.tables[table].primary_key]
    kept = {*keys, "key"}  # a variable that is written again keeps its key
    sets = ",".join(f'"{name}" = excluded."{name}"' for name in columns if name not in kept)
    text, taken = _insert(table, columns, first)
    return f"{text} on conflict ({','.join(keys)}) do update set {sets}", taken


def _insert_one(table: str, columns: tuple[str, ...], first: int) -> _Text:
    values = ",".join(_typed(table, columns, first))
    return f"insert into {table} ({_quoted(columns)}) select {values} from mine", len(columns)  # noqa: S608


def _update_one(table: str, columns: tuple[str, ...], first: int) -> _Text:
    return _update(table, columns, first, f"key = ${first + len(columns)}::bigint")


def _update_all(table: str, columns: tuple[str, ...], first: int) -> _Text:
    return _update(table, columns, first, f"key = any(${first + len(columns)}::bigint[])")


def _update(table: str, columns: tuple[str, ...], first: int, among: str) -> _Text:
    sets = ",".join(f'"{name}" = {value}' for name, value in zip(columns, _typed(table, columns, first), strict=True))
    return f"update {table} set {sets} from mine where {among} and root_key = root", len(columns) + 1  # noqa: S608


def _delete_one(table: str, columns: tuple[str, ...], first: int) -> _Text:
    return f"delete from {table} using mine where {columns[0]} = ${first}::bigint and root_key = root", 1  # noqa: S608


def _delete_all(table: str, columns: tuple[str, ...], first: int) -> _Text:
    return f"delete from {table} using mine where {columns[0]} = any(${first}::bigint[]) and root_key = root", 1  # noqa: S608


def _cancel_jobs(_table: str, _columns: tuple[str, ...], first: int) -> _Text:
    these = f"element_key = any(${first + 1}::bigint[]) and key <> all(${first + 2}::bigint[]) and root_key = root"
    state = "state in ('created', 'activated', 'failed')"
    return f"update job set state = 'canceled', ended_at = ${first}::timestamptz from mine where {these} and {state}", 3  # noqa: S608


_WRITERS: dict[str, Callable[[str, tuple[str, ...], int], _Text]] = {
    "begin": _begin,
    "begin deployed": _begin_deployed,
    "go on": _go_on,
    "go on deployed": _go_on_deployed,
    "go on at once": _go_on_at_once,
    "go on deployed at once": _go_on_deployed_at_once,
    "insert": _insert,
    "upsert": _upsert,
    "insert one": _insert_one,
    "update one": _update_one,
    "update all": _update_all,
    "delete one": _delete_one,
    "delete all": _delete_all,
    "cancel jobs": _cancel_jobs,
}


def _typed(table: str, columns: tuple[str, ...], first: int) -> list[str]:
    return [f"${number}::{_sql_type(table, name)}" for number, name in enumerate(columns, first)]


def _quoted(columns: tuple[str, ...]) -> str:
    return ",".join(f'"{name}"' for name in columns)


@cache
def _sql_type(table: str, column: str) -> str:
    return metadata.tables[table].c[column].type.compile(_DIALECT).lower()
