"""The registers' part: every row, how rows changed, notices as pages, and the attachments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby, islice
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from engine import json_codec
from procurement.archive import printing, words
from procurement.archive.building.stand import Making
from procurement.archive.layout import safe
from procurement.archive.sources import SOURCES
from procurement.registers import sealed_files
from procurement.registers.comparison import Notice
from procurement.registers.edits import RegisterEdit
from procurement.registers.files import FileUse
from procurement.registers.row import KeptRow

AT_ONCE = 500  # rows whose edits are asked for together


def add_rows(making: Making) -> None:
    """``registers/<kind>/<key>.json``: the row as canonical JSON, whose SHA-256 is the one of the register's contents list."""
    places: set[tuple[str, str]] = set()
    with making.stand.reading() as session:
        for source in SOURCES:
            for row in source.of(session, making.purchase.id):
                identity = "/".join(map(str, inspect(type(row)).primary_key_from_instance(row)))
                place = f"registers/{source.kind}/{safe(identity)}.json"
                at = source.at(row) or making.case_file.assembled_at
                making.writer.add_json(place, source.kind, source.title(row), source.content(row), at=at)
                if isinstance(row, KeptRow):
                    places.add((row.__tablename__, identity))
                if isinstance(row, Notice):
                    title = f"{row.id} {row.title}"
                    making.writer.add(
                        f"notices/{row.id}.html", "notice_page", title, notice_page(row).encode(), at=row.published_at
                    )
        making.writer.add("registers/edits.jsonl", "edits", "登记簿修改记录", _edits(making, session, sorted(places)))


def _edits(making: Making, session: Session, places: list[tuple[str, str]]) -> Iterator[bytes]:
    for register, of_one in groupby(places, key=lambda place: place[0]):
        for keys in _batched([key for _, key in of_one]):
            query = select(RegisterEdit).where(RegisterEdit.register == register, RegisterEdit.row_key.in_(keys))
            for edit in session.scalars(query.order_by(RegisterEdit.row_key, RegisterEdit.id)):
                making.met(edit.editor, edit.at)
                line = {name: getattr(edit, name) for name in ("register", "row_key", "at", "editor", "before", "after")}
                yield json_codec.canonical(line) + b"\n"


def _batched(keys: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def notice_page(notice: Notice) -> str:
    """A notice as everybody could read it, apart from the site's own frame."""
    facts = {
        "编号": notice.id,
        "种类": words.CODES["notice"].get(notice.kind, notice.kind),
        "公布": f"{notice.published_at:%Y-%m-%d %H:%M:%S}",
    }
    if notice.until is not None:
        facts["截止"] = f"{notice.until:%Y-%m-%d %H:%M:%S}"
    body = f"<h1>{escape(notice.title)}</h1>{told(facts)}<h2>内容</h2>{told(notice.content)}<p class=hash>SHA-256 {notice.sha256}</p>"
    return printing.page(notice.title, body)


def told(value: Any) -> str:
    """A JSON value as HTML a person can read."""
    if isinstance(value, dict):
        if "sha256" in value and "name" in value:
            return f"{escape(str(value['name']))} <code>{escape(str(value['sha256']))}</code>"
        return "<dl>" + "".join(f"<dt>{escape(str(name))}</dt><dd>{told(one)}</dd>" for name, one in value.items()) + "</dl>"
    if isinstance(value, list):
        return "<br>".join(told(one) for one in value) or "—"
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return escape(str(value))


def add_files(making: Making) -> None:
    """``files/<sha256>.<ending>``, once each, with every name it was uploaded under; what stays sealed is not opened."""
    with making.stand.reading() as session:
        query = select(FileUse).where(FileUse.purchase_id == making.purchase.id).order_by(FileUse.id)
        uses: dict[str, list[FileUse]] = {}
        for use in session.scalars(query):
            uses.setdefault(use.sha256, []).append(use)
            making.met(use.uploaded_by, use.uploaded_at)
        taken = [one for one in uses if one not in making.kept_before and any(use.visibility != "sealed" for use in uses[one])]
        contents = {sha256: sealed_files.reader(session, sha256, making.stand.files.read) for sha256 in taken}
    for sha256, content in contents.items():
        mine = uses[sha256]
        names = "；".join(dict.fromkeys(use.name for use in mine))
        if any(use.visibility == "quarantine" for use in mine):
            names += "（隔离，打开前请查毒）"
        ending = safe(mine[0].name.rpartition(".")[2].lower())[:10]
        making.writer.add(f"files/{sha256}.{ending}", "file", names, content(), at=mine[0].uploaded_at)
