from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.spiff.office import Case, Office


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture(params=["in memory", "stored between steps"])
def begin(request: pytest.FixtureRequest, office: Office) -> Callable[..., Case]:
    """Deploy a diagram and start its process; every test runs a second time with save and load before every step."""

    def deploy_and_start(content: bytes | None = None, process_id: str = "p", /, **variables: object) -> Case:
        if content is not None:
            process_id = office.deploy(content).id
        return Case(office, request.param == "stored between steps").start(process_id, None, **variables)

    return deploy_and_start
