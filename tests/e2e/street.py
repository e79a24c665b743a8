"""A street office where nothing has happened yet, served for real: walks through supervision begin here, without the demo's history.

``Street`` is the StreetOffice of tests.support.purchases on the served application: what a walk is not about goes through the
engine, what it is about is clicked. ``settled`` makes one.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from engine.facade import DemoClock
from engine.feel import Feel
from engine.forms.values import option_text
from engine.model import SYSTEM, Actor, UserTask
from procurement.calendar import extensions
from procurement.demo.answers import Answers
from procurement.demo.ledgers import fill_ledgers
from procurement.demo.registers import load_registers
from procurement.effects import effects
from tests.e2e.filling import fill
from tests.e2e.looking import fits_and_is_accessible, keep
from tests.e2e.people import People
from tests.e2e.walk import typed_values
from tests.support.purchases import MORNING, Situation, StreetOffice
from tests.support.serving import served, until
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

OFFLINE = "ERR_INTERNET_DISCONNECTED"  # what Chromium says while a walk takes the network away
SHOTS = os.environ.get("WALK_SHOTS")  # a folder for pictures of everything the walks look at


class MovedClock:
    """The demo's clock with the handle StreetOffice turns."""

    def __init__(self, clock: DemoClock) -> None:
        self._clock = clock

    def now(self) -> dt.datetime:
        return self._clock.now()

    @property
    def moment(self) -> dt.datetime:
        return self._clock.now()

    @moment.setter
    def moment(self, to: dt.datetime) -> None:
        self._clock.set(to)


class Street(StreetOffice):
    """``people`` are the browsers of its people; set once it is served."""

    people: People

    def __init__(self, services: Services) -> None:
        self.services, self.situation = services, Situation()
        self.engine, self.office, self.database = services.engine, services.office, services.database
        self.clock = MovedClock(services.clock)
        self.users = services.office.accounts.search(limit=1000)
        self._answers = Answers(Feel(extensions(services.calendar)))
        self.last_command = {}

    def _let_time_pass(self) -> None:
        """The worker of the served office may do what is due between two looks at the case."""
        try:
            super()._let_time_pass()
        except AssertionError:
            stuck = self.engine.incidents(root_key=self.root_key).items
            if stuck or not (self.open_tasks() or self.timers() or self._has_ended()):
                raise

    def _has_ended(self) -> bool:
        return self.engine.instance(self.root_key).state in ("completed", "terminated")

    # in the browser

    def begin(self, login: str, name: str, subject: str = "") -> Page:
        """From the list of matters to the first form; from here on the walk is about this matter."""
        page = self.people.page(login)
        page.goto("/matters")
        page.get_by_role("link", name="发起事项").click()
        page.get_by_role("link", name=name, exact=True).click()
        return self.confirm(page, subject)

    def begin_here(self, page: Page, name: str) -> Page:
        """From the page of the contract, organisation or purchase it is about."""
        page.get_by_role("link", name="发起事项").click()
        page.get_by_role("link", name=name, exact=True).click()
        return self.confirm(page)

    def confirm(self, page: Page, subject: str = "") -> Page:
        if subject:
            page.select_option("[name=subject]", subject)
        page.locator("main form").get_by_role("button", name="发起", exact=True).click()
        page.wait_for_url(re.compile(r"/tasks/\d+"))
        task = self.engine.task(int(page.url.rpartition("/")[2]))
        self.situation.case_key = task.root_key
        return page

    def person_of_contract(self) -> str:
        """The login of the organisation that has the contract of the purchase."""
        organisation = self.office.contracts.card(str(self.purchase.contract_id), actor=SYSTEM).organisation.id
        return self._somebody(f"organisation:{organisation}").user_id

    def task(self, name: str, who: Actor | None = None) -> UserTask:
        """The worker of the served office may still be about to open it."""
        until(lambda: self.open_tasks(name), f"“{name}” to be open")
        return super().task(name, who)

    def look_at_purchase(self) -> None:
        """From here on the walk is about the purchase again."""
        self.situation.case_key = 0

    def open(self, login: str, name: str, *, phone: bool = False) -> Page:
        """The task called ``name``, from the inbox of whoever it waits for."""
        task = self.task(name, self._login(login))
        page = self.people.new_page(login, phone=phone) if phone else self.people.page(login)
        page.goto(f"/inbox?step={task.element_id}")
        page.locator(f"a[href='/tasks/{task.key}']").first.click()
        page.locator("#task-form").wait_for()
        return page

    def hand_in(self, page: Page, changes: Mapping[str, Any] | None = None) -> None:
        """Fill in the open form as the demo's people do, with ``changes`` by key, and submit it."""
        task = self.engine.task(int(re.findall(r"/tasks/(\d+)", page.url)[0]))
        values = self.usual(task, changes)
        fill(page, values)
        while lost := unchosen(page, values):  # an answer of the server to the choice before came in between
            fill(page, lost)
        page.get_by_role("button", name="提交", exact=True).click()
        page.locator(".note[role]").first.wait_for()
        expect(page.locator("main")).to_contain_text(f"您已办结“{task.name}”")
        self.engine.run_awaited_effects()

    def usual(self, task: UserTask, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What is typed into the form on an ordinary day."""
        actor = self.worker_of(task)
        sheet = self.open_sheet(task, actor)
        checked = sheet.form.validate({**sheet.values, **(changes or {})}, sheet.context, None, now=self.clock.now())
        assert not checked.errors, (task.element_id, checked.errors)
        return typed_values(sheet.form, checked.values)

    def do_in_browser(self, login: str, name: str, changes: Mapping[str, Any] | None = None) -> Page:
        page = self.open(login, name)
        self.hand_in(page, changes)
        return page

    # looking

    def see(self, login: str, address: str, name: str, shown: Callable[[Page], None] | None = None, *, kept: str = "") -> None:
        """The page on a desk and on a phone: it shows what it should, is accessible, fits, and is photographed when asked.

        ``kept``: as what it stands in docs/images.
        """
        for phone in (False, True):
            page = self.people.new_page(login, phone=phone)
            page.goto(address)
            if shown is not None:
                shown(page)
            self.look(page, name, phone=phone)
            if kept and not phone:
                self.keep(page, kept)
            page.close()

    def look(self, page: Page, name: str, *, phone: bool = False) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(SHOTS) / f"{name}{'-phone' if phone else ''}.png", full_page=True)
        fits_and_is_accessible(page, phone=phone)
        assert not (left := raw_words(page)), left

    def keep(self, page: Page, name: str, *, phone: bool = False) -> None:
        """A picture for docs/images."""
        keep(page, name, phone=phone)


# where words should be: a key with an underscore, or a code in small Latin letters; kinds of files are known words
RAW = re.compile(r"(?<![\w/.@-])[a-z]+(?:_[a-z0-9]+)+(?![\w/.@-])|(?<![\w/.@-])[a-z]{4,}(?![\w/.@…-])")
FILES = {"xlsx", "docx", "jpeg"}
# sources are left out: the documentation of an element names the parameters it reads
WORDS = """() => { const copy = document.querySelector('main').cloneNode(true);
    copy.querySelectorAll('.soft, .why, .rule-row, code, script, noscript, style, template').forEach(one => one.remove());
    return [...copy.querySelectorAll('*')].flatMap(one => [...one.childNodes].filter(n => n.nodeType === 3).map(n => n.data)).join(' ') }"""


def raw_words(page: Page) -> list[str]:
    """Keys shown where a person expects words."""
    return sorted(set(RAW.findall(page.evaluate(WORDS))) - FILES)


def unchosen(page: Page, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of lists to choose from that do not stand in the form."""
    chosen = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('#task-form select')].map(e => [e.name, e.value]))"
    )
    return {
        key: value for key, value in values.items() if key in chosen and value is not None and chosen[key] != option_text(value)
    }


@contextmanager
def settled(url: str, files: str, browser: Browser, prepare: Callable[[Street], None] | None = None) -> Iterator[Street]:
    """``prepare`` plays what should have happened before anybody opens a browser."""
    services = compose(Settings.for_demo(url, files))
    try:
        services.migrate()
        services.engine.take_on(effects(services.office.desk, printed=False))  # a PDF takes seconds
        services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="街道的流程和表单")
        services.clock.set(MORNING)  # type: ignore[attr-defined]
        with services.office.desk.editing(SYSTEM) as session:
            load_registers(session, MORNING)
        fill_ledgers(services.office)
        street = Street(services)
        if prepare is not None:
            prepare(street)
        with served(services) as address, People(browser, address) as people:
            street.people = people
            yield street
            said = [text for text in people.complaints if OFFLINE not in text]
            assert not said, said
    finally:
        services.close()
