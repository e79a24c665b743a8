"""Everything a case has an address for, tried by everybody who has nothing to do with it.

Organisations that did not apply, an agency that was not commissioned, an expert who was not drawn, a designer and a visitor
open and post to every route they may enter at all, with the numbers, keys and hashes of somebody else's comparison. Nothing
they get says what only insiders may know, nothing breaks, and the case stays exactly as it was.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule

from procurement.registers.comparison import Application, Bid, ExpertDraw, Notice
from procurement.registers.edits import RegisterEdit
from procurement.registers.files import FileUse
from procurement.registers.flags import RedFlag
from procurement.registers.purchases import Purchase
from web.auth import access
from web.composition import Services
from web.pages.factory import create_pages

# one comparison being scored, one taking applications, one whose contract runs
TITLES = ("养老服务中心十项清单检查", "社会组织养老服务公益创投", "居家养老上门服务")
NOT_OF_A_CASE = re.compile(
    r"^(studio|designer|registers|registering|evidence|account|users|clock|language|login|static|explained)"
)


@dataclass(frozen=True)
class Target:
    """A comparison with what can be addressed of it, and what nobody outside may read."""

    purchase: Purchase
    values: dict[str, list[str]]  # name of an argument → what to try
    secrets: frozenset[str]
    insiders: frozenset[str]  # groups and logins


@pytest.fixture(scope="module")
def pages(services: Services) -> Flask:
    made = create_pages(services)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture(scope="module")
def targets(services: Services) -> list[Target]:
    found = {purchase.title: purchase for purchase in services.office.purchases.search(limit=500).items}
    return [target(services, found[title]) for title in TITLES]


def target(services: Services, purchase: Purchase) -> Target:
    engine, number = services.engine, purchase.id
    [root] = engine.instances(business_key=number, roots_only=True).items
    with services.office.desk.reading() as session:

        def of(column: object, table: object) -> list[str]:
            return [str(value) for value in session.scalars(select(column).where(table.purchase_id == number))]

        files = session.scalars(select(FileUse).where(FileUse.purchase_id == number)).all()
        applications = session.scalars(select(Application).where(Application.purchase_id == number)).all()
        bids = session.scalars(select(Bid).where(Bid.purchase_id == number)).all()
        drawn = {
            one for draw in session.scalars(select(ExpertDraw).where(ExpertDraw.purchase_id == number)) for one in draw.chosen
        }
        flags, notices = of(RedFlag.id, RedFlag), of(Notice.id, Notice)
    names = {expert.id: expert.name for expert in services.office.parties.experts()}
    logins = {expert.id: expert.login for expert in services.office.parties.experts()}
    tasks = [str(task.key) for task in engine.tasks(root_key=root.key, limit=100).items]
    instances = [str(one.key) for one in engine.instances(business_key=number, limit=50).items]
    return Target(
        purchase,
        {
            "number": [number, *notices, *(a.id for a in applications), *(b.id for b in bids)],
            "purchase": [number],
            "key": [*tasks, str(root.key)],
            "instance": instances,
            "sha256": [file.sha256 for file in files],
            "flag": flags,
        },
        frozenset(
            {a.id for a in applications}
            | {b.sha256 for b in bids}
            | {names[one] for one in drawn if one in names}
            | {file.sha256 for file in files if file.visibility != "public"}
        ),
        frozenset(
            {f"agency:{purchase.agency_id}"}
            | {f"organisation:{a.organisation_id}" for a in applications}
            | {f"expert:{one}" for one in drawn}
            | {logins[one] for one in drawn if one in logins}
        ),
    )


def outsiders(services: Services, of: Target) -> Iterator[str | None]:
    yield None
    wanted = {"organisation", "agency", "expert"}
    for user in services.office.accounts.search(limit=1000):
        roles, groups = set(user.roles), set(services.office.accounts.actor(user.login).groups)
        if roles & wanted and not groups & of.insiders and user.login not in of.insiders:
            wanted -= roles
            yield user.login
    yield "lcsj"


@pytest.mark.parametrize("n", range(len(TITLES)), ids=TITLES)
def test_outsiders_read_nothing_and_change_nothing(n: int, services: Services, pages: Flask, targets: list[Target]) -> None:
    it = targets[n]
    before = state(services, it)
    wrong: list[str] = []
    tried = 0
    for login in outsiders(services, it):
        client = entered(pages, login)
        roles = services.person(login).roles if login else None
        for rule in pages.url_map.iter_rules():
            if NOT_OF_A_CASE.match(rule.endpoint) or not rule.arguments or not access.allowed(rule.endpoint, roles):
                continue
            for address in addresses(pages, rule, it):
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    tried += 1
                    wrong += complaints(client, method, address, login, it)
    assert tried > 100
    assert not wrong, "\n".join(wrong)
    assert state(services, it) == before


def addresses(pages: Flask, rule: Rule, it: Target) -> Iterator[str]:
    """The route with everything of the case that could stand in its arguments."""
    unknown = rule.arguments - it.values.keys()
    tries = max((len(it.values.get(name, [])) for name in rule.arguments), default=0) or 1
    for n in range(tries):
        filled = {
            name: (it.values.get(name) or ["1"])[n % len(it.values.get(name) or ["1"])] for name in rule.arguments - unknown
        }
        filled |= dict.fromkeys(unknown, "1")
        with pages.test_request_context():
            try:
                yield pages.url_for(rule.endpoint, **filled)
            except ValueError:  # a text where the route takes a number
                continue


def complaints(client: FlaskClient, method: str, address: str, login: str | None, it: Target) -> Iterator[str]:
    answer = client.open(address, method=method)
    if answer.status_code >= 500:
        yield f"{method} {address} as {login}: {answer.status}"
    if method == "POST" and answer.status_code < 300:
        yield f"{method} {address} as {login} did something: {answer.status}"
    # an address that was asked for may be repeated in the answer
    told = [secret for secret in it.secrets if secret in answer.text.replace(address, "") and secret not in address]
    if told:
        yield f"{method} {address} as {login} tells {told[:3]}"


def entered(pages: Flask, login: str | None) -> FlaskClient:
    client = pages.test_client()
    if login:
        with client.session_transaction() as session:
            session["_user_id"] = login
            session["since"] = session["seen"] = time.time()
    return client


def state(services: Services, it: Target) -> tuple[object, ...]:
    """What would differ if anything had been done: tasks, history, register edits of the purchase."""
    engine = services.engine
    [root] = engine.instances(business_key=it.purchase.id, roots_only=True).items
    with services.office.desk.reading() as session:
        edits = session.scalar(select(func.count()).select_from(RegisterEdit).where(RegisterEdit.row_key == it.purchase.id))
    tasks = tuple((task.key, task.assignee, task.state) for task in engine.tasks(root_key=root.key, limit=100).items)
    return tasks, engine.newest_history(root.key, limit=1)[0].seq, edits


def test_an_insider_finds_the_secrets_in_the_same_way(pages: Flask, targets: list[Target]) -> None:
    """So that the test above cannot pass for want of anything to find."""
    client, it = entered(pages, "cgjb"), targets[0]
    seen = client.get(f"/purchases/{it.purchase.id}/documents").text
    assert any(secret in seen for secret in it.secrets)
