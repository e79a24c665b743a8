"""A resident answers by a card on a phone; the office prints the cards, sees how far it is, publishes; strangers see nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from engine.model import SYSTEM
from procurement.surveys.tokens import new_secret
from tests.support.statements import asked_by_pages
from tests.support.surveys import NOTICE, QUESTIONS, open_survey, perform
from tests.web.conftest import MORNING, Visitor
from web.composition import Services

LINK = re.compile(r"/s/[a-z2-7]{32}")


def opened(services: Services, **given: Any) -> str:
    with services.office.desk.editing(SYSTEM) as session:
        return open_survey(session, services.clock.now(), **given)


def did(services: Services, operation: str, **inputs: Any) -> Any:
    with services.office.desk.editing(SYSTEM) as session:
        return perform(session, services.clock.now(), operation, **inputs)


def tokens(services: Services, number: str, cards: int = 12, stratum: str = "") -> list[str]:
    actor = services.office.accounts.actor("cgjb")
    return services.office.surveys.make_cards(number, new_secret(), stratum, cards, actor=actor)


@pytest.fixture
def clock(services: Services) -> Iterator[Any]:
    demo: Any = services.clock
    demo.set(MORNING)
    yield demo
    demo.set(MORNING)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def clean(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


def test_a_resident_answers_on_a_phone_without_script_or_cookie(
    services: Services, clock: Any, browse: Callable[..., Page], axe: str
) -> None:
    number = opened(services)
    [token] = tokens(services, number, 1)
    page = browse(None, phone=True, javascript=False)
    page.goto(f"/s/{token}")
    assert "谁在问" in page.inner_text("main")
    assert NOTICE["who"] in page.inner_text("main")
    assert page.locator("input").count() == 0  # the notice comes before any question
    page.click("text=看完了，开始回答")
    heights = [box.bounding_box()["height"] for box in page.locator("label.pick").all()]  # type: ignore[index]
    assert min(heights) >= 48
    assert fits(page)
    page.click("label:has-text('很满意') >> nth=0")
    page.click("text=交上去 >> nth=0")
    assert "收到了，谢谢您" in page.inner_text("h1")
    assert page.context.cookies() == []
    page.goto(f"/s/{token}")
    assert "已经用过" in page.inner_text("main")


def test_the_pages_of_a_survey_are_accessible(services: Services, clock: Any, browse: Callable[..., Page], axe: str) -> None:
    number = opened(services, notice={**NOTICE, "children": "由监护人同意", "child_age": "14"})
    [token] = tokens(services, number, 1)
    page = browse(None, phone=True)
    for address in (f"/s/{token}", f"/s/{token}/questions", "/s/thanks", "/s/unknown", "/public/surveys"):
        page.goto(address)
        assert clean(page, axe) == [], address
    page = browse("cgjb")
    for address in ("/surveys", f"/surveys/{number}"):
        page.goto(address)
        assert clean(page, axe) == [], address


def test_what_was_typed_stays_when_something_is_missing(services: Services, clock: Any, browse: Callable[..., Page]) -> None:
    [token] = tokens(services, opened(services), 1)
    page = browse(None, phone=True)
    page.goto(f"/s/{token}/questions")
    page.fill("textarea", "早饭太早了")
    page.click("label:has-text('不方便')")
    page.click("text=交上去 >> nth=0")
    assert "还有 2 处要看一下" in page.inner_text("main")
    assert page.input_value("textarea") == "早饭太早了"
    assert page.locator("input[value='不方便']").is_checked()
    page.click("label:has-text('我单独同意')")
    page.click("label:has-text('很满意') >> nth=0")
    page.click("text=交上去 >> nth=0")
    assert "收到了" in page.inner_text("h1")


def test_markup_in_texts_is_shown_as_text(services: Services, clock: Any, browse: Callable[..., Page]) -> None:
    evil = "<img src=x onerror=alert(1)>"
    rows = [{"question_id": "overall", "text": evil, "kind": "scale"}, {"question_id": "w", "text": "说说", "kind": "text"}]
    number = opened(services, title=evil, questions=rows, notice={**NOTICE, "who": evil})
    cards = tokens(services, number, 12)
    page = browse(None)
    for address in (f"/s/{cards[0]}", f"/s/{cards[0]}/questions"):
        page.goto(address)
        assert page.locator("img[src=x]").count() == 0
        assert evil in page.inner_text("body")
    for token in cards:
        services.office.surveys.answer(token, {"overall": ["5"], "w": ["=cmd|'/c calc'!A1 " + evil]}, address="10.9.9.9")
    did(services, "survey.close", survey=number)
    did(services, "survey.publish", survey=number, told=evil)
    page.goto(f"/public/surveys/{number}")
    assert page.locator("img[src=x]").count() == 0
    page = browse("cgjb")
    page.goto(f"/surveys/{number}")
    assert page.locator("img[src=x]").count() == 0
    assert "calc" in page.inner_text("main")


@pytest.mark.parametrize("token", ["abc", "a" * 32, "thanks%00", "..%2f..%2fetc", "A" * 4000])
def test_a_guessed_link_is_answered_with_one_page(visitor: Visitor, token: str) -> None:
    answer = visitor.get(f"/s/{token}")
    assert answer.status_code in (400, 404)
    assert "set-cookie" not in answer.headers or "%" in token  # those never reach the survey's pages


def test_a_link_used_or_closed_says_so_and_takes_nothing(services: Services, clock: Any, visitor: Visitor) -> None:
    number = opened(services)
    first, second = tokens(services, number, 2)
    sent = {"overall": "4"}
    assert visitor.post(f"/s/{first}/questions", data=sent).status_code == 303
    assert visitor.post(f"/s/{first}/questions", data=sent).status_code == 410
    clock.set(MORNING + dt.timedelta(days=11))
    assert visitor.post(f"/s/{second}/questions", data=sent).status_code == 410
    assert did(services, "survey.close", survey=number)["answered"] == 1
    assert visitor.get(f"/s/{second}").status_code == 404


def test_the_address_of_a_card_is_told_to_nobody(services: Services, clock: Any, visitor: Visitor, caplog: Any) -> None:
    [token] = tokens(services, opened(services), 1)
    answer = visitor.get(f"/s/{token}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in answer.headers
    assert not re.search(r'(src|href)="https?://', answer.text)
    assert token not in caplog.text


def test_cards_are_printed_with_their_codes_and_the_same_form_prints_the_same_cards(
    services: Services, clock: Any, as_user: Callable[[str], Visitor]
) -> None:
    number = opened(services)
    client = as_user("cgjb")
    secret = re.search(r'name="secret" value="([0-9a-f]{64})"', client.get(f"/surveys/{number}").text)
    assert secret
    fields = {"secret": secret[1], "cards": "8", "as": "sheet"}
    first = client.post_form(f"/surveys/{number}/cards", fields, page="/inbox")
    assert first.text.count("<svg") == 8
    links = set(LINK.findall(first.text))
    assert len(links) == 8
    assert set(LINK.findall(client.post_form(f"/surveys/{number}/cards", fields, page="/inbox").text)) == links
    listed = client.post_form(f"/surveys/{number}/cards", {**fields, "as": "csv"}, page="/inbox")
    assert set(LINK.findall(listed.text)) == links
    assert client.post_form(f"/surveys/{number}/cards", {**fields, "as": "xlsx"}, page="/inbox").content[:2] == b"PK"
    assert not links & set(LINK.findall(client.get(f"/surveys/{number}").text))
    for wrong in ("0", "-1", "9999999", "二", "1e3"):
        refused = client.post_form(f"/surveys/{number}/cards", {**fields, "secret": new_secret(), "cards": wrong}, page="/inbox")
        assert refused.status_code == 422
        assert wrong in refused.text


def test_a_code_leads_to_the_survey(services: Services, clock: Any, as_user: Callable[[str], Visitor], server: str) -> None:
    """The poster's code, read back module by module from the drawing, is the link beside it."""
    number = opened(services, open_poster=True, poster_daily=5)
    page = as_user("cgjb").get(f"/surveys/{number}/poster").text
    survey = services.office.surveys.progress(number, actor=services.office.accounts.actor("cgjb")).survey
    assert f"{server}/s/{survey.poster}" in page
    assert "<svg" in page


@pytest.mark.parametrize("login", ["org01", "zj01", "hxpg"])
def test_who_takes_no_part_sees_neither_survey_nor_cards(
    services: Services, clock: Any, as_user: Callable[[str], Visitor], login: str
) -> None:
    number = opened(services, purchase_id="CG-2026-0999")
    client = as_user(login)
    refused = 404 if login == "hxpg" else 403
    assert client.get(f"/surveys/{number}").status_code == refused
    assert client.get(f"/surveys/{number}/results.xlsx").status_code == refused
    assert (
        client.post_form(f"/surveys/{number}/cards", {"secret": new_secret(), "cards": "9"}, page="/inbox").status_code == refused
    )
    assert client.get(f"/public/surveys/{number}").status_code == 404


def test_auditors_read_and_make_no_cards(services: Services, clock: Any, as_user: Callable[[str], Visitor]) -> None:
    number = opened(services)
    client = as_user("sjzy")
    assert client.get(f"/surveys/{number}").status_code == 200
    assert client.post_form(f"/surveys/{number}/cards", {"secret": new_secret(), "cards": "9"}, page="/inbox").status_code == 403


def test_seventeen_hundred_answers_of_seven_groups_are_shown_with_few_questions_to_the_database(
    services: Services, clock: Any, as_user: Callable[[str], Visitor]
) -> None:
    names = ["低保对象", "特困人员", "优抚对象", "重度残疾人", "高龄老人", "失独家庭", "困境儿童家庭"]
    number = opened(services, strata=[{"name": name, "planned": 246} for name in names], minimum_group=10)
    with services.office.desk.editing(SYSTEM) as session:
        from procurement.registers.surveys import INVITED, Answer

        session.add_all(
            Answer(
                id=new_secret()[:32],
                survey_id=number,
                stratum=names[n % 7],
                via=INVITED,
                answers={
                    "overall": str(1 + n % 5),
                    "attitude": "4",
                    "age": QUESTIONS[2]["options"].split("|")[n % 3],
                    "wish": "好",
                },
            )
            for n in range(1722)
        )
    assert did(services, "survey.close", survey=number)["results"]["count"] == 1722
    did(services, "survey.publish", survey=number, told="照实公布")
    client = as_user("cgjb")
    with asked_by_pages(services) as found:
        page = client.get(f"/public/surveys/{number}")
    assert page.status_code == 200
    assert all(name in page.text for name in names)
    assert 0 < len(found) < 20, "the results were counted once and are kept"
    with asked_by_pages(services) as found:
        assert client.get(f"/surveys/{number}").text.count('<li class="written">') == 1722
    assert 0 < len(found) < 40
