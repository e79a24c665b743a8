"""The compare tab: both states side by side, what is different marked on both and listed in words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.serving import until
from tests.web.conftest import Visitor
from tests.web.drafting import draft_with, large_change
from tests.web.test_accessibility import complaints
from web.composition import Services


@pytest.fixture(scope="module")
def draft(services: Services) -> int:
    return draft_with(services, large_change(services))


@pytest.fixture
def page(browse: Callable[..., Page], draft: int) -> Page:
    opened = browse("lcsj")
    opened.goto(f"/studio/drafts/{draft}/compare")
    opened.wait_for_selector(".compare-pair[data-ready=true]")
    return opened


def test_what_is_different_is_marked_on_both_diagrams_by_colour_and_by_sign(page: Page) -> None:
    assert page.locator('[data-side=right] .djs-element.diff-added[data-element-id="review_legality"]').count() == 1
    assert (
        page.locator('[data-side=left] .djs-element.diff-removed[data-element-id="choose_route_to_approve_purchase"]').count()
        == 1
    )
    for side in ("left", "right"):
        assert page.locator(f'[data-side={side}] .djs-element.diff-changed[data-element-id="review_budget"]').count() == 1
    assert "＋" in page.locator("[data-side=right] .diff-sign").all_inner_texts()


def test_the_list_says_in_words_what_was_and_what_is(page: Page) -> None:
    task = page.locator(".compare-list li", has_text="审查资金")
    assert "办理期限" in task.inner_text()
    assert task.locator("del").inner_text() == "=working days after(now(), 3)"
    assert task.locator("ins").inner_text() == "=working days after(now(), 2)"
    rule = page.locator(".compare-list li", has_text="小额与公开比选的分界金额")
    assert (rule.locator("del").inner_text(), rule.locator("ins").inner_text()) == ("50000", "100000")
    assert "三十万元以上先作合法性审核。" in page.locator(".compare-lines ins").all_inner_texts()


def test_who_when_and_why_stand_above(page: Page) -> None:
    who = page.locator(".compare-who").inner_text()
    for word in ("沈一凡", "党工委会议纪要〔2026〕3 号", "现行版本", "系统"):
        assert word in who


def test_a_click_in_the_list_points_at_both_sides(page: Page) -> None:
    page.locator(".compare-list li", has_text="审查资金").get_by_role("button").click()
    for side in ("left", "right"):
        assert page.locator(f'[data-side={side}] .diff-chosen[data-element-id="review_budget"]').count() == 1
    page.locator(".compare-list li", has_text="合法性审核").first.get_by_role("button").click()
    assert page.locator("[data-side=left] .diff-chosen").count() == 0  # it is new
    assert page.locator("[data-side=right] .diff-chosen").count() >= 1


def test_both_diagrams_move_together(page: Page) -> None:
    def places() -> list[list[int]]:
        found = [page.locator(f"[data-side={side}] g.viewport").get_attribute("transform") or "" for side in ("left", "right")]
        return [[round(float(number) * 100) for number in re.findall(r"-?[0-9.]+", one)] for one in found]

    before = places()
    page.locator("[data-side=left]").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    until(lambda: places()[1] != before[1], "the right side to follow")
    left, right = places()
    assert left == pytest.approx(right, abs=2)


def test_a_draft_with_nothing_changed_is_the_same(services: Services, as_user: Callable[[str], Visitor]) -> None:
    empty = draft_with(services, {}, "没有改动")
    assert "两边的文件完全一样。" in as_user("lcsj").get(f"/studio/drafts/{empty}/compare").text


def test_another_draft_and_a_version_can_be_chosen(services: Services, draft: int, as_user: Callable[[str], Visitor]) -> None:
    version = services.studio.shelf.history("goal_setting")[0].deployment_key
    client = as_user("lcsj")
    found = client.get(f"/studio/drafts/{draft}/compare?left=version-{version}&right=draft-{draft}")
    assert "合法性审核" in found.text
    assert client.get(f"/studio/drafts/{draft}/compare?left=draft-{draft}").text.count("compare-file") == 0


@pytest.mark.parametrize("name", ["draft-999999", "version-1", "x", "../force", "draft-1'"])
def test_a_state_there_is_not_is_not_found(draft: int, as_user: Callable[[str], Visitor], name: str) -> None:
    assert as_user("lcsj").get(f"/studio/drafts/{draft}/compare", params={"left": name}).status_code == 404


def test_the_xml_is_sent_as_text_and_the_picture_as_a_picture(draft: int, as_user: Callable[[str], Visitor]) -> None:
    client = as_user("lcsj")
    place = {"of": f"draft-{draft}", "path": "processes/goal_setting/goal_setting.bpmn", "left": "force"}
    file = client.get(f"/studio/drafts/{draft}/compare/file", params=place)
    assert (file.headers["content-type"].split(";")[0], file.headers["x-content-type-options"]) == ("text/plain", "nosniff")
    picture = client.get(f"/studio/drafts/{draft}/compare/picture", params=place)
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert client.get(f"/studio/drafts/{draft}/compare/file", params={**place, "path": "../../etc/passwd"}).status_code == 404


def test_an_outsider_compares_nothing(draft: int, visitor: Visitor) -> None:
    assert visitor.get(f"/studio/drafts/{draft}/compare").status_code == 303


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_comparison_is_accessible_and_fits(browse: Callable[..., Page], axe: str, draft: int, phone: bool) -> None:
    page = browse("lcsj", phone=phone)
    page.goto(f"/studio/drafts/{draft}/compare")
    page.wait_for_selector(".compare-pair[data-ready=true]")
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_the_comparison_comes_as_a_part_of_another_page(as_user: Callable[[str], Visitor], draft: int) -> None:
    part = as_user("lcsj").get(f"/studio/drafts/{draft}/compare/part").text
    assert "<html" not in part
    assert "合法性审核" in part
    assert "compare.js" in part
