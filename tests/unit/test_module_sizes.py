"""A module of more than 300 lines says in docs/decisions/0022 why it is one."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DECISION = REPOSITORY / "docs/decisions/0022-long-modules.md"
LONGEST = 300
WRITTEN = ("engine/**/*.py", "procurement/**/*.py", "web/**/*.py", "bench/**/*.py", "web/static/*.js", "web/designer/src/**/*.js")


def test_every_long_module_has_its_reason() -> None:
    lengths = {
        path.relative_to(REPOSITORY).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for pattern in WRITTEN
        for path in REPOSITORY.glob(pattern)
    }
    assert len(lengths) > 500, "they were found"
    named = set(re.findall(r"`([\w/]+\.(?:py|js))`", DECISION.read_text(encoding="utf-8").partition("A file of tests")[0]))
    assert {path for path, lines in lengths.items() if lines > LONGEST} == named
