"""A demo office with one comparison only: every name of an expert that is found somewhere comes from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from engine.model import SYSTEM
from procurement.demo import matters, playing
from procurement.demo.organisations import hand_in_evidence
from procurement.demo.playing import Play
from procurement.demo.registers import load_registers
from procurement.demo.story import Story, stories
from procurement.registers.row import OFFICE_ZONE
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

TITLE = "养老服务中心十项清单检查"
LONGEST = 150  # days until a stop must be reached


class OneComparison:
    """``until(task)`` plays on, day by day, until that task waits; ``decline(n)`` makes the next n experts refuse."""

    def __init__(self, services: Services, story: Story, play: Play) -> None:
        self.services, self.story, self._play = services, story, play

    @property
    def number(self) -> str:
        return self.story.purchase_id

    def until(self, task: str) -> None:
        if self.services.engine.tasks(business_key=self.number or "-", element_id=task, limit=1).items:
            return
        self.story.facts["stop"], self.story.stopped = task, False
        for _ in range(LONGEST):
            day = self.services.clock.now().date()
            self._play.until(dt.datetime.combine(day, dt.time(18), OFFICE_ZONE))
            if self.story.stopped:
                return
            self._forward(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(8), OFFICE_ZONE))
        waiting = [one.element_id for one in self.services.engine.tasks(business_key=self.number, limit=50).items]
        raise AssertionError(f"{task} was not reached within {LONGEST} days; waiting: {waiting}")

    def _forward(self, to: dt.datetime) -> None:
        self.services.engine.advance_clock(to, actor=SYSTEM)


@contextmanager
def one_comparison(database_url: str, file_store: str) -> Iterator[OneComparison]:
    services = compose(Settings.for_demo(database_url, file_store))
    [story] = [one for one in stories() if one.facts["title"] == TITLE]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(playing, "stories", lambda: [story])
        patch.setattr(matters, "matter_stories", list)  # some draw experts of their own
        try:
            services.migrate()
            services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM)
            first = dt.datetime.combine(story.start, dt.time(8), OFFICE_ZONE)
            with services.office.desk.editing(SYSTEM) as session:
                load_registers(session, first)
            services.clock.set(first)
            hand_in_evidence(services.office)

            def forward(to: dt.datetime) -> None:
                if to > services.clock.now():
                    services.engine.advance_clock(to, actor=SYSTEM)

            yield OneComparison(services, story, Play(services.office, services.engine, forward))
        finally:
            services.close()
