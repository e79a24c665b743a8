"""Every time a decision was taken in a case, as the history tells it, and what a changed table would have answered."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import json_codec
from engine.dmn.decision_model import DecisionModel
from engine.dmn.replay import PastDecision, ReplayReport, from_explanations, replay
from engine.store.tables import history, process_instance

AT_ONCE = 2_000


def past_decisions(session: Session, decision_id: str) -> Iterator[PastDecision]:
    """Oldest case first. ``reference`` is the case's business key, or its instance key when it has none."""
    h, p = history.c, process_instance.c
    mark = f'"decision_id":{json_codec.dumps(decision_id)}'  # the data is canonical JSON, so its text can be searched
    statement = (
        select(h.data, h.at, p.business_key, h.root_key)
        .join(process_instance, p.key == h.root_key)
        .where(h.kind == "decision_evaluated", h.data.contains(mark, autoescape=True))
        .order_by(h.root_key, h.seq)
        .execution_options(yield_per=AT_ONCE)
    )
    return from_explanations(
        {
            "reference": row.business_key or row.root_key,
            "explanation": data["explanation"],
            "value": data["output"],
            "decided_at": row.at,
        }
        for row in session.execute(statement)
        if (data := json_codec.loads(row.data))["decision_id"] == decision_id
    )


def replayed(session: Session, model: DecisionModel, decision_id: str) -> ReplayReport:
    """Take every past decision again with ``model``."""
    return replay(model, decision_id, past_decisions(session, decision_id))
