from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from procurement.registers.migration import configuration, upgrade


def test_the_revisions_give_exactly_the_tables_the_code_declares(register_engine):
    with register_engine.begin() as connection:
        command.check(configuration(connection))


def test_two_processes_that_start_at_once_migrate_once(new_database):
    engine = create_engine(new_database())

    def migrate():
        with engine.begin() as connection:
            upgrade(connection)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: migrate(), range(2)))
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from alembic_version_procurement")) == 1
    engine.dispose()


@pytest.mark.parametrize("table", ["register_edits", "budget_lines", "expert_draws", "evaluations", "published_releases"])
def test_what_is_only_added_to_can_be_neither_changed_nor_deleted(register_engine, table):
    for statement in (f"delete from {table}", f"truncate {table}"):
        with register_engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
