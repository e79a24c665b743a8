"""Which red-header papers a purchase has, out of the registers: only of what was published or signed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.papers import minutes, notices
from procurement.papers.document import Paper
from procurement.papers.minutes import Scored
from procurement.registers.comparison import Evaluation, Notice
from procurement.registers.purchases import Purchase
from procurement.registers.scoring import FrozenSheet, PriceReview, ScoreCorrection, ScoringRun
from procurement.registers.sealing import Opening

NOTICES = {"result_publicity": notices.result_publicity, "award": notices.award}


def found(session: Session, purchase: Purchase, *, office: str) -> Iterator[Paper]:
    """The minutes of each opening and evaluation, then the results and awards, oldest first."""
    openings = select(Opening).where(Opening.purchase_id == purchase.id, Opening.minutes_sha256 != "").order_by(Opening.id)
    yield from (minutes.opening(purchase, row, office=office) for row in session.scalars(openings))
    yield from (minutes.evaluation(purchase, one, office=office) for one in _scored(session, purchase.id))
    query = select(Notice).where(Notice.purchase_id == purchase.id, Notice.kind.in_(NOTICES))
    for notice in session.scalars(query.order_by(Notice.published_at, Notice.id)):
        yield NOTICES[notice.kind](notice, office=office)


def _scored(session: Session, purchase_id: str) -> Iterator[Scored]:
    """Scorings whose report is signed, each with the evaluation it ended with."""
    rows = session.scalars(select(Evaluation).where(Evaluation.purchase_id == purchase_id).order_by(Evaluation.id))
    last = {row.report.get("run"): row for row in rows}
    runs = select(ScoringRun).where(ScoringRun.purchase_id == purchase_id, ScoringRun.signed_at.is_not(None))
    reviews = session.scalars(select(PriceReview).where(PriceReview.purchase_id == purchase_id).order_by(PriceReview.id)).all()
    for run in session.scalars(runs.order_by(ScoringRun.id)):
        if run.id in last:
            corrections = session.scalars(
                select(ScoreCorrection).where(ScoreCorrection.run_id == run.id).order_by(ScoreCorrection.id)
            ).all()
            during = [one for one in reviews if run.opened_at <= one.at and (run.signed_at is None or one.at <= run.signed_at)]
            yield Scored(run, session.get_one(FrozenSheet, run.sheet_id), last[run.id], corrections, during)
