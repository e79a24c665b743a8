"""A demo office of its own, served for real; people who sit at it in a real browser.

``services``   the composed application; its clock is moved by these tests, so nobody else shares it
``server``     its address
``people``     the accounts' browsers (tests.e2e.people)
``walk``       drives purchases (tests.e2e.walk)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.people import People
from tests.e2e.walk import Walk
from tests.support.serving import demo_office, served
from web.composition import Services


@pytest.fixture(scope="session")
def services(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with demo_office(new_database(), str(tmp_path_factory.mktemp("files"))) as composed:
        yield composed


@pytest.fixture(scope="session")
def server(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


@pytest.fixture(scope="session")
def people(chromium: Browser, server: str) -> Iterator[People]:
    with People(chromium, server) as found:
        yield found


@pytest.fixture(scope="session")
def walk(services: Services, people: People) -> Walk:
    return Walk(services, people)
