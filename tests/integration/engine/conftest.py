"""An engine on a real database, with a clock that is moved by hand, and diagrams of a few lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from engine.facade import Database, ProcessEngine
from tests.integration.engine.office import HandClock, Office


@pytest.fixture(scope="session")
def migrated(new_database: Callable[..., str]) -> str:
    """The name of a migrated database; tests get copies of it."""
    url = new_database()
    database = Database(url)
    database.migrate()
    database.dispose()
    return url.rsplit("/", 1)[1].split("?")[0]


@pytest.fixture(scope="module")
def database(new_database: Callable[..., str], migrated: str) -> Iterator[Database]:
    made = Database(new_database(migrated))
    yield made
    made.dispose()


@pytest.fixture
def clock() -> HandClock:
    return HandClock(dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))))


@pytest.fixture
def office(database: Database, clock: HandClock) -> Office:
    return Office(database, clock)


@pytest.fixture
def engine(office: Office) -> ProcessEngine:
    return office.engine
