"""Opening and saving a diagram loses nothing: in a real browser, with the diagram library the pages are built on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support import memory_host
from tests.support.miwg import diagrams, present
from tests.support.round_trip import EXPECTED, blank, lost, report


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    opened = blank(chromium)
    yield opened
    opened.close()


@pytest.mark.parametrize("process_id", sorted(memory_host.diagrams()))
def test_our_own_processes_are_saved_as_they_were_opened(page: Page, process_id: str) -> None:
    assert lost(page, memory_host.diagrams()[process_id]) == []


@present
def test_of_the_reference_models_only_what_the_library_is_known_to_lose_is_lost(page: Page) -> None:
    assert len(diagrams()) == 21
    assert report(page) == EXPECTED.read_text(encoding="utf-8"), (
        "run: python -m tests.support.round_trip, and read the difference"
    )
