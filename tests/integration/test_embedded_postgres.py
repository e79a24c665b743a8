"""The embedded server: shared by processes, stopped by the last one, found again after a kill."""

from __future__ import annotations

import os
import shutil
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from engine.store.embedded import EmbeddedPostgres


@pytest.fixture
def home() -> Iterator[Path]:
    parent = Path(mkdtemp(prefix="bixuan-server-"))
    parent.chmod(0o755)  # root's server runs as an unprivileged user, who must reach its own folder
    yield parent / "home"
    server = EmbeddedPostgres(parent / "home")
    if (parent / "home").exists():
        server.start()
        server.stop()
    shutil.rmtree(parent)


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_the_last_one_to_leave_stops_the_server(home: Path) -> None:
    first, second = EmbeddedPostgres(home), EmbeddedPostgres(home)
    url = first.start()
    second.start()
    first.stop()
    assert answers(url)
    second.stop()
    assert not answers(url)


def test_a_killed_server_starts_again_with_its_data(home: Path) -> None:
    server = EmbeddedPostgres(home)
    url = server.start()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("create table kept as select 42 as answer")
    pid = int((server.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    again = EmbeddedPostgres(home)
    with psycopg.connect(again.start().replace("+psycopg", "")) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)
    again.stop()
    server.stop()


def test_nobody_else_can_read_the_data_or_the_password(home: Path) -> None:
    with EmbeddedPostgres(home):
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert stat.S_IMODE((home / "password").stat().st_mode) == 0o600
        assert stat.S_IMODE((home / "socket").stat().st_mode) == 0o700


def test_a_long_home_path_still_gets_a_socket(home: Path) -> None:
    long = home / ("a" * 60) / ("b" * 60)
    with EmbeddedPostgres(long) as url:
        assert answers(url)


def test_the_server_answers_only_on_its_socket(home: Path) -> None:
    with EmbeddedPostgres(home) as url, psycopg.connect(url.replace("+psycopg", "")) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
