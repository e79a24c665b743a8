"""Intake, grants, incubation, programmes, small projects and entry in the browser: every form opens, fits a phone and has no complaint."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from engine.feel import Feel
from procurement.calendar import extensions
from procurement.demo.answers import Answers
from procurement.demo.paper import sheet
from procurement.demo.people import People
from tests.web.test_accessibility import complaints
from web.composition import Services

SHOTS = os.environ.get("BIXUAN_SHOTS")  # where to put pictures of the pages
STARTED = [
    ("intake", "bmfw", "", 4),
    ("venture_grant", "bmfw", "", 1),
    ("incubation", "bmfw", "", 2),
    ("capability_report", "org02", "org-02", 2),
    ("programme_plan", "bmfw", "", 2),
    ("small_project", "wqsq", "", 1),
    ("service_menu", "bmfw", "", 2),
    ("off_system_purchase", "czs", "", 3),
    ("community_entry", "zhzf", "", 3),
]


class Begun:
    """A matter, worked on as the people of the demo answer."""

    def __init__(self, services: Services, process_id: str, login: str, subject: str) -> None:
        self.services, self.login, office = services, login, services.office
        self._answers = Answers(Feel(extensions(office.planning.calendar())))
        self.people = People(office.accounts.search(limit=1000))
        actor = self.people.actor(login)
        matter = office.matters.start(process_id, subject, actor=actor, command_id=f"walk {process_id}")
        self.root_key = matter.process_key
        self.file = office.files.upload([sheet("材料")], "材料.pdf", actor=actor).as_variable()

    def task(self) -> Any:
        return self.services.engine.tasks(root_key=self.root_key, state="created").items[0]

    def do(self, task: Any) -> None:
        actor = self.people.for_task(task, self.login)
        context = {**self.services.engine.task_form(task.key, actor=actor).context, "p": {}, "file": self.file}
        values = self._answers.of(task.element_id, context, self.services.office.desk.now())
        self.services.engine.complete_task(task.key, values, actor=actor)


@pytest.mark.parametrize(("process_id", "login", "subject", "forms"), STARTED, ids=[one[0] for one in STARTED])
def test_every_form_of_a_matter_opens_on_a_desk_and_on_a_phone(
    services: Services, browse: Callable[..., Page], axe: str, process_id: str, login: str, subject: str, forms: int
) -> None:
    begun = Begun(services, process_id, login, subject)
    for _ in range(forms):
        task = begun.task()
        who = begun.people.for_task(task, login).user_id
        for phone in (False, True):
            page = browse(who, phone=phone)
            page.goto(f"/tasks/{task.key}")
            assert task.name in page.locator("h1").inner_text()
            assert complaints(page, axe) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
            if SHOTS:
                page.screenshot(path=str(Path(SHOTS) / f"{task.element_id}{'-phone' if phone else ''}.png"), full_page=True)
        begun.do(task)
