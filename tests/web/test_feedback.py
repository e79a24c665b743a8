"""反映和答复: a resident tells the office something without an account, and reads the answer by its code."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import delete

from engine.model import UserTask
from procurement.accounts.tables import LoginFailures
from tests.web.conftest import Visitor
from tests.web.test_accessibility import complaints
from web.composition import Services

SHOTS = os.environ.get("BIXUAN_SHOTS")  # where to put pictures of the pages
ADDRESS = "/public/feedback"
SAID = {"kind": "service", "title": "送餐晚到一小时", "facts": "连续三天中午一点才送到", "purchase": "", "contact": ""}


@pytest.fixture(autouse=True)
def no_crowd(services: Services) -> Iterator[None]:
    """All tests come from one address; each begins its own day."""
    yield
    with services.database.unit_of_work() as work:
        work.session.execute(delete(LoginFailures).where(LoginFailures.key.like("feedback:%")))
        work.commit()


def code_on(page: str) -> str:
    found = re.search(r'name="code" value="([^"]+)"', page)
    assert found
    return found[1]


def send(visitor: Visitor, **changes: str) -> Any:
    fields = {"code": code_on(visitor.get(ADDRESS).text), **SAID, **changes}
    return visitor.post_form(ADDRESS, fields, page=ADDRESS)


def task_of(services: Services, code: str, element: str) -> UserTask:
    return next(one for one in tasks_of(services, code) if one.element_id == element)


def tasks_of(services: Services, code: str) -> list[UserTask]:
    """Everything to do of the case that began with this code."""
    tasks = services.engine.tasks(state="created", limit=500).items
    return [one for one in tasks if ("intake_code", code) in known(services, one)]


def known(services: Services, task: UserTask) -> set[tuple[str, str]]:
    return {(one.name, str(one.value)) for one in services.engine.variables(task.root_key, limit=None)}


def do(services: Services, login: str, code: str, element: str, **values: Any) -> None:
    task = task_of(services, code, element)
    services.engine.complete_task(task.key, values, actor=services.office.accounts.actor(login))


def test_what_a_resident_sends_is_answered_and_read_by_its_code(services: Services, visitor: Visitor) -> None:
    answer = send(visitor)
    assert answer.status_code == 303
    code = answer.headers["location"].rpartition("code=")[2]
    waiting = visitor.get(answer.headers["location"])
    assert "在办" in waiting.text
    assert "2026-03-09" in waiting.text
    assert waiting.headers["cache-control"] == "no-store"
    do(services, "bmfw", code, "confirm_handler", assigned_handler="service_centre")
    do(services, "bmfw", code, "handle_intake", handle_intake_decision="answer", handle_intake_answer="已改")
    do(services, "bmfw", code, "reply_intake", reply_intake_decision="agree", reply_text="从明天起十一点半送到")
    shown = visitor.get(answer.headers["location"]).text
    assert "已答复" in shown
    assert "从明天起十一点半送到" in shown
    assert SAID["facts"] not in shown


def test_a_double_click_happens_once(services: Services, visitor: Visitor) -> None:
    fields = {"code": code_on(visitor.get(ADDRESS).text), **SAID}
    first = visitor.post_form(ADDRESS, fields, page=ADDRESS)
    again = visitor.post_form(ADDRESS, fields, page=ADDRESS)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    assert len(tasks_of(services, fields["code"])) == 1


def test_bad_input_gets_sentences_and_nothing_is_lost(visitor: Visitor) -> None:
    answer = send(visitor, kind="", title="", purchase="CG-1999-0001", facts="说" * 5001)
    assert answer.status_code == 422
    assert "没有公布过这个编号的采购项目" in answer.text
    assert "说" * 5001 in answer.text


def test_many_from_one_address_must_wait(visitor: Visitor) -> None:
    codes = [send(visitor).status_code for _ in range(6)]
    assert codes == [303] * 5 + [409]
    refused = send(visitor)
    assert refused.status_code == 409
    assert SAID["facts"] in refused.text
    assert "秒" in refused.text


def test_codes_nobody_was_given_open_nothing(visitor: Visitor) -> None:
    for code in ("FK-0000-0000-0000", "LJ-2026-0001", "'; drop table", "FK-0000-0000-000U"):
        answer = visitor.get(f"{ADDRESS}/answer", params={"code": code})
        assert answer.status_code == 404
        assert "没有这个查询编号" in answer.text


def test_the_pages_are_for_everybody_on_a_phone_too(browse: Callable[..., Page], axe: str) -> None:
    for phone in (False, True):
        page = browse(None, phone=phone)
        page.goto(f"{ADDRESS}?purchase=CG-2026-0001")
        assert complaints(page, axe) == []
        photograph(page, f"feedback{'-phone' if phone else ''}")
        page.fill("[name=purchase]", "")
        page.select_option("[name=kind]", "facility")
        page.fill("[name=title]", "<b>扶手松了</b>")
        page.fill("[name=facts]", "三楼的扶手松了")
        page.click("main form button.primary")
        page.wait_for_url("**/answer**")
        assert page.locator("main h2").inner_text() == "<b>扶手松了</b>"
        assert complaints(page, axe) == []
        photograph(page, f"feedback-answer{'-phone' if phone else ''}")


def photograph(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
