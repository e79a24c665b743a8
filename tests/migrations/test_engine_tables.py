"""The revisions give exactly the tables the code believes in."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import procrastinate
import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from engine.facade import Database
from engine.store import migrate

REVISIONS = Path(migrate.__file__).parent / "migrations" / "versions"


@pytest.fixture(scope="module")
def database(new_database: Callable[..., str]) -> Iterator[Database]:
    made = Database(new_database())
    made.migrate()
    yield made
    made.dispose()


def test_the_tables_are_what_the_code_says(database: Database):
    with database.engine.begin() as connection:
        command.check(migrate.configuration(connection))


def test_migrating_again_changes_nothing(database: Database):
    database.migrate()


def test_revisions_are_numbered_in_a_row_and_described(database: Database):
    with database.engine.begin() as connection:
        found = list(ScriptDirectory.from_config(migrate.configuration(connection)).walk_revisions())
    assert [one.revision for one in reversed(found)] == [f"{n:04}" for n in range(1, len(found) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z_]+", Path(one.path).stem) and one.doc for one in found)


def test_two_processes_may_migrate_at_once(new_database: Callable[..., str]):
    from concurrent.futures import ThreadPoolExecutor

    url = new_database()
    databases = [Database(url), Database(url)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Database.migrate, databases))
    for each in databases:
        each.dispose()


def test_the_job_queue_is_the_one_its_library_expects():
    kept = (REVISIONS.parent / "sql" / "procrastinate-3.10.sql").read_text(encoding="utf-8")
    installed = (Path(procrastinate.__file__).parent / "sql" / "schema.sql").read_text(encoding="utf-8")
    version = importlib.metadata.version("procrastinate")
    assert kept.endswith(installed), f"procrastinate {version} has another schema: add a revision with its migrations"


@pytest.mark.parametrize(
    "statement", ["update {table} set {column} = {column}", "delete from {table}", "truncate {table} cascade"]
)
@pytest.mark.parametrize(
    ("table", "column"),
    [("history", "kind"), ("history_record", "actor"), ("definition", "name"), ("deployment", "note"), ("resource", "content")],
)
def test_what_is_only_added_to_cannot_be_changed(database: Database, table: str, column: str, statement: str):
    with database.engine.connect() as connection, pytest.raises(Exception) as refused:
        connection.execute(text(statement.format(table=table, column=column)))
    assert isinstance(refused.value.orig, psycopg.errors.RestrictViolation)
