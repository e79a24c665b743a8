"""The scoring desk: an expert's own sheet, how far the panel is, and, once all have signed, every number with its reason.

Until all have signed, nobody reads anybody else's marks here: not the chair, the agency, the street, an operator or SYSTEM.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound, NotPermitted
from engine.model import Actor
from procurement.office.access import may_see_purchase, of_office, parties
from procurement.office.desk import Desk
from procurement.office.panels import KNOWING
from procurement.office.scored import OwnResult, OwnSheet, Progress, Result
from procurement.registers import score_runs, score_sheets
from procurement.registers.comparison import Evaluation
from procurement.registers.draw_files import is_result_public
from procurement.registers.purchases import Purchase
from procurement.registers.score_sheets import Template
from procurement.registers.scoring import ExpertSheet, FrozenSheet, PriceReview, ScoreCorrection, ScoreHint, ScoringRun
from procurement.scoring import marks as marking
from procurement.scoring import sheets
from procurement.scoring.explaining import explained
from procurement.scoring.marks import Marks
from procurement.scoring.objective import all_computed

KEEPERS = frozenset({"procurement_officer"})
DECIDERS = frozenset({"street_leader"})  # examine the result before it is published, so they read the report


class NotOnThePanel(NotPermitted):
    """You are not on the panel that judges {purchase}, so there is no score sheet for you."""


class ResultNotPublished(NotPermitted):
    """The result of {purchase} is not published yet. Your own score and rank appear here with the publication."""


class ResultSecret(NotPermitted):
    """Until the result of {purchase} is published, the evaluation is known to its panel and to those who prepare, confirm and watch it."""


class ScoringDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # templates

    def templates(self) -> list[Template]:
        """The newest version of each."""
        with self._desk.reading() as session:
            return score_sheets.newest(session)

    def versions(self, template_id: str) -> list[Template]:
        """Newest first. Raises NotFound."""
        with self._desk.reading() as session:
            found = score_sheets.versions(session, template_id)
        if not found:
            raise NotFound(kind="Score sheet template", key=template_id)
        return found

    def used_by(self, template_id: str) -> dict[int, list[str]]:
        with self._desk.reading() as session:
            return score_sheets.used_by(session, template_id)

    def keep_template(self, template_id: str, base: int, content: Mapping[str, Any], *, actor: Actor) -> Template:
        """A new version on top of ``base``. ``content``: name, organisations, note, sheet. Raises NotPermitted, TemplateChanged."""
        if not actor.system and not actor.groups & KEEPERS:
            raise NotPermitted
        with self._desk.editing(actor) as session:
            return score_sheets.add_version(
                session,
                template_id,
                base,
                name=content["name"],
                organisations=content["organisations"],
                sheet=content["sheet"],
                note=content.get("note") or "",
                by=actor.user_id,
                now=self._desk.now(),
            )

    # the expert

    def own_sheet(self, purchase_id: str, *, actor: Actor) -> OwnSheet:
        """Raises NotOnThePanel, also when there is no scoring: who is not on the panel learns nothing."""
        with self._desk.reading() as session:
            run, sheet = self._own(session, purchase_id, actor)
            model = score_runs.model_of(session, run)
            purchase = session.get_one(Purchase, purchase_id)
        organisations = score_runs.organisations(run)
        points = {
            o: sum((Decimal(str(c["points"])) for c in run.objective.get(o, {}).values()), Decimal(0)) for o in organisations
        }
        own = marking.totals(model, organisations, sheet.marks)
        return OwnSheet(
            purchase=purchase,
            sheet=model,
            bids=run.bids,
            objective=run.objective,
            facts=run.facts,
            marks=sheet.marks,
            comment=sheet.comment,
            state=sheet.state,
            cause=sheet.cause,
            saved_at=sheet.saved_at,
            signed_at=sheet.signed_at,
            sha256=sheet.sha256,
            is_chair=run.chair == sheet.expert_id,
            lacks=marking.lacks(model, organisations, sheet.marks),
            totals={o: own[o] + points[o] for o in organisations},
            task_key=self._task_of(purchase_id, actor),
        )

    def save(self, purchase_id: str, marks: Marks, comment: str, *, actor: Actor) -> OwnSheet:
        """Keep what is entered so far. Raises NotOnThePanel, SheetSigned."""
        with self._desk.editing(actor) as session:
            run, sheet = self._own(session, purchase_id, actor)
            score_runs.save(session, run, sheet, marks, comment, self._desk.now())
        return self.own_sheet(purchase_id, actor=actor)

    def sign(self, purchase_id: str, *, actor: Actor, command_id: str | None = None) -> str:
        """Sign the own sheet and complete the task; gives the sheet's SHA-256. Raises NotOnThePanel, SheetUnfinished.

        Pressed twice, or after a crash between the two steps, it goes on where it stopped.
        """
        with self._desk.editing(actor) as session:
            run, sheet = self._own(session, purchase_id, actor)
            sha256 = score_runs.sign(session, run, sheet, self._desk.now())
        task_key = self._task_of(purchase_id, actor)
        if task_key is not None:
            values = {"sheet_sha256": sha256, "score_confirmed": True}
            self._desk.engine.complete_task(task_key, values, actor=actor, command_id=command_id)
        return sha256

    def _own(self, session: Session, purchase_id: str, actor: Actor) -> tuple[ScoringRun, ExpertSheet]:
        run = score_runs.current(session, purchase_id)
        sheet = score_runs.own_sheet(session, run, actor.user_id) if run else None
        if run is None or sheet is None:
            raise NotOnThePanel(purchase=purchase_id)
        return run, sheet

    def _task_of(self, purchase_id: str, actor: Actor) -> int | None:
        found = self._desk.engine.tasks(business_key=purchase_id, element_id="score_bids", assignee=actor.user_id, limit=1).items
        return found[0].key if found else None

    # those who follow it

    def progress(self, purchase_id: str, *, actor: Actor) -> Progress:
        """Without names for who may not know the panel. Raises NotPermitted for who neither runs, follows nor judges the comparison."""
        with self._desk.reading() as session:
            purchase, run = self._followed(session, purchase_id, actor), score_runs.current(session, purchase_id)
            if run is None:
                return Progress(purchase, None, (), is_settled=False)
            names = {expert["expert_id"]: str(expert.get("name") or "") for expert in run.panel}
            if not _knows(session, run, actor):
                names = {}
            members = [(names.get(s.expert_id, ""), s.state, s.signed_at) for s in score_runs.sheets_of(session, run)]
            return Progress(purchase, run.opened_at, members, is_settled=run.settled_at is not None)

    def result(self, purchase_id: str, *, actor: Actor) -> Result:
        """Raises NotPermitted, ResultSecret, NotFound without a scoring, SheetsOpen before all have signed."""
        with self._desk.reading() as session:
            purchase, run = self._followed(session, purchase_id, actor), score_runs.current(session, purchase_id)
            if run is None:
                raise NotFound(kind="Scoring", key=purchase_id)
            if not _knows(session, run, actor, DECIDERS):
                raise ResultSecret(purchase=purchase_id)
            return self._result(session, purchase, run)

    def _result(self, session: Session, purchase: Purchase, run: ScoringRun) -> Result:
        marks = score_runs.marks_of(session, run)
        frozen = session.get_one(FrozenSheet, run.sheet_id)
        model = sheets.read(frozen.sheet)
        query = select(Evaluation).where(Evaluation.purchase_id == run.purchase_id).order_by(Evaluation.id.desc())
        evaluation = next((row for row in session.scalars(query) if row.report.get("run") == run.id), None)
        prices = evaluation.report.get("prices", {}) if evaluation else {}
        computed = all_computed(model, score_runs.organisations(run), run.facts)
        own = score_runs.sheets_of(session, run)
        hints = session.scalars(select(ScoreHint).where(ScoreHint.run_id == run.id).order_by(ScoreHint.id)).all()
        corrections = session.scalars(
            select(ScoreCorrection).where(ScoreCorrection.run_id == run.id).order_by(ScoreCorrection.id)
        )
        reviews = session.scalars(select(PriceReview).where(PriceReview.purchase_id == run.purchase_id).order_by(PriceReview.id))
        return Result(
            purchase=purchase,
            sheet=model,
            frozen=frozen,
            run=run,
            evaluation=evaluation,
            marks=marks,
            comments={sheet.expert_id: sheet.comment for sheet in own},
            hashes={sheet.expert_id: sheet.sha256 for sheet in own},
            explained={o: explained(model, o, marks, computed[o], prices.get(o, {})) for o in computed},
            hints=[hint | {"at": row.at} for row in hints for hint in row.hints],
            corrections=corrections.all(),
            price_reviews=reviews.all(),
            names={expert["expert_id"]: str(expert.get("name") or "") for expert in run.panel},
        )

    def _followed(self, session: Session, purchase_id: str, actor: Actor) -> Purchase:
        purchase = session.get(Purchase, purchase_id)
        run = score_runs.current(session, purchase_id)
        is_judge = run is not None and _judges(run, actor)
        follows = of_office(actor) or (bool(parties(actor, "agency")) and may_see_purchase(session, actor, purchase_id))
        if not (is_judge or follows):
            raise NotPermitted
        if purchase is None:
            raise NotFound(kind="Purchase", key=purchase_id)
        return purchase

    # the bidder

    def own_result(self, purchase_id: str, organisation_id: str, *, actor: Actor) -> OwnResult:
        """Own score, rank and reason, after publication. Raises NotPermitted, ResultNotPublished, NotFound."""
        if not actor.system and f"organisation:{organisation_id}" not in actor.groups:
            raise NotPermitted
        with self._desk.reading() as session:
            run = score_runs.current(session, purchase_id)
            if run is None or not is_result_public(session, purchase_id):
                raise ResultNotPublished(purchase=purchase_id)
            result = self._result(session, session.get_one(Purchase, purchase_id), run)
        return _own_result(result, organisation_id, purchase_id)


def _knows(session: Session, run: ScoringRun, actor: Actor, others: frozenset[str] = frozenset()) -> bool:
    """Whether the panel may be known: to those who organise and watch it, to itself, to ``others``, and to all with the result."""
    if actor.system or actor.groups & (KNOWING | others) or parties(actor, "agency"):  # an agency gets here with its own only
        return True
    return _judges(run, actor) or is_result_public(session, run.purchase_id)


def _judges(run: ScoringRun, actor: Actor) -> bool:
    return any(expert.get("login") == actor.user_id for expert in run.panel)


def _own_result(result: Result, organisation_id: str, purchase_id: str) -> OwnResult:
    first = result.ranking[0] if result.ranking else {}
    place = next((row for row in result.ranking if row["organisation_id"] == organisation_id), None)
    refused = next((row for row in result.run.rejected if row.get("organisation_id") == organisation_id), None)
    if place is None and refused is None:
        raise NotFound(kind="Bid", key=f"{purchase_id} / {organisation_id}")
    items = [] if place is None else [{**row, "from": {}} for row in result.explained[organisation_id]]
    return OwnResult(
        rank=place["rank"] if place else None,
        score=place["score"] if place else None,
        of=len(result.ranking),
        winner=str(first.get("name") or ""),
        best=first.get("score"),
        reason=str(refused.get("reason") or "") if refused else "",
        items=items,
    )
