"""``office``: a copy of the played database for one test file; ``world``: what can be addressed in it; ``pages``: without CSRF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from tests.attacks.played import opened, play
from tests.attacks.world import World, explore
from web.composition import Services
from web.pages.factory import create_pages

Copy = Callable[[], AbstractContextManager[Services]]


@pytest.fixture(scope="session")
def file_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="session")
def played(new_database: Callable[..., str], file_store: Path) -> str:
    """The name of a database with the played purchases, to which nobody is connected."""
    url = new_database()
    play(url, str(file_store))
    return str(make_url(url).database)


@pytest.fixture(scope="module")
def copy(new_database: Callable[..., str], played: str, file_store: Path) -> Copy:
    """Opens another copy of the played office until the block ends: each holds 100 MB of definitions."""
    return lambda: opened(new_database(played), str(file_store))


@pytest.fixture(scope="module")
def office(copy: Copy) -> Iterator[Services]:
    with copy() as services:
        yield services


@pytest.fixture(scope="module")
def world(office: Services) -> World:
    return explore(office)


@pytest.fixture(scope="module")
def pages(office: Services) -> Flask:
    return without_csrf(office)


def without_csrf(services: Services) -> Flask:
    """Posts need no token here: what stops them has to be something else."""
    made = create_pages(services)
    made.config["WTF_CSRF_ENABLED"] = False
    return made
