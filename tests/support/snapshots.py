"""Puts a test database back to an earlier content: much quicker than making and dropping a database for every scenario.

Triggers and foreign keys are off meanwhile, so the user must be a superuser, as the embedded server's is.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname"
SEQUENCES = "select sequencename, coalesce(last_value, start_value), last_value is not null from pg_sequences"


@dataclass(frozen=True)
class Snapshot:
    """Rows in PostgreSQL's binary format by table, empty tables left out; and where each sequence stood."""

    rows: dict[str, bytes]
    sequences: tuple[tuple[str, int, bool], ...]


def take(url: str) -> Snapshot:
    """Nobody may be writing."""
    with _connect(url) as connection:
        rows = {}
        for (table,) in connection.execute(TABLES).fetchall():
            name = sql.Identifier(table)
            if connection.execute(sql.SQL("select exists (select from {})").format(name)).fetchone() == (True,):
                with connection.cursor().copy(sql.SQL("copy {} to stdout (format binary)").format(name)) as copied:
                    rows[table] = b"".join(bytes(block) for block in copied)
        return Snapshot(rows, tuple(connection.execute(SEQUENCES).fetchall()))


def restore(url: str, snapshot: Snapshot) -> None:
    """Nobody may be using the database. The tables must be the same as when the snapshot was taken."""
    with _connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        tables = [sql.Identifier(table) for (table,) in connection.execute(TABLES).fetchall()]
        connection.execute(sql.SQL(";").join(sql.SQL("delete from {}").format(table) for table in tables))
        for table, rows in snapshot.rows.items():
            with connection.cursor().copy(sql.SQL("copy {} from stdin (format binary)").format(sql.Identifier(table))) as copied:
                copied.write(rows)
        for sequence, value, is_called in snapshot.sequences:
            connection.execute("select setval(%s::regclass, %s, %s)", (sequence, value, is_called))


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
