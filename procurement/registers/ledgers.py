"""Entries of the registers that are described as data (``processes/*/*.ledger.yaml``), and imports on their way into them.

An entry is only added to, or ended: the database refuses everything else. ``facts`` repeats the plain values as jsonb, each as a
list, only to search, count and add up inside the database (numeric there is exact); what people see is read from ``values``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, cast, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.types import UserDefinedType

from engine import json_codec
from procurement.registers.row import Row

READING, READ, FAULTY, APPLIED, DROPPED = "reading", "read", "faulty", "applied", "dropped"


class Facts(UserDefinedType[dict[str, Any]]):
    """jsonb that is written and asked, never read back: as a Python value its numbers would be binary floats."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        return "JSONB"

    def bind_processor(self, dialect: Any) -> Any:  # noqa: ARG002
        return json_codec.dumps

    def bind_expression(self, bindvalue: BindParameter[dict[str, Any]]) -> ColumnElement[Any]:
        return cast(bindvalue, JSONB)


def _known(name: str) -> Index:
    return Index(f"ix_ledger_entries_{name}", name, "ledger", "id", postgresql_where=text(f"{name} is not null"))


class LedgerEntry(Row):
    """One entry; in force from ``valid_from`` to ``valid_until``, both days included."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("valid_until is null or valid_until >= valid_from - 1", name="ends_after_it_begins"),
        Index("uq_ledger_entries_number", "number", unique=True),
        Index("ix_ledger_entries_ledger", "ledger", "id"),
        Index("ix_ledger_entries_days", "ledger", "valid_from", "valid_until"),
        Index("ix_ledger_entries_entry_key", "ledger", "entry_key"),
        *map(_known, ("owner", "purchase_id", "organisation_id", "matter")),
        Index("ix_ledger_entries_facts", "facts", postgresql_using="gin", postgresql_ops={"facts": "jsonb_path_ops"}),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ledger: Mapped[str]
    number: Mapped[str]
    key: Mapped[str | None] = mapped_column("entry_key")
    name: Mapped[str]
    form_version: Mapped[int]
    values: Mapped[dict[str, Any]] = mapped_column("content")
    search: Mapped[str] = mapped_column(deferred=True)  # every text of the entry in lower case
    facts: Mapped[dict[str, Any]] = mapped_column(Facts, deferred=True)
    valid_from: Mapped[dt.date]
    valid_until: Mapped[dt.date | None]
    owner: Mapped[str | None]  # group that may see it as its own: organisation:org-01
    purchase_id: Mapped[str | None]
    organisation_id: Mapped[str | None]
    matter: Mapped[str | None]
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    recorded_by: Mapped[str]
    recorded_at: Mapped[dt.datetime]
    closed_reason: Mapped[str] = mapped_column(default="")
    closed_by: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[dt.datetime | None]


class LedgerBatch(Row):
    """An imported file. ``total`` rows, of which ``done`` were looked at and ``wrong`` do not fit; applied when approved."""

    __tablename__ = "ledger_batches"
    __table_args__ = (
        Index("uq_ledger_batches_number", "number", unique=True),
        Index("ix_ledger_batches_ledger", "ledger", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[str]
    ledger: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[str]  # READING, READ, FAULTY, APPLIED or DROPPED
    fault: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[dt.date]
    replaces_all: Mapped[bool]  # entries of the ledger that the batch does not name again end the day before
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)
    form_version: Mapped[int] = mapped_column(default=0)
    begun_by: Mapped[str]
    begun_at: Mapped[dt.datetime]
    applied_at: Mapped[dt.datetime | None]


class LedgerBatchRow(Row):
    """One row of an imported file that fits or does not: ``faults`` [[field, template, params]]."""

    __tablename__ = "ledger_batch_rows"

    batch_id: Mapped[int] = mapped_column(ForeignKey("ledger_batches.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # as the spreadsheet numbers it
    values: Mapped[dict[str, Any]] = mapped_column("content")
    faults: Mapped[list[Any]]
