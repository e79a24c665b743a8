"""What a browser would never send: other methods, other people's tokens, fields that are on no form, texts of any size."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import encode_multipart

from engine.model import SYSTEM
from tests.attacks.played import APPLYING
from tests.attacks.walking import entered, steps
from tests.attacks.world import World
from web.composition import Services
from web.pages.factory import create_pages

ODD = ("PUT", "PATCH", "DELETE", "TRACE")
ANSWERING = "surveys.answer"  # the link of a card is the right to answer once; whoever has it needs no session


@pytest.fixture(scope="module")
def guarded(office: Services) -> Flask:
    """The pages as they are served, CSRF check included."""
    return create_pages(office)


def token_of(client: FlaskClient, address: str = "/account") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert found
    return found[1]


def everything(world: World) -> dict[str, list[str]]:
    return {kind: list(some)[:1] for case in world.cases.values() for kind, some in {**case.values, **world.others}.items()}


def test_every_other_method_is_refused_at_every_route(guarded: Flask, office: Services, world: World) -> None:
    client, wrong = entered(guarded, office, "admin"), []
    known = {rule.rule: set() for rule in guarded.url_map.iter_rules()}
    for rule in guarded.url_map.iter_rules():
        known[rule.rule] |= rule.methods or set()
    for step in steps(guarded, everything(world), ("GET", "POST")):
        for method in ODD:
            answer = client.open(step.address, method=method)
            wrong += [] if answer.status_code in (400, 405) else [f"{method} {step.address}: {answer.status}"]
    assert not wrong, "\n".join(wrong)


def test_a_header_changes_no_method(guarded: Flask, office: Services) -> None:
    client = entered(guarded, office, "cgjb")
    answer = client.get("/account/password", headers={"X-HTTP-Method-Override": "POST"}, query_string={"_method": "POST"})
    assert answer.status_code == 405


def test_nothing_is_posted_without_the_token_of_this_session(guarded: Flask, office: Services, world: World) -> None:
    mine, theirs = entered(guarded, office, "cgjb"), entered(guarded, office, "jdzr")
    foreign = token_of(theirs)
    for step in steps(guarded, everything(world), ("POST",)):
        if step.endpoint == ANSWERING:
            assert mine.post(step.address, data={}).status_code == 404, "the walk has no link of a card"
            continue
        for form in ({}, {"csrf_token": foreign}, {"csrf_token": "x" * 5000}):
            answer = mine.post(step.address, data=form)
            assert answer.status_code in (400, 403), f"{step} with {form}: {answer.status}"
        assert mine.post(step.address, query_string={"csrf_token": token_of(mine)}).status_code in (400, 403)


@pytest.mark.parametrize(
    "address",
    [
        "/purchases?words=%00",
        "/purchases/CG-2026-0001%00",
        "/public/notices?after=%00",
        "/messages?kind=%00",
        "/registers/organisations?words=a%00b",
        "/files/CG-2026-0001/%00",
        "/public/verify/receipt?number=%00",
    ],
)
def test_a_zero_byte_in_an_address_is_refused(pages: Flask, office: Services, address: str) -> None:
    answer = entered(pages, office, "cgjb").get(address)
    assert answer.status_code == 400
    assert "格式不对" in answer.text


def test_a_zero_byte_in_a_form_is_refused_and_what_was_typed_comes_back(pages: Flask, office: Services) -> None:
    client = entered(pages, office, "ylfw")
    answer = client.post("/purchases/new", data={"title": "独居老人\0探访", "words": "已经写了很多"})
    assert answer.status_code == 400
    assert "已经写了很多" in answer.text


@pytest.mark.parametrize(
    "words", ["x" * 100_000, "%" * 5_000, "'; drop table purchases; --", "\\", "_" * 300, "\u202e", "😀" * 500]
)
def test_any_search_ends_with_a_page(pages: Flask, office: Services, words: str) -> None:
    client = entered(pages, office, "cgjb")
    for address in (
        "/purchases",
        "/registers/organisations",
        "/registers/experts",
        "/public/notices",
        "/public/results",
        "/flags",
    ):
        for name in ("words", "q", "after", "kind", "step", "purchase_id", "community"):
            assert client.get(address, query_string={name: words}).status_code in (200, 400, 404, 422), f"{address}?{name}"


NUMBERS = ("-1", "0", "9" * 30, "1e9", "NaN", "１２", "abc", "", "1.5")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_is_none_or_far_too_large_breaks_no_page(pages: Flask, office: Services, world: World, number: str) -> None:
    """In every argument of every route, and in what lists are turned over by."""
    client, wrong = entered(pages, office, "admin"), []
    for rule in pages.url_map.iter_rules():
        if rule.arguments and "GET" in (rule.methods or ()):
            address = re.sub(r"<[^>]+>", number, rule.rule)
            answer = client.get(address, query_string={"after": number, "before": number, "page": number, "version": number})
            wrong += [f"{address}: {answer.status}"] if answer.status_code >= 500 else []
    for address in ("/", "/purchases", "/messages", "/archives", "/audit", "/flags", "/users", "/public", "/operate/jobs"):
        answer = client.get(address, query_string={"after": number, "before": number, "limit": number, "key": number})
        wrong += [f"{address}?after={number}: {answer.status}"] if answer.status_code >= 500 else []
    assert not wrong, "\n".join(wrong)


WATCHED_BY = {
    "/flags": "jjjc",
    "/discretion": "jjjc",
    "/dashboards/audit/deadlines-by-month/cases": "jjjc",
    "/ledgers/payment_lines": "jjjc",
    "/public/ledgers/community_entries": "jjjc",
    "/messages": "cgjb",
    "/matters": "cgjb",
    "/inbox": "cgjb",
    "/registers/agencies": "cgjb",
    "/operate/mail": "ywgl",
    "/operate/jobs": "ywgl",
    "/operate/timers": "ywgl",
    "/incidents": "ywgl",
    "/audit": "ywgl",
}


@pytest.mark.parametrize("cursor", ["x", "1'--", "-1", "1.5", "9" * 19, "x,1"])
def test_a_place_in_a_list_that_no_page_gave_is_refused_in_a_sentence(pages: Flask, office: Services, cursor: str) -> None:
    """In every list the same, whatever its order; a page that began again from the top would look like the next one."""
    clients = {login: entered(pages, office, login) for login in WATCHED_BY.values()}
    case = office.office.purchases.search(actor=SYSTEM, limit=1).items[0].id
    for address, login in {**WATCHED_BY, f"/purchases/{case}/history": "cgjb"}.items():
        assert clients[login].get(address).status_code == 200, address
        answer = clients[login].get(address, query_string={"after": cursor})
        assert answer.status_code == 400, f"{address}: {answer.status}"
        assert "这个页面地址不完整。请重新打开列表。" in answer.text, address


def test_a_form_far_too_large_is_refused_before_it_is_read(pages: Flask, office: Services) -> None:
    client = entered(pages, office, "ylfw")
    assert client.post("/purchases/new", data={"title": "x" * 5_000_000}).status_code == 413
    boundary, many = encode_multipart({f"f{n}": "1" for n in range(6_000)})  # in memory: the client leaves its own files open
    kind = f"multipart/form-data; boundary={boundary}"
    assert client.post("/purchases/new", data=many, content_type=kind).status_code == 413
    assert pages.test_client().post("/login", data={"login": "x" * 5_000_000}).status_code == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\xff", "application/x-www-form-urlencoded"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=a", "multipart/form-data; boundary=x"),
        (b"title=x", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"<a/>", "text/xml"),
        (b"title=x", ""),
        (b"a" * 400_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % n for n in range(40_000)), "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_no_form_ends_with_a_sentence(pages: Flask, office: Services, body: bytes, kind: str) -> None:
    client = entered(pages, office, "ylfw")
    for address in ("/purchases/new", "/account/password", "/messages/settings"):
        answer = client.post(address, data=body, content_type=kind)
        assert answer.status_code in (400, 403, 413, 422), f"{address} {kind}: {answer.status}"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:1", "localhost@evil.example", "a\tb", "\u4e2d"])
def test_no_page_and_no_link_follows_a_foreign_host(office: Services, host: str) -> None:
    """Where the office says how it is called, nothing a visitor sends changes an address it gives out."""
    import dataclasses

    services = dataclasses.replace(office, settings=dataclasses.replace(office.settings, public_url="https://office.example"))
    client = create_pages(services).test_client()
    headers = {"Host": host.encode("latin-1", "replace").decode("latin-1"), "X-Forwarded-Host": host}
    for address in ("/public", "/public/feed.atom", "/public/open-data", "/login", "/inbox"):
        answer = client.get(address, headers=headers)
        assert answer.status_code < 500
        assert "evil.example" not in answer.text
        assert "evil.example" not in answer.headers.get("Location", "").partition("?")[0]


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/\t/evil.example"]
)
def test_login_sends_nobody_to_another_site(pages: Flask, office: Services, wanted: str) -> None:
    from procurement import demo

    answer = pages.test_client().post("/login", data={"login": "cgjb", "password": demo.PASSWORD, "next": wanted})
    assert answer.status_code == 303
    assert "evil" not in answer.location
    assert "javascript" not in answer.location
    posted = entered(pages, office, "cgjb").post("/language", data={"language": "en", "next": wanted})
    assert "evil" not in posted.location


def test_an_argument_with_a_path_in_it_leads_nowhere(pages: Flask, office: Services, world: World) -> None:
    client = entered(pages, office, "cgjb")
    number = world.cases[APPLYING].purchase.id
    for way in ("..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..\\..\\etc\\passwd", "/etc/passwd"):
        for address in (f"/files/{number}/{way}", f"/archives/{way}.zip", f"/public/draws/{way}.json", f"/static/{way}"):
            answer = client.get(address)
            assert answer.status_code in (400, 404), f"{address}: {answer.status}"
            assert "root:" not in answer.text
