"""The demo's clock, moved by people; outside the demo it is not there."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

from tests.web.conftest import Visitor
from web.auth.session import contents
from web.composition import Services
from web.pages.factory import create_pages


def test_the_clock_moves_forward_by_days(services: Services, as_user: Callable[[str], Visitor]) -> None:
    before = services.clock.now()
    client = as_user("cgjb")
    answer = client.post_form("/clock", {"days": "1"}, page="/clock")
    assert answer.status_code == 303
    assert services.clock.now() - before >= dt.timedelta(days=1)
    assert "时钟已拨到" in client.get("/clock").text


def test_it_never_moves_back(as_user: Callable[[str], Visitor]) -> None:
    answer = as_user("cgjb").post_form("/clock", {"to": "2026-01-01T09:00"}, page="/clock")
    assert answer.status_code == 409
    assert "时钟只能往前拨" in answer.text


def test_a_moment_that_is_none_is_refused(as_user: Callable[[str], Visitor]) -> None:
    answer = as_user("cgjb").post_form("/clock", {"to": "明天"}, page="/clock")
    assert answer.status_code == 422


def test_outside_the_demo_there_is_no_clock_page(services: Services) -> None:
    office = dataclasses.replace(services, settings=dataclasses.replace(services.settings, demo=False))
    pages = create_pages(office)
    services.office.accounts.create("noclock", "没有时钟", "a good password", roles=["department"])
    client = pages.test_client()
    with client.session_transaction() as session:
        session.update(contents(services.person("noclock")))
    assert client.get("/clock").status_code == 404
