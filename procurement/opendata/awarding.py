"""The award part of a release: the published result, who decided it, its publicity period, and what was objected."""

from __future__ import annotations

import datetime as dt
from typing import Any

from procurement.opendata.events import Event
from procurement.opendata.facts import Facts
from procurement.opendata.parties import Parties
from procurement.opendata.redaction import without_private
from procurement.opendata.shapes import Json, amount, document, known, moment, rows, text
from procurement.registers.comparison import Notice, Objection
from procurement.registers.publicity import Appeal

NOT_UPHELD = ("refused", "rejected", "withdrawn")


def award(facts: Facts, event: Event, parties: Parties, award_id: str, status: str) -> Json:
    """The award a notice tells of: ``pending`` during its publicity period, ``active`` once it is confirmed."""
    notice: Notice = event.row
    content = notice.content
    supplier = _supplier(content, parties)
    return known(
        id=award_id,
        title=facts.purchase.title,
        description=text(content.get("text")) or text(content.get("reason")),
        status=status,
        date=moment(notice.published_at),
        value=amount(content.get("amount")),
        suppliers=[supplier] if supplier else [],
        panel=_panel(content),
        ranking=_ranking(content, parties),
        publicityPeriod=_publicity(notice) if status == "pending" else {},
        documents=[document(notice, "awardNotice")],
    )


def _supplier(content: Json, parties: Parties) -> Json:
    name = text(content.get("organisation"))
    ranked = next((row for row in rows(content.get("ranking")) if text(row.get("name")) == name), {})
    return parties.organisation(name, text(ranked.get("organisation_id")), "tenderer", "supplier") if name else {}


def _panel(content: Json) -> list[Json]:
    """Names are published with the result, not before (实施条例 第四十三条; 政府采购法 secrecy until then)."""
    people: list[Any] = content.get("panel") or content.get("experts") or []
    found = []
    for number, person in enumerate(people if isinstance(people, list) else [], 1):
        row = person if isinstance(person, dict) else {"name": person}
        found.append(known(id=str(number), name=text(row.get("name")), unit=text(row.get("unit")), role=text(row.get("role"))))
    return [member for member in found if "name" in member]


def _ranking(content: Json, parties: Parties) -> list[Json]:
    """As the notice published it; what it leaves out is not here either."""
    found = []
    for row in rows(content.get("ranking")):
        tenderer = parties.organisation(text(row.get("name")), text(row.get("organisation_id")), "tenderer")
        found.append(
            known(
                id=tenderer["id"],
                tenderer=tenderer,
                rank=amount(row.get("rank")).get("amount"),
                score=amount(row.get("score")).get("amount"),
                price=amount(row.get("price")),
                note=text(row.get("tie_note")),
            )
        )
    return found


def tenderers(ranking: list[Json]) -> list[Json]:
    return [row["tenderer"] for row in ranking]


def _publicity(notice: Notice) -> Json:
    days = notice.content.get("working_days")
    return known(
        startDate=moment(notice.published_at),
        endDate=moment(notice.until),
        workingDays=days if isinstance(days, int) else None,
    )


def objection(facts: Facts, event: Event) -> Json:
    """An objection that was decided, without anything that tells who raised it."""
    row: Objection = event.row
    return known(
        id=str(row.id),
        dateReceived=moment(row.raised_at),
        dateDecided=moment(row.decided_at),
        about=row.about,
        relatedNotice=row.notice_id,
        outcome="notUpheld" if row.status in NOT_UPHELD else "upheld",
        answer=without_private(row.decision, _names(facts, row)),
    )


def appeal(facts: Facts, event: Event) -> Json:
    """An appeal the supervisor decided, without anything that tells who raised it."""
    row: Appeal = event.row
    suspended = known(startDate=_day(row.suspended_on), endDate=_day(row.suspension_lifted_on or row.suspended_until))
    return known(
        id=row.id,
        dateReceived=moment(row.raised_at),
        dateAccepted=moment(row.accepted_at),
        dateDecided=moment(row.decided_at),
        relatedObjection=None if row.objection_id is None else str(row.objection_id),
        outcome="upheld" if row.status == "upheld" else "notUpheld",
        suspension=suspended,
        decision=without_private(row.decision, _names(facts, row)),
    )


def _names(facts: Facts, row: Objection | Appeal) -> list[str]:
    """Who raised it, in every form it may stand in the answer."""
    organisation = facts.organisations.get(row.organisation_id or "")
    return [row.person, row.contact, organisation.name if organisation else ""]


def _day(day: dt.date | None) -> str | None:
    return None if day is None else moment(day)
