"""Fixture ``chromium``: one browser for the whole test session, whoever asks first.

Playwright allows one of its loops in a thread, so every test that opens pages shares this one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.support.patience import PATIENCE_S

Opened = TypeVar("Opened", BrowserContext, Page)
PATIENCE_MS = PATIENCE_S * 1000
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first draws no window for each of twenty people, which takes a third of the time away."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def program() -> str | None:
    """The path of the best Chromium of this machine; None: there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = program()
    if executable is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium-headless-shell fonts-noto-cjk")
    expect.set_options(timeout=PATIENCE_MS)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        for kind in (Page, Locator):
            for action in ("click", "press"):
                patch.setattr(kind, action, until_read(getattr(kind, action)))
        for made in ("new_context", "new_page"):
            patch.setattr(Browser, made, patient(getattr(Browser, made)))
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield browser
        browser.close()


def patient(make: Callable[..., Opened]) -> Callable[..., Opened]:
    """``make``, whose pages are waited for as long as everything else."""

    @wraps(make)
    def made(*args: Any, **options: Any) -> Opened:
        opened = make(*args, **options)
        opened.set_default_timeout(PATIENCE_MS)
        return opened

    return made


def until_read(action: Callable[..., None]) -> Callable[..., None]:
    """``action``, and then the page it leads to is read to its end.

    Playwright waits until the first bytes of that page are there. What a test then counts or lists at once would be what
    a busy machine had read by chance.
    """

    @wraps(action)
    def done(acted_on: Page | Locator, *args: Any, **options: Any) -> None:
        action(acted_on, *args, **options)
        page = acted_on if isinstance(acted_on, Page) else acted_on.page
        if not page.is_closed():
            page.wait_for_load_state("domcontentloaded", timeout=PATIENCE_MS)

    return done
