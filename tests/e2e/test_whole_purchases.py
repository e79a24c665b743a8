"""The main job: a purchase of 48,000 and one of 380,000 from demand to archived case file, by the people whose work it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.people import People
from tests.e2e.walk import Purchase, Walk
from tests.support.serving import demo_office, served

SMALL = {
    "by": "wqsq",
    "title": "晚晴社区老人助餐配送",
    "code": "B0301",
    "budget": "SQ-WQ-2026",
    "estimate": Decimal(48000),
    "group": "八十五周岁以上老人",
    "count": 160,
    "source": "deliberation",
    "community": "晚晴社区",
    "excluded": "",
    "agency": "agy-01",
    "staged": True,
    "months": 3,
    "field": "elderly",
    "bidders": ["org-02", "org-04", "org-10"],
}
LARGE = {
    "by": "shsw",
    "title": "党群服务中心社会工作服务",
    "code": "B0101",
    "budget": "2082004",
    "estimate": Decimal(380000),
    "group": "辖区居民",
    "count": 12600,
    "source": "department",
    "community": None,
    "excluded": "",
    "agency": "agy-01",
    "staged": False,
    "months": 12,
    "field": "community",
    "bidders": ["org-01", "org-02", "org-09"],
}
PRESENT = ["dgw1", "dgw2", "dgw4", "dgw5"]  # of seven: enough to decide


@pytest.fixture(scope="module")
def walk(chromium: Browser, new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """In a demo office of its own, because months pass in it."""
    with (
        demo_office(new_database(), str(tmp_path_factory.mktemp("files"))) as services,
        served(services) as address,
        People(chromium, address) as people,
    ):
        yield Walk(services, people)


def test_ten_people_take_two_purchases_to_the_archived_case_file(walk: Walk) -> None:
    small, large = Purchase(dict(SMALL), {"convene_committee": [{"present_members": PRESENT}]}), Purchase(dict(LARGE))
    for purchase in (small, large):
        walk.start(purchase)
    walk.run([small, large])
    for purchase in (small, large):
        register = walk.services.office.purchases.get(purchase.number)
        assert register.status == "archived", purchase.done
        page = walk.people.page("cgjb")
        page.goto(f"/purchases/{purchase.number}")
        expect(page.locator(".steps li.done")).to_have_count(6)
        page.goto(f"/purchases/{purchase.number}/documents")
        expect(page.locator("main")).to_contain_text("卷宗")
        assert walk.services.engine.verify(purchase.root_key).sound
    assert len({*small.by, *large.by}) >= 10
    assert walk.people.complaints == [], "\n".join(walk.people.complaints)
