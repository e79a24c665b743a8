"""The history as evidence that leaves the database: an exported file, and anchors of where each chain ended at some time.

An exported file is JSON lines: a heading, then for each case its head and its rows as they were signed, then a last line with
the SHA-256 of all bytes before it. An anchor file is JSON lines too, each the heads that had changed when it was written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from engine import json_codec
from engine.errors import EngineError
from engine.model import BrokenRecord, VerificationReport
from engine.queries import history
from engine.store import linking
from engine.store.chain import Head
from engine.store.tables import history as single
from engine.store.tables import history_record as record

FORMAT = "bixuan-history/1"
AT_ONCE = 1_000


class NotAnExport(EngineError):
    """Line {line} is not what an exported history holds: {cause}."""


def exported(session: Session, root_key: int | None, at: str) -> Iterator[bytes]:
    """The lines of an export of one case or of all. ``at``: when, as text."""
    digest = hashlib.sha256()
    for line in _lines(session, root_key, at):
        text = json_codec.dumps(line).encode() + b"\n"
        digest.update(text)
        yield text
    yield json_codec.dumps({"end": digest.hexdigest()}).encode() + b"\n"


def _lines(session: Session, root_key: int | None, at: str) -> Iterator[dict[str, Any]]:
    roots, heads = history.roots_of(session, root_key), history.heads(session, root_key)
    yield {"format": FORMAT, "exported_at": at, "cases": len(roots)}
    for root in roots:
        head = heads.get(root, Head(0, ""))
        yield {"case": root, "seq": head.seq, "hash": head.hash}
        yield from history.rows(session, root)


def verify_file(lines: Iterable[bytes]) -> VerificationReport:
    """Recompute every chain of an export without a database. Raises NotAnExport for what is no export, or not whole."""
    reading = _Reading(lines)
    heading = reading.next()
    if heading.get("format") != FORMAT:
        raise NotAnExport(line=1, cause=f"the format is not {FORMAT}")
    entries, cases, broken = 0, 0, []
    case = reading.next()
    while "end" not in case:
        root, head, rows = _case(reading, case)
        count, wrong = linking.walk(root, map(linking.of, rows), head)
        entries, cases = entries + count, cases + 1
        broken += [] if wrong is None else [wrong]
        case = reading.ahead
    if case["end"] != reading.digest or cases != heading["cases"]:
        broken.append(BrokenRecord(-1, 0, "file"))
    return VerificationReport(cases, entries, tuple(broken))


def heads_of_file(lines: Iterable[bytes]) -> dict[tuple[int, int], str]:
    """The hash of each row by case and number of its last entry, to be compared with anchors."""
    parsed = (json_codec.loads(line) for line in lines)
    found = (row for row in parsed if "previous" in row)
    return {(row["root_key"], row["seq"]): row["hash"] for row in found}


def hashes_at(session: Session, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The hash of the row that ends at each (case, number), where there is one."""
    wanted = list(places)
    found: dict[tuple[int, int], str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        for table in (single, record):
            c = table.c
            statement = select(c.root_key, c.seq, c.hash).where(tuple_(c.root_key, c.seq).in_(some))
            found |= {(row.root_key, row.seq): row.hash for row in session.execute(statement)}
    return found


def torn(anchored: Mapping[tuple[int, int], str], found: Mapping[tuple[int, int], str]) -> tuple[BrokenRecord, ...]:
    """The anchored places where the chain does not pass any more."""
    return tuple(BrokenRecord(*place, "anchor") for place, hash_ in sorted(anchored.items()) if found.get(place) != hash_)


class _Reading:
    """Parsed lines, and the SHA-256 of all lines before the present one."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._sum = hashlib.sha256()
        self._number = 0
        self._before = b""
        self.ahead: dict[str, Any] = {}

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()

    def next(self) -> dict[str, Any]:
        self._sum.update(self._before)
        self._number += 1
        self._before = next(self._lines, b"")
        try:
            parsed = json_codec.loads(self._before)
        except (ValueError, RecursionError) as error:
            raise NotAnExport(line=self._number, cause=str(error)) from error
        if not isinstance(parsed, dict):
            raise NotAnExport(line=self._number, cause="it is no JSON object")
        self.ahead = parsed
        return parsed

    def wrong(self, cause: str) -> NotAnExport:
        return NotAnExport(line=self._number, cause=cause)


def _case(reading: _Reading, case: dict[str, Any]) -> tuple[int, Head, list[dict[str, Any]]]:
    """A case's head and rows; ``reading`` stands at the line after them."""
    try:
        root, head = int(case["case"]), Head(int(case["seq"]), str(case["hash"]))
    except (KeyError, TypeError, ValueError) as error:
        raise reading.wrong(f"{error} of a case cannot be read") from error
    rows: list[dict[str, Any]] = []
    while not {"case", "end"} & reading.next().keys():
        rows.append(_row(reading))
        if rows[-1]["root_key"] != root:
            raise reading.wrong("it belongs to another case")
    return root, head, rows


SINGLE = {"root_key": int, "seq": int, "at": str, "kind": str, "instance_key": int, "element_id": str, "element_key": int,
          "actor": str, "data": str, "previous": str, "hash": str}  # fmt: skip
RECORD = {"root_key": int, "seq": int, "first_seq": int, "at": str, "actor": str, "kinds": list, "elements": list,
          "entries": str, "previous": str, "hash": str}  # fmt: skip


def _row(reading: _Reading) -> dict[str, Any]:
    row = reading.ahead
    shape = RECORD if "entries" in row else SINGLE
    if row.keys() != shape.keys() or any(type(row[name]) is not kind for name, kind in shape.items()):
        raise reading.wrong("its fields are not those of a row")
    return row


__all__ = ["NotAnExport", "exported", "hashes_at", "heads_of_file", "torn", "verify_file"]
