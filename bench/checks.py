"""How long the studio's checks take after one edit of each of our processes, with all other files as they are.

    python -m bench.checks [edits]

Every edit changes a label and an expression of the diagram, so that nothing of it is known; wanted is less than 300 ms for the
slowest process. The files without the edit are in force, and cases run on an older version of every process, so that what they
would miss is looked for too. The time in a page is this, the request, and what the browser needs.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from engine.checks import Check, InForce, InUse, Library, World, findings
from engine.feel import Feel
from procurement.calendar import extensions
from procurement.studio.checks.facts import facts
from procurement.studio.checks.service import own_checks
from tests.support.office_calendar import office_calendar

ROOT = Path(__file__).parents[1]
EDITS = 9
WANTED_MS = 300
TODAY = dt.date(2026, 3, 2)


def main() -> None:
    edits = int(sys.argv[1]) if len(sys.argv) > 1 else EDITS
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in ("processes", "forms")
        for path in (ROOT / folder).rglob("*.*")
    }
    library, own = Library(Feel(extensions(office_calendar()))), own_checks(lambda: TODAY)
    began = time.perf_counter()
    in_force = in_use(library, files)
    found = findings(World(library, files, replace(facts(files), in_force=in_force)), own)
    print(f"{len(files)} files, {len(found)} findings; the first time {(time.perf_counter() - began) * 1000:.0f} ms")
    slowest = 0.0
    for path in sorted(files):
        if path.endswith(".bpmn"):
            runs = [edited(library, in_force, path, n, own) for n in range(edits)]
            took, worked = sorted(wall for wall, _cpu in runs), median(cpu for _wall, cpu in runs)
            slowest = max(slowest, median(took))
            print(
                f"{path.split('/')[1]:24} {len(files[path]) // 1024:4} KiB   p50 {median(took):4.0f} ms   max {took[-1]:4.0f} ms   processor {worked:4.0f} ms"
            )
    print(f"slowest p50 {slowest:.0f} ms, wanted less than {WANTED_MS} ms")
    sys.exit(slowest >= WANTED_MS)


def in_use(library: Library, files: dict[str, bytes]) -> InForce:
    """Something runs on the version in force of every process, and on one before it that has another name."""
    older = {path: one.replace(b'name="', b'name="0', 1) if path.endswith(".bpmn") else one for path, one in files.items()}
    versions = (
        InUse(process.id, number, 1, path, of)
        for number, of in ((1, older), (2, files))
        for path in of
        if path.endswith(".bpmn")
        for process in library.read(path, of[path]).processes
    )
    return InForce(files, tuple(versions))


def edited(library: Library, in_force: InForce, path: str, n: int, own: tuple[Check, ...]) -> tuple[float, float]:
    """Milliseconds, and those of the processor, of everything that is done after the edit, from the bytes on."""
    text = (
        in_force.files[path]
        .decode("utf-8")
        .replace('name="', f'name="{n}', 1)
        .replace("today()", f"(today() + duration(&quot;P{n}D&quot;))", 1)
    )
    changed = {**in_force.files, path: text.encode("utf-8")}
    began, worked = time.perf_counter(), time.process_time()
    findings(World(library, changed, replace(facts(changed), in_force=in_force)), own)
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


if __name__ == "__main__":
    main()
