"""The contents list of everything the registers hold about a purchase, accepting its archive, and which files there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select

from engine.errors import ExecutionFailed
from engine.ports import Operation, OperationCall
from procurement.archive import Document, keep_until, listed, sealed
from procurement.archive.sources import SOURCES
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.operations.rules import rule_number
from procurement.registers import numbers
from procurement.registers.comparison import Notice
from procurement.registers.files import FileUse
from procurement.registers.performance import CaseFile
from procurement.registers.purchases import Purchase


class ArchiveNotBuilt(ExecutionFailed):
    """There is no built archive of case file {number}. Assemble the file again, then accept it."""


def assemble_archive(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, keep_years (default the rule archive_years), build, purpose → case_file {number, manifest, present, sha256,
    keep_until, volume, previous, root}.

    With ``build`` an archive is to follow (the effect archive.build), and a volume that nobody accepted is replaced.
    """
    purchase_id = inputs.text("purchase_id", call.business_key)
    years = inputs.whole("keep_years") if inputs.given("keep_years") else int(rule_number(call, "archive_years", call.now.date()))
    build = inputs.flag("build", False)
    previous = _previous(call, purchase_id) if build else None
    manifest = listed([*_rows(call, purchase_id), *_files(call, purchase_id)])
    case_file = CaseFile(
        id=numbers.next_number(call.session, numbers.CASE_FILE, call.now.year),
        purchase_id=purchase_id,
        manifest=manifest,
        sha256=sealed(manifest),
        keep_until=keep_until(call.now.date(), years),
        assembled_at=call.now,
        volume=previous.volume + 1 if previous else 1,
        previous_id=previous.id if previous else None,
        purpose=inputs.text("purpose", ""),
        status="assembling" if build else "listed",
    )
    call.session.add(case_file)
    summary = {
        "number": case_file.id,
        "manifest": manifest,
        "present": _present(call, purchase_id, manifest),
        "sha256": case_file.sha256,
        "keep_until": case_file.keep_until,
        "volume": case_file.volume,
        "previous": case_file.previous_id,
        "root": None,
    }
    return {"case_file": summary}


def _present(call: OperationCall, purchase_id: str, manifest: list[dict[str, Any]]) -> list[str]:
    """Kinds of documents there are, notices also by their own kind: what a checklist asks for."""
    notices = call.session.scalars(select(Notice.kind).where(Notice.purchase_id == purchase_id))
    return sorted({line["kind"] for line in manifest} | {f"notice:{kind}" for kind in notices})


def _previous(call: OperationCall, purchase_id: str) -> CaseFile | None:
    """The last accepted volume; what came after it and was not accepted is replaced by the one to come."""
    query = select(CaseFile).where(CaseFile.purchase_id == purchase_id).order_by(CaseFile.assembled_at, CaseFile.id)
    rows = call.session.scalars(query.with_for_update()).all()
    for row in rows:
        if row.status in ("assembling", "built"):
            row.status = "replaced"
    accepted = [row for row in rows if row.status in ("accepted", "disposed")]
    return accepted[-1] if accepted else None


def accept_archive(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """The number of a built file → case_file_root, accepted_at: the keeper took the built archive over. Raises ArchiveNotBuilt."""
    row = call.session.get(CaseFile, inputs.text("number"), with_for_update=True)
    if row is None or row.status not in ("built", "accepted"):
        raise ArchiveNotBuilt(number=inputs.text("number"))
    if row.status == "built":
        row.status, row.accepted_at, row.accepted_by = "accepted", call.now, call.actor_id
    return {"case_file_root": row.root, "accepted_at": row.accepted_at}


def list_archives(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """since, until → files [{number, purchase_id, title, sha256, entries, assembled_at}] put together in those days, by number."""
    first, last = inputs.date("since"), inputs.date("until")
    day = func.date(func.timezone("Asia/Shanghai", CaseFile.assembled_at))
    query = select(CaseFile, Purchase.title).join(Purchase, Purchase.id == CaseFile.purchase_id).order_by(CaseFile.id)
    rows = call.session.execute(query.where(CaseFile.status != "replaced", day.between(first, last)))
    return {
        "files": [
            {
                "number": row.id,
                "purchase_id": row.purchase_id,
                "title": title,
                "sha256": row.sha256,
                "entries": row.entries or len(row.manifest),
                "assembled_at": row.assembled_at.isoformat(),
            }
            for row, title in rows
        ]
    }


def _rows(call: OperationCall, purchase_id: str) -> Iterator[Document]:
    for source in SOURCES:
        for row in source.of(call.session, purchase_id):
            yield Document(source.title(row), source.kind, source.digest(row), source.at(row) or call.now)


def _files(call: OperationCall, purchase_id: str) -> Iterator[Document]:
    for row in call.session.scalars(select(FileUse).where(FileUse.purchase_id == purchase_id)):
        yield Document(row.name, "file", row.sha256, row.uploaded_at)


OPERATIONS: dict[str, Operation] = {
    "archive.assemble": writing(assemble_archive),
    "archive.accept": writing(accept_archive),
    "archive.list": reading(list_archives),
}
