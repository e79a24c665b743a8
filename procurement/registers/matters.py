"""Matters: supervision processes that people or the calendar begin, each with a number of its own."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow


class Matter(KeptRow):
    """``id`` is the matter's number and, for one begun by hand, the business key of its process.

    ``about`` says what was chosen at the beginning; what the matter concerns stands in the columns after it. ``seen_by``: roles,
    parties or units that may know of it while it runs, besides whoever began it; empty when it is no secret.
    """

    __tablename__ = "matters"
    __table_args__ = (
        Index(None, "opened_at", "id"),
        Index(None, "process_id", "opened_at"),
        Index("ix_matters_reserved", "process_key", postgresql_where=text("seen_by <> '{}' AND closed_at IS NULL")),
        UniqueConstraint("starter", "command_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    process_id: Mapped[str]
    title: Mapped[str]
    about: Mapped[str] = mapped_column(default="none")  # one of ABOUT
    purchase_id: Mapped[str | None] = mapped_column(index=True)
    contract_id: Mapped[str | None] = mapped_column(index=True)
    organisation_id: Mapped[str | None] = mapped_column(index=True)
    agency_id: Mapped[str | None] = mapped_column(index=True)
    starter: Mapped[str] = mapped_column(default="")  # login; empty when the calendar or a message began it
    unit: Mapped[str] = mapped_column(default="")
    seen_by: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    process_key: Mapped[int | None] = mapped_column(BigInteger, unique=True)  # root process instance
    command_id: Mapped[str | None]  # of the start, so that a double click begins one matter
    opened_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    result: Mapped[str] = mapped_column(default="")  # a code of the diagram's
    result_text: Mapped[str] = mapped_column(default="")
    void: Mapped[bool] = mapped_column(default=False)  # the process never started; the number is accounted for


ABOUT = ("none", "purchase", "contract", "organisation", "agency")
RESERVED = text("matters.seen_by <> '{}' AND matters.closed_at IS NULL")
