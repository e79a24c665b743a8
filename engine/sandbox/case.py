"""What is to be played: a case of one process, or rows asked of one decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypeAlias

ZONE = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
MORNING = dt.datetime(2026, 3, 2, 9, tzinfo=ZONE)  # when a case begins that does not say when
Step: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Case:
    """One case of a process, as docs/how-to/write-cases.md describes it.

    ``operations``: by operation, what it answers; ``stubs``: by process id, what a called process hands over.
    ``answers``: by element id, in the order of the calls; they come before ``operations`` and are never written to a file.
    ``only_given``: no default answers; what has none stops the run and names itself.
    """

    file: str
    name: str
    process: str
    clock: dt.datetime = MORNING
    start: str | None = None  # the id of a message, timer or signal start event
    variables: Mapping[str, Any] = field(default_factory=dict)
    operations: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    expect: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    answers: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    only_given: bool = False

    @property
    def label(self) -> str:
        return label(self.file, self.name)


@dataclass(frozen=True, eq=False)
class DecisionCase:
    """Rows asked of one decision alone: each has inputs, expect and the rules matched."""

    file: str
    name: str
    decision: str
    clock: dt.datetime
    rows: tuple[Mapping[str, Any], ...]
    note: str = ""

    @property
    def label(self) -> str:
        return label(self.file, self.name)


AnyCase: TypeAlias = Case | DecisionCase


def label(file: str, name: str) -> str:
    """Which case this is, for people: folder, file, name."""
    path = PurePosixPath(file)
    return f"{path.parent.parent.name}/{path.stem}: {name}"
