"""Every time a decision was taken in a case, as the history tells it, and what a changed table would have answered."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import json_codec
from engine.dmn.decision_model import DecisionModel
from engine.dmn.replay import PastDecision, ReplayReport, from_explanations, replay
from engine.model import HistoryEntry
from engine.store import reading
from engine.store.tables import history, history_record, process_instance

AT_ONCE = 500
KIND = "decision_evaluated"


def past_decisions(session: Session, decision_id: str) -> Iterator[PastDecision]:
    """Oldest case first. ``reference`` is the case's business key, or its instance key when it has none."""
    both = merge(_singles(session, decision_id), _recorded(session, decision_id), key=lambda named: named[1].root_key)
    return from_explanations(
        {
            "reference": name or entry.root_key,
            "explanation": entry.data["explanation"],
            "value": entry.data["output"],
            "decided_at": entry.at,
        }
        for name, entry in both
        if entry.kind == KIND and entry.data["decision_id"] == decision_id
    )


def _singles(session: Session, decision_id: str) -> Iterator[tuple[str, HistoryEntry]]:
    """What was decided before records (migration 0004), with the business keys."""
    h = history.c
    for name, row in _named(
        session, history, reading.HISTORY, (h.kind == KIND, h.data.contains(_mark(decision_id), autoescape=True))
    ):
        yield name, reading.history(row)


def _recorded(session: Session, decision_id: str) -> Iterator[tuple[str, HistoryEntry]]:
    r = history_record.c
    telling = (r.kinds.contains([KIND]), r.entries.contains(_mark(decision_id), autoescape=True))
    for name, row in _named(session, history_record, reading.RECORD, telling):
        for entry in reading.entries(row):
            yield name, entry


def _named(session: Session, table: Any, columns: Any, telling: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    p = process_instance.c
    statement = (
        select(p.business_key, *columns)
        .join(process_instance, p.key == table.c.root_key)
        .where(*telling)
        .order_by(table.c.root_key, table.c.seq)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(statement):
        yield row.business_key, row


def _mark(decision_id: str) -> str:
    """What the text of such an entry contains: its JSON has no spaces."""
    return f'"decision_id":{json_codec.dumps_stored(decision_id)}'


def replayed(session: Session, model: DecisionModel, decision_id: str) -> ReplayReport:
    """Take every past decision again with ``model``."""
    return replay(model, decision_id, past_decisions(session, decision_id))
