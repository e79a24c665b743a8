"""An operator at the browser mends an incident, moves a case on the diagram, and takes running cases to a new version."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import trouble
from tests.e2e.people import People
from tests.support.serving import until
from web.composition import Services


@pytest.fixture(scope="module", autouse=True)
def troubled(services: Services) -> None:
    trouble.make_trouble(services)


@pytest.fixture
def operator(people: People) -> Iterator[Page]:
    page = people.new_page("ywgl")
    before = len(people.complaints)
    yield page
    page.close()
    assert people.complaints[before:] == []


def standing(services: Services, key: int) -> set[str]:
    return {one.element_id for one in services.engine.elements(key, state="active")}


def test_an_incident_is_mended_from_the_overview(operator: Page, services: Services) -> None:
    key = trouble.case_of(services, "SB-001")
    operator.goto("/operate")
    operator.get_by_role("link", name="未处理的异常").click()
    operator.get_by_role("link", name="SB-001").click()
    expect(operator.locator("main")).to_contain_text("既不是“是”也不是“否”")
    row = operator.locator("tr", has=operator.locator('[name="change.cost"]'))
    row.locator("[type=checkbox]").check()
    row.locator("select").first.select_option("number")
    row.locator('[name="value.cost"]').fill("2000")
    operator.fill("[name=reason]", "巡检单上写着 2000 元")
    operator.get_by_role("button", name="改正并重试").click()
    expect(operator.locator("#messages")).to_contain_text("案件继续往下走")
    assert standing(services, key) == {"approve_repair"}


def test_a_case_is_moved_by_choosing_on_the_diagram(operator: Page, services: Services) -> None:
    key = trouble.case_of(services, "SB-002")
    operator.goto(f"/operate/cases/{key}")
    operator.wait_for_selector("#diagram[data-ready=true]")
    operator.locator('#diagram [data-element-id="approve_repair"] .djs-hit').first.click(force=True)
    expect(operator.locator("#f-target")).to_have_value("approve_repair")
    operator.locator("#f-reason").fill("费用已电话核实，直接批准")
    operator.get_by_role("button", name="看看会怎样").click()
    expect(operator.locator(".will")).to_contain_text("“批准维修”开始")
    operator.get_by_role("button", name="确认改动").click()
    expect(operator.locator("#messages")).to_contain_text("已按您说的改动")
    assert standing(services, key) == {"approve_repair"}


def test_a_case_is_moved_without_a_diagram_and_without_scripts(people: People, services: Services) -> None:
    key = trouble.start(services, "SB-900", 5, reported=False)
    page = people.new_page("ywgl")
    page.route("**/*.js*", lambda route: route.abort())
    page.goto(f"/operate/cases/{key}")
    page.select_option("#f-target", "approve_repair")
    page.locator("#f-reason").fill("补办")
    page.get_by_role("button", name="看看会怎样").click()
    page.get_by_role("button", name="确认改动").click()
    assert standing(services, key) == {"approve_repair"}
    page.close()
    people.complaints.clear()  # the scripts that were kept away


def test_running_cases_are_taken_to_a_new_version_and_back(operator: Page, services: Services) -> None:
    old = services.engine.instance(trouble.case_of(services, "SB-000")).definition_key
    key = trouble.start(services, "SB-901", 2000, reported=True)
    new = trouble.next_version(services)
    operator.goto("/operate/processes")
    operator.locator("tr", has_text="旧版").filter(has_text="设备巡检").get_by_role("link", name="迁移到最新版").click()
    expect(operator.locator('[name="map.approve_repair"]').first).to_have_value("approve_work")
    expect(operator.locator("main")).to_contain_text("可以迁移")
    operator.locator("form[action$=start] [name=reason]").fill("新版改了批准环节")
    operator.get_by_role("button", name="开始迁移").click()
    operator.wait_for_url("**/batches/*")
    expect(operator.locator("#progress")).to_contain_text("完成")  # the page asks for itself
    assert services.engine.instance(key).definition_key == new.key
    assert standing(services, key) == {"approve_work"}
    operator.reload()
    operator.get_by_text("撤销这批迁移").click()
    operator.fill("#why-undo", "换错了")
    operator.get_by_role("button", name="撤销", exact=True).click()
    expect(operator.locator("#messages")).to_contain_text("已撤销")
    until(lambda: services.engine.instance(key).definition_key == old, "the case to be back")
