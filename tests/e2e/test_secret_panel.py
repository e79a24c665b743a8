"""Who sits on a panel is found nowhere before the result, by nobody who need not know (财库〔2016〕198号 第十九条).

One account of every role, and rivals, and a visitor, open everything they may open of one comparison: every page with its
number, keys and tasks, every list without an argument, every search and every object of the API, feeds, tables, downloads.
Only this comparison exists, so a name anywhere comes from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import product

import httpx
import pytest
from flask import Flask
from werkzeug.routing import Rule

from engine.errors import NotFound
from engine.model import Actor
from procurement import demo
from procurement.accounts.roles import SCOPES
from procurement.registers.draws import PanelInvitation
from tests.e2e.one_comparison import OneComparison, one_comparison
from tests.support.serving import served
from web.auth import access
from web.auth.routes.api import API
from web.pages.factory import create_pages

KNOW = {"cgjb", "jjjc", "hxpg"}  # the buyer's officer, discipline and the agency of this comparison: they draw, invite, watch
# one of every other role, a rival agency, a bidder, another organisation, an expert outside; those inside meet and know each other
NEED_NOT_KNOW = (
    *("visitor", "initiator", "sqfzb", "wqsq", "bmfw", "czs", "jdzr", "fzsc", "dgw1", "dgms", "sjzy", "lcsj", "ywgl", "admin"),
    *("cypg", "bidder", "org12", "other expert"),
)
# lists of people, whoever was drawn: they may name experts, but nothing about the comparison beside them
POOL = re.compile(r"^/(registers/experts|registers/conflicts|users)")
NOT_OF_A_CASE = re.compile(r"^(studio|designer|explained|definitions|static|language|login|files)")
OF_A_CASE = re.compile(r"^/(tasks|purchases|operate/cases)/")
LINK = re.compile(r"""(?:href|hx-get|src|data-source)="(/[^"#]*)""")
KEYS = ("variableKey", "auditLogKey", "decisionEvaluationInstanceKey")
FEW = 15  # objects of one kind that are opened by their key
MOST = 900  # pages one account opens
EARLIER = 3  # tasks before the panel was formed
PANEL_PROCESSES = ("open_comparison", "bid_evaluation", "panel_formation", "expert_draw", "panel_scoring")


@dataclass
class Seen:
    """What one account may not find, and where it was found."""

    login: str
    words: re.Pattern[str]
    found: list[str] = field(default_factory=list)
    opened: int = 0

    def look(self, where: str, text: str) -> None:
        self.opened += 1
        for hit in sorted(set(self.words.findall(text)))[:3]:
            at = text.find(hit)
            self.found.append(f"{self.login} {where}: {hit} in …{text[max(0, at - 60) : at + 40]!r}")


@pytest.fixture(scope="module")
def comparison(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneComparison]:
    with one_comparison(new_database(), str(tmp_path_factory.mktemp("files"))) as found:
        found.until("score_bids")
        yield found


@pytest.fixture(scope="module")
def address(comparison: OneComparison) -> Iterator[str]:
    with served(comparison.services) as found:
        yield found


@pytest.fixture(scope="module")
def pages(comparison: OneComparison) -> Flask:
    return create_pages(comparison.services)


class Nearby(httpx.BaseTransport):
    """Pages are asked for in this thread, which spares two others and a socket for each; all else at the server."""

    def __init__(self, pages: Flask) -> None:
        self._pages = httpx.WSGITransport(app=pages, raise_app_exceptions=False)
        self._server = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        is_page = not request.url.path.startswith(("/api/", "/v2/", "/static/"))
        return (self._pages if is_page else self._server).handle_request(request)

    def close(self) -> None:
        self._server.close()


def panel(comparison: OneComparison) -> dict[str, tuple[str, str, str]]:
    """Login → login, number and name of everybody who was invited."""
    office = comparison.services.office
    with office.desk.reading() as session:
        invited = {row.expert_id for row in session.query(PanelInvitation).filter_by(purchase_id=comparison.number)}
    return {one.login: (one.login, one.id, one.name) for one in office.parties.experts() if one.id in invited}


def login_of(comparison: OneComparison, who: str) -> str:
    members = panel(comparison)
    experts = comparison.services.office.accounts.search(role="expert", limit=1000)
    special = {
        "visitor": "",
        "initiator": comparison.story.initiator,
        "bidder": f"org{comparison.story.bidders[0].rpartition('-')[2]}",
        "other expert": next(one.login for one in experts if one.login not in members),
    }
    return special.get(who, who)


def forbidden(comparison: OneComparison, login: str) -> re.Pattern[str]:
    words = [word for member, own in panel(comparison).items() for word in own]
    return re.compile("|".join(rf"(?<![\w-]){w}(?![\w-])" if w.isascii() else re.escape(w) for w in words))


def crawl(comparison: OneComparison, address: str, pages: Flask, login: str) -> Seen:
    """Everything of the case and every list, as that account; links that name the case are followed."""
    seen = Seen(login or "visitor", forbidden(comparison, login))
    marks = identifiers(comparison)
    with httpx.Client(base_url=address, transport=Nearby(pages), timeout=60) as client:
        if login:
            token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
            assert token
            entered = client.post("/login", data={"csrf_token": token[1], "login": login, "password": demo.PASSWORD})
            assert entered.status_code == 303, entered.text
        waiting = list(dict.fromkeys(addresses(comparison, pages, login, marks)))
        known = set(waiting)
        while waiting and seen.opened < MOST:
            where = waiting.pop(0)
            answer = client.get(where, follow_redirects=True)
            if answer.status_code >= 500:
                seen.found.append(f"{login} {where}: {answer.status_code}")
            if answer.url.path == "/login":  # not for this account; the demo's own page lists the demo's accounts
                continue
            if POOL.match(where) or POOL.match(answer.url.path):  # the first page of some is such a list
                told = answer.text.replace(where, "")  # an address that was asked for may be repeated
                assert answer.status_code == 404 or not any(mark in told for mark in marks), (login, where)
                continue
            seen.look(where, answer.text)
            for link in map(unescape, LINK.findall(answer.text)):
                if (
                    link not in known
                    and any(mark in link for mark in marks)
                    and not link.startswith(("/login", "/language", "/files"))
                ):
                    known.add(link)
                    waiting.append(link)
    assert not waiting, f"{login} could open more than {MOST} pages"
    return seen


def tasks_and_instances(comparison: OneComparison) -> tuple[list[str], list[str]]:
    """Keys of the newest task of each step since the panel was formed, and a few before; of the processes that know the panel."""
    engine = comparison.services.engine
    [root] = engine.instances(business_key=comparison.number, roots_only=True).items
    instances = engine.instances(root_key=root.key, limit=None).items
    tasks = engine.tasks(root_key=root.key, state=None, limit=None, order="key").items
    since = next(n for n, task in enumerate(tasks) if task.process_id == "panel_formation")
    newest = {(task.process_id, task.element_id): task.key for task in tasks[since - EARLIER :]}
    knowing = {one.process_id: one.key for one in instances if one.process_id in PANEL_PROCESSES}
    return [str(key) for key in newest.values()], [str(root.key), *map(str, knowing.values())]


def identifiers(comparison: OneComparison) -> set[str]:
    """What stands in addresses that belong to the case."""
    tasks, instances = tasks_and_instances(comparison)
    draws = {draw.number for draw in comparison.services.office.draws.public(comparison.number)}
    return {comparison.number, *tasks, *instances, *draws}


def addresses(comparison: OneComparison, pages: Flask, login: str, marks: set[str]) -> Iterator[str]:
    """Every page the roles may open, with everything of the case that may be its argument."""
    services = comparison.services
    roles = services.person(login).roles if login else None
    keys = tasks_and_instances(comparison)
    words = sorted(mark for mark in marks if not mark.isdigit())
    with pages.test_request_context():
        for rule in pages.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or NOT_OF_A_CASE.match(rule.endpoint):
                continue
            if not access.allowed(rule.endpoint, roles):
                continue
            if "<int:" in rule.rule and not OF_A_CASE.match(rule.rule):
                continue
            numbers = [name for name in rule.arguments if f"<int:{name}>" in rule.rule]
            fitting = [keys_for(rule, name, *keys) for name in numbers]
            for word, values in product(words if len(numbers) < len(rule.arguments) else [""], product(*fitting)):
                yield pages.url_for(
                    rule.endpoint, **(dict.fromkeys(rule.arguments, word) | dict(zip(numbers, values, strict=True)))
                )
    yield from (
        "/inbox?show=all",
        "/purchases?q=" + comparison.number,
        "/audit?from=2026-01-01",
        "/audit/table.csv?from=2026-01-01",
    )


def keys_for(rule: Rule, argument: str, tasks: list[str], instances: list[str]) -> list[str]:
    return tasks if argument == "key" and rule.rule.startswith("/tasks/") else instances


def ask_api(comparison: OneComparison, address: str, login: str) -> Seen:
    """Every search without a filter to its last page, and every object by its key."""
    services, seen = comparison.services, Seen(login, forbidden(comparison, login))
    actor: Actor = services.office.accounts.actor(login)
    token = services.office.accounts.create_token(login, "tests", tuple(SCOPES), actor=actor)[1]
    roles = services.person(login).roles
    tasks, instances = tasks_and_instances(comparison)
    keys = {"user-tasks": tasks, "process-instances": instances}
    with httpx.Client(base_url=address, timeout=60, headers={"Authorization": f"Bearer {token}"}) as client:
        open_rows = [row.split() for row in API if row.partition(" ")[2].startswith("/v2") and access.allowed(row, roles)]
        for method, path in open_rows:
            if method == "POST" and path.endswith("/search") and "{" not in path:
                keys.setdefault(path.split("/")[2], []).extend(searched(client, path, seen))
        for method, path in open_rows:
            if "{key}" not in path or (method != "GET" and not path.endswith("/search")):
                continue
            for key in keys.get(path.split("/")[2], ()):
                where = path.replace("{key}", key)
                answer = client.request(method, where, json={} if method == "POST" else None)
                if answer.status_code >= 500:
                    seen.found.append(f"{login} {where}: {answer.status_code} {answer.text[:300]}")
                seen.look(f"{method} {where}", answer.text)
    return seen


def searched(client: httpx.Client, path: str, seen: Seen) -> list[str]:
    """Every page of a search; the keys of the newest it found."""
    keys: list[str] = []
    after: str | None = None
    while True:
        answer = client.post(path, json={"page": {"limit": 1000} | ({"after": after} if after else {})})
        assert answer.status_code in (200, 403, 501), (path, answer.text[:300])
        seen.look(f"POST {path}", answer.text)
        found = answer.json() if answer.status_code == 200 else {"items": []}
        keys += [one[name] for one in found["items"] for name in KEYS if name in one]
        after = found["items"] and found["page"].get("endCursor")
        if not after:
            return keys[-FEW:]


def everything(comparison: OneComparison, address: str, pages: Flask, who: str) -> list[str]:
    login = login_of(comparison, who)
    looks = [crawl(comparison, address, pages, login)] + ([ask_api(comparison, address, login)] if login else [])
    assert sum(seen.opened for seen in looks) > 5
    return [found for seen in looks for found in seen.found]


@pytest.mark.parametrize("who", NEED_NOT_KNOW)
def test_while_the_panel_scores_nobody_finds_a_name_who_need_not_know(
    comparison: OneComparison, address: str, pages: Flask, who: str
) -> None:
    assert len(panel(comparison)) >= 3
    wrong = everything(comparison, address, pages, who)
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:40])


def test_those_who_draw_invite_and_watch_find_the_names(comparison: OneComparison, address: str, pages: Flask) -> None:
    """So that the tests around cannot pass for want of anything to find."""
    for login in KNOW:
        assert crawl(comparison, address, pages, login).found, login


def test_asking_for_a_person_or_a_word_tells_nothing(comparison: OneComparison, address: str) -> None:
    """A search that finds something for a name would tell as much as the name."""
    login, _number, name = next(iter(panel(comparison).values()))
    services = comparison.services
    with httpx.Client(base_url=address, auth=("ywgl", demo.PASSWORD), timeout=60) as client:
        for path, asked in (
            ("/v2/user-tasks/search", {"assignee": login}),
            ("/v2/user-tasks/search", {"assignee": {"$in": [login]}}),
            ("/v2/audit-logs/search", {"actorId": login}),
        ):
            answer = client.post(path, json={"filter": asked})
            assert answer.json()["items"] == [], (path, asked)
        [root] = services.engine.instances(business_key=comparison.number, roots_only=True).items
        asked = {"expression": f'=panel[1].name = "{name}"', "scopeKey": str(root.key)}
        assert client.post("/v2/expression/evaluation", json=asked).status_code == 403


@pytest.mark.parametrize("who", ["sqfzb", "ywgl", "sjzy", "bidder", "other expert", "visitor"])
def test_until_the_result_is_published_the_names_stay_secret(
    comparison: OneComparison, address: str, pages: Flask, who: str
) -> None:
    """Everybody has signed; the street examines what will be published."""
    comparison.until("review_result")
    wrong = everything(comparison, address, pages, who)
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:40])


def test_after_the_publication_everybody_may_know(comparison: OneComparison, address: str) -> None:
    comparison.until("confirm_result")
    services = comparison.services
    names = {name for _login, _number, name in panel(comparison).values()}
    assert services.office.panels.secret(actor=services.office.accounts.actor("ywgl")) is None
    with httpx.Client(base_url=address, timeout=60) as visitor:
        page = visitor.get(f"/public/purchases/{comparison.number}").text
    assert any(name in page for name in names)
    with pytest.raises(NotFound):
        services.office.panels.members("CG-1999-0001", actor=services.office.accounts.actor("ylfw"))
