"""survey.*: open a survey to people without accounts, close it with its figures, publish them, and erase what people answered."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, func, select

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.registers import numbers
from procurement.registers.row import OFFICE_ZONE
from procurement.registers.surveys import AUDIENCES, CLOSED, INVITED, OPEN, POSTER, Answer, InvitationBatch, Survey
from procurement.registers.urn import empty_urn, shuffled
from procurement.surveys.disclosure import hidden
from procurement.surveys.figures import figures
from procurement.surveys.questions import QuestionWrong, read

EVENING = dt.time(20, 0, tzinfo=OFFICE_ZONE)  # people answer after work
NOTICE = ("who", "purpose", "method", "kinds", "keeping", "rights")  # 个人信息保护法第十七条


def open_survey(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """title, audience, questions, notice, strata, purchase_id, closes_on, keep_days, minimum_answers, minimum_group, open_poster,
    poster_daily → survey, closes_at, erase_on.

    It closes in the evening of ``closes_on``; the answers are erased ``keep_days`` later.
    """
    questions = inputs.rows("questions")
    try:
        read(questions)
    except QuestionWrong as cause:
        raise inputs.wrong("questions", str(cause)) from cause
    told = inputs.mapping("notice")
    notice = {name: str(told.get(name) or "").strip() for name in (*NOTICE, "children", "child_age")}
    if not all(notice[name] for name in NOTICE):
        raise inputs.wrong("notice", "a context with a text for each of " + ", ".join(NOTICE))
    closes_on = inputs.date("closes_on")
    if closes_on < call.now.date():
        raise inputs.wrong("closes_on", "no earlier than today")
    open_poster, poster_daily = inputs.flag("open_poster"), inputs.whole("poster_daily", 0)
    if open_poster and poster_daily < 1:
        raise inputs.wrong("poster_daily", "a number above zero for an open poster")
    row = Survey(
        id=numbers.next_number(call.session, numbers.SURVEY, call.now.year),
        title=inputs.text("title"),
        audience=inputs.choice("audience", AUDIENCES),
        purchase_id=inputs.text("purchase_id", "") or None,
        matter=call.business_key,
        notice=notice,
        questions=questions,
        strata=[_stratum(inputs, one) for one in inputs.rows("strata", [])],
        poster=secrets.token_hex(20) if open_poster else "",
        poster_daily=poster_daily,
        poster_salt=secrets.token_hex(32) if open_poster else "",
        minimum_answers=inputs.whole("minimum_answers"),
        minimum_group=inputs.whole("minimum_group"),
        state=OPEN,
        opened_on=call.now.date(),
        closes_at=dt.datetime.combine(closes_on, EVENING),
        erase_on=closes_on + dt.timedelta(days=inputs.whole("keep_days")),
        results={},
        told="",
    )
    call.session.add(row)
    return {"survey": row.id, "closes_at": row.closes_at, "erase_on": row.erase_on}


def _stratum(inputs: Inputs, row: Any) -> dict[str, Any]:
    name = str(row.get("name") or "").strip() if isinstance(row, dict) else ""
    if not name or not str(row.get("planned", "")).isdecimal():
        raise inputs.wrong("strata", "a list of {name, planned}")
    return {"name": name, "planned": int(row["planned"])}


def close_survey(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """The survey → sent, answered, rate, results. No link works any more: the invitations are deleted, the figures kept."""
    row = _survey(call, inputs)
    if row.state == OPEN:
        row.results = _results(call, row)
        row.state, row.poster_salt = CLOSED, ""
        empty_urn(call.session, row.id)
    return {"sent": row.results["sent"], "answered": row.results["answered"], "rate": row.results["rate"], "results": row.results}


def _results(call: OperationCall, row: Survey) -> dict[str, Any]:
    """``poster``: what came in through the open poster, apart, because one person may have answered twice there."""
    questions = read(row.questions)
    people: dict[str, list[tuple[str, Any]]] = {INVITED: [], POSTER: []}
    for one in shuffled(call.session, row.id):
        people[one.via].append((one.stratum, one.answers))
    response = _response(call, row, [stratum for stratum, _ in people[INVITED]])
    main, other = (POSTER, INVITED) if row.poster and not response["sent"] else (INVITED, POSTER)
    least = {"answers": row.minimum_answers, "group": row.minimum_group}
    beside = figures(questions, people[other], **least) if people[other] else None
    return response | {"by": main, **figures(questions, people[main], **least), "beside": beside}


def _response(call: OperationCall, row: Survey, came: list[str]) -> dict[str, Any]:
    batch = InvitationBatch
    query = select(batch.stratum, func.sum(batch.cards)).where(batch.survey_id == row.id, ~batch.void).group_by(batch.stratum)
    sent = {name: int(cards) for name, cards in call.session.execute(query)}
    planned = {one["name"]: one["planned"] for one in row.strata} or dict.fromkeys(sent, 0)
    back = {name: came.count(name) for name in planned}
    quiet = hidden(back, row.minimum_group)
    strata = [
        {"name": name, "planned": number, "sent": sent.get(name, 0), "answered": None if name in quiet else back[name]}
        for name, number in planned.items()
    ]
    total = sum(sent.values())
    return {"sent": total, "answered": len(came), "rate": _share(len(came), total), "strata": strata}


def _share(part: int, whole: int) -> int | None:
    return (200 * part + whole) // (2 * whole) if whole else None


def publish_results(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """survey, told → published_on."""
    row = _survey(call, inputs)
    row.told, row.published_on = inputs.text("told", ""), row.published_on or call.now.date()
    return {"published_on": row.published_on}


def erase_answers(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """The survey → erased. The rows are gone, not marked; the figures, which name no small group, stay.

    Without ``survey``: every one whose day has come, also one whose case was ended before it could.
    """
    overdue = select(Survey).where(Survey.erased_on.is_(None), Survey.erase_on <= call.now.date()).order_by(Survey.id)
    rows = [_survey(call, inputs)] if inputs.given("survey") else call.session.scalars(overdue.with_for_update()).all()
    erased = 0
    for row in rows:
        erased += len(call.session.execute(delete(Answer).where(Answer.survey_id == row.id).returning(Answer.id)).all())
        empty_urn(call.session, row.id)
        row.state, row.erased_on = CLOSED, row.erased_on or call.now.date()
    return {"erased": erased}


def latest_surveys(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → beneficiaries, staff: the newest closed survey of each {survey, sent, valid, satisfied, score, rate} or null."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    rows = call.session.scalars(
        select(Survey).where(Survey.purchase_id == purchase_id, Survey.state == CLOSED).order_by(Survey.id.desc())
    ).all()
    return {"beneficiaries": _newest(rows, "beneficiaries"), "staff": _newest(rows, "staff")}


def _newest(rows: Iterable[Survey], audience: str) -> dict[str, Any] | None:
    return next((_short(row) for row in rows if row.audience == audience), None)


def _short(row: Survey) -> dict[str, Any]:
    told = {
        name: row.results.get(name)
        for name in ("sent", "answered", "rate", "enough", "valid", "satisfied", "score", "share", "by")
    }
    return {"survey": row.id, "title": row.title, **told}


def _survey(call: OperationCall, inputs: Inputs) -> Survey:
    number = inputs.text("survey")
    row = call.session.get(Survey, number, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(kind="Survey", key=number)
    return row


OPERATIONS: dict[str, Operation] = {
    "survey.open": writing(open_survey),
    "survey.close": writing(close_survey),
    "survey.publish": writing(publish_results),
    "survey.erase": writing(erase_answers),
    "survey.latest": reading(latest_surveys),
}
