"""Draws of experts as commit and reveal left them, who was invited, and whom an applicant fears on the panel.

A draw is one round: its announcement is fixed before any randomness is known and never changes. A round in which somebody
kept its contribution back is void and stays on record; the next round is a row of its own. What anybody may repeat it from is
made out of these rows by ``procurement.draw.record``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row

DRAW_STATES = ("committing", "revealing", "drawn", "void")
SIDES = ("street", "agency", "supervisor", "applicant")
INVITATION_WAYS = ("drawn", "alternate", "self_chosen")
INVITATION_STATES = ("invited", "coming", "recused", "silent", "absent", "objected")
REQUEST_STATES = ("asked", "granted", "refused")


class Draw(KeptRow):
    """One round of a draw. ``announcement`` is what was published before any randomness was known; see docs/reference/draw-file.md."""

    __tablename__ = "draws"
    __table_args__ = (UniqueConstraint("purchase_id", "round"),)

    id: Mapped[str] = mapped_column(primary_key=True)  # CQ-2026-0001
    purchase_id: Mapped[str] = mapped_column(index=True)
    round: Mapped[int]
    state: Mapped[str]  # one of DRAW_STATES
    announcement: Mapped[dict[str, Any]]
    announcement_sha256: Mapped[str]
    announced_at: Mapped[dt.datetime]
    announced_by: Mapped[str]
    commit_until: Mapped[dt.datetime]
    reveal_until: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]  # no more commitments from here on
    outside_value: Mapped[str] = mapped_column(default="")
    concluded_at: Mapped[dt.datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")
    seed: Mapped[str] = mapped_column(default="")
    drawn: Mapped[list[Any]] = mapped_column(default=list)  # candidate commitments, in order
    alternates: Mapped[list[Any]] = mapped_column(default=list)


class DrawCandidate(Row):
    """Who stands behind a candidate's commitment; secret until the result is published. Never changed."""

    __tablename__ = "draw_candidates"

    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    commitment: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[str]
    expert_id: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str]
    strata: Mapped[list[str]]


class DrawContribution(KeptRow):
    """What one contributor put in: first only its hash, then the contribution itself."""

    __tablename__ = "draw_contributions"

    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    contributor: Mapped[str] = mapped_column(primary_key=True)  # street, agency, supervisor, organisation:org-02
    side: Mapped[str]  # one of SIDES
    name: Mapped[str]
    commitment: Mapped[str] = mapped_column(default="")
    committed_at: Mapped[dt.datetime | None]
    committed_by: Mapped[str] = mapped_column(default="")
    contribution: Mapped[str] = mapped_column(default="")
    revealed_at: Mapped[dt.datetime | None]
    revealed_by: Mapped[str] = mapped_column(default="")


class DrawOutsideValue(KeptRow):
    """The outside public value as one of the two people who look it up entered it."""

    __tablename__ = "draw_outside_values"

    draw_id: Mapped[str] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    entered_by: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    evidence: Mapped[str]  # a link, or the id of an uploaded photograph
    at: Mapped[dt.datetime]


class PanelInvitation(KeptRow):
    """One expert asked to come: drawn, called as alternate, or chosen by hand with approval."""

    __tablename__ = "panel_invitations"
    __table_args__ = (Index("ix_panel_invitations_expert_id_id", "expert_id", "id"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    draw_id: Mapped[str | None] = mapped_column(ForeignKey("draws.id"))
    expert_id: Mapped[str]
    way: Mapped[str]  # one of INVITATION_WAYS
    state: Mapped[str]  # one of INVITATION_STATES
    meeting_at: Mapped[dt.datetime | None]
    meeting_place: Mapped[str] = mapped_column(default="")
    invited_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    declared: Mapped[list[Any]] = mapped_column(default=list)  # kinds of conflict the expert declared
    opinions_void: Mapped[bool] = mapped_column(default=False)  # replaced after it began (87号令 第四十九条)
    recorded_by: Mapped[str] = mapped_column(default="")


class RecusalRequest(KeptRow):
    """An applicant asks that a person does not judge it (政府采购法 第十二条)."""

    __tablename__ = "recusal_requests"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[str]
    person: Mapped[str]  # the name as the applicant wrote it
    unit: Mapped[str] = mapped_column(default="")
    relation: Mapped[str]  # one of RECUSAL_RELATIONS
    facts: Mapped[str]
    expert_id: Mapped[str | None]  # whom the office found behind the name
    state: Mapped[str]  # one of REQUEST_STATES
    asked_at: Mapped[dt.datetime]
    asked_by: Mapped[str]
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")


class ExpertEmployment(KeptRow):
    """Where an expert worked and in what capacity: the last three years bar (条例 第九条)."""

    __tablename__ = "expert_employments"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    expert_id: Mapped[str] = mapped_column(ForeignKey("experts.id"), index=True)
    unit: Mapped[str]
    position: Mapped[str] = mapped_column(default="")
    since: Mapped[dt.date]
    until: Mapped[dt.date | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[dt.datetime]
