"""Which register tables belong to a purchase's file (卷宗): one line per table, for the contents list and for the archive.

A new table that holds something about a purchase gets its line here, or its rows never reach the file. ``kind`` is both the
word in the contents list and the folder in the archive; rows are found by ``purchase_id`` unless ``rows`` says how.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, inspect, select
from sqlalchemy.orm import Session

from engine import json_codec
from procurement.registers.comparison import (
    Application,
    Award,
    Bid,
    BidContent,
    Evaluation,
    ExpertDraw,
    Notice,
    Objection,
    Question,
    ScoreSheet,
)
from procurement.registers.discretion import Discretion
from procurement.registers.draws import Draw, DrawCandidate, DrawContribution, DrawOutsideValue, PanelInvitation, RecusalRequest
from procurement.registers.flags import FlagLook, FlagVerdict, RedFlag
from procurement.registers.messages import Message, Reminder
from procurement.registers.money import BudgetLine
from procurement.registers.parties import Organisation
from procurement.registers.performance import (
    Contract,
    ContractRefusal,
    ContractSignature,
    Milestone,
    MonitoringRecord,
    Payment,
    Proposal,
)
from procurement.registers.publicity import Appeal, PublicityStop
from procurement.registers.purchases import Purchase
from procurement.registers.registering import SupplementRequest
from procurement.registers.row import OFFICE_ZONE, Row
from procurement.registers.scoring import ExpertSheet, FrozenSheet, PriceReview, ScoreCorrection, ScoreHint, ScoringRun
from procurement.registers.sealing import (
    BidFileMetadata,
    BidOpening,
    ComparisonKey,
    KeyShare,
    Opening,
    OpeningPresence,
    SealedPart,
)


@dataclass(frozen=True)
class Source:
    """One table: how its rows are named and dated in the contents list, how they are found, and which columns stay out.

    ``at`` None: the row has no time of its own and takes that of the assembling. ``without``: columns that are secrets of
    the running system (key shares, tokens) or bytes; never use it to leave out what is merely unpleasant.
    """

    table: Any
    kind: str
    title: Callable[[Any], str]
    at: Callable[[Any], dt.datetime | None]
    rows: Callable[[str], Select[Any]] | None = None
    without: frozenset[str] = frozenset()

    def of(self, session: Session, purchase_id: str) -> Iterator[Any]:
        """The purchase's rows in order of their key, read in portions."""
        query = self.rows(purchase_id) if self.rows else select(self.table).where(self.table.purchase_id == purchase_id)
        yield from session.scalars(query.order_by(*inspect(self.table).primary_key).execution_options(yield_per=200))

    def content(self, row: Row) -> dict[str, Any]:
        """Column name → value, as it goes into the archive."""
        names = inspect(type(row)).column_attrs.keys()
        return {name: getattr(row, name) for name in names if name not in self.without}

    def digest(self, row: Row) -> str:
        """SHA-256 of the canonical JSON of ``content``."""
        return json_codec.digest(self.content(row))


def _by_contract(table: Any) -> Callable[[str], Select[Any]]:
    return lambda purchase: select(table).join(Contract, Contract.id == table.contract_id).where(Contract.purchase_id == purchase)


def _by_flag(table: Any) -> Callable[[str], Select[Any]]:
    return lambda purchase: select(table).join(RedFlag, RedFlag.id == table.flag_id).where(RedFlag.purchase_id == purchase)


def _by_draw(table: Any) -> Callable[[str], Select[Any]]:
    return lambda purchase: select(table).join(Draw, Draw.id == table.draw_id).where(Draw.purchase_id == purchase)


def _by_bid(purchase: str) -> Select[Any]:
    """The sealed parts of a purchase's bids; keys and ciphertext stay out."""
    return select(SealedPart).join(Bid, Bid.id == SealedPart.bid_id).where(Bid.purchase_id == purchase)


def _by_key(purchase: str) -> Select[Any]:
    """Who held a share of the comparison's key; the shares themselves stay out."""
    joined = select(KeyShare).join(ComparisonKey, ComparisonKey.id == KeyShare.comparison_key_id)
    return joined.where(ComparisonKey.purchase_id == purchase)


def _by_opening(purchase: str) -> Select[Any]:
    joined = select(OpeningPresence).join(Opening, Opening.id == OpeningPresence.opening_id)
    return joined.where(Opening.purchase_id == purchase)


def _by_run(table: Any) -> Callable[[str], Select[Any]]:
    """Rows of scorings in which all have signed: before that nobody reads them, the file's contents list included."""
    settled = (ScoringRun.settled_at.is_not(None),)
    return lambda purchase: (
        select(table).join(ScoringRun, ScoringRun.id == table.run_id).where(ScoringRun.purchase_id == purchase, *settled)
    )


def _on(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), OFFICE_ZONE)


def _involved(purchase: str) -> Select[Any]:
    """The organisations that applied for a purchase or were chosen."""
    applied = select(Application.organisation_id).where(Application.purchase_id == purchase)
    chosen = select(Award.organisation_id).where(Award.purchase_id == purchase)
    return select(Organisation).where(Organisation.id.in_(applied.union(chosen)))


def _opened(purchase: str) -> Select[Any]:
    """What was inside the bids that were opened; the others stay closed."""
    return select(BidContent).join(Bid, Bid.id == BidContent.bid_id).where(Bid.purchase_id == purchase, Bid.status == "opened")


SOURCES: tuple[Source, ...] = (
    Source(
        Purchase,
        "purchase",
        lambda row: row.title,
        lambda row: row.started_at,
        lambda key: select(Purchase).where(Purchase.id == key),
    ),
    Source(Organisation, "organisation", lambda row: f"{row.id} {row.name}", lambda _: None, _involved),
    Source(BudgetLine, "budget", lambda row: f"{row.budget_code} {row.amount}", lambda row: row.at),
    Source(Notice, "notice", lambda row: row.title, lambda row: row.published_at),
    Source(Question, "question", lambda row: row.question[:60], lambda row: row.asked_at),
    Source(Application, "application", lambda row: f"{row.id} {row.name}", lambda row: row.registered_at),
    Source(SupplementRequest, "supplement", lambda row: f"{row.subject} {row.due_on}", lambda row: row.requested_at),
    Source(Bid, "bid", lambda row: f"{row.id} {row.name}", lambda row: row.submitted_at),
    Source(BidContent, "bid_content", lambda row: row.bid_id, lambda _: None, _opened),
    Source(
        SealedPart,
        "sealed_part",
        lambda row: f"{row.bid_id} {row.number}",
        lambda _: None,
        _by_bid,
        without=frozenset({"content", "wrapped_key", "data_key"}),
    ),
    Source(ComparisonKey, "comparison_key", lambda row: row.fingerprint, lambda row: row.sealed_at),
    Source(
        KeyShare, "key_share", lambda row: row.name, lambda row: row.given_at, _by_key, without=frozenset({"share", "wrapped"})
    ),
    Source(Opening, "opening", lambda row: f"{row.state} {row.place}".strip(), lambda row: row.called_at),
    Source(OpeningPresence, "opening_presence", lambda row: row.name, lambda row: row.came_at, _by_opening),
    Source(BidOpening, "bid_opening", lambda row: f"{row.position} {row.bid_id}", lambda row: row.opened_at),
    Source(BidFileMetadata, "bid_file", lambda row: f"{row.bid_id} {row.name}", lambda _: None),
    Source(Draw, "draw", lambda row: f"{row.id} {row.round} {row.state}", lambda row: row.announced_at),
    Source(DrawCandidate, "draw_candidate", lambda row: row.expert_id, lambda _: None, _by_draw(DrawCandidate)),
    Source(
        DrawContribution,
        "draw_contribution",
        lambda row: row.contributor,
        lambda row: row.committed_at,
        _by_draw(DrawContribution),
    ),
    Source(DrawOutsideValue, "draw_outside_value", lambda row: row.value, lambda row: row.at, _by_draw(DrawOutsideValue)),
    Source(PanelInvitation, "panel_invitation", lambda row: f"{row.expert_id} {row.state}", lambda row: row.invited_at),
    Source(RecusalRequest, "recusal_request", lambda row: row.person, lambda row: row.asked_at),
    Source(ExpertDraw, "expert_draw", lambda row: f"{row.field} {row.number}", lambda row: row.at),
    Source(ScoreSheet, "score_sheet", lambda row: f"{row.expert_id} {row.organisation_id}", lambda _: None),
    Source(FrozenSheet, "frozen_sheet", lambda row: f"{row.template_id} {row.sha256[:12]}".strip(), lambda row: row.at),
    Source(ScoringRun, "scoring_run", lambda row: f"{row.id}", lambda row: row.opened_at),
    Source(ExpertSheet, "expert_sheet", lambda row: row.expert_id, lambda row: row.signed_at, _by_run(ExpertSheet)),
    Source(ScoreHint, "score_hint", lambda row: f"{len(row.hints)}", lambda row: row.at, _by_run(ScoreHint)),
    Source(ScoreCorrection, "score_correction", lambda row: row.expert_id, lambda row: row.at, _by_run(ScoreCorrection)),
    Source(PriceReview, "price_review", lambda row: row.organisation_id, lambda row: row.at),
    Source(Evaluation, "evaluation", lambda row: f"{len(row.ranking)}", lambda row: row.at),
    Source(Objection, "objection", lambda row: row.content[:60], lambda row: row.raised_at),
    Source(PublicityStop, "publicity_stop", lambda row: row.notice_id, lambda row: _on(row.stopped_on)),
    Source(Appeal, "appeal", lambda row: f"{row.id} {row.content[:60]}", lambda row: row.raised_at),
    Source(Discretion, "discretion", lambda row: f"{row.rule_id} {row.default} → {row.chosen}", lambda row: row.at),
    Source(RedFlag, "red_flag", lambda row: f"{row.kind} {' '.join(row.organisations)}".strip(), lambda row: row.found_at),
    Source(FlagVerdict, "flag_verdict", lambda row: row.verdict, lambda row: row.at, _by_flag(FlagVerdict)),
    Source(FlagLook, "flag_look", lambda row: row.login, lambda row: row.at, _by_flag(FlagLook)),
    Source(Message, "message", lambda row: f"{row.login} {row.subject}".strip(), lambda row: row.at),
    Source(Reminder, "reminder", lambda row: f"{row.name} {row.act} {' '.join(row.to)}".strip(), lambda row: row.at),
    Source(Award, "award", lambda row: f"{row.organisation_id} {row.amount}", lambda row: row.awarded_at),
    Source(Contract, "contract", lambda row: row.id, lambda row: row.created_at),
    Source(
        ContractSignature,
        "contract_signature",
        lambda row: f"{row.contract_id} {row.name}",
        lambda row: row.signed_at,
        _by_contract(ContractSignature),
    ),
    Source(ContractRefusal, "contract_refusal", lambda row: row.organisation_id, lambda row: row.at),
    Source(Milestone, "milestone", lambda row: f"{row.contract_id} {row.title}", lambda _: None, _by_contract(Milestone)),
    Source(
        Payment,
        "payment",
        lambda row: f"{row.contract_id} {row.milestone} {row.amount}",
        lambda row: _on(row.paid_on),
        _by_contract(Payment),
    ),
    Source(MonitoringRecord, "monitoring_record", lambda row: row.kind, lambda row: row.recorded_at),
    Source(Proposal, "proposal", lambda row: row.title, lambda row: row.proposed_at),
)
