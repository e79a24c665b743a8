"""Who was invited onto a panel and what came of it; the next alternate; what applicants ask before the draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.draw import Stratum, next_alternate
from procurement.registers.drawing import draw_of, people
from procurement.registers.draws import INVITATION_WAYS, PanelInvitation, RecusalRequest
from procurement.registers.parties import Expert, ExpertRecusal

STANDING = ("invited", "coming")


def member(session: Session, expert_id: str, way: str) -> dict[str, Any]:
    """As the panel's variable holds a person. Somebody chosen from outside the pool has no row."""
    expert = session.get(Expert, expert_id)
    assert expert is not None
    return {"expert_id": expert.id, "login": expert.login, "name": expert.name, "unit": expert.unit, "way": way}


def invite(
    session: Session,
    purchase_id: str,
    draw_id: str | None,
    experts: Sequence[Mapping[str, Any]],
    *,
    meeting_at: dt.datetime | None,
    meeting_place: str,
    now: dt.datetime,
) -> None:
    """One row for each person who is not standing already."""
    standing = {row.expert_id for row in of_purchase(session, purchase_id) if row.state in STANDING}
    for one in experts:
        if str(one["expert_id"]) in standing:
            continue
        way = str(one.get("way") or "self_chosen")
        session.add(
            PanelInvitation(
                purchase_id=purchase_id,
                draw_id=draw_id,
                expert_id=str(one["expert_id"]),
                way=way if way in INVITATION_WAYS else "self_chosen",
                state="invited",
                meeting_at=meeting_at,
                meeting_place=meeting_place,
                invited_at=now,
            )
        )
    session.flush()


def of_purchase(session: Session, purchase_id: str) -> Sequence[PanelInvitation]:
    return session.scalars(
        select(PanelInvitation).where(PanelInvitation.purchase_id == purchase_id).order_by(PanelInvitation.id)
    ).all()


def answered(
    session: Session,
    purchase_id: str,
    expert_id: str,
    state: str,
    *,
    reason: str,
    declared: Sequence[str],
    by: str,
    now: dt.datetime,
) -> None:
    """Keep an answer, or an absence; opinions of somebody who was coming before are void (87号令 第四十九条)."""
    rows = [row for row in of_purchase(session, purchase_id) if row.expert_id == expert_id and row.state in STANDING]
    for row in rows[-1:]:
        row.opinions_void = row.state == "coming" and state != "coming"
        row.state, row.reason, row.declared, row.answered_at, row.recorded_by = state, reason, list(declared), now, by
    session.flush()


def keep_declared(
    session: Session, expert_id: str, conflicts: Mapping[str, Collection[str]], reason: str, *, by: str, now: dt.datetime
) -> None:
    """What an expert declares is found again at the next draw. ``conflicts``: kind → the organisations it is about."""
    for relation, organisations in conflicts.items():
        for organisation_id in sorted(organisations):
            session.add(
                ExpertRecusal(
                    expert_id=expert_id,
                    organisation_id=organisation_id,
                    relation=relation,
                    note=reason[:500],
                    source="declared",
                    recorded_by=by,
                    recorded_at=now,
                )
            )
    session.flush()


def alternates_for(
    session: Session, draw_id: str, purchase_id: str, panel: Sequence[str], vacancies: int
) -> list[dict[str, Any]]:
    """The next alternates of a draw in their order, at most ``vacancies``; fewer when they run out."""
    draw = draw_of(session, draw_id)
    if draw.state != "drawn":
        return []
    announcement = draw.announcement
    marks = {one["commitment"]: one["strata"] for one in announcement["candidates"]}
    strata = [Stratum(one["name"], one["at_least"]) for one in announcement["strata"]]
    by_expert = {one.expert_id: one.commitment for one in people(session, draw, [*draw.drawn, *draw.alternates])}
    asked = {by_expert.get(row.expert_id) for row in of_purchase(session, purchase_id)}
    sitting = {by_expert[one] for one in panel if one in by_expert}
    waiting = [one for one in draw.alternates if one not in asked]
    found: list[str] = []
    while len(found) < vacancies:
        key = next_alternate(waiting, sitting, marks, strata, announcement["seats"])
        if key is None:
            break
        found.append(key)
        sitting.add(key)
        waiting.remove(key)
    return [member(session, one.expert_id, "alternate") for one in people(session, draw, found)]


def ask_recusal(session: Session, request: RecusalRequest) -> RecusalRequest:
    session.add(request)
    session.flush()
    return request


def requests_of(session: Session, purchase_id: str, *states: str) -> Sequence[RecusalRequest]:
    query = select(RecusalRequest).where(RecusalRequest.purchase_id == purchase_id).order_by(RecusalRequest.id)
    return session.scalars(query.where(RecusalRequest.state.in_(states)) if states else query).all()


def decide_request(
    session: Session, request_id: int, *, granted: bool, answer: str, by: str, now: dt.datetime
) -> RecusalRequest | None:
    """A granted request about somebody of the pool bars that person from judging the applicant who asked."""
    row = session.get(RecusalRequest, request_id, with_for_update=True)
    if row is None or row.state != "asked":
        return row
    row.state, row.answer, row.decided_by, row.decided_at = "granted" if granted else "refused", answer, by, now
    if granted and row.expert_id:
        session.add(
            ExpertRecusal(
                expert_id=row.expert_id,
                organisation_id=row.organisation_id,
                relation=row.relation,
                note=row.facts[:500],
                source="requested",
                recorded_by=by,
                recorded_at=now,
            )
        )
    session.flush()
    return row
