"""Looking at pages: what axe and the width of the screen say, and pictures for docs/images."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from engine.model import UserTask
from web.composition import Services

IMAGES = Path(__file__).parents[2] / "docs" / "images"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# what reaches beyond the right edge although nothing round it scrolls
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll, .tabs, nav')).map(e => e.outerHTML.slice(0, 120))"""


def fits_and_is_accessible(page: Page, *, phone: bool) -> None:
    if not phone:  # the same elements, only laid out otherwise
        assert complaints(page) == []
    assert page.evaluate(TOO_WIDE) == []


def complaints(page: Page) -> list[str]:
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", RULES)
    return [f"{v['id']}: {n['html'][:160]} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]]


@cache
def _axe() -> str:
    return (Path(__file__).parents[1] / "web" / "vendor" / "axe.min.js").read_text(encoding="utf-8")


def keep(page: Page, name: str, *, phone: bool, kept: bool = True) -> None:
    """A picture for docs/images, when pictures are taken."""
    if os.environ.get("BIXUAN_SCREENSHOTS") == "1" and kept:
        IMAGES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=IMAGES / f"{name}{'-phone' if phone else ''}.png", animations="disabled", caret="hide")


def number(services: Services, title: str) -> str:
    return str(next(p.id for p in services.office.purchases.search(words=title, limit=5).items if p.title == title))


def process(services: Services, process_id: str) -> int:
    key: int = services.engine.definitions(kind="process", id=process_id, latest=True).items[0].key
    return key


def task(services: Services, element_id: str) -> int:
    found: UserTask = services.engine.tasks(element_id=element_id, state="created", limit=1).items[0]
    return found.key
