"""The door: who comes in, for how long, and what a stolen or planted cookie is worth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from procurement import demo
from tests.web.conftest import Visitor
from web.auth import session as sessions
from web.composition import Services


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Move the machine's time, which sessions live by."""
    real = time.time
    ahead = [0.0]
    monkeypatch.setattr(sessions.time, "time", lambda: real() + ahead[0])
    yield lambda seconds: ahead.__setitem__(0, ahead[0] + seconds)


def test_a_visitor_is_sent_to_the_login_and_then_where_they_wanted_to_go(visitor: Visitor) -> None:
    answer = visitor.get("/purchases?step=selection")
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert address.startswith("/login?next=")
    page = visitor.get(address)
    assert 'name="next" value="/purchases?step=selection"' in page.text
    entered = visitor.post_form("/login", {"login": "cgjb", "password": demo.PASSWORD, "next": "/purchases?step=selection"})
    assert entered.headers["location"] == "/purchases?step=selection"


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(visitor: Visitor) -> None:
    wrong = visitor.post_form("/login", {"login": "cgjb", "password": "not this one"})
    unknown = visitor.post_form("/login", {"login": "nobody.here", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 403
    assert "登录名或密码不对" in wrong.text
    assert "登录名或密码不对" in unknown.text


def test_the_typed_login_name_stays_and_the_password_does_not(visitor: Visitor) -> None:
    page = visitor.post_form("/login", {"login": "nobody.there", "password": "some secret words"})
    assert 'value="nobody.there"' in page.text
    assert "some secret words" not in page.text


def test_guessing_is_slowed_down(visitor: Visitor) -> None:
    for _ in range(6):
        answer = visitor.post_form("/login", {"login": "guessed", "password": "wrong again"})
    assert "输错次数过多" in answer.text


def test_the_cookie_is_renewed_at_login_and_http_only(visitor: Visitor) -> None:
    visitor.get("/login")
    planted = visitor.cookies["bixuan"]
    answer = visitor.post_form("/login", {"login": "cgjb", "password": demo.PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert visitor.cookies["bixuan"] != planted


def test_an_old_csrf_token_is_worthless_after_login(visitor: Visitor) -> None:
    before = visitor.token()
    visitor.post_form("/login", {"login": "cgjb", "password": demo.PASSWORD})
    answer = visitor.post("/logout", data={"csrf_token": before})
    assert answer.status_code == 400
    assert "为安全起见没有提交" in answer.text


def test_a_form_without_token_is_refused(as_user: Callable[[str], Visitor]) -> None:
    assert as_user("cgjb").post("/logout").status_code == 400


def test_after_logout_the_pages_are_closed(as_user: Callable[[str], Visitor]) -> None:
    client = as_user("cgjb")
    client.post_form("/logout", page="/inbox")
    assert client.get("/inbox").headers["location"].startswith("/login")


def test_an_idle_session_ends(as_user: Callable[[str], Visitor], clock: Callable[[float], None]) -> None:
    client = as_user("cgjb")
    assert client.get("/inbox").status_code == 200
    clock(61 * 60)
    answer = client.get("/inbox")
    assert answer.status_code == 303
    assert "登录已超时" in client.get(answer.headers["location"]).text


def test_a_busy_session_ends_all_the_same_after_a_working_day(
    as_user: Callable[[str], Visitor], clock: Callable[[float], None]
) -> None:
    client = as_user("cgjb")
    for _ in range(12):
        assert client.get("/inbox").status_code == 200
        clock(50 * 60)
    assert client.get("/inbox").status_code == 303


def test_an_account_that_is_closed_is_out_at_the_next_click(services: Services, as_user: Callable[..., Visitor]) -> None:
    accounts = services.office.accounts
    accounts.create("leaving", "将离职", "a good password", roles=["department"])
    client = as_user("leaving", "a good password")
    accounts.change("leaving", actor=services.office.accounts.actor("admin"), active=False)
    assert client.get("/inbox").status_code == 303


def test_the_language_can_be_switched_and_stays_through_login(visitor: Visitor) -> None:
    visitor.post_form("/language", {"language": "en", "next": "/login"})
    assert "Log in" in visitor.get("/login").text
    visitor.post_form("/login", {"login": "cgjb", "password": demo.PASSWORD})
    assert ">Inbox<" in visitor.get("/inbox").text


def test_a_page_of_ours_carries_strict_headers(visitor: Visitor) -> None:
    headers = visitor.get("/login").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_static_files_with_their_version_may_be_kept_for_ever(visitor: Visitor) -> None:
    page = visitor.get("/login").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in visitor.get(address).headers["cache-control"]


@pytest.mark.parametrize("address", ["/v2/nothing-here", "/api/nothing-here"])
def test_an_unknown_api_address_answers_with_a_problem(visitor: Visitor, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_page_says_so_in_chinese(visitor: Visitor) -> None:
    answer: httpx.Response = visitor.get("/nothing-here")
    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_a_copied_cookie_is_worth_nothing_after_the_logout(as_user: Callable[[str], Visitor], visitor: Visitor) -> None:
    client, other = as_user("cgjb"), as_user("cgjb")
    visitor.cookies.update(client.cookies)
    assert visitor.get("/inbox").status_code == 200
    client.post_form("/logout", page="/inbox")
    assert visitor.get("/inbox").status_code == 303
    assert other.get("/inbox").status_code == 200, "a login in another browser goes on"


def test_another_password_ends_every_login_but_the_one_it_was_changed_in(
    services: Services, as_user: Callable[..., Visitor]
) -> None:
    services.office.accounts.create("changing", "换密码", "a good password", roles=["department"])
    here, there = as_user("changing", "a good password"), as_user("changing", "a good password")
    answer = here.post_form("/account/password", {"old": "a good password", "new": "a better password"}, page="/account")
    assert answer.status_code == 303
    assert "别处的登录都已退出" in here.get("/account").text
    assert there.get("/inbox").status_code == 303
    services.office.accounts.set_password("changing", "set by the administrator", actor=services.office.accounts.actor("admin"))
    assert here.get("/inbox").status_code == 303
