"""The publicity period day by day, and the deadlines of a running comparison: asked for by those who run it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict, EngineError, FieldError, InvalidInput, NotFound, NotPermitted
from engine.model import Actor
from procurement.calendar import WorkingCalendar
from procurement.office.access import may_see_purchase
from procurement.office.desk import Desk
from procurement.office.publicity_days import PublicityDay, days_from
from procurement.registers.comparison import Notice
from procurement.registers.office_calendar import entered_years
from procurement.registers.publicity import PublicityStop
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE

LONGEST = 2000
CHANGERS = frozenset({"procurement_officer", "street_leader"})
NUMBERS = "notice_contents"


class NoComparisonToChange(Conflict):
    """{purchase} has no running comparison whose notice could be corrected, extended or ended. See its latest notice."""


class NotYoursToChange(NotPermitted):
    """Only the street's procurement officers and the agency entrusted with {purchase} may ask for a change of its notice."""


@dataclass(frozen=True)
class RequiredContent:
    """One thing the notice must say, with the article, and whether it does."""

    label: str
    source: str
    present: bool


@dataclass(frozen=True)
class Publicity:
    """A published result and its clock. ``state``: running, stopped, over or withdrawn; ``last_day`` None while stopped."""

    notice: Notice
    state: str
    working_days: int
    days_left: int
    last_day: dt.date | None
    days: Sequence[PublicityDay]
    stops: Sequence[PublicityStop]
    contents: Sequence[RequiredContent]
    calendar: str  # version of the calendar it is counted with


class PublicityDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def public(self, purchase_id: str) -> Publicity | None:
        """The newest publicised result of a purchase as everybody may see it; None before there is one."""
        with self._desk.reading() as session:
            notice = session.scalars(
                select(Notice)
                .where(Notice.purchase_id == purchase_id, Notice.kind == "result_publicity")
                .order_by(Notice.id.desc())
                .limit(1)
            ).first()
            if notice is None:
                return None
            stops = session.scalars(
                select(PublicityStop).where(PublicityStop.notice_id == notice.id).order_by(PublicityStop.id)
            ).all()
            calendar = WorkingCalendar.published(*entered_years(session))
        return self._view(notice, stops, calendar)

    def request_change(self, purchase_id: str, reason: str, *, actor: Actor, command_id: str | None = None) -> None:
        """Ask for a correction, an extension or the end of a running comparison; a task opens for whoever asks.

        Raises NotYoursToChange, NoComparisonToChange, InvalidInput.
        """
        text = reason.strip()
        if not text or len(text) > LONGEST:
            raise InvalidInput(fields=(FieldError("reason", "Write why the notice should change."),))
        with self._desk.reading() as session:
            asked_by = self._asked_by(session, purchase_id, actor)
        request = {"kind": "change", "asked_by": asked_by, "reason": text, "by": actor.user_id}
        try:
            self._desk.engine.correlate_message(
                "comparison_request", purchase_id, {"request": request}, actor=actor, command_id=command_id
            )
        except NotFound:
            raise NoComparisonToChange(purchase=purchase_id) from None

    def _asked_by(self, session: Session, purchase_id: str, actor: Actor) -> str:
        purchase = session.get(Purchase, purchase_id)
        if purchase is None or not may_see_purchase(session, actor, purchase_id):
            raise NotFound(kind="Purchase", key=purchase_id)
        if purchase.agency_id and f"agency:{purchase.agency_id}" in actor.groups:
            return "agency"
        if not actor.groups & CHANGERS:
            raise NotYoursToChange(purchase=purchase_id)
        return "street"

    def _view(self, notice: Notice, stops: Sequence[PublicityStop], calendar: WorkingCalendar) -> Publicity:
        today = self._desk.now().astimezone(OFFICE_ZONE).date()
        total = int(notice.content.get("working_days") or 0)
        days = tuple(_days(notice, stops, calendar, total, today))
        standing = next((stop for stop in stops if stop.resumed_on is None), None)
        used = max((day.counted or 0 for day in days if day.day <= today), default=0)
        last = days[-1].day if days and standing is None else None
        state = (
            "withdrawn" if notice.closed_at else "stopped" if standing else "over" if last is None or today > last else "running"
        )
        return Publicity(
            notice=notice,
            state=state,
            working_days=total,
            days_left=standing.days_left if standing else max(0, total - used),
            last_day=last,
            days=days,
            stops=stops,
            contents=self._contents(notice),
            calendar=calendar.version,
        )

    def _contents(self, notice: Notice) -> tuple[RequiredContent, ...]:
        system = Actor("system", system=True)
        try:
            rows = self._desk.engine.evaluate_decision(NUMBERS, {"kind": notice.kind}, actor=system).value or ()
        except EngineError:  # an office that does not use our tables
            return ()
        return tuple(_required(row, notice.content) for row in rows)


def _required(row: Mapping[str, Any], content: Mapping[str, Any]) -> RequiredContent:
    present = content.get(row["item"]) not in (None, "", [], {})
    return RequiredContent(str(row["label"]), f"{row['document']} {row['article']}", present)


def _days(
    notice: Notice, stops: Sequence[PublicityStop], calendar: WorkingCalendar, total: int, today: dt.date
) -> Iterator[PublicityDay]:
    """To the last day that counts; while the clock stands still, to today."""
    for day in days_from(notice, stops, calendar):
        if day.stopped and day.day > today:
            return
        yield day
        if (day.counted or 0) >= total:
            return
