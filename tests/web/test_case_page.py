"""The case page: where it stands, how it came there, why."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.drawing import MARKS
from tests.web.conftest import Visitor
from tests.web.offices import StartedPurchase
from tests.web.test_task_page import filled


@pytest.fixture
def moved(as_user: Callable[[str], Visitor], started: StartedPurchase) -> StartedPurchase:
    """The demand is recorded; its review waits."""
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    answer = client.post_form(f"{address}/complete", filled(client.get(address).text), page=address)
    assert answer.status_code == 303
    return started


def test_the_six_steps_say_where_it_stands(browse: Callable[..., Page], moved: StartedPurchase) -> None:
    page = browse(moved.login)
    page.goto(f"/purchases/{moved.number}")
    expect(page.locator(".steps li")).to_have_count(6)
    expect(page.locator(".steps li.now")).to_contain_text("需求摸排")
    expect(page.locator(".steps li.todo")).to_have_count(5)


def test_every_tab_leads_to_its_page(browse: Callable[..., Page], moved: StartedPurchase) -> None:
    page = browse(moved.login)
    page.goto(f"/purchases/{moved.number}")
    for tab in ("流程图", "为什么到这里", "经过", "文件", "数据", "概况"):
        page.locator(".tabs").get_by_text(tab, exact=True).click()
        expect(page.locator(".tabs [aria-current=page]")).to_have_text(tab)
        expect(page.locator("h1")).to_be_visible()


def test_it_says_who_has_to_act(as_user: Callable[[str], Visitor], moved: StartedPurchase) -> None:
    page = as_user(moved.login).get(f"/purchases/{moved.number}").text
    assert "审核需求" in page
    assert "便民服务中心" in page


def test_the_diagram_shows_the_path_and_the_waiting_place(browse: Callable[..., Page], moved: StartedPurchase) -> None:
    page = browse(moved.login)
    page.goto(f"/purchases/{moved.number}/diagram")
    page.wait_for_selector("#diagram[data-ready=true]")
    expect(page.locator(".djs-element.done[data-element-id=record_demand]")).to_have_count(1)
    expect(page.locator(".djs-element.waiting[data-element-id=review_demand]")).to_have_count(1)
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_the_path_is_on_the_picture_that_is_printed_too(as_user: Callable[[str], Visitor], moved: StartedPurchase) -> None:
    client = as_user(moved.login)
    page = client.get(f"/purchases/{moved.number}/diagram").text
    address = re.search(r'class="diagram-printed" src="([^"]+)"', page)[1]
    picture = client.get(address)
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert MARKS["done"].stroke in picture.text
    assert MARKS["waiting"].stroke in picture.text
    assert client.get(f"/purchases/{moved.number}/diagram/1.svg").status_code == 404
    assert client.get(f"/purchases/{moved.number}/diagram?instance=1").status_code == 404
    assert as_user("org01").get(address).status_code in {403, 404}


def test_a_called_process_opens_from_its_step(browse: Callable[..., Page], moved: StartedPurchase) -> None:
    page = browse(moved.login)
    page.goto(f"/purchases/{moved.number}/diagram")
    page.wait_for_selector("#diagram[data-ready=true]")
    page.click(".diagram-bar a")
    page.wait_for_selector("#diagram[data-ready=true]")
    expect(page.locator(".djs-element.waiting[data-element-id=demand_survey]")).to_have_count(1)
    page.click("[data-element-id=demand_survey] .djs-hit")
    page.wait_for_selector("[data-element-id=review_demand]")


def test_every_gateway_and_rule_table_is_explained(as_user: Callable[[str], Visitor], moved: StartedPurchase) -> None:
    page = as_user(moved.login).get(f"/purchases/{moved.number}/why").text
    assert "需求来源？" in page
    assert "规则表" in page
    assert "命中第" in page


def test_what_a_gateway_looked_at_is_told_in_words_with_its_name_small(
    browse: Callable[..., Page], moved: StartedPurchase
) -> None:
    page = browse(moved.login, phone=True)
    page.goto(f"/purchases/{moved.number}/why")
    source = page.locator("article.reason", has_text="需求来源？")
    expect(source.locator("dt")).to_have_text(re.compile(r"需求来源\s+demand_source"))
    expect(source.get_by_role("cell", name="需求来源 = “居民议事”")).to_be_visible()
    table = page.locator("article.reason", has_text="能不能购买")
    expect(table.get_by_text("教育、卫生、文化、体育等基本公共服务", exact=True)).to_be_visible()
    expect(page.get_by_text("public_service")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_the_history_is_told_in_sentences_with_names(as_user: Callable[[str], Visitor], moved: StartedPurchase) -> None:
    client = as_user(moved.login)
    page = client.get(f"/purchases/{moved.number}/history").text
    assert "陈国强" in page
    assert "办结“登记需求”" in page
    everything = client.get(f"/purchases/{moved.number}/history?all=1").text
    assert everything.count("<time>") > page.count("<time>")


def test_the_data_has_chinese_names(as_user: Callable[[str], Visitor], moved: StartedPurchase) -> None:
    page = as_user(moved.login).get(f"/purchases/{moved.number}/values").text
    assert "需求摘要" in page
    assert "高龄独居老人居家照护" in page


def test_an_outsider_does_not_learn_that_the_case_exists(as_user: Callable[[str], Visitor], moved: StartedPurchase) -> None:
    for tab in ("", "/diagram", "/why", "/history", "/documents"):
        answer = as_user("org01").get(f"/purchases/{moved.number}{tab}")
        assert answer.status_code == 404


def test_the_list_finds_it_by_words_step_and_unit(as_user: Callable[[str], Visitor], moved: StartedPurchase) -> None:
    client = as_user("cgjb")
    for query in (f"words={moved.number}", f"words={moved.number}&step=demand_survey", f"words={moved.number}&unit=养老服务科"):
        assert f"/purchases/{moved.number}" in client.get(f"/purchases?{query}").text
    assert f"/purchases/{moved.number}" not in client.get(f"/purchases?words={moved.number}&step=tracking").text


def test_an_amount_that_is_no_number_is_told(as_user: Callable[[str], Visitor]) -> None:
    assert "金额请填数字" in as_user("cgjb").get("/purchases?least=很多").text


def test_a_purchase_is_started_once_even_when_the_button_is_pressed_twice(as_user: Callable[[str], Visitor]) -> None:
    client = as_user("ylfw")
    fields = {
        "title": "社区日间照料",
        "unit": "养老服务科",
        "initiator_kind": "department",
        "community": "",
        "command_id": "press-1",
    }
    answers = {client.post_form("/purchases/new", fields, page="/purchases/new").headers["location"] for _ in range(2)}
    assert len(answers) == 1


def test_a_start_without_title_keeps_what_was_typed(as_user: Callable[[str], Visitor]) -> None:
    client = as_user("ylfw")
    fields = {"title": "", "unit": "养老服务科", "initiator_kind": "department", "community": "梧桐社区"}
    answer = client.post_form("/purchases/new", fields, page="/purchases/new")
    assert answer.status_code == 422
    assert "请填写名称" in answer.text
    assert "梧桐社区" in answer.text
