"""``bixuan verify`` and ``bixuan history export``: the history recomputed here, from a file, and against anchors kept outside."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import zstandard

from engine import json_codec
from engine.errors import EngineError
from engine.facade import ProcessEngine
from engine.facade.evidence import verify_history_file
from engine.model import VerificationReport
from procurement.office import Office
from web.installation import installation

Heads = dict[tuple[int, int], str]
PACKED = ".zst"


class NotAnAnchor(EngineError):
    """{file} is no anchor file: line {line} cannot be read. Keep it as evidence, and begin a new one."""


class NotAHistory(EngineError):
    """{file} cannot be read: {cause}. It was altered, or is no exported history."""


def verified(kind: str, case: str | None, anchor: Path | None) -> VerificationReport:
    """Recompute in the database. A sound history is anchored: what changed since is added to the file."""
    from web.composition import compose  # noqa: PLC0415 - settings are checked before anything heavy is imported

    with installation(kind) as settings:
        services = compose(settings)
        engine = services.engine
        report = engine.verify(_root(services.office, case))
        if anchor is not None:
            report = _anchored(engine, report, anchor)
        services.close()
    return report


def verified_file(file: Path, anchor: Path | None) -> VerificationReport:
    """Recompute an export without a database."""
    anchored = _read(anchor) if anchor is not None and anchor.exists() else None
    try:
        return verify_history_file(_lines(file), anchored)
    except (zstandard.ZstdError, OSError, UnicodeDecodeError) as error:
        raise NotAHistory(file=file, cause=error) from error


def export(kind: str, case: str | None, to: Path) -> int:
    """How many lines were written."""
    from web.composition import compose  # noqa: PLC0415

    unfinished, count = to.with_name(to.name + ".unfinished"), 0
    with installation(kind) as settings, _writing(unfinished, packed=to.suffix == PACKED) as target:
        services = compose(settings)
        for line in services.engine.export_history(_root(services.office, case)):
            target.write(line)
            count += 1
        services.close()
    unfinished.rename(to)
    return count


@contextlib.contextmanager
def _writing(file: Path, *, packed: bool) -> Iterator[BinaryIO]:
    with file.open("wb") as target:
        if not packed:
            yield target
            return
        with zstandard.ZstdCompressor(write_checksum=True).stream_writer(target, closefd=False) as packing:
            yield packing


def _root(office: Office, case: str | None) -> int | None:
    if case is None:
        return None
    return int(case) if case.isdigit() else office.purchases.get(case).process_key


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        if file.suffix != PACKED:
            yield from source
            return
        with zstandard.ZstdDecompressor().stream_reader(source) as stream:
            yield from stream.readall().splitlines(keepends=True)


def _anchored(engine: ProcessEngine, report: VerificationReport, anchor: Path) -> VerificationReport:
    known = _read(anchor) if anchor.exists() else {}
    torn = engine.torn_from(known)
    report = VerificationReport(report.cases, report.entries, (*report.broken, *torn))
    fresh = {place: hash_ for place, hash_ in engine.heads().items() if place not in known}
    if report.sound and fresh:
        heads = [[root, seq, hash_] for (root, seq), hash_ in sorted(fresh.items())]
        line = json_codec.dumps({"at": engine.clock.now().isoformat(), "heads": heads})
        with anchor.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
    return report


def _read(anchor: Path) -> Heads:
    heads: Heads = {}
    for number, line in enumerate(anchor.read_text(encoding="utf-8").splitlines(), 1):
        try:
            heads |= {(int(root), int(seq)): str(hash_) for root, seq, hash_ in json.loads(line)["heads"]}
        except (ValueError, KeyError, TypeError) as error:
            raise NotAnAnchor(file=anchor, line=number) from error
    return heads
