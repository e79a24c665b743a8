"""The thread of a purchase: topic → demand → objective → score item → milestone → satisfaction, and back again.

What a purchase was bought for is written down in six places at six times. Here each becomes a knot, and the ties between them
are what people recorded (register ``thread_links``) and what a survey question says it asks about. An untied knot is shown too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.registers.ledgers import LedgerEntry
from procurement.registers.performance import Milestone
from procurement.registers.purchases import Purchase
from procurement.registers.scoring import FrozenSheet
from procurement.registers.surveys import Survey

TOPIC, DEMAND, OBJECTIVE, SCORE_ITEM, MILESTONE, SATISFACTION = STAGES = (
    "topic",
    "demand",
    "objective",
    "score_item",
    "milestone",
    "satisfaction",
)
LATER = {SCORE_ITEM: "score_items", MILESTONE: "milestones", SATISFACTION: "questions"}  # stage → field of thread_links


@dataclass(frozen=True)
class Knot:
    """One thing in one place. ``place``: number of the record it stands in; ``figure``: its result, if there is one."""

    key: str  # unique in the thread, such as objective-1
    stage: str
    name: str
    note: str = ""
    place: str = ""
    figure: str = ""


@dataclass(frozen=True)
class Thread:
    """``ties``: key of a knot and key of one that follows from it."""

    knots: tuple[Knot, ...]
    ties: frozenset[tuple[str, str]]

    def of(self, stage: str) -> list[Knot]:
        return [knot for knot in self.knots if knot.stage == stage]

    def onward(self, knot: Knot) -> list[Knot]:
        return [other for other in self.knots if (knot.key, other.key) in self.ties]

    def back(self, knot: Knot) -> list[Knot]:
        return [other for other in self.knots if (other.key, knot.key) in self.ties]

    def is_loose(self, knot: Knot) -> bool:
        """Nobody has said what it has to do with an objective."""
        return knot.stage in LATER and not self.back(knot)


def thread_of(session: Session, purchase: Purchase, *, public: bool = False) -> Thread:
    """``public``: with published results only."""
    topic = _topic(session, str(purchase.details.get("deliberation") or ""))
    demand = [Knot("demand", DEMAND, purchase.title, purchase.beneficiary_group, purchase.id)]
    objectives = [_objective(n, row) for n, row in enumerate(purchase.details.get("objectives") or (), 1)]
    later = [*_score_items(session, purchase), *_milestones(session, purchase), *_satisfaction(session, purchase, public=public)]
    ties = {(one.key, "demand") for one in topic} | {("demand", one.key) for one in objectives}
    asked = _asked(session, purchase)
    for objective in objectives:
        ties |= _ties(objective, later, _linked(session, purchase), asked)
    return Thread((*topic, *demand, *objectives, *later), frozenset(ties))


def _topic(session: Session, matter: str) -> list[Knot]:
    query = select(LedgerEntry).where(LedgerEntry.ledger == "deliberations", LedgerEntry.matter == matter)
    entry = session.scalars(query.order_by(LedgerEntry.id.desc())).first() if matter else None
    if entry is None:
        return [Knot("topic", TOPIC, matter, place="")] if matter else []
    values = entry.values
    figure = f"{values['in_favour']}/{values['attended']}" if values.get("attended") else ""
    return [Knot("topic", TOPIC, str(values["topic"]), str(values["hall"]), entry.number, figure)]


def _objective(n: int, row: Mapping[str, Any]) -> Knot:
    note = " ".join(str(row.get(name) or "") for name in ("indicator", "target", "unit"))
    return Knot(f"objective-{n}", OBJECTIVE, str(row.get("objective") or ""), note.strip())


def _score_items(session: Session, purchase: Purchase) -> Iterable[Knot]:
    query = select(FrozenSheet.sheet).where(FrozenSheet.purchase_id == purchase.id).order_by(FrozenSheet.id.desc())
    sheet = session.scalars(query).first() or {}
    for n, item in enumerate(sheet.get("items") or (), 1):
        yield Knot(f"score_item-{n}", SCORE_ITEM, str(item["name"]), str(item.get("note") or ""), figure=str(item["maximum"]))


def _milestones(session: Session, purchase: Purchase) -> Iterable[Knot]:
    query = select(Milestone).where(Milestone.contract_id == purchase.contract_id).order_by(Milestone.number)
    for one in session.scalars(query) if purchase.contract_id else ():
        yield Knot(f"milestone-{one.number}", MILESTONE, one.title, one.due_on.isoformat(), one.contract_id, f"{one.amount:,.2f}")


def _surveys(session: Session, purchase: Purchase) -> Sequence[Survey]:
    return session.scalars(select(Survey).where(Survey.purchase_id == purchase.id).order_by(Survey.id)).all()


def _satisfaction(session: Session, purchase: Purchase, *, public: bool) -> Iterable[Knot]:
    for survey in _surveys(session, purchase):
        if public and survey.published_on is None:
            continue
        scores = {one["id"]: one["score"] for one in survey.results.get("questions", ())}
        for n, row in enumerate(survey.questions, 1):
            if row.get("kind") == "scale":
                score = scores.get(row.get("question_id") or f"q{n}")
                figure = "" if score is None else str(score)
                yield Knot(f"satisfaction-{survey.id}-{n}", SATISFACTION, str(row["text"]), survey.title, survey.id, figure)


def _linked(session: Session, purchase: Purchase) -> dict[str, dict[str, Any]]:
    """Objective → what people tied to it; the newest entry counts."""
    query = select(LedgerEntry).where(LedgerEntry.ledger == "thread_links", LedgerEntry.purchase_id == purchase.id)
    return {str(entry.values["objective"]): entry.values for entry in session.scalars(query.order_by(LedgerEntry.id))}


def _asked(session: Session, purchase: Purchase) -> dict[str, str]:
    """Text of a question → the objective its designer wrote beside it."""
    rows = (row for survey in _surveys(session, purchase) for row in survey.questions)
    return {str(row["text"]): str(row.get("objective") or "") for row in rows}


def _ties(objective: Knot, later: Sequence[Knot], linked: Mapping[str, Any], asked: Mapping[str, str]) -> set[tuple[str, str]]:
    """From the objective to the first stage tied to it, from there to the next: each stage follows from the one before."""
    own, ties = linked.get(objective.name, {}), set()
    before = [objective]
    for stage, field in LATER.items():
        names = set(str(own.get(field) or "").splitlines())
        here = [k for k in later if k.stage == stage and (k.name in names or _is_about(k, objective, asked))]
        ties |= {(one.key, other.key) for one in before for other in here}
        before = here or before
    return ties


def _is_about(knot: Knot, objective: Knot, asked: Mapping[str, str]) -> bool:
    return knot.stage == SATISFACTION and asked.get(knot.name) == objective.name != ""
