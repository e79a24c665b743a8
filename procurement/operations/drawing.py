"""draw.*: a draw of experts by commit and reveal. panel.*: who is invited, who answers, who comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.errors import BpmnError
from engine.ports import Operation, OperationCall
from engine.store import tables as engine_tables
from procurement.operations.discretion import completer
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.registers import drawing, panels
from procurement.registers.comparison import ExpertDraw
from procurement.registers.draws import Draw, DrawCandidate
from procurement.registers.parties import Expert, Organisation
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE

FOUND_IN = {"agree": "coming", "refuse": "recused", "absent": "absent"}


def announce_draw(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, field, number, alternates, contributors … → draw_number, round, candidate_count. Throws NOT_ENOUGH_EXPERTS."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    _decide_requests(call, inputs)
    source = inputs.text("outside_source", "")
    terms = drawing.Terms(
        field=inputs.text("field", ""),
        seats=inputs.whole("number"),
        alternates=inputs.whole("alternates", 0),
        contributors=inputs.rows("contributors"),
        minimum_sides=inputs.whole("minimum_sides", 2),
        commit_until=_moment(inputs, inputs.text("commit_until")),
        reveal_until=_moment(inputs, inputs.text("reveal_until")),
        reason=inputs.text("reason", ""),
        exclude_organisations=inputs.texts("exclude_organisations"),
        exclude_experts=inputs.texts("exclude_experts"),
        employment_years=inputs.whole("employment_years", 0),
        strata=inputs.rows("strata", []),
        outside={"source": source} if source else None,
    )
    purchase = call.session.get(Purchase, purchase_id)
    title = purchase.title if purchase else inputs.text("title", "")
    try:
        draw = drawing.announce(call.session, purchase_id, title, terms, by=call.actor_id, now=call.now)
    except drawing.TooFew as few:
        text = f"{terms.seats} experts in {terms.field or 'any field'} are needed, but only {few.available} may be drawn."
        raise BpmnError("NOT_ENOUGH_EXPERTS", text, {"available": few.available}) from few
    return {
        "draw_number": draw.id,
        "round": draw.round,
        "announcement_sha256": draw.announcement_sha256,
        "candidate_count": len(draw.announcement["candidates"]),
        "announced_at": draw.announced_at,
    }


def _moment(inputs: Inputs, text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise inputs.wrong("commit_until", "a date and time, and reveal_until too") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=OFFICE_ZONE)


def _decide_requests(call: OperationCall, inputs: Inputs) -> None:
    """What the street decided about the applicants' requests, before the list of candidates is made."""
    by = completer(call, "decide_requests") or call.actor_id
    for one in inputs.rows("recusal_decisions", []):
        granted = one.get("decision") == "granted"
        panels.decide_request(
            call.session, int(one["request_id"]), granted=granted, answer=str(one.get("answer") or ""), by=by, now=call.now
        )


def commit_contribution(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """draw_number, contributor, commitment → committed_at."""
    number, contributor = inputs.text("draw_number"), inputs.text("contributor")
    try:
        row = drawing.commit(
            call.session,
            number,
            contributor,
            inputs.text("commitment"),
            by=completer(call, "commit_contribution") or call.actor_id,
            now=call.now,
        )
    except ValueError:
        raise inputs.wrong("commitment", "64 hexadecimal digits") from None
    return {"committed_at": row.committed_at}


def close_commitments(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """draw_number → committed: the contributors who are to reveal, none when too few sides took part."""
    return {"committed": drawing.close(call.session, inputs.text("draw_number"), call.now)}


def reveal_contribution(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """draw_number, contributor, contribution → revealed_at. Throws COMMITMENT_MISMATCH."""
    number, contributor = inputs.text("draw_number"), inputs.text("contributor")
    by = completer(call, "reveal_contribution") or call.actor_id
    try:
        row = drawing.reveal(call.session, number, contributor, inputs.text("contribution"), by=by, now=call.now)
    except drawing.RevealMismatch as refused:
        raise BpmnError("COMMITMENT_MISMATCH", str(refused), {"problem": "揭示的内容与承诺不符"}) from refused
    return {"revealed_at": row.revealed_at}


def conclude_draw(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """draw_number → round_result (drawn, void, value_open), missing, experts, alternates, draw_seed."""
    number = inputs.text("draw_number")
    _take_outside(call, inputs, number)
    draw = drawing.conclude(call.session, number, call.now)
    drawn = [panels.member(call.session, one.expert_id, "drawn") for one in drawing.people(call.session, draw, draw.drawn)]
    if draw.state == "drawn":
        _keep(call, draw, [one["expert_id"] for one in drawn])
    return {
        "round_result": {"drawn": "drawn", "void": "void"}.get(draw.state, "value_open"),
        "missing": drawing.failing(draw, drawing.contributions(call.session, number)),
        "experts": drawn,
        "alternates": len(draw.alternates),
        "draw_seed": draw.seed,
    }


def _take_outside(call: OperationCall, inputs: Inputs, number: str) -> None:
    """The value as the people entered it who last completed the task of looking it up, one entry each."""
    entries = inputs.rows("outside_values", [])
    task = engine_tables.user_task.c
    query = select(task.completed_by).where(
        task.root_key == call.root_instance_key, task.element_id == "record_public_value", task.state == "completed"
    )
    people = (
        call.session.scalars(query.order_by(task.ended_at.desc(), task.key.desc()).limit(len(entries))).all() if entries else []
    )
    for entry, by in zip(entries, reversed(people), strict=False):
        value, evidence = str(entry.get("value") or ""), str(entry.get("evidence") or "")
        drawing.enter_outside(call.session, number, value, evidence, by=by or "", now=call.now)


def _keep(call: OperationCall, draw: Draw, chosen: list[str]) -> None:
    """The record every draw leaves, whichever way it was made."""
    candidates = call.session.scalars(select(DrawCandidate.expert_id).where(DrawCandidate.draw_id == draw.id)).all()
    call.session.add(
        ExpertDraw(
            purchase_id=draw.purchase_id,
            field=draw.announcement["field"],
            number=draw.announcement["seats"],
            seed=draw.seed,
            candidates=sorted(candidates),
            excluded=draw.announcement["excluded"],
            chosen=chosen,
            at=call.now,
            by=draw.id,
        )
    )


def list_requests(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → requests: what applicants asked and nobody has decided, with whom of the pool it seems to mean."""
    rows = panels.requests_of(call.session, inputs.text("purchase_id", call.business_key), "asked")
    names = {o.id: o.name for o in call.session.scalars(select(Organisation))} if rows else {}
    found = []
    for row in rows:
        query = select(Expert).where(Expert.name == row.person).order_by(Expert.id)
        experts = call.session.scalars(query).all()
        match = next((expert for expert in experts if row.unit in ("", expert.unit)), None)
        row.expert_id = match.id if match else None
        found.append(
            {
                "request_id": row.id,
                "organisation": names.get(row.organisation_id, row.organisation_id),
                "person": row.person,
                "unit": row.unit,
                "relation": row.relation,
                "facts": row.facts,
                "in_pool": match is not None,
            }
        )
    return {"requests": found}


def invite_experts(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, draw_number, experts, meeting_at, meeting_place → invited: how many."""
    experts = [_known(call, inputs, one) for one in inputs.rows("experts")]
    panels.invite(
        call.session,
        inputs.text("purchase_id", call.business_key),
        inputs.text("draw_number", "") or None,
        experts,
        meeting_at=inputs.moment_or_none("meeting_at"),
        meeting_place=inputs.text("meeting_place", ""),
        now=call.now,
    )
    return {"invited": len(experts)}


def _known(call: OperationCall, inputs: Inputs, one: Any) -> Mapping[str, Any]:
    if not isinstance(one, Mapping) or not one.get("expert_id"):
        raise inputs.wrong("experts", "a list of contexts with expert_id")
    return one


def seat_experts(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, draw_number, panel, declarations, seats → panel, gone, next: the alternates to ask now."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    panel = [dict(one) for one in inputs.rows("panel", [])]
    gone = []
    for one in inputs.rows("declarations", []):
        came = _answer(call, purchase_id, one)
        expert_id = str(one["expert_id"])
        if not came:
            gone.append(expert_id)
        elif expert_id not in {str(sitting["expert_id"]) for sitting in panel}:
            panel.append({name: one.get(name) for name in ("expert_id", "login", "name", "unit", "way")})
    panel = [one for one in panel if str(one["expert_id"]) not in gone]
    vacancies = inputs.whole("seats") - len(panel)
    number = inputs.text("draw_number", "")
    sitting = [str(one["expert_id"]) for one in panel]
    called = panels.alternates_for(call.session, number, purchase_id, sitting, vacancies) if number and vacancies > 0 else []
    return {"panel": panel, "gone": gone, "next": called}


def _answer(call: OperationCall, purchase_id: str, one: Mapping[str, Any]) -> bool:
    """Keep what one person answered, or did not; True when it is coming."""
    expert_id, reason = str(one["expert_id"]), str(one.get("reason") or "")
    state = FOUND_IN.get(str(one.get("answer")), "silent")
    by = call.actor_id if state == "absent" else str(one.get("login") or call.actor_id)
    named = {str(row["relation"]): [str(of) for of in row.get("organisations") or []] for row in one.get("conflicts") or []}
    conflicts = {relation: organisations for relation, organisations in named.items() if organisations}
    panels.answered(call.session, purchase_id, expert_id, state, reason=reason, declared=sorted(conflicts), by=by, now=call.now)
    panels.keep_declared(call.session, expert_id, conflicts, reason, by=by, now=call.now)
    return state == "coming"


OPERATIONS: dict[str, Operation] = {
    "draw.announce": writing(announce_draw),
    "draw.commit": writing(commit_contribution),
    "draw.close": writing(close_commitments),
    "draw.reveal": writing(reveal_contribution),
    "draw.conclude": writing(conclude_draw),
    "panel.requests": writing(list_requests),
    "panel.invite": writing(invite_experts),
    "panel.seat": writing(seat_experts),
}
