"""The replay tab: past cases on the draft, some at a time; numbers, picture, table, export; and nothing anybody entered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from procurement.studio.replay.model import Choice
from tests.support.past_cases import amounts, past_cases
from tests.web.conftest import Visitor
from tests.web.drafting import ACTOR, draft_with, large_change
from tests.web.test_accessibility import complaints
from web.composition import Services

CASES = 12
ENTERED = ("每周上门两次", "失能半失能老人需要上门照护", "ylfw")


@pytest.fixture(scope="module")
def draft(services: Services) -> int:
    past_cases(services.office, services.engine, amounts(CASES), set_clock=services.clock.set, prefix="CS-2025")
    return draft_with(services, large_change(services))


@pytest.fixture(scope="module")
def run(services: Services, draft: int) -> int:
    replay = services.studio.replay.begin(draft, Choice("goal_setting", number=CASES, business_key="CS-2025"), actor=ACTOR)
    while replay.is_running:
        replay = services.studio.replay.go_on(replay.key)
    return replay.key


def replayed(page: Page) -> None:
    """The results have come by themselves, and are read to their end."""
    page.wait_for_selector(".replay-counts")
    page.wait_for_load_state("domcontentloaded")


def test_a_designer_replays_and_sees_who_goes_elsewhere(browse: Callable[..., Page], draft: int) -> None:
    page = browse("lcsj")
    page.goto(f"/studio/drafts/{draft}/replay")
    page.fill("[name=number]", str(CASES))
    page.fill("[name=business_key]", "CS-2025")
    page.get_by_role("button", name="开始重算").click()
    replayed(page)
    assert f"{CASES} 件往年案件" in page.inner_text("main")
    assert "多了“合法性审核”" in page.inner_text("#cases")
    assert "第 6 行 公开比选" in page.inner_text("#cases")
    assert page.locator("svg.bands path").count() >= 2
    page.wait_for_selector(".diagram[data-ready=true]")
    assert page.locator('.djs-connection.flow-more[data-element-id="is_legal_review_needed_to_review_legality"]').count() == 1
    assert page.locator(".replay-assumed").count() == 1


def test_the_answer_that_is_assumed_can_be_chosen_otherwise(
    services: Services, browse: Callable[..., Page], draft: int, run: int
) -> None:
    page = browse("lcsj")
    page.goto(f"/studio/drafts/{draft}/replay?run={run}")
    page.locator(".replay-assumed select").select_option("refuse")
    page.get_by_role("button", name="开始重算").click()
    replayed(page)
    newest = services.studio.replay.replays(draft)[0]
    assert newest.assumed["review_legality"].values["review_legality_decision"] == "refuse"
    assert newest.assumed["review_legality"].chosen


def test_nothing_anybody_entered_is_shown_or_exported(as_user: Callable[[str], Visitor], draft: int, run: int) -> None:
    client = as_user("lcsj")
    page = client.get(f"/studio/drafts/{draft}/replay?run={run}").text
    table = client.get(f"/studio/drafts/{draft}/replay/{run}/export.csv").text
    assert "CS-2025-0003" in page
    assert not [word for word in ENTERED if word in page or word in table]


def test_the_table_can_be_taken_along(as_user: Callable[[str], Visitor], draft: int, run: int) -> None:
    client = as_user("lcsj")
    table = client.get(f"/studio/drafts/{draft}/replay/{run}/export.csv")
    assert len(table.text.splitlines()) == CASES + 1
    book = client.get(f"/studio/drafts/{draft}/replay/{run}/export.xlsx")
    assert book.content.startswith(b"PK")
    assert client.get(f"/studio/drafts/{draft}/replay/{run}/export.exe").status_code == 404


def test_other_cases_can_be_listed_and_another_picture_shown(as_user: Callable[[str], Visitor], draft: int, run: int) -> None:
    client = as_user("lcsj")
    assert "没有这样的案件。" in client.get(f"/studio/drafts/{draft}/replay?run={run}&status=impossible").text
    assert 'aria-label="按结果"' in client.get(f"/studio/drafts/{draft}/replay?run={run}&by=end").text


def test_without_scripts_a_button_goes_on(services: Services, as_user: Callable[[str], Visitor], draft: int) -> None:
    replay = services.studio.replay.begin(draft, Choice("goal_setting", number=3, business_key="CS-2025"), actor=ACTOR)
    client, place = as_user("lcsj"), f"/studio/drafts/{draft}/replay"
    assert "正在重算" in client.get(place).text
    answer = client.post_form(f"{place}/{replay.key}/go-on", page=place, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert services.studio.replay.replay(replay.key).done == 3


def test_a_replay_can_be_stopped_and_what_is_done_stays(
    services: Services, as_user: Callable[[str], Visitor], draft: int
) -> None:
    replay = services.studio.replay.begin(draft, Choice("goal_setting", number=CASES), actor=ACTOR)
    client, place = as_user("lcsj"), f"/studio/drafts/{draft}/replay"
    assert client.post_form(f"{place}/{replay.key}/cancel", page=place).status_code == 303
    assert services.studio.replay.go_on(replay.key).state == "canceled"
    assert "中途停止" in client.get(f"{place}?run={replay.key}").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "0"},
        {"number": "6000"},
        {"number": "x"},
        {"process_id": "nothing"},
        {"since": "2026-02-02", "until": "2026-01-01"},
    ],
)
def test_a_choice_that_cannot_be_is_told_and_what_was_typed_stays(
    as_user: Callable[[str], Visitor], draft: int, wrong: dict[str, str]
) -> None:
    place = f"/studio/drafts/{draft}/replay"
    sent = {"process_id": "goal_setting", "number": "10", "business_key": "保留的字", **wrong}
    answer = as_user("lcsj").post_form(place, sent, page=place)
    assert answer.status_code == 422
    assert "保留的字" in answer.text
    assert 'class="error"' in answer.text


def test_a_replay_of_another_draft_is_not_found(services: Services, as_user: Callable[[str], Visitor], run: int) -> None:
    other = draft_with(services, {}, "别的草稿")
    assert as_user("lcsj").get(f"/studio/drafts/{other}/replay?run={run}").status_code == 404


def test_only_designers_replay(as_user: Callable[[str], Visitor], draft: int) -> None:
    assert as_user("czs").get(f"/studio/drafts/{draft}/replay").status_code == 403


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_results_are_accessible_and_fit(browse: Callable[..., Page], axe: str, draft: int, run: int, phone: bool) -> None:
    page = browse("lcsj", phone=phone)
    page.goto(f"/studio/drafts/{draft}/replay?run={run}")
    page.wait_for_selector(".diagram[data-ready=true]")
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_change_of_the_draft_ends_a_replay_that_runs(services: Services, as_user: Callable[[str], Visitor], draft: int) -> None:
    replay = services.studio.replay.begin(draft, Choice("goal_setting", number=3), actor=ACTOR)
    path = "processes/goal_setting/README.md"
    known = services.studio.drafts.file(draft, path)
    services.studio.drafts.save(draft, path, "# 改过\n".encode(), base=known.sha256, actor=ACTOR)
    client, place = as_user("lcsj"), f"/studio/drafts/{draft}/replay"
    headers = {"Accept": "application/json", "X-CSRFToken": client.token(place)}
    answer = client.post(f"{place}/{replay.key}/go-on", headers=headers)
    assert answer.status_code == 409
    assert "草稿又改过" in answer.json()["problem"]
