"""What the scoring desk shows: an expert's own sheet, how far the panel is, a settled scoring, a bidder's own result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from procurement.registers import score_runs
from procurement.registers.comparison import Evaluation
from procurement.registers.purchases import Purchase
from procurement.registers.scoring import FrozenSheet, PriceReview, ScoreCorrection, ScoringRun
from procurement.scoring.marks import Lack, Marks
from procurement.scoring.sheets import SheetModel


@dataclass(frozen=True)
class OwnSheet:
    """What one expert works on. ``totals``: the own points entered so far, plus the computed objective points."""

    purchase: Purchase
    sheet: SheetModel
    bids: Sequence[Mapping[str, Any]]
    objective: Mapping[str, Mapping[str, Any]]
    facts: Sequence[Mapping[str, Any]]
    marks: Marks
    comment: str
    state: str
    cause: str
    saved_at: dt.datetime
    signed_at: dt.datetime | None
    sha256: str
    is_chair: bool
    lacks: Sequence[Lack]
    totals: Mapping[str, Decimal]
    task_key: int | None

    @property
    def is_open(self) -> bool:
        return self.state in score_runs.OPEN and self.task_key is not None


@dataclass(frozen=True)
class Progress:
    """Who has signed: names and states, never a number."""

    purchase: Purchase
    opened_at: dt.datetime | None
    members: Sequence[tuple[str, str, dt.datetime | None]]  # name, state, signed at
    is_settled: bool


@dataclass(frozen=True)
class Result:
    """Everything about a settled run. ``explained``: organisation → rows of procurement.scoring.explaining."""

    purchase: Purchase
    sheet: SheetModel
    frozen: FrozenSheet
    run: ScoringRun
    evaluation: Evaluation | None
    marks: Mapping[str, Marks]
    comments: Mapping[str, str]
    hashes: Mapping[str, str]
    explained: Mapping[str, Sequence[Mapping[str, Any]]]
    hints: Sequence[Mapping[str, Any]]
    corrections: Sequence[ScoreCorrection]
    price_reviews: Sequence[PriceReview]
    names: Mapping[str, str] = field(default_factory=dict)  # expert_id → name

    @property
    def ranking(self) -> Sequence[Mapping[str, Any]]:
        return self.evaluation.ranking if self.evaluation else ()


@dataclass(frozen=True)
class OwnResult:
    """What a bidder is told of itself: own score, rank and reason (87号令 第六十九条); nobody else's sheet."""

    rank: int | None
    score: Decimal | None
    of: int
    winner: str
    best: Decimal | None
    reason: str  # why the bid was found invalid, else empty
    items: Sequence[Mapping[str, Any]]
