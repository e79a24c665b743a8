"""What was good once or for somebody else: command ids, tokens, links and numbers used a second time, by others, or too late."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from tests.attacks.calling import called, client
from tests.attacks.walking import entered
from tests.attacks.world import World
from web.composition import Services


def begin(pages: Flask, office: Services, login: str, command: str, title: str) -> str:
    """Start a purchase by the form; where it sends the person on to."""
    fields = {"title": title, "command_id": command, "initiator_kind": "department", "unit": "养老服务科", "community": ""}
    answer = entered(pages, office, login).post("/purchases/new", data=fields)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_form_sent_again_with_other_contents_does_nothing_new(pages: Flask, office: Services) -> None:
    first = begin(pages, office, "ylfw", "a" * 32, "重阳节慰问服务")
    assert begin(pages, office, "ylfw", "a" * 32, "完全不同的另一项") == first
    titles = [one.title for one in office.office.purchases.search(limit=100).items]
    assert "完全不同的另一项" not in titles
    assert titles.count("重阳节慰问服务") == 1


def test_the_id_of_somebody_elses_form_is_another_id(pages: Flask, office: Services) -> None:
    first = begin(pages, office, "ylfw", "b" * 32, "我的项目")
    second = begin(pages, office, "shsw", "b" * 32, "别人用同一编号的项目")
    assert first != second
    assert {"我的项目", "别人用同一编号的项目"} <= {one.title for one in office.office.purchases.search(limit=100).items}


@pytest.mark.parametrize("command", ["x" * 50_000, "编号", "' or 1=1", "../..", "page cgjb x"])
def test_an_id_of_any_form_happens_once(pages: Flask, office: Services, command: str) -> None:
    title = f"编号奇怪的项目 {len(command)} {command[:3]}"
    assert begin(pages, office, "ylfw", command, title) == begin(pages, office, "ylfw", command, title)
    assert [one.title for one in office.office.purchases.search(limit=100).items].count(title) == 1


def test_the_id_of_one_task_completes_no_other(pages: Flask, office: Services) -> None:
    keys = []
    for n in range(2):
        number = begin(pages, office, "ylfw", f"{n}" * 32, f"两个任务之{n}").rpartition("/")[2]
        purchase = office.office.purchases.search(limit=100).items
        keys += [
            office.engine.tasks(business_key=one.id).items[0].key for one in purchase if one.title == f"两个任务之{n}" and number
        ]
    browser = entered(pages, office, "ylfw")
    withdrawal = {"command_id": "c" * 32, "reason": "不再需要"}
    numbers = [office.engine.task(key).business_key for key in keys]
    assert browser.post(f"/cases/{numbers[0]}/withdrawal", data=withdrawal).status_code == 303
    answer = browser.post(f"/cases/{numbers[1]}/withdrawal", data=withdrawal)
    assert answer.status_code == 409
    assert office.engine.task(keys[1]).state == "created"


def test_a_revoked_and_an_expired_token_open_nothing(office: Services) -> None:
    actor, accounts = office.office.accounts.actor("cgjb"), office.office.accounts
    row, secret = accounts.create_token("cgjb", "一", ["read"], actor=actor)
    soon = office.clock.now() + dt.timedelta(seconds=-1)
    _, expired = accounts.create_token("cgjb", "二", ["read"], actor=actor, expires_at=soon)
    with called(office) as transport:
        visitor = client(transport)

        def status(shown: bytes) -> int:
            return visitor.get("/v2/authentication/me", headers={"Authorization": b"Bearer " + shown}).status_code

        assert status(secret.encode()) == 200
        assert status(expired.encode()) == 401
        accounts.revoke_token(row.id, "cgjb", actor=actor)
        assert status(secret.encode()) == 401
        for wrong in ("", "x", secret[:-1], secret.upper(), "bxt_" + "a" * 10_000):
            assert status(wrong.encode()) == 401, wrong[:20]


def test_a_token_is_revoked_by_its_owner_only(pages: Flask, office: Services) -> None:
    token = office.office.accounts.tokens("cgjb")[0].id
    assert entered(pages, office, "jdzr").post(f"/account/tokens/{token}/revoke").status_code == 404
    assert office.office.accounts.tokens("cgjb")[0].revoked_at is None


def test_a_registration_is_closed_to_whoever_knows_only_its_number(pages: Flask, office: Services, world: World) -> None:
    [number] = world.others["registration"]
    row = office.office.registrations.get(number)
    for browser in (pages.test_client(), entered(pages, office, "org02"), entered(pages, office, "cgjb")):
        for method, address in (("GET", ""), ("POST", ""), ("POST", "/withdraw"), ("GET", f"/files/{'0' * 64}")):
            answer = browser.open(f"/register/{number}{address}", method=method)
            assert answer.status_code in (303, 404), f"{method} {address}: {answer.status}"
            assert row.name not in answer.text
    assert office.office.registrations.get(number).status == row.status


def test_a_link_to_confirm_a_mailbox_is_worth_nothing_to_others(pages: Flask, office: Services) -> None:
    for login in ("cgjb", "org02"):
        browser = entered(pages, office, login)
        for secret in ("x" * 43, "", "%00", "a" * 5_000):
            assert browser.post(f"/messages/confirm/{secret}").status_code in (400, 404, 409, 422)
