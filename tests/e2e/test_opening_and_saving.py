"""Opening and saving a diagram loses nothing: in a real browser, with the editor of the studio."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support import memory_host
from tests.support.miwg import diagrams, present
from tests.support.round_trip import EXPECTED, editor_page, lost, report, text_of
from tests.support.studio_bundle import open_editor


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with editor_page(chromium) as opened:
        yield opened


@pytest.mark.parametrize("process_id", sorted(memory_host.diagrams()))
def test_our_own_processes_are_saved_as_they_were_opened(page: Page, process_id: str) -> None:
    assert lost(page, memory_host.diagrams()[process_id]) == []


@pytest.mark.parametrize("process_id", sorted(memory_host.diagrams()))
def test_a_file_nobody_changed_is_given_back_byte_for_byte(page: Page, process_id: str) -> None:
    text = text_of(memory_host.diagrams()[process_id])
    open_editor(page, text)
    assert page.evaluate("() => editor.content()") == text
    page.evaluate("() => editor.destroy()")


@present
def test_of_the_reference_models_only_what_the_library_is_known_to_lose_is_lost(page: Page) -> None:
    assert len(diagrams()) == 21
    assert report(page) == EXPECTED.read_text(encoding="utf-8"), (
        "run: python -m tests.support.round_trip, and read the difference"
    )
