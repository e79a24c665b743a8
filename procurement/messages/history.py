"""What happened in the cases, told to those it concerns. Read from the history, so that no diagram has to say it.

Every message has the same ``source`` however often an entry is read, so reading again tells nobody twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.facade import ProcessEngine
from engine.model import HistoryEntry, UserTask
from procurement.accounts.tables import User
from procurement.messages.telling import tell
from procurement.messages.wording import CODES, said
from procurement.registers.comparison import NO_LONGER, Application, Objection
from procurement.registers.publicity import Appeal
from procurement.registers.purchases import Purchase

Teller = Callable[["Scene", HistoryEntry], int]
OPERATORS = ("operator", "admin")
FINAL = ("late", "confirmed", "refused")  # what becomes of an application; the agency's own check is not the last word
PUBLIC = "/public/notices/"


@dataclass(frozen=True)
class Scene:
    """What a teller works with. ``session`` commits with the position in the history."""

    session: Session
    engine: ProcessEngine

    def purchase(self, number: str) -> Purchase | None:
        return self.session.get(Purchase, number) if number else None

    def number_of(self, entry: HistoryEntry) -> str:
        return self.engine.instance(entry.root_key).business_key

    def applicants(self, number: str) -> list[str]:
        """The party groups of the organisations that take part."""
        query = select(Application.organisation_id).where(Application.purchase_id == number, Application.status.not_in(NO_LONGER))
        return sorted({f"organisation:{one}" for one in self.session.scalars(query)})

    def say(
        self,
        words: str,
        kind: str,
        to: Collection[str],
        link: str,
        source: str,
        at: dt.datetime,
        *,
        number: str,
        but: Collection[str] = (),
        urgent: bool = False,
        values: Mapping[str, Any] | None = None,
    ) -> int:
        """Tell ``to``; the purchase's title and number are added to ``values``."""
        purchase = self.purchase(number)
        known = {"title": purchase.title if purchase else number, "number": number, **(values or {})}
        subject, text = said(words, known, "zh_Hans")
        return tell(
            self.session,
            to=to,
            kind=kind,
            subject=subject,
            text=text,
            link=link,
            purchase_id=number or None,
            at=at,
            source=source,
            but=but,
            urgent=urgent,
            words=words,
            values=known,
        )


def due_text(due: dt.datetime | None) -> str:
    return f"{due:%Y-%m-%d %H:%M}" if due else ""


def holders(task: UserTask) -> list[str]:
    """Whom a task waits for: logins and groups."""
    return [task.assignee] if task.assignee else [*task.candidate_groups, *task.candidate_users]


def open_task(engine: ProcessEngine, key: int) -> UserTask | None:
    """None once it is done: nobody needs to be told of it any more."""
    try:
        task = engine.task(key)
    except NotFound:
        return None
    return task if task.state == "created" else None


def _task_created(scene: Scene, entry: HistoryEntry) -> int:
    task = open_task(scene.engine, entry.element_key)
    if task is None or task.assignee != entry.data.get("assignee"):  # somebody has taken it, or got it, since
        return 0
    values = {"task": task.name, "due": due_text(task.due)}
    source, link = f"task:{task.key}", f"/tasks/{task.key}"
    but = (entry.actor,)  # they see it on their own page already
    return scene.say(
        "task_created", "task", holders(task), link, source, entry.at, number=task.business_key, but=but, values=values
    )


def _task_assigned(scene: Scene, entry: HistoryEntry) -> int:
    task, assignee = open_task(scene.engine, entry.element_key), entry.data.get("assignee")
    if task is None or not assignee or task.assignee != assignee or assignee == entry.actor:
        return 0
    values = {"task": task.name, "due": due_text(task.due)}
    source, link = f"assigned:{entry.root_key}:{entry.seq}", f"/tasks/{task.key}"
    return scene.say("task_assigned", "task", [assignee], link, source, entry.at, number=task.business_key, values=values)


def _task_returned(scene: Scene, entry: HistoryEntry) -> int:
    number = scene.number_of(entry)
    purchase = scene.purchase(number)
    if purchase is None:
        return 0
    source, link = f"returned:{entry.root_key}:{entry.seq}", f"/purchases/{number}"
    name = str(entry.data.get("name", ""))
    to, but = [purchase.initiator], (entry.actor,)
    return scene.say("task_returned", "case", to, link, source, entry.at, number=number, but=but, values={"task": name})


def _incident(scene: Scene, entry: HistoryEntry) -> int:
    """One message an hour for each place: a cause that stops a thousand cases is one cause."""
    number, instance = scene.number_of(entry), scene.engine.instance(entry.instance_key)
    source = f"incident:{instance.process_id}:{entry.element_id}:{entry.data.get('kind')}:{entry.at:%Y-%m-%dT%H}"
    place = f"{instance.process_id} / {entry.element_id}"
    return scene.say("incident", "incident", OPERATORS, "/incidents", source, entry.at, number=number, values={"element": place})


def _operation(scene: Scene, entry: HistoryEntry) -> int:
    teller = OPERATIONS.get(str(entry.data.get("operation")))
    return teller(scene, entry) if teller else 0


def _purchase_recorded(scene: Scene, entry: HistoryEntry) -> int:
    status, number = entry.data["inputs"].get("status"), _number(scene, entry)
    purchase = scene.purchase(number)
    if purchase is None or status not in CODES["status"]:
        return 0
    source, link = f"status:{number}:{status}", f"/purchases/{number}"
    to, but = [purchase.initiator], (entry.actor,)
    return scene.say("case_moved", "case", to, link, source, entry.at, number=number, but=but, values={"status": status})


def _notice_published(scene: Scene, entry: HistoryEntry) -> int:
    inputs, output, number = entry.data["inputs"], entry.data["output"], _number(scene, entry)
    notice, kind = str(output.get("notice_id", "")), str(inputs.get("kind", ""))
    purchase = scene.purchase(number)
    to = [*scene.applicants(number), *([purchase.initiator] if purchase else [])]
    if kind == "correction" and "answer" in (inputs.get("content") or {}):
        kind = "answer"  # to a question; kept as a correction, called what it is
    about = "result" if kind in {"result_publicity", "result", "award"} else "notice"
    source, values, but = f"notice:{notice}", {"kind": kind}, (entry.actor,)
    return scene.say("notice", about, to, PUBLIC + notice, source, entry.at, number=number, but=but, values=values)


def _notice_closed(scene: Scene, entry: HistoryEntry) -> int:
    number, notice = _number(scene, entry), str(entry.data["inputs"].get("notice_id", ""))
    to, source = scene.applicants(number), f"notice-closed:{notice}"
    return scene.say("notice_closed", "notice", to, PUBLIC + notice, source, entry.at, number=number)


def _application_decided(scene: Scene, entry: HistoryEntry) -> int:
    row = scene.session.get(Application, str(entry.data["inputs"].get("application_id", "")))
    status = str(entry.data["output"].get("status", ""))
    if row is None or status not in FINAL:
        return 0
    to, link = [f"organisation:{row.organisation_id}"], f"/portal/{row.purchase_id}"
    source = f"application:{row.id}:{status}"
    return scene.say("application", "application", to, link, source, entry.at, number=row.purchase_id, values={"status": status})


def _bids_opened(scene: Scene, entry: HistoryEntry) -> int:
    number = _number(scene, entry)
    to, source = scene.applicants(number), f"opening:{entry.instance_key}"  # once for each opening, however many steps it has
    return scene.say("opening", "notice", to, f"/portal/{number}", source, entry.at, number=number)


def _objection_decided(scene: Scene, entry: HistoryEntry) -> int:
    key = entry.data["inputs"].get("objection_id")
    row = scene.session.get(Objection, int(key)) if key is not None else None
    if row is None or not row.organisation_id:
        return 0
    to, link = [f"organisation:{row.organisation_id}"], f"/portal/{row.purchase_id}"
    source = f"objection:{row.id}:{entry.element_key}"
    return scene.say("objection", "objection", to, link, source, entry.at, number=row.purchase_id)


def _supplement_asked(scene: Scene, entry: HistoryEntry) -> int:
    key = entry.data["inputs"].get("objection_id")
    row = scene.session.get(Objection, int(key)) if key is not None else None
    if row is None:
        return 0
    source, link = f"objection-supplement:{row.id}:{entry.element_key}", f"/objections/{row.id}"
    return scene.say("objection_supplement", "objection", _raiser(row), link, source, entry.at, number=row.purchase_id)


def _raiser(row: Objection | Appeal) -> list[str]:
    """Everybody of the organisation that raised it, or the person who did."""
    return [f"organisation:{row.organisation_id}"] if row.organisation_id else [row.raised_by]


def _appeal_told(words: str, date: str = "") -> Teller:
    """Tell whoever raised an appeal; ``date``: the output that says until when."""

    def tell_of_it(scene: Scene, entry: HistoryEntry) -> int:
        inputs, output = entry.data["inputs"], entry.data["output"]
        row = scene.session.get(Appeal, str(inputs.get("appeal_id", "")))
        if row is None or inputs.get("why") == "expertise":  # an examination of the supervisor's own asks nothing of anybody
            return 0
        source, link = f"{words}:{row.id}:{entry.element_key}", f"/appeals/{row.id}"
        values = {"appeal": row.id, "day": str(output.get(date) or "")}
        to = _raiser(row)
        return scene.say(words, "objection", to, link, source, entry.at, number=row.purchase_id, values=values)

    return tell_of_it


def _registered(scene: Scene, entry: HistoryEntry) -> int:
    """The first message of a new account. Who was refused has no account: the registration's number opens its page."""
    login = str(entry.data["output"].get("login", ""))
    user = scene.session.get(User, login) if login else None
    if user is None:
        return 0
    source, values = f"registered:{login}", {"name": user.unit}
    return scene.say("registered", "evidence", [login], "/portal", source, entry.at, number="", values=values)


def _contract_made(scene: Scene, entry: HistoryEntry) -> int:
    number = _number(scene, entry)
    organisation = entry.data["inputs"].get("organisation_id")
    if not isinstance(organisation, str) or not organisation:
        return 0
    to, source = [f"organisation:{organisation}"], f"contract:{entry.element_key}"
    return scene.say("contract", "contract", to, f"/portal/{number}", source, entry.at, number=number)


def _number(scene: Scene, entry: HistoryEntry) -> str:
    given = entry.data["inputs"].get("purchase_id")
    return given if isinstance(given, str) and given else scene.number_of(entry)


OPERATIONS: Mapping[str, Teller] = {
    "purchase.record": _purchase_recorded,
    "notice.publish": _notice_published,
    "notice.close": _notice_closed,
    "application.decide": _application_decided,
    "opening.call": _bids_opened,
    "bid.open": _bids_opened,
    "objection.ask_supplement": _supplement_asked,
    "objection.decide": _objection_decided,
    "appeal.pause": _appeal_told("appeal_supplement", "supplement_due_on"),
    "appeal.accept": _appeal_told("appeal_accepted", "due_on"),
    "appeal.decide": _appeal_told("appeal_decided"),
    "registration.accept": _registered,
    "contract.create": _contract_made,
}
TELLERS: Mapping[str, Teller] = {
    "user_task_created": _task_created,
    "user_task_assigned": _task_assigned,
    "user_task_returned": _task_returned,
    "incident_raised": _incident,
    "operation_performed": _operation,
}
