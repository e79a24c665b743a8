"""How long the studio's checks take after one edit of each of our processes, with all other files as they are.

    python -m bench.checks [edits]

Every edit changes a label and an expression of the diagram, so that nothing of it is known; wanted is less than 300 ms for the
slowest process. The time in a page is this, the request, and what the browser needs.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path
from statistics import median

from engine.checks import Check, Library, World, findings
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
    found = findings(World(library, files, facts(files)), own)
    print(f"{len(files)} files, {len(found)} findings; the first time {(time.perf_counter() - began) * 1000:.0f} ms")
    slowest = 0.0
    for path in sorted(files):
        if path.endswith(".bpmn"):
            runs = [edited(library, files, path, n, own) for n in range(edits)]
            took, worked = sorted(wall for wall, _cpu in runs), median(cpu for _wall, cpu in runs)
            slowest = max(slowest, median(took))
            print(
                f"{path.split('/')[1]:24} {len(files[path]) // 1024:4} KiB   p50 {median(took):4.0f} ms   max {took[-1]:4.0f} ms   processor {worked:4.0f} ms"
            )
    print(f"slowest p50 {slowest:.0f} ms, wanted less than {WANTED_MS} ms")
    sys.exit(slowest >= WANTED_MS)


def edited(library: Library, files: dict[str, bytes], path: str, n: int, own: tuple[Check, ...]) -> tuple[float, float]:
    """Milliseconds, and those of the processor, of everything that is done after the edit, from the bytes on."""
    text = (
        files[path]
        .decode("utf-8")
        .replace('name="', f'name="{n}', 1)
        .replace("today()", f"(today() + duration(&quot;P{n}D&quot;))", 1)
    )
    changed = {**files, path: text.encode("utf-8")}
    began, worked = time.perf_counter(), time.process_time()
    findings(World(library, changed, facts(changed)), own)
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


if __name__ == "__main__":
    main()
