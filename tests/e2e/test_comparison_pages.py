"""The pages of an open comparison, wide and on a phone: axe has nothing to complain about, nothing runs out of the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model import UserTask
from tests.e2e.looking import fits_and_is_accessible, keep, number, task
from tests.e2e.people import People
from web.composition import Services

SCORED, PUBLICISED, BIDDING = "养老服务中心十项清单检查", "居家养老上门服务", "社会组织养老服务公益创投"
DRAWN, ARCHIVED = "未成年人保护社工服务", "晚晴社区长者食堂助餐"


def draw(services: Services) -> str:
    """The round of the comparison whose experts are being asked."""
    return services.office.draws.public(number(services, DRAWN))[0].number


def invited(services: Services) -> UserTask:
    """Of an expert who was drawn and is asked; who it is, the draw decides anew in each office."""
    return services.engine.tasks(element_id="declare_recusal", state="created", limit=1).items[0]


def judge(services: Services) -> str:
    """An expert who scores."""
    return str(services.engine.tasks(element_id="score_bids", state="created", limit=1).items[0].assignee)


Looker = str | Callable[[Services], str]
# name of the picture → who looks, and at what
PAGES: dict[str, tuple[Looker, Callable[[Services], str]]] = {
    "sealed-bid": ("org02", lambda s: f"/portal/{number(s, BIDDING)}/sealed-bid"),
    "receipt-check": ("", lambda _: "/receipt-check"),
    "opening": ("cgjb", lambda s: f"/opening/{number(s, SCORED)}"),
    "recusal": (lambda s: str(invited(s).assignee), lambda s: f"/tasks/{invited(s).key}"),
    "draw": ("cgjb", lambda s: f"/draws/{draw(s)}"),
    "draw-public": ("", lambda s: f"/public/draws/{draw(s)}"),
    "scoring": (judge, lambda s: f"/scoring/{number(s, SCORED)}"),
    "scoring-progress": ("hxpg", lambda s: f"/scoring/{number(s, SCORED)}/progress"),
    "score-sheets": ("hxpg", lambda _: "/score-sheets"),
    "flags": ("jjjc", lambda _: "/flags"),
    "discretion": ("sjzy", lambda _: "/discretion"),
    "appeals": ("cgjb", lambda _: "/appeals"),
    "archives": ("cgjb", lambda _: "/archives"),
    "case-file": ("cgjb", lambda s: f"/purchases/{number(s, ARCHIVED)}/file"),
    "messages": ("hxpg", lambda _: "/messages"),
    "register": ("", lambda _: "/register"),
    "registration": ("bmfw", lambda s: f"/tasks/{task(s, 'check_registration')}"),
    "purchase-public": ("", lambda s: f"/public/purchases/{number(s, DRAWN)}"),
}
ON_A_PHONE = ("sealed-bid", "scoring", "recusal", "purchase-public")  # pictures kept; all pages are tested


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_comparison_is_accessible_and_fits_the_screen(
    name: str, phone: bool, people: People, services: Services
) -> None:
    looker, address = PAGES[name]
    page = people.new_page(looker if isinstance(looker, str) else looker(services), phone=phone)
    answer = page.goto(address(services))
    assert answer is not None and answer.status == 200, page.url
    keep(page, name, phone=phone, kept=not phone or name in ON_A_PHONE)
    fits_and_is_accessible(page, phone=phone)
    page.close()
