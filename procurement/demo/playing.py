"""Plays the demo's purchases through the real processes, day by day, until each stands where its story stops.

Nothing is written past the engine: tasks are completed by the accounts they are open to, organisations apply and bid through
their portal, timers fire because the clock moves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from engine.errors import Conflict, EngineError, NotFound
from engine.facade import ProcessEngine
from engine.feel import Feel
from engine.model import Actor, UserTask
from procurement.calendar import extensions
from procurement.demo import drawing, objecting, opening, scoring, surveying
from procurement.demo.answers import Answers
from procurement.demo.archives import Archives
from procurement.demo.matters import Matters, MatterStory
from procurement.demo.organisations import conditions_of
from procurement.demo.paper import sheet
from procurement.demo.people import People
from procurement.demo.story import ENDED, RUNNING, Story, stories
from procurement.office import Office
from procurement.office.portal import AlreadyApplied
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE

MORNING = dt.time(9, 0, tzinfo=OFFICE_ZONE)
EVERYBODY = 10_000  # accounts, more than an office has


class DemoStuck(EngineError):
    """The demo's purchase {purchase} cannot go on at {task}: {cause}"""


class Play:
    """Plays the demo's own stories, or those it is ``told``."""

    def __init__(
        self,
        office: Office,
        engine: ProcessEngine,
        move_clock: Callable[[dt.datetime], None],
        told: Sequence[Story] | None = None,
        matters: Sequence[MatterStory] | None = None,
    ) -> None:
        self._office = office
        self._engine = engine
        self._move_clock = move_clock
        self._calendar = office.planning.calendar()
        self._answers = Answers(Feel(extensions(self._calendar)))
        self._people = People(office.accounts.search(limit=EVERYBODY))
        self._stories = stories() if told is None else list(told)
        self._files: dict[str, dict[str, Any]] = {}
        self._archives = Archives(office)
        self._matters = Matters(office, engine, self._people, self._stories, matters)

    def until(self, present: dt.datetime) -> None:
        """Play every working day from the clock's own to ``present``."""
        with self._archives.unprinted():
            self._play(present)

    def _play(self, present: dt.datetime) -> None:
        day = self._office.desk.now().date()
        while day <= present.date():
            self._move_clock(dt.datetime.combine(day, MORNING))
            self._fire_timers()
            if self._calendar.is_working_day(day):
                self._work(day)
                self._engine.run_awaited_effects()
            day += dt.timedelta(days=1)
        self._move_clock(present)
        self._fire_timers()

    def _fire_timers(self) -> None:
        while self._engine.fire_due_timers(limit=500):
            pass

    def _work(self, day: dt.date) -> None:
        for story in self._stories:
            if not story.purchase_id and story.start <= day:
                self._start(story)
        self._matters.begin(day)
        for task in self._open_tasks():
            self._turn(task)
        for _ in drawing.SAME_DAY:  # a draw is over within the day it begins
            for task in self._open_tasks():
                if task.element_id in drawing.SAME_DAY:
                    self._turn(task)
        self._outsiders()

    def _start(self, story: Story) -> None:
        facts = story.facts
        actor = self._people.actor(story.initiator)
        purchase = self._office.purchases.start(
            actor=actor,
            title=facts["title"],
            unit=self._people.unit(story.initiator),
            initiator_kind="community" if "community" in actor.groups else "department",
            command_id=f"demo {facts['key']}",
        )
        story.purchase_id = purchase.id
        facts["id"] = purchase.id
        reference = self._office.files.upload([sheet(facts["title"])], "材料.pdf", actor=actor, purchase_id=purchase.id)
        self._files[purchase.id] = reference.as_variable()

    def _open_tasks(self) -> list[UserTask]:
        found = self._engine.tasks(state="created", limit=None).items
        return [task for task in found if not self._story(task).stopped or self._is_of_a_matter(task)]

    def _is_of_a_matter(self, task: UserTask) -> bool:
        story = self._matters.of(task)
        return story is not None and not story.stopped

    def _story(self, task: UserTask) -> Story:
        """A matter the calendar began has no business key, and a purchase that has not begun no number."""
        begun = (s for s in self._stories if s.purchase_id and s.purchase_id == task.business_key)
        return next(begun, Story({"stop": ""}, stopped=True))

    def _turn(self, task: UserTask) -> None:
        """Complete one task that was open in the morning; what it opens is for tomorrow."""
        story = self._story(task)
        if story.stopped:
            matter = self._matters.of(task)
            if matter is not None:
                self._turn_matter(task, matter)
            return
        if task.element_id == story.stop:
            story.stopped = True
            return
        if not self._answers.knows(task.element_id):
            raise DemoStuck(purchase=story.purchase_id, task=task.element_id, cause="the demo has no answer for it")
        actor = self._people.for_task(task, story.initiator)
        if task.element_id == scoring.TASK:
            scoring.score(self._office, story.purchase_id, actor)
            return
        own = story.facts["answers"].get(task.element_id, {})
        if not self._hand_in(task, actor, story.purchase_id, {"p": story.facts, "file": self._files[story.purchase_id]}, own):
            return
        if task.element_id in opening.CEREMONY:
            host = self._people.somebody("procurement_officer")
            opening.hold(self._office, story.purchase_id, host, self._people.actor)

    def _turn_matter(self, task: UserTask, story: MatterStory) -> None:
        if story.stopped or task.element_id == story.stop:
            story.stopped = True
            return
        if not self._answers.knows(task.element_id):
            raise DemoStuck(purchase=story.number, task=task.element_id, cause="the demo has no answer for it")
        actor = self._people.for_task(task, story.by)
        if task.element_id == surveying.TASK:
            surveying.answer(self._office, str(self._engine.task_form(task.key, actor=actor).context["survey"]), actor)
        context = {"p": story.facts, "file": self._matters.file(story)}
        self._hand_in(task, actor, story.number, context, story.answers(task.element_id))

    def _hand_in(self, task: UserTask, actor: Actor, number: str, context: Mapping[str, Any], own: Mapping[str, Any]) -> bool:
        """Complete the task with the usual answers, ``own`` before them; False when another task of this day ended it."""
        needed = self._answers.needs_variables(task.element_id) or self._answers.has_formulas(own)
        seen = self._engine.task_form(task.key, actor=actor).context if needed else {}
        known, now = {**seen, **context}, self._office.desk.now()
        values = self._answers.of(task.element_id, known, now) | self._answers.filled(own, known, now)
        try:
            self._engine.complete_task(task.key, values, actor=actor)
        except Conflict:
            return False
        except EngineError as cause:
            fields = "; ".join(f"{error.path}: {error.message}" for error in getattr(cause, "fields", ()))
            raise DemoStuck(purchase=number, task=task.element_id, cause=f"{cause} {fields}") from cause
        return True

    def _outsiders(self) -> None:
        """Organisations apply and bid where they may; a monitor reports the problem a story tells of."""
        running = {p.id: p for p in self._office.purchases.search(running=True, limit=EVERYBODY).items}
        for story in self._stories:
            purchase = running.get(story.purchase_id)
            if purchase is None or story.stopped:
                continue
            if purchase.step == "selection":
                self._apply(story, purchase)
                self._bid(story, purchase)
                if "objection" in story.facts and not story.objected:
                    story.objected = objecting.objects(self._office, story, self._member(story.facts["objection"]["by"]))
            elif "problem" in story.facts and not story.reported:
                self._report_problem(story, purchase)

    def _apply(self, story: Story, purchase: Purchase) -> None:
        now = self._office.desk.now()
        if purchase.apply_until is None or now > purchase.apply_until or story.applied:
            return
        file = self._files[purchase.id]
        proof = {"note": "见附件", "files": [file]}
        for organisation_id in story.bidders:
            organisation = self._office.parties.organisation(organisation_id)
            application = {
                "legal_representative": organisation.legal_representative,
                "contact": organisation.legal_representative,
                "phone": "028-80000000",
                "conditions": conditions_of(self._office, organisation_id, self._member(organisation_id), proof),
                "files": [file],
                "promise": True,
            }
            with suppress(AlreadyApplied):  # before a load that was killed
                self._office.portal.apply(purchase.id, organisation_id, application, actor=self._member(organisation_id))
            story.applied.add(organisation_id)

    def _bid(self, story: Story, purchase: Purchase) -> None:
        now, amount = self._office.desk.now(), purchase.amount
        if purchase.bid_until is None or now > purchase.bid_until or amount is None or not story.applied:
            return
        for n, organisation_id in enumerate(sorted(story.applied - story.bid)):
            own = self._office.portal.purchase(purchase.id, organisation_id, actor=self._member(organisation_id))
            if (
                own.application is None
                or own.application.status != "confirmed"
                or any(bid.status == "submitted" for bid in own.bids)
            ):
                continue
            price = (amount * (94 + n) / 100).quantize(amount)
            if self._office.sealing.is_sealed(purchase.id):
                opening.submit(self._office, purchase.id, organisation_id, price, self._member(organisation_id))
                story.bid.add(organisation_id)
                continue
            self._office.portal.submit_bid(
                purchase.id,
                organisation_id,
                price=price,
                files=[self._sealed(purchase.id, organisation_id)],
                note="方案见附件",
                actor=self._member(organisation_id),
            )
            story.bid.add(organisation_id)

    def _sealed(self, purchase_id: str, organisation_id: str) -> dict[str, Any]:
        reference = self._office.files.upload(
            [sheet(f"{purchase_id} {organisation_id}")],
            "参选文件.pdf",
            actor=self._member(organisation_id),
            purchase_id=purchase_id,
            party=f"organisation:{organisation_id}",
            visibility="sealed",
        )
        return reference.as_variable()

    def _report_problem(self, story: Story, purchase: Purchase) -> None:
        found_on = self._office.desk.now().date().isoformat()
        problem = {**story.facts["problem"], "found_on": found_on, "files": [self._files[purchase.id]]}
        with suppress(NotFound):  # the contract runs, but its plan is not approved yet
            self._engine.correlate_message(
                "problem_found", purchase.id, {"problem": problem}, actor=self._people.somebody("procurement_officer")
            )
            story.reported = True

    def _member(self, organisation_id: str) -> Actor:
        return self._people.somebody(f"organisation:{organisation_id}")

    def unfinished(self) -> list[str]:
        """Stories that are not where they should be, for the tests."""
        ended = {p.id for p in self._office.purchases.search(running=False, limit=500).items}
        purchases = [
            s.facts["key"]
            for s in self._stories
            if not (s.stopped or s.stop == RUNNING or (s.stop == ENDED and s.purchase_id in ended))
        ]
        return purchases + self._matters.unfinished()
