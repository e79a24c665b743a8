"""Plays the district's purchases day by day, as the demo plays its own; goes on where it stopped."""

from __future__ import annotations

import datetime as dt
import json
import resource
import time
from pathlib import Path
from random import Random

from sqlalchemy import text

from bench.district.registers import FIRST_DAY, add_district, fill_registers
from bench.district.stories import LEFT_OPEN, district_matters, district_stories
from engine.errors import EngineError
from engine.feel import Feel
from engine.model import SYSTEM, UserTask
from procurement.calendar import extensions
from procurement.demo import drawing
from procurement.demo.answers import Answers
from procurement.demo.ledgers import fill_ledgers
from procurement.demo.playing import MORNING, Play
from procurement.demo.registers import is_loaded
from procurement.demo.story import Story
from procurement.registers.parties import Organisation
from web.composition import Services
from web.public_site import publisher_of
from web.resources import designer_folders, read_resources

LATE = 0.04  # of the tasks wait until after they are due
LATE_DAYS = (1, 6)
FRIDAY = 4  # when people's messages and reminders are made; a worker does it every few seconds
PUNCTUAL = {
    *drawing.SAME_DAY,
    "check_registration",
    "first_check",
    "confirm_application",
    "supplement_application",
}  # bids wait for them
OPEN_FOR = {"record_result": dt.timedelta(days=28)}  # the platform's bids are gathered and judged meanwhile


class DistrictPlay(Play):
    """Somebody is late now and then, and a purchase that cannot go on stands still while the others do."""

    def __init__(self, services: Services, told: list[Story], share: int, seed: int) -> None:
        super().__init__(
            services.office, services.engine, lambda to: _advance(services, to), told, district_matters(told, share, seed)
        )
        self._answers = Answers(Feel(extensions(self._calendar)), LEFT_OPEN)
        self._services, self._seed = services, seed
        self._by_number: dict[str, Story] = {}
        self._not_before: dict[int, dt.date] = {}
        self._nobodys: set[int] = set()
        self.stuck: list[str] = []

    @property
    def begun(self) -> int:
        return sum(1 for story in self._stories if story.purchase_id)

    def on(self, file: Path, until: dt.date, hours: float) -> None:
        """From the day after the last one ``file`` knows."""
        day, began, told_at = self.recall(file), time.monotonic(), time.monotonic()
        before = self.begun
        with self._archives.unprinted():
            while day < until and time.monotonic() - began < hours * 3600:
                day += dt.timedelta(days=1)
                self.day(day)
                self.remember(file, day)
                if time.monotonic() - told_at > 30 or day == until:
                    told_at = time.monotonic()
                    speed = (self.begun - before) / (told_at - began) * 60
                    print(f"{day}  {self.begun} purchases begun, {speed:.1f} a minute, {len(self.stuck)} stuck", flush=True)

    def day(self, day: dt.date) -> None:
        """Everything that happens on one day."""
        self._move_clock(dt.datetime.combine(day, MORNING))
        self._fire_timers()
        if self._calendar.is_working_day(day):
            self._work(day)
            self._engine.run_awaited_effects()
        if day.weekday() == FRIDAY:
            self._tell()

    def _tell(self) -> None:
        """What a worker does beside: people's messages and reminders; there is no mail server."""
        while self._services.messages.tell():
            pass
        while self._services.messages.remind():
            pass

    def _work(self, day: dt.date) -> None:
        for story in self._stories:
            if not story.purchase_id and story.start <= day:
                self._start(story)
                self._by_number[story.purchase_id] = story
        self._try("matters", lambda: self._matters.begin(day))
        for task in self._open_tasks():
            if self._not_before.setdefault(task.key, self._day_of(task, day)) <= day:
                self._try(f"{task.business_key} {task.element_id}", lambda task=task: self._turn(task), task)
        for _ in drawing.SAME_DAY:
            same = [task for task in self._open_tasks() if task.element_id in drawing.SAME_DAY]
            for task in same:
                self._try(f"{task.business_key} {task.element_id}", lambda task=task: self._turn(task), task)
            if not same:
                break
        self._try("outsiders", self._outsiders)

    def _try(self, what: str, act, task: UserTask | None = None) -> None:  # type: ignore[no-untyped-def] # any thunk
        try:
            act()
        except (EngineError, LookupError) as fault:
            self.stuck.append(f"{self._services.clock.now():%Y-%m-%d} {what}: {type(fault).__name__} {fault}")
            print(self.stuck[-1][:400], flush=True)
            if task is not None:
                (self._matters.of(task) or self._story(task)).stopped = True

    def _day_of(self, task: UserTask, today: dt.date) -> dt.date:
        chance = Random(f"{self._seed} {task.business_key} {task.element_id}")
        if task.element_id in OPEN_FOR:
            return today + OPEN_FOR[task.element_id]
        if task.due is None or task.element_id in PUNCTUAL or chance.random() > LATE:
            return today
        return task.due.date() + dt.timedelta(days=chance.randint(*LATE_DAYS))

    def _story(self, task: UserTask) -> Story:
        return self._by_number.get(task.business_key or "") or Story({"stop": ""}, stopped=True)

    def _is_of_a_matter(self, task: UserTask) -> bool:
        if task.root_key not in self._nobodys and self._matters.of(task) is None:
            self._nobodys.add(task.root_key)  # asked once
        return task.root_key not in self._nobodys and super()._is_of_a_matter(task)

    # what the registers do not say about how far a story was told

    def remember(self, file: Path, day: dt.date) -> None:
        told = {s.facts["key"]: [s.purchase_id, sorted(s.applied), sorted(s.bid), s.objected, s.reported, s.stopped, self._files.get(s.purchase_id)] for s in self._stories if s.purchase_id}  # fmt: skip
        kept = file.with_suffix(".new")
        kept.write_text(json.dumps({"day": day.isoformat(), "told": told, "stuck": self.stuck}, ensure_ascii=False))
        kept.replace(file)

    def recall(self, file: Path) -> dt.date:
        """The day that was played last."""
        if not file.exists():
            return FIRST_DAY - dt.timedelta(days=1)
        known = json.loads(file.read_text())
        self.stuck = known["stuck"]
        for story in self._stories:
            if story.facts["key"] in known["told"]:
                number, applied, bid, story.objected, story.reported, story.stopped, reference = known["told"][story.facts["key"]]
                story.purchase_id = story.facts["id"] = number
                story.applied, story.bid = set(applied), set(bid)
                self._files[number], self._by_number[number] = reference, story
        return dt.date.fromisoformat(known["day"])


def prepare(services: Services, organisations: int) -> None:
    """Deployed processes and full registers; nothing when they are there."""
    first = dt.datetime.combine(FIRST_DAY, MORNING)
    with services.office.desk.editing(SYSTEM) as session:
        fresh = not is_loaded(session)
    if not fresh:
        return
    services.clock.set(first)  # type: ignore[attr-defined]
    services.studio.shipping.take_over(read_resources(designer_folders()), note="区的流程和表单")
    with services.office.desk.editing(SYSTEM) as session:
        fill_registers(session, first, organisations)
    fill_ledgers(services.office)


def enlarge(services: Services, organisations: int) -> None:
    """The district's registers beside those of a demo that was played; nothing when they are there."""
    with services.office.desk.editing(SYSTEM) as session:
        if session.get(Organisation, f"org-{organisations:04d}") is None:
            add_district(session, services.clock.now(), organisations)


def generate(services: Services, home: Path, *, share: int, seed: int, until: dt.date, hours: float, organisations: int) -> None:
    """Play until the day or the hours are over; prints how fast."""
    prepare(services, organisations)
    play = DistrictPlay(services, district_stories(share, seed, organisations), share, seed)
    played, used = play.recall(home / "played.json"), (play.begun, time.process_time(), _database_mb(services))
    play.on(home / "played.json", until, hours)
    if begun := play.begun - used[0]:
        spent, grown = time.process_time() - used[1], _database_mb(services) - used[2]
        print(f"since {played}: {begun} purchases, each {spent / begun:.1f} s of this process and {grown / begun:.2f} MB of database, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory at most", flush=True)  # fmt: skip
    while services.office.open_data.publish_due(publisher_of(services.settings)):
        pass


def _database_mb(services: Services) -> float:
    with services.database.engine.connect() as connection:
        return int(connection.execute(text("select pg_database_size(current_database())")).scalar_one()) / 1e6


def _advance(services: Services, to: dt.datetime) -> None:
    if to > services.clock.now():
        services.clock.set(to)  # type: ignore[attr-defined]
