"""Copies the played purchases with everything the office and the engine keep about them, set-wise, under new keys and numbers.

A row belongs to a played case when it has the case's ``root_key``, its ``purchase_id``, or refers to a row that belongs to one; which
columns are keys is read from the database itself. In the n-th copy an engine key gets ``n`` times 10^12 more, a number such as
CG-2026-0007 becomes CG-2026-n0007, and every moment lies n minutes earlier, so that lists have an order. The entries of the history
and their hashes are left as they were, states and variables of cases are not copied: a copy can be read, not verified or driven.

Copies may be put back into earlier years, the earliest first, as rows lie in an office that has worked for so long; what still ran
then counts as broken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from engine.facade import Database

BIGINT, INTEGER = 10**12, 4 * 10**6  # what a key of the n-th copy is more, n times
YEAR = r"20\d\d"
NUMBER = rf"\m([A-Z]{{2,4}})-{YEAR}-(\d{{4}})\M"  # of something played; a copy's has more digits
# rows that stand by themselves or belong to the studio, whatever columns they have
ELSEWHERE = {
    "organisation_registrations",
    "register_edits",
    "batch_item",
    "batch_operation",
    "message",
    "migration_undo",
    "instance_state",
    "variable",
}
NO_KEYS = {"definition_key", "form_key", "deployment_key", "source_key", "target_key", "entry_key", "row_key", "public_key"}
SOFT_KEYS = {("objections", "joined_to"), ("reminders", "deadline")}
TEXTS = {"text", "varchar", "json", "jsonb", "_text"}
AS_IT_WAS = {("history_record", "entries"), ("history", "data"), ("draws", "announcement")}
OWN = {"command_id", "source", "token_hash", "command_sha256"}  # unique, and without a number in it
OWN_IDS = {("survey_answers", "id"), ("survey_batches", "id"), ("survey_invitations", "batch")}
WAITING = {"timer", "message_subscription", "job"}  # not of what is over
_OVER = "case when state in ('active', 'incident') then 'terminated' else state end"
BROKEN_OFF = {
    ("process_instance", "state"): _OVER,
    ("process_instance", "ended_at"): "coalesce(ended_at, started_at + interval '90 days')",
    ("element_instance", "state"): _OVER,
    ("element_instance", "ended_at"): "coalesce(ended_at, started_at + interval '3 days')",
    ("user_task", "state"): "case when state = 'created' then 'canceled' else state end",
    ("user_task", "ended_at"): "coalesce(ended_at, created_at + interval '3 days')",
    ("purchases", "status"): "case when ended_at is null then 'terminated' else status end",
    ("purchases", "ended_at"): "coalesce(ended_at, updated_at)",
    ("matters", "closed_at"): "coalesce(closed_at, opened_at + interval '30 days')",
    ("deadlines", "is_open"): "false",
}


@dataclass(frozen=True)
class Copy:
    """The ``number``-th, put ``back`` so many years; ``years``: those the played numbers name, earliest first."""

    number: int
    back: int
    years: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """``columns``: name → type as PostgreSQL calls it; ``belongs``: the condition its played rows meet."""

    name: str
    columns: dict[str, str]
    keys: frozenset[str]
    belongs: str


def multiply(database: Database, copies: int, years: int = 1) -> dict[str, int]:
    """Make copies until there are ``copies`` of every played purchase, spread over so many years; gives how many rows each table got."""
    added: dict[str, int] = {}
    with database.engine.begin() as connection:
        connection.execute(text("create table if not exists district_copies (number int primary key)"))
        made = connection.execute(text("select count(*) from district_copies")).scalar_one()
    tables = None
    for number in range(made + 1, copies + 1):
        with database.engine.begin() as connection:
            connection.execute(text("set local session_replication_role = replica"))  # no foreign key is asked for each row
            _choose(connection)
            tables = tables or list(_tables(connection))
            first, last = connection.execute(text("select min(y), max(y) from (select substring(id from '20[0-9][0-9]')::int as y from played_numbers) as n")).one()  # fmt: skip
            named = tuple(range(first, last + 3))  # a contract's number may be of a later year
            copy = Copy(number, years - 1 - (number - 1) * years // copies, named)
            for table in tables:
                if copy.back and table.name in WAITING:
                    continue
                done = connection.execute(text(_statement(table, copy)))
                added[table.name] = added.get(table.name, 0) + done.rowcount
            connection.execute(text("insert into district_copies values (:n)"), {"n": number})
            grown = {"more": number + 1, "less": number}
            connection.execute(text("update budgets set (total, reserved, committed) = (greatest(total, (reserved + committed) / :less * :more), reserved / :less * :more, committed / :less * :more)"), grown)  # fmt: skip
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    return {name: rows for name, rows in added.items() if rows}


def counted(database: Database) -> tuple[int, int]:
    """How many purchases were played, and how many are copies."""
    with database.engine.connect() as connection:
        played, every = connection.execute(text(f"select count(*) filter (where id ~ '{NUMBER}'), count(*) from purchases")).one()
    return played, every - played


def _choose(connection: Connection) -> None:
    """What was played: purchases, matters and their cases."""
    connection.execute(text("drop table if exists played_numbers, played_roots"))
    connection.execute(text(f"create temp table played_numbers on commit drop as select id, process_key from purchases where id ~ '{NUMBER}' union select id, process_key from matters where id ~ '{NUMBER}'"))  # fmt: skip
    connection.execute(text("create temp table played_roots on commit drop as select distinct process_key as key from played_numbers where process_key is not null"))  # fmt: skip
    connection.execute(text("analyze played_numbers"))
    connection.execute(text("analyze played_roots"))


def _tables(connection: Connection) -> Iterator[Table]:
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(text("select table_name, column_name, udt_name from information_schema.columns join information_schema.tables using (table_schema, table_name) where table_schema = 'public' and table_type = 'BASE TABLE' and is_generated = 'NEVER' order by ordinal_position")):  # fmt: skip
        columns.setdefault(table, {})[column] = kind
    parts = {name for (name,) in connection.execute(text("select inhrelid::regclass::text from pg_inherits"))}
    references = [
        (table, column, parent, key)
        for table, column, parent, key in connection.execute(
            text(
                "select f.conrelid::regclass::text, a.attname, f.confrelid::regclass::text, b.attname from pg_constraint f"
                " join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]"
                " join pg_attribute b on b.attrelid = f.confrelid and b.attnum = f.confkey[1] where f.contype = 'f'"
            )
        )
    ]
    left = {name for name in columns if name not in ELSEWHERE | parts and not name.startswith("studio_")}
    belongs = {name: found for name in left if (found := _belongs(name, columns[name]))}
    while True:
        more = {
            table: f"{column} in (select {key} from {parent} where {belongs[parent]})"
            for table, column, parent, key in references
            if table in left and table not in belongs and parent in belongs and table != parent
        }
        if not more:
            break
        belongs |= more
    for name, condition in sorted(belongs.items()):
        shifted = {
            column
            for column, kind in columns[name].items()
            if kind in {"int4", "int8"} and column not in NO_KEYS
            and (column in {"id", "key", "sequence"} or column.endswith("_key") or (name, column) in SOFT_KEYS)
        }  # fmt: skip
        shifted |= {column for table, column, parent, _ in references if table == name and parent in belongs and columns[name][column] in {"int4", "int8"}}  # fmt: skip
        yield Table(name, columns[name], frozenset(shifted), condition)


def _belongs(name: str, columns: dict[str, str]) -> str:
    of_number = "{} in (select id from played_numbers)"
    if name in {"purchases", "matters"}:
        return of_number.format("id")
    if "root_key" in columns:
        return "root_key in (select key from played_roots)"
    return " or ".join(of_number.format(column) for column in ("purchase_id", "matter") if column in columns)


def _statement(table: Table, copy: Copy) -> str:
    names = ", ".join(f'"{column}"' for column in table.columns)
    values = ", ".join(_value(table, column, kind, copy) for column, kind in table.columns.items())
    return f"insert into {table.name} ({names}) overriding system value select {values} from {table.name} where {table.belongs}"


def _value(table: Table, column: str, kind: str, copy: Copy) -> str:
    value, place = f'"{column}"', (table.name, column)
    if column in table.keys:
        return f"{value} + {copy.number * (BIGINT if kind == 'int8' else INTEGER)}"
    if copy.back and place in BROKEN_OFF:
        value = BROKEN_OFF[place]
    if kind == "timestamptz":
        return f"{value} - interval '{copy.back} years {copy.number} minutes'"
    if kind == "date":
        return f"({value} - interval '{copy.back} years')::date"
    if column in OWN or place in OWN_IDS:
        return f"{value} || '~{copy.number}'"
    if kind not in TEXTS or place in AS_IT_WAS or "sha256" in column or column in {"hash", "previous"}:
        return value
    renamed = f"({value})::text"
    for year in copy.years:  # earliest first: what was renamed has more digits and is not found again
        renamed = (
            f"regexp_replace({renamed}, '{NUMBER.replace(YEAR, str(year))}', '\\1-{year - copy.back}-{copy.number}\\2', 'g')"
        )
    return f"{renamed}::{kind.removeprefix('_')}{'[]' if kind[0] == '_' else ''}"
