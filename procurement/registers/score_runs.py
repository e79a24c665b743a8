"""One scoring by one panel: whose sheet is open, who has signed, what was corrected. Nobody's marks leave here before all signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import json_codec
from engine.errors import Conflict, InvalidInput
from procurement.registers.scoring import ExpertSheet, FrozenSheet, ScoreCorrection, ScoringRun
from procurement.scoring import marks as marking
from procurement.scoring import sheets
from procurement.scoring.marks import Marks
from procurement.scoring.objective import all_computed
from procurement.scoring.sheets import SheetModel

OPEN = ("draft", "reopened")


class SheetsOpen(Conflict):
    """The score sheets of {purchase} are not all signed yet. Until then everybody sees only the own one."""


class SheetSigned(Conflict):
    """You have signed this score sheet. It can be changed only when the chair gives it back for one of the four causes."""


class SheetUnfinished(InvalidInput):
    """The score sheet is not finished: {missing} empty, {out_of_range} outside their range, {no_reason} without the reason owed."""


def current(session: Session, purchase_id: str) -> ScoringRun | None:
    """The newest run of a purchase."""
    query = select(ScoringRun).where(ScoringRun.purchase_id == purchase_id).order_by(ScoringRun.id.desc()).limit(1)
    return session.scalars(query).one_or_none()


def model_of(session: Session, run: ScoringRun) -> SheetModel:
    return sheets.read(session.get_one(FrozenSheet, run.sheet_id).sheet)


def organisations(run: ScoringRun) -> list[str]:
    return [str(bid["organisation_id"]) for bid in run.bids]


def open_run(session: Session, purchase_id: str, frozen: FrozenSheet, given: Mapping[str, Any], now: dt.datetime) -> ScoringRun:
    """``given``: bids, rejected, panel, chair, facts.

    Entered again before the report is signed, the run that is there goes on. After that, or with another panel, a new one
    begins; an expert who judged these bids by this sheet before starts from the own earlier marks.
    """
    earlier = current(session, purchase_id)
    if earlier is not None and _same(earlier, frozen, given) and earlier.signed_at is None:
        return earlier
    model = sheets.read(frozen.sheet)
    computed = all_computed(model, [str(bid["organisation_id"]) for bid in given["bids"]], given["facts"])
    run = ScoringRun(
        purchase_id=purchase_id,
        sheet_id=frozen.id,
        bids=given["bids"],
        rejected=given["rejected"],
        panel=given["panel"],
        chair=given["chair"],
        facts=given["facts"],
        objective={o: {i: {"points": c.points, "value": c.value} for i, c in row.items()} for o, row in computed.items()},
        opened_at=now,
    )
    session.add(run)
    session.flush()
    before = {sheet.expert_id: sheet for sheet in sheets_of(session, earlier)} if earlier else {}
    for one in before.values():
        if one.state in OPEN:  # a replaced member's unsigned opinions are void (87号令 第四十九条)
            one.state = "void"
    for expert in given["panel"]:
        own = before.get(expert["expert_id"])
        kept = own.marks if own and earlier and earlier.sheet_id == frozen.id else {}
        marks = marking.tidy(model, organisations(run), kept)
        session.add(
            ExpertSheet(
                run_id=run.id,
                expert_id=expert["expert_id"],
                login=expert["login"],
                state="draft",
                marks=marks,
                saved_at=now,
                sha256="",
            )
        )
    session.flush()
    return run


def _same(run: ScoringRun, frozen: FrozenSheet, given: Mapping[str, Any]) -> bool:
    def ids(rows: Sequence[Mapping[str, Any]], key: str) -> set[str]:
        return {str(row[key]) for row in rows}

    return (
        run.sheet_id == frozen.id
        and ids(run.bids, "organisation_id") == ids(given["bids"], "organisation_id")
        and ids(run.panel, "expert_id") == ids(given["panel"], "expert_id")
    )


def sheets_of(session: Session, run: ScoringRun) -> Sequence[ExpertSheet]:
    """Every expert's sheet, in the order of the panel's ids."""
    return session.scalars(select(ExpertSheet).where(ExpertSheet.run_id == run.id).order_by(ExpertSheet.expert_id)).all()


def own_sheet(session: Session, run: ScoringRun, login: str) -> ExpertSheet | None:
    query = select(ExpertSheet).where(ExpertSheet.run_id == run.id, ExpertSheet.login == login)
    return session.scalars(query.with_for_update()).one_or_none()


def save(session: Session, run: ScoringRun, sheet: ExpertSheet, given: Marks, comment: str, now: dt.datetime) -> None:
    """Keep what is entered so far. Raises SheetSigned."""
    if sheet.state not in OPEN:
        raise SheetSigned
    sheet.marks = marking.tidy(model_of(session, run), organisations(run), given)
    sheet.comment, sheet.saved_at = comment.strip()[:2000], now


def sign(session: Session, run: ScoringRun, sheet: ExpertSheet, now: dt.datetime) -> str:
    """Close the sheet; gives its SHA-256. Signed already: the same answer. Raises SheetUnfinished."""
    if sheet.state not in OPEN:
        return sheet.sha256
    lacks = marking.lacks(model_of(session, run), organisations(run), sheet.marks)
    if lacks:
        kinds = [lack.problem for lack in lacks]
        raise SheetUnfinished(
            missing=kinds.count(marking.MISSING),
            out_of_range=kinds.count(marking.OUT_OF_RANGE),
            no_reason=kinds.count(marking.NO_REASON),
        )
    for organisation, item, before, after in marking.changed(sheet.before, sheet.marks) if sheet.before else ():
        session.add(
            ScoreCorrection(
                run_id=run.id,
                expert_id=sheet.expert_id,
                organisation_id=organisation,
                item=item,
                before=before,
                after=after,
                cause=sheet.cause,
                at=now,
            )
        )
    sheet.state, sheet.signed_at, sheet.before = "signed", now, None
    sheet.sha256 = json_codec.digest({"expert_id": sheet.expert_id, "marks": sheet.marks, "comment": sheet.comment})
    return sheet.sha256


def pending(session: Session, run: ScoringRun) -> list[dict[str, Any]]:
    """The panel's members whose sheets are still open, as the panel's variable names them."""
    waiting = {sheet.expert_id for sheet in sheets_of(session, run) if sheet.state in OPEN}
    return [expert for expert in run.panel if expert["expert_id"] in waiting]


def reopen(session: Session, run: ScoringRun, expert_id: str, cause: str) -> None:
    """Give a signed sheet back to its expert; what it said is kept to tell the correction."""
    for sheet in sheets_of(session, run):
        if sheet.expert_id == expert_id and sheet.state == "signed":
            sheet.state, sheet.cause, sheet.before = "reopened", cause, sheet.marks


def marks_of(session: Session, run: ScoringRun) -> dict[str, Marks]:
    """Expert → marks. Only for a run in which all have signed."""
    if run.settled_at is None:
        raise SheetsOpen(purchase=run.purchase_id)
    return {sheet.expert_id: (sheet.before or sheet.marks) for sheet in sheets_of(session, run) if sheet.state != "void"}
