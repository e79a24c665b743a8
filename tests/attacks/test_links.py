"""Whatever a page leads to is there and opens: people follow links, pictures and forms from their first page on."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.attacks.calling import called, client
from tests.attacks.test_every_role import LOGINS
from tests.attacks.walking import entered
from web.auth import access
from web.composition import Services

LEADS = ("href", "src", "hx-get")
POSTS = ("hx-post", "formaction")
AWAY = ("http://", "https://", "mailto:", "tel:", "data:")
OUTSIDE = ("/static/", "/api/", "/v2/", "/docs", "/openapi")  # not answered by the pages
IN_ENGLISH = {"community", "finance", "agency", "organisation", "operator"}
FOLLOWED = (
    None,
    "department",
    "community",
    "service_centre",
    "finance",
    "legal",
    "agency",
    "organisation",
    "expert",
    "discipline",
    "designer",
    "operator",
    "admin",
    "district_centre",
)
OBJECTS = 1  # of each shape is opened; every address is looked at

Shape = tuple[str, tuple[str, ...]]  # endpoint and the names in the query


@dataclass
class Walk:
    """One account's way through the office."""

    pages: Flask
    client: FlaskClient
    roles: frozenset[str] | None
    opened: Counter[Shape] = field(default_factory=Counter)
    waiting: deque[tuple[str, str]] = field(default_factory=deque)  # where to, and where that stood
    known: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def go(self, start: str) -> None:
        self._lead(start, "")
        while self.waiting:
            self._open(*self.waiting.popleft())

    def _open(self, address: str, source: str) -> None:
        parts = urlsplit(address)
        if parts.path.startswith(OUTSIDE):
            self.outside.add(address)
            return
        endpoint = self._endpoint(parts.path, "GET")
        if endpoint is None:
            self.wrong.append(f"{source} leads to {address}, where nothing is")
            return
        shape = (endpoint, tuple(sorted(name for name, _value in parse_qsl(parts.query))))
        if self.opened[shape] >= OBJECTS:
            return
        self.opened[shape] += 1
        answer = self.client.get(address)
        if answer.status_code >= 400:
            self.wrong.append(f"{source} leads to {address}: {answer.status}")
        elif answer.status_code >= 300:
            self._lead(answer.location, address)
        elif answer.mimetype == "text/html" and answer.get_data(as_text=True).strip():
            self._read(html.fromstring(answer.get_data(as_text=True)), address)
        answer.close()

    def _read(self, page: html.HtmlElement, address: str) -> None:
        ids = {str(one) for name in ("id", "name") for one in page.xpath(f"//@{name}")}
        for element in page.iter("*"):
            for name in LEADS:
                if (leads := element.get(name)) is not None:
                    self._judge(leads, address, ids)
            for name in POSTS:
                if action := element.get(name):
                    self._sends(urljoin(address, action), address)
            if element.tag == "form":
                action = urljoin(address, element.get("action") or address)
                if (element.get("method") or "get").lower() == "post":
                    self._sends(action, address)
                else:
                    self._lead(f"{urlsplit(action).path}?{urlencode(element.form_values())}", address)

    def _judge(self, leads: str, address: str, ids: set[str]) -> None:
        if leads.startswith("#"):
            if leads[1:] and leads[1:] not in ids:
                self.wrong.append(f"{address} has no place {leads}")
        elif leads.startswith(("/", "?")) and not leads.startswith("//"):
            self._lead(leads, address)
        elif not leads.startswith(AWAY):
            self.wrong.append(f"{address} leads to {leads!r}, which is no address")

    def _lead(self, leads: str, address: str) -> None:
        there = urljoin(address, leads).partition("#")[0]
        if there not in self.known:
            self.known.add(there)
            self.waiting.append((there, address))

    def _sends(self, action: str, address: str) -> None:
        """Nothing is posted; but there has to be something that would take it from this account."""
        endpoint = self._endpoint(urlsplit(action).path, "POST")
        if endpoint is None or not access.allowed(endpoint, self.roles):
            self.wrong.append(f"{address} posts to {action}, {'where nothing is' if endpoint is None else 'which is refused'}")

    def _endpoint(self, path: str, method: str) -> str | None:
        try:
            return str(self.pages.url_map.bind("localhost").match(path, method)[0])
        except RequestRedirect as redirect:
            return self._endpoint(urlsplit(redirect.new_url).path, method)
        except HTTPException:
            return None


@pytest.fixture(scope="module")
def opens(office: Services) -> Iterator[Callable[[str], bool]]:
    """Whether a visitor is answered at an address the pages do not answer themselves; each is asked once."""
    with called(office) as transport, client(transport) as visitor:
        yield cache(lambda address: visitor.get(address).status_code < 400)


@pytest.mark.parametrize("role", FOLLOWED)
def test_whatever_a_page_leads_to_opens(role: str | None, office: Services, pages: Flask, opens: Callable[[str], bool]) -> None:
    walk = Walk(pages, entered(pages, office, LOGINS[role] if role else None), frozenset({role}) if role else None)
    walk.client.post("/language", data={"language": "en" if role in IN_ENGLISH else "zh_Hans"})
    walk.go("/" if role else "/public")
    wrong = sorted({*walk.wrong, *(f"{address} does not open" for address in walk.outside if not opens(address))})
    assert not wrong, "\n".join(wrong)
    assert len(walk.opened) > 10
