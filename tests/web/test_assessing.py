"""An assessment in the browser: the refused composition, the sheet made from the scheme's indicators, the public result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine.errors import InvalidInput
from engine.feel import Feel
from engine.model import SYSTEM
from procurement.calendar import extensions
from procurement.demo.answers import Answers
from procurement.demo.paper import sheet
from procurement.demo.people import People
from procurement.ledgers.finding import Query
from tests.support.serving import until
from tests.web.conftest import Visitor
from tests.web.test_accessibility import complaints
from web.composition import Services

SIX = ("评估中心", "会计师事务所", "社会工作者协会", "机构员工", "督导及顾问", "服务对象（抽样）")


class Assessment:
    """One assessment of an organisation by the scheme of Shenzhen, worked on as the people of the demo answer."""

    def __init__(self, services: Services, scheme: str) -> None:
        self.services, self.scheme = services, scheme
        office = services.office
        self._answers = Answers(Feel(extensions(office.planning.calendar())))
        self._people = People(office.accounts.search(limit=1000))
        actor = self._people.actor("bmfw")
        matter = office.matters.start("ordered_assessment", "org-02", actor=actor, command_id=f"assess {scheme}")
        self.number, self.root_key = matter.id, matter.process_key
        self.file = office.files.upload([sheet("材料")], "材料.pdf", actor=actor).as_variable()

    def tasks(self) -> list[Any]:
        return self.services.engine.tasks(root_key=self.root_key, state="created", limit=50).items

    def go_on(self, until_task: str) -> Any:
        """The first task of that name, once all before it are done."""
        while True:
            open_ = until(self.tasks, "the next task")
            if found := [task for task in open_ if task.element_id == until_task]:
                return found[0]
            self.do(open_[0])

    def do(self, task: Any) -> None:
        actor = self._people.for_task(task, "bmfw")
        seen = self.services.engine.task_form(task.key, actor=actor).context
        context = {**seen, "p": {"scheme": self.scheme}, "file": self.file}
        values = self._answers.of(task.element_id, context, self.services.office.desk.now())
        self.services.engine.complete_task(task.key, values, actor=actor)


@pytest.fixture(scope="module")
def assessment(services: Services) -> Iterator[Assessment]:
    """The clock goes back afterwards: the publicity period is over before the windows of other tests open."""
    before = services.clock.now()
    yield Assessment(services, "shenzhen")
    services.clock.set(before)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_scheme_is_chosen_from_the_rows(assessment: Assessment, browse: Callable[..., Page], axe: str, phone: bool) -> None:
    task = assessment.go_on("choose_scheme")
    page = browse("bmfw", phone=phone)
    page.goto(f"/tasks/{task.key}")
    expect(page.get_by_text("六方四方面（深圳）").first).to_be_attached()
    fits(page, axe)


def test_a_wrong_composition_is_refused_with_its_reasons_and_a_right_one_is_scored(
    assessment: Assessment, browse: Callable[..., Page], axe: str
) -> None:
    task = assessment.go_on("name_raters")
    engine, agency = assessment.services.engine, assessment.services.office.accounts.actor("hxpg")
    rater = {
        "kind": "centre",
        "name": "甲",
        "unit": "评估中心",
        "login": "",
        "funding": "own",
        "recognised": False,
        "related": True,
    }
    engine.complete_task(task.key, {"raters": [rater]}, actor=agency)
    again = assessment.go_on("name_raters")
    assert again.key != task.key
    page = browse("hxpg")
    page.goto(f"/tasks/{again.key}")
    expect(page.get_by_text("上次的组成不合规，请改正")).to_be_visible()
    expect(page.get_by_text("与被评估方有利害关系，应当回避：甲", exact=True)).to_be_visible()
    for kind in SIX[1:]:
        expect(page.get_by_text(f"{kind}至少 1 人，现在 0 人").first).to_be_visible()
    fits(page, axe)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_rater_is_chosen_by_name_and_a_login_nobody_has_is_refused(
    assessment: Assessment, browse: Callable[..., Page], axe: str, phone: bool
) -> None:
    task = assessment.go_on("name_raters")
    page = browse("hxpg", phone=phone)
    page.goto(f"/tasks/{task.key}")
    expect(page.get_by_label("登录名")).to_have_count(0)
    chosen, name = page.locator("[name='raters.0.login']"), page.locator("[name='raters.0.name']")
    chosen.select_option("")
    expect(name).to_be_visible()
    chosen.select_option(label="谢红（财政所）")
    expect(name).to_be_hidden()
    fits(page, axe)
    rater = {"kind": "centre", "login": "nobody", "funding": "own"}
    with pytest.raises(InvalidInput) as refused:
        assessment.services.engine.complete_task(
            task.key, {"raters": [rater]}, actor=assessment.services.office.accounts.actor("hxpg")
        )
    assert "raters.0.login" in {error.path for error in refused.value.fields}


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_sheet_holds_the_indicators_of_the_scheme(
    assessment: Assessment, browse: Callable[..., Page], axe: str, phone: bool
) -> None:
    assessment.go_on("score_by_indicator")
    mine = [task for task in assessment.tasks() if "finance" in task.candidate_groups]
    page = browse("czs", phone=phone)
    page.goto(f"/tasks/{mine[0].key}")
    for words in ("场地、设备、制度齐备", "独立核算、财务健康", "服务产出和改变"):
        expect(page.get_by_text(words).first).to_be_visible()
    fits(page, axe)


def test_the_report_shows_each_side_and_the_public_sees_the_result_at_once(
    assessment: Assessment, browse: Callable[..., Page], axe: str
) -> None:
    task = assessment.go_on("write_scheme_report")
    page = browse("hxpg")
    page.goto(f"/tasks/{task.key}")
    for kind in SIX:
        expect(page.get_by_text(kind).first).to_be_visible()
    fits(page, axe)
    assessment.go_on("state_result_opinion")
    page = browse("org02")
    page.goto("/inbox")
    expect(page.get_by_role("link", name="对结果的意见").first).to_be_visible()
    page = browse("bmfw")
    page.goto("/ledgers/assessment_results")
    expect(page.get_by_text("公示中").first).to_be_visible()
    fits(page, axe)


def test_the_one_who_is_assessed_may_read_the_written_report_and_another_may_not(
    assessment: Assessment, as_user: Callable[[str], Visitor]
) -> None:
    for task in assessment.tasks():
        assessment.do(task)
    services = assessment.services
    timer = until(lambda: services.engine.timers(root_key=assessment.root_key), "the publicity period")[0]
    services.clock.set(timer.due_at)
    services.engine.fire_due_timers()
    services.engine.run_awaited_effects()
    until(lambda: services.office.matters.get(assessment.number, actor=SYSTEM).closed_at, "the end")
    query = Query("assessment_results", on=services.office.desk.now().date())
    [entry] = services.office.ledgers.search(query, actor=services.office.accounts.actor("bmfw"), limit=10).items
    for paper in entry.values["files"]:
        assert as_user("org02").get(f"/files/{assessment.number}/{paper['sha256']}").status_code == 200
        assert as_user("bmfw").get(f"/files/{assessment.number}/{paper['sha256']}").status_code == 200
        assert as_user("org04").get(f"/files/{assessment.number}/{paper['sha256']}").status_code == 404


def fits(page: Page, axe: str) -> None:
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
