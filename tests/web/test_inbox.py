"""The inbox: what waits for whom, most urgent first, and why."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.web.conftest import Visitor
from tests.web.offices import StartedPurchase
from tests.web.test_task_page import filled


def whole(client: Visitor, address: str) -> str:
    """Every page of a list: other tests of this office leave tasks behind, so one's own may stand on the second page."""
    text = client.get(address).text
    following = re.search(r'href="([^"]+)" rel="next"', text)
    return text + whole(client, html.unescape(following[1])) if following else text


def test_ones_own_task_is_there_with_project_and_deadline(as_user: Callable[[str], Visitor], started: StartedPurchase) -> None:
    page = whole(as_user(started.login), "/inbox?show=mine")
    assert f"/tasks/{started.task.key}" in page
    assert started.number in page


def test_another_ones_task_is_not(as_user: Callable[[str], Visitor], started: StartedPurchase) -> None:
    assert f"/tasks/{started.task.key}" not in whole(as_user("whz"), "/inbox")


def test_the_line_says_who_acted_last_and_a_claim_takes_the_task(
    as_user: Callable[[str], Visitor], started: StartedPurchase
) -> None:
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    client.post_form(f"{address}/complete", filled(client.get(address).text), page=address)
    centre = as_user("bmfw")
    inbox = whole(centre, "/inbox")
    assert "陈国强 办结“登记需求”" in inbox
    row = next(part for part in inbox.split("<tr") if started.number in part)
    key = re.search(r"/tasks/(\d+)/claim", row)
    assert key, "the task is open to the service centre"
    centre.post_form(f"/tasks/{key[1]}/claim", page="/inbox")
    assert f"/tasks/{key[1]}" in whole(centre, "/inbox?show=mine")


def test_the_list_can_be_filtered_by_process_and_step(as_user: Callable[[str], Visitor], started: StartedPurchase) -> None:
    client = as_user(started.login)
    assert f"/tasks/{started.task.key}" in whole(client, "/inbox?process=demand_survey&step=record_demand")
    assert "没有符合条件的待办事项" in client.get("/inbox?process=tracking").text


def test_deadlines_come_in_order(browse: Callable[..., Page], started: StartedPurchase) -> None:
    page = browse(started.login)
    page.goto("/inbox")
    dues = [text for text in page.locator("td:nth-child(4) .num").all_inner_texts() if text]
    assert dues == sorted(dues)


def test_on_a_phone_the_rows_are_cards(browse: Callable[..., Page], started: StartedPurchase) -> None:
    page = browse(started.login, phone=True)
    page.goto("/inbox")
    expect(page.locator("table.cards tbody tr").first).to_have_css("display", "block")
