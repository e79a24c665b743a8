"""The order in which an archive is made, and what is kept of it in the register."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import ProcessInstance
from procurement.archive import contents, layout, printing
from procurement.archive.building import ceremonies, evidence, people, registers
from procurement.archive.building.stand import Making, Stand
from procurement.archive.building.story import TITLE, story
from procurement.archive.sources import SOURCES
from procurement.archive.writing import ArchiveWriter
from procurement.registers.edits import edit_as
from procurement.registers.performance import CaseFile
from procurement.registers.purchases import Purchase

CHUNK = 1 << 20


@dataclass(frozen=True)
class Built:
    """``size`` in bytes; ``sha256`` of the zip."""

    number: str
    root: str
    entries: int
    size: int
    sha256: str


def build(stand: Stand, number: str, *, at: dt.datetime, by: str) -> Built:
    """Make the archive of case file ``number`` and put it into the file store; a second time gives what the first made.

    Raises PrintingAway, FileStoreAway, FileStoreFull; nothing is kept then. Memory does not grow with the attachments.
    """
    if stand.prints:
        printing.require_printing()
    with stand.reading() as session:
        row = session.get(CaseFile, number)
        if row is None:
            raise NotFound(kind="Case file", key=number)
        if row.status != "assembling":
            return Built(row.id, row.root, row.entries, row.archive_size, row.archive_sha256)
        previous = session.get(CaseFile, row.previous_id) if row.previous_id else None
        purchase = session.get_one(Purchase, row.purchase_id)
        kept = _kept_before(session, previous)
        session.expunge_all()
    instances = _instances(stand, row.purchase_id)
    with tempfile.TemporaryFile() as file, ArchiveWriter(file, number, row.assembled_at) as writer:
        making = Making(stand, row, purchase, writer, instances, kept)
        root = _write(making, previous)
        return _keep(stand, making, file, root, at=at, by=by)


def _write(making: Making, previous: CaseFile | None) -> str:
    with evidence.Histories(making) as histories:
        head = _head(making, previous, histories.ends)
        making.writer.add_json(layout.HEAD, "head", "卷首", head)
        told = story(making, histories.ends)
        making.writer.add("story.html", "story", TITLE, told.encode())
        if making.stand.prints:
            making.writer.add("story.pdf", "story", f"{TITLE}（打印版）", printing.pdf(told))
        registers.add_rows(making)
        registers.add_files(making)
        ceremonies.add_bids(making)
        ceremonies.add_draws(making)
        ceremonies.add_papers(making)
        evidence.add_forms(making, histories.ends)
        evidence.add_decisions(making, histories.ends)
        evidence.add_diagrams(making, histories.ends)
        histories.add()
    people.add_people(making)
    people.add_calendar(making)
    people.add_words(making)
    printed = printing.pdf if making.stand.prints else None
    return making.writer.close(lambda entries, root: contents.listed(head, entries, root), printed)


def _head(making: Making, previous: CaseFile | None, ends: list[dict[str, Any]]) -> dict[str, Any]:
    row, purchase = making.case_file, making.purchase
    return {
        "format": layout.FORMAT,
        "number": row.id,
        "volume": row.volume,
        "purpose": row.purpose,
        "purchase_id": purchase.id,
        "title": purchase.title,
        "unit": purchase.unit,
        "assembled_at": row.assembled_at.isoformat(),
        "keep_until": row.keep_until.isoformat(),
        "register_sha256": row.sha256,
        "previous": previous
        and {
            "number": previous.id,
            "root": previous.root,
            "archive_sha256": previous.archive_sha256,
            "files": sorted(making.kept_before),
        },
        "registers": {source.kind: source.table.__tablename__ for source in SOURCES},
        "histories": ends,
        "instances": _walked(making),
    }


def _walked(making: Making) -> list[dict[str, Any]]:
    """Each instance with the diagram it ran on: where that lies, and its SHA-256."""
    keys = {one.definition_key for one in making.instances}
    drawn = {key: layout.sha256(making.stand.engine.resource(key)) for key in keys}
    found = []
    for one in making.instances:
        diagram, way = evidence.places(one)
        told = {name: getattr(one, name) for name in ("key", "root_key", "parent_key", "process_id", "version", "state")}
        places = {"bpmn": f"{diagram}.bpmn", "bpmn_sha256": drawn[one.definition_key], "path": way}
        found.append({**told, **places})
    return found


def _instances(stand: Stand, purchase_id: str) -> list[ProcessInstance]:
    found = stand.engine.instances(business_key=purchase_id, order="started", limit=None).items
    roots = {one.root_key for one in found}
    called = [one for root in sorted(roots) for one in stand.engine.instances(root_key=root, order="started", limit=None).items]
    return sorted({one.key: one for one in [*found, *called]}.values(), key=lambda one: (one.started_at, one.key))


def _kept_before(session: Session, previous: CaseFile | None) -> frozenset[str]:
    """Attachments that lie in an earlier volume: they are named, not copied again."""
    kept: set[str] = set()
    while previous is not None:
        kept |= {line["sha256"] for line in previous.manifest if line["kind"] == "file"}
        previous = session.get(CaseFile, previous.previous_id) if previous.previous_id else None
    return frozenset(kept)


def _keep(stand: Stand, making: Making, file: BinaryIO, root: str, *, at: dt.datetime, by: str) -> Built:
    file.seek(0)
    stored = stand.files.put(iter(lambda: file.read(CHUNK), b""), f"{making.case_file.id}.zip", limit=None)
    with stand.database.unit_of_work() as work:
        edit_as(work.session, by, at)
        query = select(CaseFile).where(CaseFile.id == making.case_file.id).with_for_update()
        row = work.session.scalars(query).one()
        if row.status == "assembling":  # another worker may have been quicker
            row.root, row.entries, row.built_at, row.status = root, len(making.writer.entries), at, "built"
            row.archive_sha256, row.archive_size = stored.sha256, stored.size
        work.session.flush()
        built = Built(row.id, row.root, row.entries, row.archive_size, row.archive_sha256)
        work.commit()
    return built
