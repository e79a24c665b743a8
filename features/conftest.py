"""Scenarios run through the engine's facade and the office's registers, each with a real database as if it were alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from features.steps.scene import Scene
from tests.support.purchases import Offices

pytest_plugins = [
    "tests.support.postgres",
    "features.steps.desk",  # first: others build on it
    "features.steps.agency",
    "features.steps.assessing",
    "features.steps.committee",
    "features.steps.department",
    "features.steps.designer",
    "features.steps.drawing",
    "features.steps.expert",
    "features.steps.finance",
    "features.steps.ledgers",
    "features.steps.matters",
    "features.steps.messaging",
    "features.steps.organisation",
    "features.steps.outcome",
    "features.steps.panel",
    "features.steps.playing",
    "features.steps.publicity",
    "features.steps.registering",
    "features.steps.registers",
    "features.steps.papers",
    "features.steps.releasing",
    "features.steps.replaying",
    "features.steps.sealing",
    "features.steps.residents",
    "features.steps.street",
    "features.steps.surveying",
    "features.steps.time",
    "features.steps.watching",
]


@pytest.fixture(scope="session")
def offices(new_database: Callable[..., str]) -> Offices:
    return Offices(new_database)


@pytest.fixture
def scene(offices: Offices) -> Iterator[Scene]:
    """What the steps of one scenario share."""
    acted = Scene(offices)
    yield acted
    acted.end()
