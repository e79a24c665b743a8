"""Too few experts know the field: one from elsewhere is registered, and the director names the panel and says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from procurement.demo.registers import PASSWORD
from tests.e2e.looking import fits_and_is_accessible
from tests.e2e.street import Street, settled

LEADER, CENTRE, ADMIN, UNIT = "jdzr", "bmfw", "admin", "ylfw"
EXPERT, LOGIN, NAME, FROM = "exp-91", "waibu1", "陆允中", "邻市律师协会"
REASON = "专家库里没有够数的法律专家，先请外市的一位"


@pytest.fixture(scope="module")
def street(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Street]:
    with settled(new_database(), str(tmp_path_factory.mktemp("files")), chromium, short_of_experts) as found:
        yield found


def short_of_experts(street: Street) -> None:
    """A comparison asks for experts in law, of whom the register has too few."""
    street.situation.facts.update(estimate=80_000, field="law")
    street.start()
    street.go_on("自行选定专家")


def register(street: Street) -> None:
    """The service centre registers the expert, the administrator opens the account."""
    page = street.people.page(CENTRE)
    page.goto("/registers/experts")
    page.get_by_role("link", name="登记新的专家").click()
    for field, value in (("id", EXPERT), ("name", NAME), ("fields", "law"), ("unit", FROM), ("title", "律师"), ("login", LOGIN)):
        page.fill(f"[name={field}]", value)
    page.check("[name=active]")
    street.look(page, "expert-register")
    page.locator("main form button.primary").click()
    expect(page.locator("main")).to_contain_text(NAME)
    page = street.people.page(ADMIN)
    page.goto("/users/new")
    for field, value in (
        ("login", LOGIN),
        ("password", PASSWORD),
        ("name", NAME),
        ("unit", FROM),
        ("groups", f"expert:{EXPERT}"),
    ):
        page.fill(f"[name={field}]", value)
    page.check("[name=roles][value=expert]")
    fits_and_is_accessible(page, phone=False)  # its help names groups as they are typed
    page.locator("main form button.primary").click()
    expect(page.locator("#messages")).to_contain_text("已建立")
    street.users = street.office.accounts.search(limit=1000)


def test_the_director_names_experts_by_name_and_the_one_from_elsewhere_declares_on_a_phone(street: Street) -> None:
    page = street.open(LEADER, "自行选定专家")
    expect(page.locator("main")).not_to_contain_text(NAME)
    street.look(page, "name-experts")
    register(street)
    page = street.open(LEADER, "自行选定专家")
    street.hand_in(page, {"lists_again": True, "named_experts": None, "name_experts_reason": None})
    page = street.open(LEADER, "自行选定专家")
    expect(page.locator("main")).to_contain_text(f"{NAME}（{FROM}，律师）")
    options = page.locator("[name=named_experts]")
    offered = [one.get_attribute("value") for one in options.all()]
    missing = street.variable("missing_experts")
    chosen = [EXPERT, *[one for one in offered if one != EXPERT]][: int(missing)]
    for one in chosen[:-1]:
        page.check(f"[name=named_experts][value='{one}']")
    page.fill("[name=name_experts_reason]", REASON)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("main")).to_contain_text("选定的人数应当正好补足缺额")
    street.look(page, "name-experts-too-few")
    page.check(f"[name=named_experts][value='{chosen[-1]}']")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("main")).to_contain_text("您已办结“自行选定专家”")
    street.engine.run_awaited_effects()

    page = street.open(LOGIN, "声明是否回避", phone=True)
    street.look(page, "expert-declares", phone=True)
    street.hand_in(page)
    page.close()
    unit = street.people.page(UNIT)
    unit.goto(f"/purchases/{street.situation.purchase_id}")
    expect(unit.locator("main")).not_to_contain_text(NAME)
    street.look(unit, "purchase-experts")
