"""Every route × every role against the one access table."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from flask import Flask

from procurement.accounts.roles import PARTY_ROLES, ROLES
from tests.web.conftest import Visitor
from web.auth import access
from web.composition import Services
from web.pages.factory import create_pages

PASSWORD = "route by role 2026"


@pytest.fixture(scope="module")
def pages(services: Services) -> Flask:
    return create_pages(services)


@pytest.fixture(scope="module")
def one_of_each(services: Services) -> dict[str, str]:
    """A login per role, with that role only."""
    logins = {}
    for role in ROLES:
        logins[role] = f"only-{role.replace('_', '-')}"
        groups = [f"{role}:{role}-99"] if role in PARTY_ROLES else []
        services.office.accounts.create(logins[role], f"只有{ROLES[role]}", PASSWORD, roles=[role], groups=groups)
    return logins


def test_every_page_has_a_row_and_every_row_a_page(pages: Flask) -> None:
    assert access.page_routes(pages) == set(access.PAGES)


def test_a_route_without_a_row_stops_the_start(pages: Flask) -> None:
    with pytest.raises(access.RouteWithoutRow, match=r"forgotten\.page"):
        access.refuse_gaps({"inbox.index", "forgotten.page"})


def test_an_unknown_route_is_closed_to_everybody() -> None:
    assert not access.allowed("no.such", ROLES)


def test_every_row_names_known_roles() -> None:
    named = set().union(*access.TABLE.values())
    assert named <= set(ROLES) | {"public"}


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_page_answers_as_its_row_says(
    role: str | None, pages: Flask, one_of_each: dict[str, str], server: str, as_user: Callable[..., Visitor]
) -> None:
    client = as_user(one_of_each[role], PASSWORD) if role else Visitor(base_url=server, timeout=30)
    token = client.token("/login") if role is None else client.token("/inbox")
    wrong = []
    for rule in pages.url_map.iter_rules():
        if rule.endpoint in ("login.leave", "login.enter", "language.choose"):
            continue
        address = _filled(pages, rule.endpoint, rule.arguments)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.request(method, address, data={"csrf_token": token} if method == "POST" else None)
            if _refused(answer, role) == access.allowed(rule.endpoint, {role} if role else None):
                wrong.append(f"{method} {address} as {role}: {answer.status_code}")
    if role is None:
        client.close()
    assert not wrong, "\n".join(wrong)


def _filled(pages: Flask, endpoint: str, arguments: set[str]) -> str:
    with pages.test_request_context():
        samples = {name: "1" if name in ("key", "instance", "task", "id") else "nothing" for name in arguments}
        try:
            return pages.url_for(endpoint, **samples)
        except ValueError:
            return pages.url_for(endpoint, **dict.fromkeys(arguments, 1))


def _refused(answer: httpx.Response, role: str | None) -> bool:
    """By the table: a visitor is sent to the login, somebody else gets the 403 page of the table (not of a case or task)."""
    if role is None:
        return answer.status_code == 303 and answer.headers["location"].startswith("/login")
    return answer.status_code == 403 and "您的角色不能打开此页" in answer.text


def test_every_api_route_has_a_row(services: Services) -> None:
    from web.app import create_app

    api: FastAPI = create_app(services.settings, services)
    assert access.api_routes(api) <= set(access.TABLE)
