"""A demo-like street office in a real database, and the purchases people take through it.

``Offices``       makes offices; the first one migrates, deploys and loads the registers, later ones begin with what it stored.
``StreetOffice``  one office with its clock: start a purchase, do a task as somebody, let the rest go on as usual.

A situation many scenarios begin with (three applications confirmed, publicity running …) is played once and kept as well.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from obstore.store import MemoryStore

from engine.errors import EngineError
from engine.facade import Database, ProcessEngine
from engine.feel import Feel
from engine.model import SYSTEM, Actor, CommandResult, Resource, Timer, UserTask
from procurement.accounts.roles import ROLES as LABELS
from procurement.accounts.tables import User
from procurement.accounts.users import actor_of
from procurement.calendar import extensions
from procurement.demo import opening, scoring
from procurement.demo.answers import Answers
from procurement.demo.paper import sheet
from procurement.demo.registers import load_registers
from procurement.effects import EFFECTS, effects
from procurement.files import FileStore
from procurement.office import Office
from procurement.operations import OPERATIONS
from procurement.registers.matters import Matter
from procurement.registers.migration import migrate
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE
from tests.support.filling import Row, Sheet
from tests.support.office_calendar import office_calendar
from tests.support.snapshots import Snapshot, restore, take

HOME = Path(__file__).parents[2]
MORNING = dt.datetime(2026, 3, 2, 9, 0, tzinfo=OFFICE_ZONE)  # a Monday without holidays nearby
STEPS_AT_MOST = 600
ORDINARY = {
    "title": "居家养老上门服务",
    "by": "ylfw",
    "code": "B0302",
    "budget": "2081002",
    "estimate": Decimal(48000),
    "group": "失能半失能老人",
    "count": 210,
    "source": "department",
    "community": None,
    "excluded": "",
    "agency": "agy-01",
    "staged": False,
    "months": 12,
    "field": "elderly",
    "bidders": ["org-02", "org-04", "org-01"],
}
ROLES = {
    "便民服务中心": "service_centre",
    "财政所": "finance",
    "采购经办": "procurement_officer",
    "党工委秘书": "committee_secretary",
    "纪检": "discipline",
    "审计": "auditor",
    "区指导中心": "district_centre",
    "业务部门": "department",
}
CONDITIONS = ("independent", "governance", "finance", "capability", "tax_social", "record", "other")
# words for a wait nobody has a task in: the event the case waits for
WAITS = {
    "受理报名": "window_closed",
    "递交参选文件": "bids_closed",
    "公示": "publicity_over",
    "履行合同": "report_opens",
    "末期时点": "final_due",
    "中期时点": "midterm_due",
}


@dataclass
class HandClock:
    """Stands still until somebody moves it."""

    moment: dt.datetime = MORNING

    def now(self) -> dt.datetime:
        return self.moment


def designer_files() -> list[Resource]:
    """Everything in processes/ and forms/."""
    kinds = {".bpmn", ".dmn", ".form"}
    found = [p for top in ("processes", "forms") for p in sorted((HOME / top).rglob("*")) if p.suffix in kinds]
    return [Resource(p.relative_to(HOME).as_posix(), p.read_bytes()) for p in found]


@dataclass
class Situation:
    """What an office has to know of the one it takes up again."""

    moment: dt.datetime = MORNING
    facts: dict[str, Any] = field(default_factory=lambda: dict(ORDINARY))
    purchase_id: str = ""
    file: dict[str, Any] = field(default_factory=dict)
    case_key: int = 0  # the case a scenario is about when it is no purchase


class Offices:
    """All offices live in one database, one after the other: close one before you ask for the next.

    ``new_database`` is the fixture of tests.support.postgres.
    """

    def __init__(self, new_database: Callable[..., str]) -> None:
        self._url = new_database()
        self._kept: dict[str, tuple[Snapshot, Situation]] = {}
        self.files = FileStore(MemoryStore())
        self.first: StreetOffice | None = None

    def fresh(self) -> StreetOffice:
        """An office with full registers and no purchase."""
        return self._again("", self._build)

    def situation(
        self, name: str, play: Callable[[StreetOffice], None], begin: Callable[[], StreetOffice] | None = None
    ) -> StreetOffice:
        """An office as ``play`` left it; played at the first request only, from where ``begin`` (or nothing) had brought it."""

        def build() -> StreetOffice:
            office = (begin or self.fresh)()
            play(office)
            return office

        return self._again(name, build)

    def _again(self, name: str, build: Callable[[], StreetOffice]) -> StreetOffice:
        if name not in self._kept:
            built = build()
            built.close()
            self._kept[name] = take(self._url), built.situation
        snapshot, known = self._kept[name]
        restore(self._url, snapshot)
        return StreetOffice(self, self._url, dataclasses.replace(known, facts=dict(known.facts)))

    def _build(self) -> StreetOffice:
        office = StreetOffice(self, self._url, Situation())
        office.database.migrate()
        migrate(office.database)
        with office.office.desk.editing(Actor("demo", system=True)) as session:
            load_registers(session, MORNING)
        office.engine.deploy(designer_files(), actor=SYSTEM)
        office.users  # noqa: B018 - read once, the same in all offices
        self.first = office
        return office


class StreetOffice:
    """One office and the purchase a scenario is about."""

    def __init__(self, offices: Offices, url: str, situation: Situation) -> None:
        self.url, self.situation, self._offices = url, situation, offices
        self.clock = HandClock(situation.moment)
        self.database = Database(url, pool_size=2)
        first = offices.first
        self._feel = first._feel if first else Feel(extensions(office_calendar()))
        self.engine = ProcessEngine(self.database, clock=self.clock, feel=self._feel, operations=OPERATIONS, effects=EFFECTS)
        if first:  # keys are the same in every office, so what they stand for need not be read again
            workshop = self.engine._workshop
            self.engine._workshop = dataclasses.replace(workshop, catalogue=first.engine._workshop.catalogue)
        self.office = Office(self.database, self.engine, offices.files, self.clock, demo=True)
        self.engine.take_on(effects(self.office.desk, printed=False, counted=self.office.reports.of_year))  # a PDF takes seconds
        self._answers = first._answers if first else Answers(self._feel)
        self.last_command: dict[str, Any] = {}

    def close(self) -> None:
        self.situation.moment = self.clock.moment
        self.database.dispose()

    # who

    @cached_property
    def users(self) -> Sequence[User]:
        return self._offices.first.users if self._offices.first else self.office.accounts.search(limit=1000)

    def person(self, word: str) -> Actor:
        """Somebody by role, unit, organisation or name."""
        if word == "发起单位":
            return self._login(self.situation.facts["by"])
        if word == "第三方支持机构":
            return self._somebody(f"agency:{self.situation.facts['agency']}")
        if word in ROLES:
            return self._somebody(ROLES[word])
        for user in self.users:
            if word in (user.name, user.unit):
                return actor_of(user)
        for role, label in LABELS.items():
            if word == label:
                return self._somebody(role)
        raise LookupError(f"这个街道没有“{word}”")

    def party_id(self, name: str) -> str:
        """Of an organisation or of an agency."""
        parties = [*self.office.parties.organisations(), *self.office.parties.agencies()]
        return next(one.id for one in parties if one.name == name)

    def organisation_id(self, name: str) -> str:
        return next(o.id for o in self.office.parties.organisations() if o.name == name)

    def _login(self, login: str) -> Actor:
        return next(actor_of(user) for user in self.users if user.login == login)

    def _somebody(self, group: str) -> Actor:
        return next(actor for actor in map(actor_of, self.users) if group in actor.groups)

    def worker_of(self, task: UserTask) -> Actor:
        """Who does the task on an ordinary day: whose it is, the initiator, or the first who may."""
        if task.assignee is not None:
            return self._login(task.assignee)
        initiator = self.person("发起单位")
        actors = [initiator, *map(actor_of, self.users)]
        return next(actor for actor in actors if actor.is_candidate(task))

    # the purchase

    def start(self, command_id: str | None = None, proposal_id: int | None = None) -> Purchase:
        facts = self.situation.facts
        initiator = self.person("发起单位")
        unit = next(user.unit for user in self.users if user.login == facts["by"])
        purchase = self.office.purchases.start(
            actor=initiator,
            title=facts["title"],
            unit=unit,
            initiator_kind="community" if "community" in initiator.groups else "department",
            community=facts["community"] or "",
            proposal_id=proposal_id,
            command_id=command_id,
        )
        reference = self.office.files.upload([sheet(facts["title"])], "材料.pdf", actor=initiator, purchase_id=purchase.id)
        self.situation.purchase_id, facts["id"] = purchase.id, purchase.id
        self.situation.file = reference.as_variable()
        return purchase

    def begin_matter(self, name: str, who: str, subject: str = "") -> Matter:
        """From here on the scenario is about this matter."""
        actor = self.person(who)
        known = self.office.matters.startable(actor)
        one = next((one for one in known if one.name == name), None)
        if one is None:
            raise AssertionError(f"{who}不能发起“{name}”，能发起的有 {[one.name for one in known]}")
        matter = self.office.matters.start(one.process_id, subject, actor=actor, command_id=self._command_id())
        self._follow(matter, actor)
        return matter

    def follow_matter(self, name: str) -> None:
        """The newest matter of that process, begun by the calendar or by a message."""
        self.engine.fire_due_timers()
        page = self.office.matters.search(actor=self._somebody("auditor"), limit=50)
        running = [one for one in page.items if self.engine.instance(one.process_key).process_name == name]
        if not running:
            raise AssertionError(f"没有开始“{name}”")
        self._follow(running[0], self._somebody("procurement_officer"))

    def _follow(self, matter: Matter, actor: Actor) -> None:
        assert matter.process_key is not None
        self.situation.case_key = matter.process_key
        if not self.situation.file:
            reference = self.office.files.upload([sheet(matter.title)], "材料.pdf", actor=actor, purchase_id=matter.purchase_id)
            self.situation.file = reference.as_variable()

    @property
    def purchase(self) -> Purchase:
        return self.office.purchases.get(self.situation.purchase_id)

    @property
    def root_key(self) -> int:
        if self.situation.case_key:
            return self.situation.case_key
        key = self.purchase.process_key
        assert key is not None
        return key

    def dossier(self) -> Any:
        return self.office.purchases.dossier(self.situation.purchase_id)

    def variable(self, name: str) -> Any:
        """The newest value of a variable anywhere in the case."""
        found = self.engine.variables(self.root_key, name=name).items
        return found[-1].value if found else None

    # tasks

    def open_tasks(self, name: str = "") -> list[UserTask]:
        """Open tasks by the name people see: of the purchase and all its cases, or of the case the scenario is about."""
        here: dict[str, Any] = {"root_key": self.situation.case_key} if self.situation.case_key else {}
        here = here or {"business_key": self.situation.purchase_id}
        tasks = self.engine.tasks(**here, state="created", limit=None, order="key").items
        return [task for task in tasks if not name or task.name == name]

    def task(self, name: str, who: Actor | None = None) -> UserTask:
        """The open task of that name; the one ``who`` may do, if it is open to several."""
        tasks = self.open_tasks(name)
        if not tasks:
            raise AssertionError(f"没有“{name}”要办，要办的有 {[task.name for task in self.open_tasks()]}")
        return next((task for task in tasks if who and who.may_work_on(task)), tasks[0])

    def open_sheet(self, task: UserTask, who: Actor) -> Sheet:
        """The task's form as ``who`` would usually fill it in."""
        form = self.engine.task_form(task.key, actor=who)
        context = {**form.context, "p": self.situation.facts, "file": self.situation.file}
        values = self._answers.of(task.element_id, context, self.clock.now()) if self._answers.knows(task.element_id) else {}
        return Sheet(form.form, form.context, values, self.clock.now(), self.situation.file)

    def page(self, task: UserTask, who: Actor) -> str:
        """What ``who`` reads on opening the task."""
        form = self.engine.task_form(task.key, actor=who)
        return Sheet(form.form, form.context, dict(form.values), self.clock.now(), self.situation.file).text()

    def do(
        self,
        name: str,
        who: str = "",
        written: Mapping[str, str] | None = None,
        rows: Mapping[str, Sequence[Row]] | None = None,
    ) -> CommandResult:
        """Complete the task called ``name``; what is not ``written`` is filled in as usual."""
        actor = self.person(who) if who else None
        task = self.task(name, actor)
        actor = actor or self.worker_of(task)
        sheet_ = self.open_sheet(task, actor)
        for label, of in (rows or {}).items():
            sheet_.write_rows(label, of)
        for label, words in (written or {}).items():
            sheet_.write(label, words)
        return self.complete(task, sheet_.values, actor)

    def complete(self, task: UserTask, values: Mapping[str, Any], actor: Actor) -> CommandResult:
        self.last_command = {"task_key": task.key, "values": values, "actor": actor, "command_id": self._command_id()}
        answer = self.engine.complete_task(**self.last_command)
        self.engine.run_awaited_effects()
        return answer

    def send_again(self) -> CommandResult:
        """The very command that was sent last, as a double click does."""
        return self.engine.complete_task(**self.last_command)

    def _command_id(self) -> str:
        return secrets.token_hex(8)

    def message(self, name: str, variables: Mapping[str, Any], who: str) -> Any:
        return self.engine.publish_message(name, self.situation.purchase_id, variables, actor=self.person(who))

    # time

    def timers(self) -> list[Timer]:
        return self.engine.timers(self.root_key)

    def waits_for(self, element_id: str) -> bool:
        return any(timer.element_id == element_id for timer in self.timers())

    def move_to(self, moment: dt.datetime) -> None:
        """Live through the time in between: whatever is due happens at its own moment."""
        while due := [timer.due_at for timer in self.timers() if timer.due_at <= moment]:
            self.clock.moment = max(self.clock.moment, min(due))
            if not self.engine.fire_due_timers():
                break
            self.engine.run_awaited_effects()
        self.clock.moment = max(self.clock.moment, moment)

    # going on as usual

    def go_on(self, until: str = "") -> None:
        """Everybody does their work as usual until ``until`` is to be done (a task, or a wait), or to the end of the case."""
        wait = WAITS.get(until)
        for _ in range(STEPS_AT_MOST):
            tasks = self.open_tasks()
            if any(task.name == until for task in tasks):
                return
            if self.engine.instance(self.root_key).state in ("completed", "terminated"):
                break
            if tasks:
                self._do_usual(tasks[0])
                continue
            if wait and self.waits_for(wait):
                return
            self._let_time_pass()
        if until:
            raise AssertionError(
                f"没有走到“{until}”，要办的有 {[task.name for task in self.open_tasks()]}，状态 {self.purchase.status}"
            )

    def _do_usual(self, task: UserTask) -> None:
        actor = self.worker_of(task)
        if task.element_id == scoring.TASK:
            scoring.score(self.office, self.situation.purchase_id, actor)
            return
        self.complete(task, self.open_sheet(task, actor).values, actor)
        if task.element_id in opening.CEREMONY:
            self.hold_opening()

    def hold_opening(self) -> None:
        """Key holders come until there are enough, and every bid is opened."""
        opening.hold(self.office, self.situation.purchase_id, self.person("采购经办"), self._login)

    def _let_time_pass(self) -> None:
        if self.waits_for("window_closed") and not self.dossier().applications:
            for organisation_id in self.situation.facts["bidders"]:
                self.apply(organisation_id)
            return
        if self.waits_for("bids_closed") and not self.dossier().bids:
            amount = self.purchase.amount or Decimal(0)
            admitted = [a for a in self.dossier().applications if a.status == "confirmed"]
            for n, application in enumerate(admitted):
                self.bid(application.organisation_id, (amount * (94 + n) / 100).quantize(Decimal("0.01")))
        timers = self.timers()
        incidents = self.engine.incidents(root_key=self.root_key).items
        if not timers or incidents:
            raise AssertionError(f"事情停住了：{[incident.message for incident in incidents]}")
        self.move_to(timers[0].due_at)

    # outsiders

    def apply(self, organisation_id: str, missing: Iterable[str] = ()) -> None:
        proof = {"note": "见附件", "files": [self.situation.file]}
        organisation = self.office.parties.organisation(organisation_id)
        application = {
            "legal_representative": organisation.legal_representative,
            "contact": organisation.legal_representative,
            "phone": "028-80000000",
            "conditions": {name: proof for name in CONDITIONS if name not in set(missing)},
            "files": [self.situation.file],
            "promise": True,
        }
        actor = self._somebody(f"organisation:{organisation_id}")
        self.office.portal.apply(self.situation.purchase_id, organisation_id, application, actor=actor)

    def bid(self, organisation_id: str, price: Decimal) -> Any:
        actor = self._somebody(f"organisation:{organisation_id}")
        if self.office.sealing.is_sealed(self.situation.purchase_id):
            return opening.submit(self.office, self.situation.purchase_id, organisation_id, price, actor).receipt
        return self.office.portal.submit_bid(
            self.situation.purchase_id, organisation_id, price=price, files=[self.situation.file], actor=actor
        )


__all__ = ["MORNING", "ORDINARY", "WAITS", "EngineError", "Offices", "Situation", "StreetOffice"]
