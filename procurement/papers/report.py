"""paper.report: the effect that writes a report a process has composed as Word and PDF into the file store."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.model import SYSTEM
from engine.ports import Effect
from procurement.files import FileReference
from procurement.papers.document import Paper, Part, day, numbered
from procurement.papers.effect import Press, prints
from procurement.papers.printing import paper_as_pdf, paper_as_word
from procurement.registers.edits import edit_as
from procurement.registers.files import FileUse, StoredFile, note_stored

EFFECT = "paper.report"


def printing_reports(press: Press, now: Callable[[], dt.datetime]) -> Effect:
    """number, heading, facts, parts, signatures → papers (PDF first), sha256. The same content again gives the same files."""

    def effect(payload: Mapping[str, Any], idempotency_key: str) -> Mapping[str, Any]:
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()
        paper = _paper(payload, press.office, digest, now())
        name = f"{paper.number}-{digest[:8]}"
        papers = _kept(press, name) or _made(press, payload, paper, name, now())
        return {"papers": papers, "sha256": digest}

    return effect


def _paper(payload: Mapping[str, Any], office: str, digest: str, at: dt.datetime) -> Paper:
    number, heading = payload.get("number"), payload.get("heading")
    if not isinstance(number, str) or not isinstance(heading, str):
        raise InvalidInput(
            "paper.report needs a number and a heading; it was given {number} and {heading}.", number=number, heading=heading
        )
    facts = tuple((_text(one.get("name")), _text(one.get("value"))) for one in payload.get("facts") or ())
    parts = numbered(_part(one) for one in payload.get("parts") or ())
    signatures = _texts(payload.get("signatures"))
    kind = _text(payload.get("template")) or "report"
    to = _text(payload.get("to"))
    return Paper(kind, number, heading, office, day(at.date()), to, facts, parts, signatures, digest)


def _part(one: Mapping[str, Any]) -> Part:
    columns = _texts(one.get("columns"))
    rows = tuple((*_texts(row), *[""] * len(columns))[: len(columns)] for row in one.get("rows") or ())
    return Part(_text(one.get("heading")), _texts(one.get("text")), columns, rows)


def _texts(values: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(map(_text, values or ()))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _kept(press: Press, name: str) -> list[dict[str, Any]]:
    """What an earlier try of the same has left, PDF first; nothing if it left none."""
    names = [f"{name}.pdf", f"{name}.docx"] if prints(press) else [f"{name}.docx"]
    with press.database.unit_of_work() as work:
        query = select(FileUse.name, StoredFile.sha256, StoredFile.size, StoredFile.media_type)
        query = query.join(StoredFile, StoredFile.sha256 == FileUse.sha256)
        rows = work.session.execute(query.where(FileUse.name.in_(names), FileUse.uploaded_by == SYSTEM.user_id))
        found = {row.name: FileReference(row.name, row.size, row.sha256, row.media_type) for row in rows}
    return [found[one].as_variable() for one in names] if len(found) == len(names) else []


def _made(press: Press, payload: Mapping[str, Any], paper: Paper, name: str, at: dt.datetime) -> list[dict[str, Any]]:
    made = [(f"{name}.pdf", paper_as_pdf(paper))] if prints(press) else []
    return keep(press, [*made, (f"{name}.docx", paper_as_word(paper, press.templates))], payload, at)


def keep(
    press: Press, contents: Iterable[tuple[str, bytes]], payload: Mapping[str, Any], at: dt.datetime
) -> list[dict[str, Any]]:
    """Files by name, put into the file store; whose they are, purchase_id and organisation_id of the payload say."""
    made = [press.files.put([content], name) for name, content in contents]
    with press.database.unit_of_work() as work:
        edit_as(work.session, SYSTEM.user_id, at)
        for one in made:
            _note(work.session, one, payload, at)
        work.commit()
    return [one.as_variable() for one in made]


def _note(session: Session, file: FileReference, payload: Mapping[str, Any], at: dt.datetime) -> None:
    """With a purchase it is of the case; without one it is the office's and the organisation's it is about."""
    purchase, organisation = payload.get("purchase_id"), payload.get("organisation_id")
    use = FileUse(
        sha256=file.sha256,
        name=file.name,
        purchase_id=purchase,
        uploaded_by=SYSTEM.user_id,
        party=f"organisation:{organisation}" if organisation else "",
        visibility="case" if purchase else "party",
        uploaded_at=at,
    )
    note_stored(session, use, size=file.size, media_type=file.media_type, at=at)
