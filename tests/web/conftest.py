"""The demo office's people and registers on a server of its own, on a Monday morning, with nothing bought yet.

``services``     the composed application on a database of its own, with processes, forms and the registers of the demo office
``server``       its address; uvicorn in a thread, the job worker inside
``visitor``      an HTTP client nobody is logged in with
``as_user``      ``as_user("login")`` → an HTTP client that is logged in; ``client.post_form(address, {...})`` adds the CSRF token
``browse``       ``browse("login", phone=False)`` → a Chromium page of somebody logged in (None: a visitor); console errors fail the test
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from engine.model import SYSTEM
from procurement import demo
from procurement.demo.registers import load_registers
from tests.support.patience import PATIENCE_S
from tests.support.serving import served
from tests.web.offices import StartedPurchase, start_purchase
from web.composition import Services, compose
from web.pages.show import ZONE
from web.resources import designer_folders, read_resources
from web.settings import Settings

MORNING = dt.datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 375, "height": 812}


@pytest.fixture(scope="session")
def services(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    settings = Settings.for_demo(new_database(), str(tmp_path_factory.mktemp("files")))
    composed = compose(settings)
    composed.migrate()
    composed.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="tests")
    composed.clock.set(MORNING)
    with composed.office.desk.editing(SYSTEM) as session:
        load_registers(session, MORNING)
    offices.append(composed)
    yield composed
    offices.remove(composed)
    composed.close()


offices: list[Services] = []


@pytest.fixture(scope="module", autouse=True)
def same_morning() -> Iterator[None]:
    """Whatever a file does to the clock, the next one begins on the same Monday: which files share an office, and in what
    order, is not the same in every run.
    """
    yield
    for office in offices:
        office.clock.set(MORNING)


@pytest.fixture(scope="session")
def server(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


class Visitor(httpx.Client):
    """An HTTP client that can fill in our forms."""

    def __init__(self, **options: Any) -> None:
        super().__init__(verify=False, **options)  # nothing is encrypted here, and reading the machine's certificates takes 50 ms

    def token(self, address: str = "/login") -> str:
        """The CSRF token of this session, from any page that has a form."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(address).text)
        assert found, f"no form at {address}"
        return found[1]

    def post_form(
        self, address: str, fields: dict[str, Any] | None = None, *, page: str = "/login", **more: Any
    ) -> httpx.Response:
        """Post as a browser would after opening ``page``."""
        return self.post(address, data={"csrf_token": self.token(page), **(fields or {})}, **more)


@pytest.fixture
def visitor(server: str) -> Iterator[Visitor]:
    with Visitor(base_url=server, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture
def as_user(server: str) -> Iterator[Callable[[str], Visitor]]:
    opened: list[Visitor] = []

    def enter(login: str, password: str = demo.PASSWORD) -> Visitor:
        client = Visitor(base_url=server, timeout=PATIENCE_S)
        opened.append(client)
        answer = client.post_form("/login", {"login": login, "password": password})
        assert answer.status_code == 303, answer.text
        return client

    yield enter
    for client in opened:
        client.close()


@pytest.fixture
def browse(chromium: Browser, server: str) -> Iterator[Callable[..., Page]]:
    contexts = []
    complaints: list[str] = []

    def open_as(login: str | None, *, phone: bool = False, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=server, viewport=PHONE if phone else DESKTOP, locale="zh-CN", java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" and "status of 4" not in said.text else None,
        )
        if login:
            sign_in(page, login)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert not complaints, complaints


def sign_in(page: Page, login: str) -> None:
    """At the login page, as a person does it."""
    page.goto("/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", demo.PASSWORD)
    page.click("main form button.primary")
    page.wait_for_url(lambda address: "/login" not in address)


@pytest.fixture(scope="session")
def axe() -> str:
    return (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def started(services: Services) -> StartedPurchase:
    """A purchase in its first step, with 登记需求 waiting for the person who started it."""
    return start_purchase(services)
