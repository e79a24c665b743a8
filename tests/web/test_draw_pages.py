"""The draw's page: committing and revealing in a browser and without JavaScript, and who may see whose name."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from engine.model import SYSTEM
from procurement.draw import checks, protocol
from procurement.registers.purchases import Purchase
from tests.web.offices import start_purchase
from tests.web.test_accessibility import complaints

RULES = {
    "draw_alternates": 3,
    "legal_finance_experts": 0,
    "draw_sides": 2,
    "draw_commit_days": 1,
    "draw_reveal_days": 1,
    "conflict_employment_years": 3,
}
SIDES = [
    {"contributor": "street", "side": "street", "name": "街道采购经办", "groups": ["procurement_officer"]},
    {"contributor": "agency", "side": "agency", "name": "第三方支持机构", "groups": ["agency:agy-01"]},
    {"contributor": "supervisor", "side": "supervisor", "name": "纪检监督", "groups": ["discipline"]},
]
DICE = "3514263215463521" * 4


@pytest.fixture
def draw(services):
    """A draw that was just announced, for a purchase of its own."""
    number = start_purchase(services).number
    with services.office.desk.editing(SYSTEM) as session:
        session.get(Purchase, number).agency_id = "agy-01"
    variables = {
        "purchase_id": number,
        "title": "高龄独居老人居家照护",
        "agency_id": "agy-01",
        "bids": [{"organisation_id": "org-02", "name": "邻里社区服务中心"}],
        "panel": [],
        "recused": [],
        "recusal_decisions": [],
        "draw_missing": [],
        "draw_reason": "首次抽取",
        "expert_field": "elderly",
        "draw_seats": 3,
        "outside_source": None,
        "draw_rules": [{"rule_id": rule, "value": value} for rule, value in RULES.items()],
        "draw_contributors": SIDES,
    }
    services.engine.start_process("expert_draw", variables, actor=SYSTEM, business_key=number)
    return services.office.draws.public(number)[0]


def state(services, draw):
    return services.office.draws.get(draw.number)


def code_of(page) -> str:
    return page.locator("[data-draw-code]").inner_text()


def test_a_draw_from_the_first_commitment_to_the_result(services, draw, browse, as_user, visitor, tmp_path):
    address = f"/draws/{draw.number}"
    street = browse("cgjb")
    street.goto(address)
    first = code_of(street)
    assert re.fullmatch(r"[0-9a-f]{64}", first)
    street.get_by_role("button", name="换一串").click()
    assert code_of(street) != first
    with street.expect_download() as saved:
        street.get_by_role("button", name="保存为文件").click()
    file = tmp_path / "kept.json"
    saved.value.save_as(file)
    assert json.loads(file.read_text())["contribution"] == code_of(street)
    street.get_by_role("button", name="交承诺").click()
    expect(street.locator("[data-draw-kept]")).to_be_focused()  # the browser asks for the tick first
    street.get_by_label("我已经保存好这串内容").check()
    street.get_by_role("button", name="交承诺").click()
    expect(street.locator("#messages")).to_contain_text("承诺已收到")
    expect(street.get_by_role("button", name="交承诺")).to_have_count(0)

    agency = browse("hxpg", phone=True)
    agency.goto(address)
    theirs = code_of(agency)
    agency.get_by_label("我已经保存好这串内容").check()
    agency.get_by_role("button", name="交承诺").click()
    expect(agency.locator("#messages")).to_contain_text("承诺已收到")

    without_script = as_user("jjjc")
    weak = without_script.post_form(
        f"{address}/commit", {"contributor": "supervisor", "contribution": "今天天气很好"}, page=address
    )
    assert weak.status_code == 422
    assert "别人可能猜到" in weak.text
    kept = without_script.post_form(f"{address}/commit", {"contributor": "supervisor", "contribution": DICE}, page=address)
    assert DICE in kept.text
    assert state(services, draw).state == "revealing"
    assert DICE not in services.office.draws.file(draw.number).decode()

    street.goto(address)
    street.get_by_label("或选中保存的文件").set_input_files(file)
    street.get_by_role("button", name="揭示").click()
    expect(street.locator("#messages")).to_contain_text("与承诺相符")
    agency.goto(address)
    agency.get_by_label("当时的内容").fill("抄错了")
    agency.get_by_role("button", name="揭示").click()
    expect(agency.get_by_role("alert")).to_contain_text("承诺不符")
    agency.get_by_label("当时的内容").fill(theirs)
    agency.get_by_role("button", name="揭示").click()
    expect(agency.locator("#messages")).to_contain_text("与承诺相符")
    without_script.post_form(f"{address}/reveal", {"contributor": "supervisor", "contribution": DICE}, page=address)

    assert state(services, draw).state == "drawn"
    expect(street.locator("#draw-state")).to_contain_text("已抽出")  # the page follows by itself
    published = visitor.get(f"/public/draws/{draw.number}.json")
    assert [one.code for one in checks(published.json()) if not one.ok] == []
    assert published.json()["opened"] is None


def test_nobody_answers_for_another_side(services, draw, as_user):
    address = f"/draws/{draw.number}"
    for login in ("jjjc", "cypg", "org02", "zj02"):
        answer = as_user(login).post_form(f"{address}/commit", {"contributor": "street", "commitment": "a" * 64}, page=address)
        assert answer.status_code == 409, login
        assert "现在不需要您做什么" in answer.text
    assert state(services, draw).content["commitments"] == []


@pytest.mark.parametrize(
    ("login", "status"),
    [
        *(("cgjb", 200), ("jjjc", 200), ("hxpg", 200)),
        *(("sjzy", 404), ("bmfw", 404), ("org02", 404), ("zj02", 404), ("cypg", 404), ("ylfw", 404), ("jdzr", 404)),
    ],
)
def test_names_of_a_panel_are_shown_to_those_who_organise_and_watch_it(draw, as_user, login, status):
    assert as_user(login).get(f"/draws/{draw.number}/panel").status_code == status


def test_an_expert_sees_the_own_page_and_an_applicant_asks_for_a_recusal_only_of_the_own_purchase(draw, as_user):
    assert "现在没有受邀的评审" in as_user("zj02").get("/invitations").text
    assert as_user("org02").get("/invitations").status_code == 403
    other = as_user("org03").post_form(
        f"/portal/{draw.purchase_id}/recusals", {"person": "郝仁", "facts": "亲属", "relation": "kinship"}, page="/account"
    )
    assert other.status_code == 404, "nothing of it is published, so to others it does not exist"


def test_the_conflicts_register_and_employments_are_kept_by_the_keepers_of_the_pool(services, as_user):
    keeper = as_user("bmfw")
    assert "离职未满三年" in keeper.get("/registers/conflicts").text
    wrong = keeper.post_form("/registers/experts/exp-04/employments", {"unit": "", "since": ""}, page="/registers/experts/exp-04")
    assert wrong.status_code == 422
    form = {"unit": "夕照养老服务促进中心", "since": "2020-01-01", "until": "2024-12-31"}
    keeper.post_form("/registers/experts/exp-04/employments", form, page="/registers/experts/exp-04")
    assert [row.unit for row in services.office.panels.employments("exp-04")] == ["夕照养老服务促进中心"]
    assert as_user("org02").get("/registers/conflicts").status_code == 403


def test_an_unknown_draw_is_not_found(visitor, as_user):
    assert visitor.get("/public/draws/CQ-2020-0001.json").status_code == 404
    assert as_user("cgjb").get("/draws/CQ-2020-0001").status_code == 404


def test_the_script_hashes_like_the_server(browse, draw):
    page = browse("cgjb")
    page.goto(f"/draws/{draw.number}")
    shown = page.locator("[data-draw-hash]").inner_text()
    assert shown == protocol.contribution_commitment(draw.purchase_id, draw.round, "street", code_of(page))


def conclude(services, draw) -> None:
    """All three commit and reveal, so that the draw is made."""
    kept = {"cgjb": ("street", "1" * 64), "hxpg": ("agency", "2" * 64), "jjjc": ("supervisor", DICE)}
    for login, (side, value) in kept.items():
        actor = services.office.accounts.actor(login)
        commitment = protocol.contribution_commitment(draw.purchase_id, draw.round, side, value)
        services.office.draws.commit(draw.number, side, commitment, actor=actor)
    for login, (side, value) in kept.items():
        services.office.draws.reveal(draw.number, side, value, actor=services.office.accounts.actor(login))


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_everybody_sees_a_draw_and_computes_it_again(services, draw, browse, axe, phone):
    page = browse(None, phone=phone)
    page.goto("/public/draws")
    expect(page.get_by_role("row").filter(has_text=draw.number)).to_contain_text("正在收承诺")
    assert complaints(page, axe) == []
    page.get_by_role("link", name=draw.number).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(draw.number)
    assert complaints(page, axe) == []

    conclude(services, draw)
    page.reload()
    expect(page.locator("#draw-state")).to_contain_text("已抽出")
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert not any(one.name in page.content() for one in services.office.draws.get(draw.number).content.get("opened") or [])
    with page.expect_download() as saved:
        page.get_by_role("link", name=f"{draw.number}.json").click()
    assert [one.code for one in checks(json.loads(saved.value.path().read_text())) if not one.ok] == []


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("address", ["/draws/{n}", "/draws/{n}/panel", "/registers/conflicts"])
def test_the_offices_pages_of_a_draw_are_accessible(services, draw, browse, axe, address, phone):
    page = browse("cgjb", phone=phone)
    page.goto(address.format(n=draw.number))
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
