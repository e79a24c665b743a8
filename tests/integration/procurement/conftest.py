"""A migrated database copied for each test module, with a clock that stands still until a test moves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from obstore.store import MemoryStore
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from engine import forms
from engine.facade import Database
from engine.feel import Feel
from engine.forms import Form
from engine.model import Page
from engine.ports import OperationCall
from procurement.files import FileStore
from procurement.office import Office
from procurement.operations import OPERATIONS
from procurement.registers.edits import edit_as
from procurement.registers.migration import upgrade
from procurement.registers.row import OFFICE_ZONE

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=OFFICE_ZONE)


@pytest.fixture(scope="session")
def register_template(new_database: Callable[..., str]) -> str:
    url = new_database()
    engine = create_engine(url)
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
    return url.rpartition("/")[2].partition("?")[0]


@pytest.fixture(scope="module")
def register_engine(new_database: Callable[..., str], register_template: str) -> Iterator[Engine]:
    engine = create_engine(new_database(register_template))
    yield engine
    engine.dispose()


@pytest.fixture
def session(register_engine: Engine) -> Iterator[Session]:
    """A session edited by ``tester``; everything it did is rolled back."""
    with Session(register_engine, expire_on_commit=False) as session:
        edit_as(session, "tester", START)
        yield session


@cache
def form(form_id: str) -> tuple[Form, int]:
    """The form as it lies in the repository; the operations are told it is version 1."""
    [file] = (Path(__file__).parents[3] / "forms").glob(f"*/{form_id}.form")
    return forms.read(file.read_bytes(), file=file.name, feel=Feel()), 1


class Perform:
    """Calls operations as the engine does: each call is another service task unless ``element_key`` says otherwise."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = START
        self.rules: dict[str, Any] = {
            "small_limit": 50000,
            "statutory_limit": 500000,
            "ban_years": 3,
            "archive_years": 15,
        }
        self._key = 1000

    def __call__(
        self, operation: str, *, element_key: int | None = None, business_key: str = "CG-2026-0001", **inputs: Any
    ) -> Any:
        self._key += 1
        call = OperationCall(
            operation=operation,
            inputs=inputs,
            headers={},
            instance_key=1,
            root_instance_key=1,
            business_key=business_key,
            element_id="some_task",
            element_key=element_key or self._key,
            actor_id="tester",
            now=self.now,
            session=self.session,
            decide=self._decide,
            form=form,
        )
        return OPERATIONS[operation](call)

    def _decide(self, decision: str, inputs: Any) -> Any:
        assert decision == "office_rules"
        value = self.rules.get(inputs["rule_id"])
        return None if value is None else {"value": value, "unit": "", "article": ""}


@pytest.fixture
def perform(session: Session) -> Perform:
    return Perform(session)


class StillClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> dt.datetime:
        return self.moment

    def forward(self, **time: float) -> None:
        self.moment += dt.timedelta(**time)


class RecordingEngine:
    """Notes what the office asks of the engine; the real one is driven by the process tests."""

    def take_on(self, effects: Any) -> None:
        """Nobody runs them here."""

    def __init__(self) -> None:
        self.started: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.fault: Exception | None = None

    def start_process(self, process_id: str, variables: dict[str, Any], **more: Any) -> Any:
        if self.fault is not None:
            raise self.fault
        self.started.append({"process_id": process_id, "variables": variables, **more})
        return SimpleNamespace(key=4000 + len(self.started))

    def tasks(self, **_filters: Any) -> Page:
        return Page((), 0, None)

    def correlate_message(self, name: str, correlation_key: str, variables: dict[str, Any], **more: Any) -> Any:
        if self.fault is not None:
            raise self.fault
        return self.publish_message(name, correlation_key, variables, **more)

    def publish_message(self, name: str, correlation_key: str, variables: dict[str, Any], **more: Any) -> Any:
        self.messages.append({"name": name, "key": correlation_key, "variables": variables, **more})
        return SimpleNamespace(instance_key=1)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def engine() -> RecordingEngine:
    return RecordingEngine()


@pytest.fixture
def office(
    new_database: Callable[..., str], register_template: str, engine: RecordingEngine, clock: StillClock
) -> Iterator[Office]:
    """An office with empty registers of its own."""
    database = Database(new_database(register_template))
    yield Office(database, engine, FileStore(MemoryStore()), clock)  # type: ignore[arg-type]
    database.dispose()
