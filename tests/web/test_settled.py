"""A served process leaves what it has loaded out of garbage collections, and still finds what pages leave behind."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from engine.spiff.model import ProcessModel
from web.composition import Services
from web.serving import YOUNG_OBJECTS, settle


class Row:
    """Refers to itself, so that only the collector can end it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    own = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*own)


def test_definitions_are_not_visited_by_collections_any_more(services: Services) -> None:
    settle(services)
    (one, *_more) = services.engine.definitions(kind="process", latest=True, limit=1).items
    model = services.engine.process_model(one.key)
    assert isinstance(model, ProcessModel)
    assert not [found for found in gc.get_objects() if found is model]


def test_what_a_page_leaves_behind_is_found(services: Services) -> None:
    settle(services)
    row = Row()
    left_behind = weakref.ref(row)
    del row
    made = [[number] for number in range(2 * YOUNG_OBJECTS)]
    assert left_behind() is None, len(made)
