"""axe finds nothing to complain about on the main pages, wide and narrow, and nothing runs out of a phone's screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.offices import StartedPurchase

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PAGES = ["/login", "/inbox", "/purchases", "/purchases/new", "/clock", "{task}", "{case}", "{case}/diagram", "{case}/why", "{case}/history", "{case}/documents", "{case}/values", "/public/processes", "/public/processes/open_comparison"]  # fmt: skip


def complaints(page: Page, axe: str) -> list[str]:
    """What axe finds, one line each. The script is evaluated by the debugger, so the page's own policy stays strict."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", RULES)
    return [f"{v['id']}: {n['html'][:160]} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("address", PAGES)
def test_a_main_page_is_accessible_and_fits(
    address: str, phone: bool, browse: Callable[..., Page], axe: str, started: StartedPurchase
) -> None:
    page = browse(None if address.startswith(("/login", "/public")) else started.login, phone=phone)
    page.goto(address.format(task=f"/tasks/{started.task.key}", case=f"/purchases/{started.number}"))
    if address.endswith(("diagram", "open_comparison")):
        page.wait_for_selector("#diagram[data-ready]")
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_lists_of_an_open_comparison_are_accessible_and_fit(
    phone: bool, browse: Callable[..., Page], axe: str, started: StartedPurchase
) -> None:
    page = browse("cgjb", phone=phone)
    for address in (
        "/archives",
        "/discretion",
        "/appeals",
        "/messages",
        "/score-sheets",
        f"/cases/{started.number}/objections",
    ):
        answer = page.goto(address)
        assert answer and answer.ok, address
        assert complaints(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], address


def test_the_login_works_with_the_keyboard_alone(browse: Callable[..., Page]) -> None:
    page = browse(None)
    page.goto("/login")
    expect(page.locator("[name=login]")).to_be_focused()  # the first key would be lost before
    page.keyboard.type("cgjb")
    page.keyboard.press("Tab")
    expect(page.locator("[name=password]")).to_be_focused()
    page.keyboard.type("bixuan-demo-2026")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
