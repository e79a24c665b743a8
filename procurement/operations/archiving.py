"""archive.assemble: the contents list of everything the registers hold about a purchase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import inspect, select

from engine import json_codec
from engine.ports import Operation, OperationCall
from procurement.archive import Document, keep_until, listed, sealed
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.operations.rules import rule_number
from procurement.registers import numbers
from procurement.registers.comparison import (
    Application,
    Award,
    Bid,
    Evaluation,
    ExpertDraw,
    Notice,
    Objection,
    Question,
    ScoreSheet,
)
from procurement.registers.files import FileUse
from procurement.registers.performance import CaseFile, Contract, MonitoringRecord, Payment, Proposal
from procurement.registers.row import OFFICE_ZONE, Row

# register → (kind in the contents list, title, time); rows of a purchase are found by their purchase_id
SOURCES: tuple[tuple[Any, str, Callable[[Any], str], Callable[[Any], dt.datetime | None]], ...] = (
    (Notice, "notice", lambda row: row.title, lambda row: row.published_at),
    (Question, "question", lambda row: row.question[:60], lambda row: row.asked_at),
    (Application, "application", lambda row: f"{row.id} {row.name}", lambda row: row.registered_at),
    (Bid, "bid", lambda row: f"{row.id} {row.name}", lambda row: row.submitted_at),
    (ExpertDraw, "expert_draw", lambda row: f"{row.field} {row.number}", lambda row: row.at),
    (ScoreSheet, "score_sheet", lambda row: f"{row.expert_id} {row.organisation_id}", lambda _: None),
    (Evaluation, "evaluation", lambda row: f"{len(row.ranking)}", lambda row: row.at),
    (Objection, "objection", lambda row: row.content[:60], lambda row: row.raised_at),
    (Award, "award", lambda row: f"{row.organisation_id} {row.amount}", lambda row: row.awarded_at),
    (Contract, "contract", lambda row: row.id, lambda row: row.created_at),
    (MonitoringRecord, "monitoring_record", lambda row: row.kind, lambda row: row.recorded_at),
    (Proposal, "proposal", lambda row: row.title, lambda row: row.proposed_at),
)


def assemble_archive(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, keep_years (default the rule archive_years) → case_file {number, manifest, sha256, keep_until}."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    years = inputs.whole("keep_years") if inputs.given("keep_years") else int(rule_number(call, "archive_years", call.now.date()))
    manifest = listed([*_rows(call, purchase_id), *_payments(call, purchase_id), *_files(call, purchase_id)])
    case_file = CaseFile(
        id=numbers.next_number(call.session, numbers.CASE_FILE, call.now.year),
        purchase_id=purchase_id,
        manifest=manifest,
        sha256=sealed(manifest),
        keep_until=keep_until(call.now.date(), years),
        assembled_at=call.now,
    )
    call.session.add(case_file)
    summary = {
        "number": case_file.id,
        "manifest": manifest,
        "sha256": case_file.sha256,
        "keep_until": case_file.keep_until,
    }
    return {"case_file": summary}


def _rows(call: OperationCall, purchase_id: str) -> Iterator[Document]:
    for table, kind, title, at in SOURCES:
        for row in call.session.scalars(select(table).where(table.purchase_id == purchase_id)):
            yield Document(title(row), kind, row_digest(row), at(row) or call.now)


def _payments(call: OperationCall, purchase_id: str) -> Iterator[Document]:
    query = select(Payment).join(Contract, Contract.id == Payment.contract_id).where(Contract.purchase_id == purchase_id)
    for row in call.session.scalars(query):
        day = dt.datetime.combine(row.paid_on, dt.time(), OFFICE_ZONE)
        yield Document(f"{row.contract_id} {row.milestone} {row.amount}", "payment", row_digest(row), day)


def _files(call: OperationCall, purchase_id: str) -> Iterator[Document]:
    for row in call.session.scalars(select(FileUse).where(FileUse.purchase_id == purchase_id)):
        yield Document(row.name, "file", row.sha256, row.uploaded_at)


def row_digest(row: Row) -> str:
    """SHA-256 of the canonical JSON of a register row: column name → value."""
    return json_codec.digest({name: getattr(row, name) for name in inspect(type(row)).column_attrs.keys()})  # noqa: SIM118


OPERATIONS: dict[str, Operation] = {"archive.assemble": writing(assemble_archive)}
