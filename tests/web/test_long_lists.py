"""Lists that grow over the years: each is shown a page at a time, however long it got, and costs as many statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import session
from lxml import html

from engine.model import SYSTEM
from procurement.registers.comparison import Application, Bid
from procurement.registers.draws import PanelInvitation
from procurement.registers.purchases import Purchase
from tests.support.statements import asked_by_pages
from tests.web.conftest import MORNING
from tests.web.offices import start_purchase
from web.composition import Services
from web.pages.factory import create_pages

MANY = 70


@pytest.fixture(scope="module")
def purchases(services: Services) -> list[str]:
    """Running comparisons of an agency, one with many invitations of one expert and many bids of one organisation."""
    numbers = [start_purchase(services, title=f"社区照料 {n}").number for n in range(3)]
    with services.office.desk.editing(SYSTEM) as writing:
        for number in numbers:
            purchase = writing.get_one(Purchase, number)
            purchase.step, purchase.status, purchase.agency_id = "selection", "comparison_open", "agy-01"
        told = {"purchase_id": numbers[0], "expert_id": "exp-07", "way": "drawn"}
        for n in range(MANY):
            moment = MORNING + dt.timedelta(minutes=n)
            state = "coming" if n % 7 else "recused"
            writing.add(PanelInvitation(**told, state=state, invited_at=moment, meeting_place=f"第 {n} 会议室"))
        writing.add(
            Application(
                id="BM-2026-7700", purchase_id=numbers[0], organisation_id="org-06", name="某中心", content={}, status="confirmed",
                registered_at=MORNING, contact="甲", phone="028-80000000",
            )
        )  # fmt: skip
        writing.flush()
        for n in range(MANY):
            writing.add(
                Bid(
                    id=f"HZ-2026-{7700 + n}", purchase_id=numbers[0], application_id="BM-2026-7700", organisation_id="org-06",
                    name="某中心", sha256="0" * 64, submitted_at=MORNING, submitted_by="org06", status="replaced",
                )
            )  # fmt: skip
    return numbers


def rows(answer: Any, heading: str) -> list[str]:
    """The first cells of the table below a heading."""
    page = html.fromstring(answer.text)
    (section,) = [one for one in page.iter("section") if heading in "".join(one.xpath("./h2//text()"))]
    return [" ".join(row.text_content().split()) for row in section.xpath(".//tbody/tr")]


def following(answer: Any, number: int = 0) -> str:
    return str(html.fromstring(answer.text).xpath("//a[@rel='next']/@href")[number])


def test_an_expert_turns_the_pages_of_what_stands_and_of_what_is_past_apart(purchases: list[str], as_user: Callable[..., Any]):
    client = as_user("zj07")
    first = client.get("/invitations")
    assert len(rows(first, "受邀与到会")) == 50
    assert len(rows(first, "以前的评审")) == MANY // 7
    assert "共 60 条" in first.text
    second = client.get(following(first))
    assert len(rows(second, "受邀与到会")) == 10
    assert len(rows(second, "以前的评审")) == MANY // 7
    assert not set(rows(first, "受邀与到会")) & set(rows(second, "受邀与到会"))
    assert client.get("/invitations?after=x").status_code == 400


def test_an_organisation_turns_the_pages_of_its_receipts(purchases: list[str], as_user: Callable[..., Any]):
    client = as_user("org06")
    first = client.get("/portal/record")
    second = client.get(following(first))
    shown = rows(first, "参选文件回执") + rows(second, "参选文件回执")
    assert len(set(shown)) == len(shown) == MANY


def test_the_bench_of_an_agency_asks_as_much_for_three_purchases_as_for_one(
    purchases: list[str], as_user: Callable[..., Any], services: Services
):
    client = as_user("hxpg")
    client.get("/agency")
    with asked_by_pages(services) as whole:
        page = client.get("/agency")
    with services.office.desk.editing(SYSTEM) as writing:
        for number in purchases[1:]:
            writing.get_one(Purchase, number).agency_id = None
    with asked_by_pages(services) as less:
        fewer = client.get("/agency")
    assert len(rows(page, "进行中")) - len(rows(fewer, "进行中")) == 2
    assert len(whole) == len(less)


def test_words_of_a_page_are_translated_with_their_values_escaped_and_in_the_language_of_the_request(services: Services) -> None:
    pages = create_pages(services)
    template = pages.jinja_env.from_string("{{ _('共 %(n)s 条', n=n) }} {{ _('编号') }} {{ _('100%%') }}")
    with pages.test_request_context("/"):
        assert template.render(n="<b>") == "共 &lt;b&gt; 条 编号 100%"
    with pages.test_request_context("/"):
        session["language"] = "en"
        assert "编号" not in template.render(n=3)
