"""Residents deliberate, the thread of their purchase is tied, and they say on a phone how satisfied they are: clicked through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.looking import fits_and_is_accessible
from tests.e2e.street import Street, settled

TOPIC = "三号院要不要办长者食堂"
CANTEEN = {
    "title": "晚晴社区长者食堂助餐",
    "by": "wqsq",
    "code": "B0301",
    "budget": "SQ-WQ-2026",
    "group": "八十五周岁以上老人",
    "count": 160,
    "source": "deliberation",
    "community": "晚晴社区",
    "staged": True,
    "topic": TOPIC,
    "way": "purchase",
}
CARDS = 14


@pytest.fixture(scope="module")
def street(chromium: Browser, new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with settled(new_database(), str(tmp_path_factory.mktemp("files")), chromium, bought) as found:
        yield found


def bought(street: Street) -> None:
    """The canteen residents voted for is under contract."""
    facts = street.situation.facts
    facts.update(CANTEEN)
    facts["deliberation"] = street.begin_matter("居民议事", "晚晴社区").id
    street.go_on()
    street.look_at_purchase()
    street.start()
    street.go_on("履行合同")


def shows(*words: str) -> Callable[[Page], None]:
    def check(page: Page) -> None:
        for word in words:
            expect(page.locator("main")).to_contain_text(word)

    return check


def test_a_topic_is_raised_and_voted_on_and_everybody_can_read_it(street: Street) -> None:
    page = street.begin("wqsq", "居民议事")
    number = re.findall(r"YS-\d{4}-\d{4}", page.content())[0]
    street.look(page, "topic-raise")
    street.hand_in(page, {"topic": "二号楼电动车停在哪里", "topic_facts": "楼道里停了四十辆，去年冒过一次烟。"})
    page = street.open("wqsq", "确定议题")
    street.look(page, "topic-decide")
    street.hand_in(page)
    street.do("确定议事主体")
    street.do("定议事规则和时间")
    street.go_on("开会和表决")
    page = street.open("wqsq", "开会和表决", phone=True)
    street.look(page, "topic-vote", phone=True)
    street.hand_in(page)
    page.close()
    page = street.open("wqsq", "安排执行")
    street.look(page, "topic-arrange")
    street.hand_in(page)
    street.see("wqsq", f"/matters/{number}", "topic-matter", shows("二号楼电动车停在哪里", "报告执行情况"))
    page = street.people.new_page("")
    page.goto("/public")
    page.get_by_role("link", name="公开台账").first.click()
    page.get_by_role("link", name="居民议事公开").first.click()
    expect(page.locator("main")).to_contain_text("二号楼电动车停在哪里")
    street.look(page, "topic-ledger")
    street.keep(page, "deliberations")
    page.close()
    street.see("", f"/public/topics/{number}", "topic-public", shows("二号楼电动车停在哪里", "应到 34 人，到会 29 人"))


def test_the_thread_is_tied_and_followed_from_the_topic_to_the_milestones(street: Street) -> None:
    number = street.situation.purchase_id
    page = street.people.page("cgjb")
    page.goto(f"/purchases/{number}")
    page.get_by_role("link", name="从议题到满意度").click()
    street.look(page, "thread-loose")
    page.get_by_role("link", name="把目标连起来").click()
    street.confirm(page)
    street.look(page, "thread-tie")
    street.hand_in(page)
    street.look_at_purchase()
    street.see("cgjb", f"/purchases/{number}/thread", "thread", shows(TOPIC))
    page.goto(f"/purchases/{number}/thread")
    page.locator("#objective-1 .tie").last.locator("a").first.click()
    page.wait_for_url(re.compile("#(score_item|milestone)"))
    topic = street.situation.facts["deliberation"]
    page.locator("#topic b a").click()
    page.wait_for_url(f"**/public/topics/{topic}")
    street.look(page, "thread-topic")


def test_residents_answer_on_a_phone_and_the_result_is_published(street: Street) -> None:
    number = street.situation.purchase_id
    page = street.people.page("cgjb")
    page.goto(f"/purchases/{number}")
    page.get_by_role("link", name="发起事项").click()
    page.locator("#main").get_by_role("link", name="满意度调查", exact=True).click()
    street.confirm(page)
    street.look(page, "survey-plan")
    street.hand_in(page, {"survey_title": "晚晴社区长者食堂满意度", "open_poster": True})
    page = street.open("cgjb", "设计题目和告知")
    street.look(page, "survey-design")
    page.get_by_role("button", name="提交", exact=True).click()  # the questions and the notice stand there already
    expect(page.locator("main")).to_contain_text("您已办结“设计题目和告知”")
    page = street.open("cgjb", "个人信息影响评估")
    street.look(page, "survey-impact")
    street.hand_in(page)
    page = street.open("jdzr", "批准调查")
    street.look(page, "survey-approve")
    street.hand_in(page)
    survey = street.office.surveys.of_purchase(number)[0].id
    page = street.open("cgjb", "发出邀请卡")
    street.look(page, "survey-issue")
    links = print_cards(street, survey)
    answer_on_a_phone(street, links[0])
    for link in links[1:]:
        street.office.surveys.answer(link.rpartition("/")[2], {"overall": ["4"], "wish": ["早饭早一点"]}, address="192.0.2.9")
    page = street.open("cgjb", "发出邀请卡")
    street.hand_in(page)
    street.go_on("决定公布")
    street.see("cgjb", f"/surveys/{survey}", "survey-results", shows("早饭早一点"))
    page = street.open("cgjb", "决定公布")
    street.look(page, "survey-publish")
    street.hand_in(page)
    street.see("", f"/public/surveys/{survey}", "survey-public", shows("晚晴社区长者食堂满意度", "满意率"))
    street.see("", "/public/surveys", "survey-public-list", shows("晚晴社区长者食堂满意度"))
    street.see("cgjb", "/surveys", "survey-list", shows("已公布"))
    street.look_at_purchase()
    street.see("cgjb", f"/purchases/{number}/thread", "thread-satisfied", shows("总的来说"))


def print_cards(street: Street, survey: str) -> list[str]:
    """The links on the sheet of cards."""
    page = street.people.page("cgjb")
    page.goto("/surveys")
    page.get_by_role("link", name="晚晴社区长者食堂满意度").click()
    page.fill("#cards", str(CARDS))
    page.get_by_role("button", name="生成", exact=True).click()
    expect(page.locator(".qr-cards li")).to_have_count(CARDS)
    fits_and_is_accessible(page, phone=False)
    street.keep(page, "survey-cards")
    links = [one.strip() for one in page.locator(".qr-cards code").all_inner_texts()]
    page.goto(f"/surveys/{survey}/poster")
    fits_and_is_accessible(page, phone=False)
    street.keep(page, "survey-poster")
    street.see("cgjb", f"/surveys/{survey}", "survey-open", shows("收到多少"))
    return links


def answer_on_a_phone(street: Street, link: str) -> None:
    page = street.people.new_page("", phone=True)
    page.goto(link)
    street.look(page, "survey-notice", phone=True)
    street.keep(page, "survey-notice")
    page.get_by_role("link", name="看完了，开始回答").click()
    street.look(page, "survey-questions", phone=True)
    street.keep(page, "survey-questions")
    page.get_by_role("button", name="交上去").click()
    expect(page.get_by_role("alert")).to_contain_text("还有 1 处要看一下")
    street.look(page, "survey-missing", phone=True)
    page.locator("label:has-text('很满意')").first.click()
    page.get_by_role("button", name="交上去").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了，谢谢您")
    street.look(page, "survey-thanks", phone=True)
    page.goto(link)
    expect(page.locator("main")).to_contain_text("已经用过")
    street.look(page, "survey-used", phone=True)
    page.close()
