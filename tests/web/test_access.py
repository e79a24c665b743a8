"""Every route × every role against the one access table."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from procurement.accounts.roles import PARTY_ROLES, ROLES
from web.app import create_app
from web.auth import access
from web.auth.session import contents
from web.composition import Services
from web.pages.factory import create_pages


@pytest.fixture(scope="module")
def pages(services: Services) -> Flask:
    """The page application; every view behind the guard only says that it was reached."""
    pages = create_pages(services)
    pages.config["WTF_CSRF_ENABLED"] = False
    for endpoint in pages.view_functions:
        pages.view_functions[endpoint] = lambda **_arguments: "reached"
    for hooks in pages.before_request_funcs, pages.url_value_preprocessors:
        for blueprint in [name for name in hooks if name is not None]:
            hooks[blueprint].clear()
    return pages


@pytest.fixture(scope="module")
def one_of_each(services: Services) -> dict[str, str]:
    """A login per role, with that role only."""
    logins = {}
    for role in ROLES:
        logins[role] = f"only-{role.replace('_', '-')}"
        groups = [f"{role}:{role}-99"] if role in PARTY_ROLES else []
        services.office.accounts.create(logins[role], f"只有{ROLES[role]}", "route by role 2026", roles=[role], groups=groups)
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
def test_every_page_opens_to_whom_its_row_names_and_to_nobody_else(
    role: str | None, services: Services, pages: Flask, one_of_each: dict[str, str]
) -> None:
    client = pages.test_client()
    if role and (person := services.person(one_of_each[role])):
        with client.session_transaction() as session:
            session.update(contents(person))
    wrong = []
    for rule in pages.url_map.iter_rules():
        address = _filled(pages, rule.endpoint, rule.arguments)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.open(address, method=method)
            reached = answer.status_code == 200 and answer.text == "reached"
            if reached != access.allowed(rule.endpoint, {role} if role else None) or not (reached or _refused(answer, role)):
                wrong.append(f"{method} {address} as {role}: {answer.status}")
    assert not wrong, "\n".join(wrong)


def _filled(pages: Flask, endpoint: str, arguments: set[str]) -> str:
    with pages.test_request_context():
        try:
            return pages.url_for(endpoint, **dict.fromkeys(arguments, "1"))
        except ValueError:
            return pages.url_for(endpoint, **dict.fromkeys(arguments, 1))


def _refused(answer: TestResponse, role: str | None) -> bool:
    """A visitor is sent to the login, somebody else gets the page that says so."""
    if role is None:
        return answer.status_code == 303 and answer.location.startswith("/login")
    return answer.status_code == 403 and "您的角色不能打开此页" in answer.text


def test_every_api_route_has_a_row(services: Services) -> None:
    assert access.api_routes(create_app(services.settings, services)) <= set(access.TABLE)
