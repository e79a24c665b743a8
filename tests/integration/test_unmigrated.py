"""A command on a database that was never brought to this version says so in one sentence."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from engine.store.migrate import DatabaseBehind
from tests.support.command_line import BIXUAN
from tests.support.serving import until
from web.commands.patience import patiently

REPOSITORY = Path(__file__).resolve().parents[2]
PROCESS = str(REPOSITORY / "processes/demand_survey")
COMMANDS = {
    "deploy --check": ["deploy", "--check", PROCESS],
    "deploy": ["deploy", PROCESS],
    "deploy --shipped": ["deploy", "--shipped"],
    "export": ["export", "there"],
    "import": ["import", str(REPOSITORY), "--draft", "d"],
    "verify": ["verify"],
    "history export": ["history", "export", "--to", "there"],
    "user list": ["user", "list"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_one_sentence_says_what_to_run_first(new_database: Callable[[], str], tmp_path: Path, command: str) -> None:
    environ = {**os.environ, "BIXUAN_HOME": str(tmp_path), "DATABASE_URL": new_database(), "PYTHONPATH": str(REPOSITORY)}
    program = [*BIXUAN, *COMMANDS[command]]
    run = subprocess.run(program, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False)
    assert run.returncode == 1, run.stderr
    (sentence,) = run.stderr.strip().splitlines()
    assert sentence.startswith("这个数据库还没有升级到这一版本的结构，这里什么都没有改。请先运行 bixuan migrate")


def test_a_worker_waits_until_somebody_has_migrated_and_then_works(new_database: Callable[[], str], tmp_path: Path) -> None:
    url = new_database()
    environ = {**os.environ, "BIXUAN_HOME": str(tmp_path), "DATABASE_URL": url}
    log = tmp_path / "worker.log"
    with log.open("w") as errors, subprocess.Popen([*BIXUAN, "worker"], env=environ, stderr=errors) as worker:
        try:
            until(lambda: "等 bixuan serve 或 bixuan migrate 升级完" in log.read_text(), "the worker to say what it waits for")
            subprocess.run([*BIXUAN, "migrate"], env=environ, check=True, capture_output=True)
            with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
                connection.autocommit = True
                listens = "select 1 from pg_stat_activity where datname = current_database() and query ilike 'listen%'"
                until(lambda: connection.execute(listens).fetchone() is not None, "the worker to listen for work")
        finally:
            worker.send_signal(signal.SIGTERM)
    assert worker.returncode == 0
    assert log.read_text().count("\n") == 1, "one sentence, and no trouble after it"


def test_who_waits_in_vain_is_told_so() -> None:
    def begin() -> None:
        raise DatabaseBehind

    with pytest.raises(DatabaseBehind):
        patiently(begin, patience_s=0)
