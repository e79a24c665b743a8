"""The thread of a purchase is followed from the residents' topic to their satisfaction, and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from engine.model import SYSTEM
from procurement.registers.performance import Contract, Milestone
from procurement.registers.purchases import Purchase
from procurement.registers.scoring import FrozenSheet
from tests.support.surveys import QUESTIONS, open_survey, perform
from tests.web.conftest import MORNING, Visitor
from tests.web.offices import StartedPurchase
from tests.web.test_survey_pages import clean, fits
from web.composition import Services

OBJECTIVES = [
    {"objective": "按时供餐", "indicator": "餐次", "target": 9000, "unit": "次"},
    {"objective": "老人满意", "indicator": "满意度", "target": 90, "unit": "%"},
]
TOPIC = {
    "matter": "YS-2026-0901",
    "topic": "院里要不要办长者食堂",
    "hall": "晚晴社区三号院议事会",
    "source": "residents",
    "stage": "passed",
    "expected": 34,
    "attended": 29,
    "in_favour": 24,
    "against": 3,
    "abstained": 2,
    "resolution": "办，菜单公开",
}


@pytest.fixture
def bought(services: Services, started: StartedPurchase) -> str:
    """A purchase with everything a thread runs through."""
    number = started.number
    now = services.clock.now()
    with services.office.desk.editing(SYSTEM) as session:
        purchase = session.get_one(Purchase, number)
        purchase.details = {"deliberation": TOPIC["matter"], "objectives": OBJECTIVES}
        purchase.contract_id = f"HT-{number}"
        organisation = session.execute(text("select id from organisations order by id limit 1")).scalar_one()
        session.add(
            Contract(
                id=purchase.contract_id,
                purchase_id=number,
                organisation_id=organisation,
                amount=Decimal(48000),
                starts_on=MORNING.date(),
                ends_on=MORNING.date() + dt.timedelta(days=300),
                clauses={},
                staged=False,
                sha256="0" * 64,
                status="signed",
                created_at=now,
                signed_on=MORNING.date(),
                reason="",
            )
        )
        session.flush()
        session.add(
            Milestone(contract_id=purchase.contract_id, number=1, title="开餐", due_on=MORNING.date(), amount=Decimal(20000))
        )
        items = [{"id": "a", "name": "供餐方案", "maximum": 30, "note": "看菜单"}, {"id": "b", "name": "价格", "maximum": 10}]
        session.add(FrozenSheet(purchase_id=number, sheet={"items": items}, sha256="0" * 64, at=now, by="tester"))
        from procurement.ledgers import NewEntry, record
        from procurement.ledgers.shelf import ledger

        rows: list[tuple[str, dict[str, Any], str | None]] = [("deliberations", TOPIC, str(TOPIC["matter"]))]
        link = {
            "purchase_id": number,
            "objective": "按时供餐",
            "score_items": "供餐方案",
            "milestones": "开餐",
        }
        rows.append(("thread_links", link, None))
        for name, values, matter in rows:
            entry = NewEntry(values, MORNING.date(), purchase_id=number, matter=matter)
            record(session, ledger(session, name), [entry], form_version=1, by="tester", at=now)
        asked = [{**QUESTIONS[0], "objective": "老人满意"}, QUESTIONS[1]]
        survey = open_survey(session, now, purchase_id=number, questions=asked, title="长者食堂怎么样")
        perform(session, now, "survey.close", survey=survey)
        perform(session, now, "survey.publish", survey=survey, told="人少，先不算。")
    return number


def test_the_thread_is_followed_both_ways(services: Services, bought: str, browse: Callable[..., Page], axe: str) -> None:
    page = browse("cgjb")
    page.goto(f"/purchases/{bought}")
    page.click("text=从议题到满意度")
    page.wait_for_url(f"**/purchases/{bought}/thread")
    text_ = page.inner_text("main")
    for word in ("院里要不要办长者食堂", "按时供餐", "供餐方案", "开餐", "总的来说，您满意吗？", "赞成/到会 24/29"):
        assert word in text_
    page.click("#topic .tie a")
    expect(page).to_have_url(re.compile("#demand$"))
    page.click("#demand .tie a:has-text('按时供餐')")
    page.click("#objective-1 .tie a:has-text('供餐方案')")
    page.click("#score_item-1 .tie a:has-text('开餐')")
    expect(page).to_have_url(re.compile("#milestone-1$"))
    page.click("#milestone-1 .tie a:has-text('供餐方案')")
    page.click("#score_item-1 .tie a:has-text('按时供餐')")
    page.click("#objective-1 .tie a >> nth=0")
    expect(page).to_have_url(re.compile("#demand$"))
    assert "还没有连到目标" in page.inner_text("#score_item-2")
    assert page.locator("[id^=satisfaction] .tie a:has-text('老人满意')").count() == 1
    assert clean(page, axe) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert fits(page)


def test_from_a_milestone_and_from_a_survey_one_gets_back_to_the_thread(
    services: Services, bought: str, as_user: Callable[[str], Visitor]
) -> None:
    client = as_user("cgjb")
    assert f"/purchases/{bought}/thread#milestone-1" in client.get(f"/contracts/HT-{bought}").text
    survey = services.office.surveys.of_purchase(bought)[0]
    assert f"/purchases/{bought}/thread" in client.get(f"/surveys/{survey.id}").text


@pytest.mark.parametrize("login", ["hxpg", "org01", "zj01"])
def test_strangers_to_the_purchase_see_no_thread(bought: str, as_user: Callable[[str], Visitor], login: str) -> None:
    assert as_user(login).get(f"/purchases/{bought}/thread").status_code == 404


def test_a_topic_leads_to_its_purchases_in_public(services: Services, bought: str, visitor: Visitor) -> None:
    with services.office.desk.editing(SYSTEM) as session:
        number = perform(
            session,
            services.clock.now(),
            "notice.publish",
            purchase_id=bought,
            kind="contract",
            title="合同公告",
            content={"text": "x"},
        )
    assert number
    page = visitor.get(f"/public/topics/{TOPIC['matter']}").text
    assert "院里要不要办长者食堂" in page
    assert f"/public/purchases/{bought}#thread" in page
    told = visitor.get(f"/public/purchases/{bought}").text
    assert 'id="thread"' in told
    assert f"/public/topics/{TOPIC['matter']}" in told
    assert visitor.get("/public/topics/YS-1999-0001").status_code == 404


def test_a_thread_shows_what_is_missing_without_breaking(services: Services, started: StartedPurchase, as_user: Any) -> None:
    page = as_user("cgjb").get(f"/purchases/{started.number}/thread")
    assert page.status_code == 200
    assert "还没有批准的目标" in page.text
