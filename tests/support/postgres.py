"""Fixtures: a real PostgreSQL for tests, the same embedded server the demo uses, or the one TEST_DATABASE_URL names.

``new_database``  a function making an empty database; returns its SQLAlchemy URL; gone at the end of the session.
``database_url``  one empty database per test session (and per worker of a parallel run).
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest
from sqlalchemy.engine import make_url

from engine.store.embedded import EmbeddedPostgres

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    home = Path(mkdtemp(prefix="bixuan-test-"))
    if os.geteuid() == 0:
        home.chmod(0o755)
    server = EmbeddedPostgres(home / "pg", settings=QUICK)
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def new_database(postgres_server: str) -> Iterator[Callable[..., str]]:
    made: list[str] = []

    def create(template: str = "template1") -> str:
        """An empty database, or a copy of the database named ``template`` (which nobody may be connected to)."""
        name = f"test_{secrets.token_hex(6)}"
        with _connect(postgres_server) as connection:
            connection.execute(f'create database {name} template "{template}"')
        made.append(name)
        return make_url(postgres_server).set(database=name).render_as_string(hide_password=False)

    yield create
    if os.environ.get("TEST_DATABASE_URL"):  # our own server is removed with everything in it, which is minutes quicker
        with _connect(postgres_server) as connection:
            for name in made:
                connection.execute(f"drop database if exists {name} with (force)")


@pytest.fixture(scope="session")
def database_url(new_database: Callable[..., str]) -> str:
    return new_database()


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)
