"""An older program on a database a newer one has changed: it says so in one sentence and touches nothing."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.store.database import Database
from engine.store.migrate import VERSION_TABLE, DatabaseNewer
from procurement import registers
from procurement.registers.migration import VERSION_TABLE as REGISTERS
from tests.support.command_line import BIXUAN
from tests.support.machines import free_port

NEWEST = "9999"


@pytest.fixture
def newer(new_database: Callable[[], str]) -> Any:
    """A database at today's revision, and how to let it look as a later version leaves it."""
    database = Database(new_database())
    database.migrate()
    registers.migrate(database)

    def age(table: str) -> str:
        with database.engine.begin() as connection:
            connection.execute(text(f"update {table} set version_num = :newest"), {"newest": NEWEST})
        return str(database.engine.url.render_as_string(hide_password=False))

    yield database, age
    database.dispose()


@pytest.mark.parametrize("command", ["serve", "worker", "demo"])
@pytest.mark.parametrize("table", [VERSION_TABLE, REGISTERS])
def test_each_command_ends_with_one_sentence_that_says_what_happened_and_what_to_do(
    newer: Any, command: str, table: str, tmp_path: Path
) -> None:
    _, age = newer
    environ = {**os.environ, "BIXUAN_HOME": str(tmp_path), "DATABASE_URL": age(table)}
    port = [] if command == "worker" else ["--port", str(free_port())]
    run = subprocess.run(
        [*BIXUAN, command, *port],
        env=environ, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    (sentence,) = run.stderr.strip().splitlines()
    assert sentence.startswith("这个数据库已由更新的版本升级过（结构版本 9999")
    assert "请启动那个更新的版本" in sentence


def test_nothing_is_changed_by_a_program_that_does_not_know_the_revision(newer: Any) -> None:
    database, age = newer
    age(REGISTERS)
    with pytest.raises(DatabaseNewer, match="9999"):
        registers.migrate(database)
    assert not registers.is_migrated(database)
    with database.engine.connect() as connection:
        assert connection.scalar(text(f"select version_num from {REGISTERS}")) == NEWEST
