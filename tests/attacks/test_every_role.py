"""Every role × every route, with the numbers of real cases: open to whom its row names, closed to everybody else, and never broken."""

from __future__ import annotations

import pytest
from flask import Flask

from procurement.accounts.roles import ROLES
from procurement.demo.people import ACCOUNTS
from tests.attacks.conftest import Copy, without_csrf
from tests.attacks.played import CONFIRMING, RUNNING
from tests.attacks.walking import Step, entered, steps, take
from tests.attacks.world import World, kind_of
from web.auth import access
from web.composition import Services

LOGINS = {role: account.login for role, account in zip(ROLES, ACCOUNTS, strict=True)}
WITH_A_SESSION = {"login.enter", "login.leave"}  # would end the walk


def test_whatever_a_route_is_about_is_tried(pages: Flask, world: World) -> None:
    """A new route needs a line in tests/attacks/world.py, and an object in the played office."""
    there = {kind for case in world.cases.values() for kind in case.values} | {
        kind for kind, some in world.others.items() if some
    }
    for rule in pages.url_map.iter_rules():
        for argument in rule.arguments:
            assert kind_of(rule.endpoint, argument) in there, f"nothing to try at {rule.endpoint} for {argument}"


def test_objects_of_every_kind_are_there_twice(world: World) -> None:
    counts = {
        kind: sum(kind in case.values for case in world.cases.values()) for case in world.cases.values() for kind in case.values
    }
    rare = {kind for kind, count in counts.items() if count < 2}
    assert rare <= {"appeal", "flag", "objection", "contract", "case_file"}, rare


@pytest.mark.parametrize("role", [None, *ROLES])
def test_a_role_opens_what_its_row_names_and_nothing_breaks(role: str | None, copy: Copy, world: World) -> None:
    wrong: list[str] = []
    with copy() as services:
        pages = without_csrf(services)
        client, roles = entered(pages, services, LOGINS[role] if role else None), {role} if role else None
        for step in walk(pages, world):
            answer = take(client, step)
            if answer.status_code >= 500:
                wrong.append(f"{step}: {answer.status}")
            elif not access.allowed(step.endpoint, roles):
                refused = answer.status_code == 403 if role else answer.status_code == 303 and "/login" in answer.location
                wrong += [] if refused else [f"{step}: {answer.status} although the row does not name {role}"]
    assert not wrong, "\n".join(wrong)


def walk(pages: Flask, world: World) -> list[Step]:
    """All GETs before all POSTs: an empty form may be enough to end something."""
    one, other = world.cases[RUNNING], world.cases[CONFIRMING]
    there = {kind: some[:1] for kind, some in {**other.values, **one.values, **world.others}.items()}
    found = [*steps(pages, there, ("GET",)), *steps(pages, there, ("POST",))]
    return [step for step in dict.fromkeys(found) if step.endpoint not in WITH_A_SESSION]


def test_the_accounts_have_the_roles_they_stand_for(office: Services) -> None:
    for role, login in LOGINS.items():
        assert services_roles(office, login) == {role}


def services_roles(services: Services, login: str) -> frozenset[str]:
    person = services.person(login)
    assert person is not None
    return person.roles
