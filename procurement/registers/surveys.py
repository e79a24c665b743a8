"""Surveys answered by link, without an account.

Who was invited and what was answered lie in two tables that share nothing but the survey and the sampling group. No row has a
time of answering, and the keys of both are random, so neither says in which order people came.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import Row

OPEN, CLOSED = "open", "closed"
INVITED, POSTER = "invitation", "poster"
AUDIENCES = ("beneficiaries", "staff")


class Survey(Row):
    """``questions``: rows as procurement.surveys.questions reads them; ``strata``: {name, planned} of the sample.

    ``results`` are figures that name no small group, and all that is left once the answers are erased.
    """

    __tablename__ = "surveys"
    __table_args__ = (Index(None, "purchase_id", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    audience: Mapped[str]
    purchase_id: Mapped[str | None]
    matter: Mapped[str]  # business key of the case that asks
    notice: Mapped[dict[str, Any]]  # what people are told before they answer
    questions: Mapped[list[Any]]
    strata: Mapped[list[Any]]
    poster: Mapped[str]  # the token of the open poster, no secret; empty: invitations only
    poster_daily: Mapped[int]  # answers taken from one network address in a day
    poster_salt: Mapped[str]  # empty once the survey is closed
    minimum_answers: Mapped[int]
    minimum_group: Mapped[int]
    state: Mapped[str]
    opened_on: Mapped[dt.date]
    closes_at: Mapped[dt.datetime]
    erase_on: Mapped[dt.date]
    results: Mapped[dict[str, Any]]  # empty until the survey is closed
    told: Mapped[str]  # what the office says to the published results
    published_on: Mapped[dt.date | None]
    erased_on: Mapped[dt.date | None]


class InvitationBatch(Row):
    """Cards made together for one sampling group; ``id`` is the hash of what their tokens were made from."""

    __tablename__ = "survey_batches"
    __table_args__ = (Index(None, "survey_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id"))
    stratum: Mapped[str]
    cards: Mapped[int]
    void: Mapped[bool]
    made_by: Mapped[str]
    made_on: Mapped[dt.date]


class Invitation(Row):
    """One card: only the hash of its token, and whether it was used. All of them are deleted when the survey closes."""

    __tablename__ = "survey_invitations"
    __table_args__ = (Index(None, "survey_id"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id"))
    batch: Mapped[str]
    stratum: Mapped[str]
    used: Mapped[bool]


class Answer(Row):
    """What one person answered; ``id`` is random."""

    __tablename__ = "survey_answers"
    __table_args__ = (Index(None, "survey_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id"))
    stratum: Mapped[str]
    via: Mapped[str]
    answers: Mapped[dict[str, Any]]


class PosterVisit(Row):
    """How often an address answered from the poster today; earlier days are deleted, all of them at the end."""

    __tablename__ = "survey_poster_visits"

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id"), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    visitor: Mapped[str] = mapped_column(primary_key=True)  # salted hash of the address
    answers: Mapped[int]
