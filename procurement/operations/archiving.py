"""archive.assemble: the contents list of everything the registers hold about a purchase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from engine.ports import Operation, OperationCall
from procurement.archive import Document, keep_until, listed, sealed
from procurement.archive.sources import SOURCES
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.operations.rules import rule_number
from procurement.registers import numbers
from procurement.registers.files import FileUse
from procurement.registers.performance import CaseFile


def assemble_archive(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, keep_years (default the rule archive_years) → case_file {number, manifest, sha256, keep_until}."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    years = inputs.whole("keep_years") if inputs.given("keep_years") else int(rule_number(call, "archive_years", call.now.date()))
    manifest = listed([*_rows(call, purchase_id), *_files(call, purchase_id)])
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
    for source in SOURCES:
        for row in source.of(call.session, purchase_id):
            yield Document(source.title(row), source.kind, source.digest(row), source.at(row) or call.now)


def _files(call: OperationCall, purchase_id: str) -> Iterator[Document]:
    for row in call.session.scalars(select(FileUse).where(FileUse.purchase_id == purchase_id)):
        yield Document(row.name, "file", row.sha256, row.uploaded_at)


OPERATIONS: dict[str, Operation] = {"archive.assemble": writing(assemble_archive)}
