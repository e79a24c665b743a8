"""Hostile files through every door of the server: sentences come back, after little work, and nothing of them runs in a real browser."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from engine.model import SYSTEM, Resource
from procurement import demo
from tests.support import hostile
from tests.support.effort import at_most
from tests.web.conftest import DESKTOP, Visitor, sign_in

LIMIT = 2_000_000  # bytes of one file in a draft
MOST_EFFORT = 100_000  # yardsticks for whatever is done with one file; the dearest takes less than a tenth of that
PATHS = {"bpmn": "processes/goal_setting/goal_setting.bpmn", "dmn": "processes/goal_setting/method_route.dmn",
         "form": "forms/goal_setting/draft_budget.form", "yaml": "processes/goal_setting/cases/hostile.yaml"}  # fmt: skip
FILES = [
    *((f"diagram: {what}", "bpmn", content) for what, content in hostile.diagrams()),
    *((f"table: {what}", "dmn", content) for what, content in hostile.tables()),
    *((f"form: {what}", "form", content) for what, content in hostile.forms()),
    *((f"case: {what}", "yaml", content) for what, content in hostile.cases()),
]
WATCH = """
window.addEventListener('securitypolicyviolation', event => { (window.__refused ||= []).push(event.violatedDirective + ' ' + event.blockedURI); });
"""


class Door:
    """A draft and somebody who may change it."""

    def __init__(self, client: Visitor) -> None:
        self.client = client
        began = client.post_form("/studio/folders/goal_setting/drafts", {"title": hostile.NAME[:150], "reason": hostile.MARKUP}, page="/studio")  # fmt: skip
        assert began.status_code == 303, began.text
        self.draft = int(began.headers["location"].rstrip("/").rsplit("/", 1)[-1])
        self.token = client.token("/studio")

    def post(self, what: str, body: Any) -> httpx.Response:
        return self.client.post(
            f"/studio/drafts/{self.draft}/{what}",
            content=json.dumps(body),
            headers={"Content-Type": "application/json", "X-CSRFToken": self.token},
        )

    def save(self, path: str, content: str) -> httpx.Response:
        found = self.client.get(f"/studio/drafts/{self.draft}/file", params={"path": path})
        base = found.json().get("sha256") if found.status_code == 200 else None
        return self.post("file", {"path": path, "content": content, "base": base})


@pytest.fixture(scope="module")
def door(server: str) -> Iterator[Door]:
    with Visitor(base_url=server, timeout=600) as client:
        assert client.post_form("/login", {"login": "lcsj", "password": demo.PASSWORD}).status_code == 303
        yield Door(client)


@pytest.fixture
def _little_work() -> Iterator[None]:
    with at_most(MOST_EFFORT):
        yield


def answered(answer: httpx.Response) -> None:
    """No fault of the server, and a sentence where it is refused."""
    assert answer.status_code < 500, answer.text[:500]
    if answer.status_code >= 400 and answer.headers["content-type"].startswith("application/json"):
        assert len(answer.json()["problem"]) > 5


@pytest.mark.usefixtures("_little_work")
@pytest.mark.parametrize(("kind", "content"), [one[1:] for one in FILES], ids=[one[0] for one in FILES])
def test_a_hostile_file_is_saved_checked_and_previewed_without_harm(door, kind, content):
    text = content.decode("utf-8", "replace")
    answered(door.post("check", {PATHS[kind]: text}))
    if kind == "form":
        shown = door.post("form-preview", {"schema": text, "variables": None, "values": {}, "wrong": {}})
        answered(shown)
        if shown.status_code == 200 and shown.json()["html"]:
            page = shown.json()["html"].lower()
            assert "<script" not in page
            assert "<img src=x onerror" not in page
            assert 'href="javascript' not in page
            assert "<iframe" not in page
    saved = door.save(PATHS[kind], text)
    answered(saved)
    if len(text.encode()) > LIMIT:
        assert saved.status_code in {413, 422}, saved.text[:300]
    elif "\0" not in text and text:
        assert saved.status_code == 200, saved.text[:300]
    if saved.status_code == 200:
        for page in ("play", "compare", "cases"):
            answered(door.client.get(f"/studio/drafts/{door.draft}/{page}"))


@pytest.mark.usefixtures("_little_work")
def test_a_file_of_thirty_megabytes_is_refused_with_a_sentence(door):
    refused = door.save(PATHS["bpmn"], "x" * 30_000_000)
    assert refused.status_code == 413, refused.text[:300]
    assert "过大" in refused.text or "problem" in refused.json()


@pytest.mark.parametrize("path", ["../../etc/passwd", "processes/goal_setting/<script>.bpmn", "web/app.py", "/tmp/x.bpmn"])
def test_a_path_outside_the_layout_is_refused(door, path):
    assert door.post("file", {"path": path, "content": "x", "base": None}).status_code == 422


def test_a_zip_file_that_climbs_out_of_its_folder_is_refused(door):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as pack:
        pack.writestr("../../../../tmp/bixuan_hacked", "x")
    fields = {"csrf_token": door.token, "title": "x", "reason": "x"}
    answer = door.client.post("/studio/import", data=fields, files={"files": ("x.zip", packed.getvalue(), "application/zip")})
    assert answer.status_code == 422
    assert "processes/" in answer.text


@pytest.mark.usefixtures("_little_work")
@pytest.mark.parametrize(("kind", "content"), [one[1:] for one in FILES if one[1] != "yaml"], ids=[one[0] for one in FILES if one[1] != "yaml"])  # fmt: skip
def test_importing_a_hostile_file_ends_with_a_draft_or_a_sentence(door, kind, content):
    fields = {"csrf_token": door.token, "title": "x", "reason": "x", "_action": "check"}
    answer = door.client.post("/studio/import", data=fields, files={"files": (f"hostile.{kind}", content)})
    answered(answer)


@pytest.fixture
def watched(chromium: Browser, server: str) -> Iterator[Callable[[str | None], Page]]:
    """Pages on which nothing may run, ask or load: dialogs, the canary and addresses elsewhere fail the test."""
    contexts, trouble, pages = [], [], []

    def opened(login: str | None) -> Page:
        context = chromium.new_context(base_url=server, viewport=DESKTOP, locale="zh-CN")
        context.add_init_script(WATCH)
        contexts.append(context)
        page = context.new_page()
        page.on("dialog", lambda dialog: (trouble.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda asked: None if asked.url.startswith((server, "data:", "blob:")) else trouble.append(asked.url))
        pages.append(page)
        if login:
            sign_in(page, login)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not trouble, trouble


def unharmed(page: Page) -> None:
    page.wait_for_timeout(300)
    assert page.evaluate("window.__hacked") is None
    assert page.evaluate("window.__refused || []") == [], "the policy held, but markup of a file had reached the page"


def deployable() -> bytes:
    """What the engine takes, with markup wherever words may stand."""
    return hostile.diagram(name=hostile.NAME)


def test_names_full_of_markup_stay_words_on_every_page_of_a_deployed_process(services, watched):
    services.engine.deploy([Resource("processes/hostile/hostile.bpmn", deployable())], actor=SYSTEM, note=hostile.MARKUP)
    (found,) = services.engine.definitions(kind="process", id="hostile", latest=True, limit=1).items
    page = watched(None)
    for address in ("/public/processes", "/public/processes/hostile"):
        page.goto(address)
        if address.endswith("hostile"):
            page.wait_for_selector("#diagram[data-ready]")
        assert "{{ 7 * 7 }}" in page.content(), "template marks are words too"
        unharmed(page)
    page.goto("/public/processes/hostile/diagram.svg")
    assert page.evaluate("window.__hacked") is None
    page.goto("/public/processes/hostile/diagram.xml")
    assert page.evaluate("window.__hacked") is None
    operator = watched("ywgl")
    operator.goto(f"/operate/processes/{found.key}")
    operator.wait_for_selector("#diagram[data-ready]")
    unharmed(operator)


def test_the_studio_shows_hostile_drafts_as_words(door, watched):
    names = {
        PATHS["bpmn"]: hostile.diagram(name=hostile.NAME).decode(),
        PATHS["form"]: dict(hostile.forms())["a page of scripts"].decode(),
        PATHS["dmn"]: dict(hostile.tables())["a name full of markup"].decode(),
        PATHS["yaml"]: dict(hostile.cases())["a name full of markup"].decode(),
    }
    for path, text in names.items():
        assert door.save(path, text).status_code == 200
    page = watched("lcsj")
    for address in ("/studio", "/studio/folders/goal_setting"):
        page.goto(address)
        unharmed(page)
    for path in names:
        page.goto(f"/studio/drafts/{door.draft}?path={path}")
        page.wait_for_timeout(1500)
        assert page.evaluate("window.__hacked") is None
    for part in ("problems", "play", "cases", "compare", "release"):
        page.goto(f"/studio/drafts/{door.draft}/{part}")
        page.wait_for_timeout(800)
        assert page.evaluate("window.__hacked") is None, part
