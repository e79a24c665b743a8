"""Designers' cases (processes/*/cases/*.yaml): read them, run them, say what they reached.

A case names a process, its start variables, what operations answer, the steps people take, and what must come out::

    name: 五万元整走党工委会议
    process: goal_setting
    clock: 2026-03-02T09:00:00+08:00
    variables: {purchase_id: CG-2026-9001}
    operations: {budget.check: {exists: true}}        # a list = one answer per call; {error: code} = a business error
    stubs: {delivery: {delivery_result: completed}}   # called processes that only hand over these variables, or {error: code}
    steps:
      - task: set_objectives                          # the first open task of that id; for: FEEL over its variables picks one
        values: {…}                                   # as entered in the form; {file: 名称.pdf} stands for an uploaded file
      - task: set_objectives
        values: {…}
        refused: [objectives]                         # the form must refuse exactly these fields; the task stays open
      - message: {name: objection_raised, key: CG-2026-9001, variables: {…}}
      - clock: +P5D                                   # or a date and time; timers fire on the way
    expect:
      path: [set_objectives, check_budget]           # element ids in this order, others may lie between
      end: goals_approved                             # end event reached; error: the code it threw
      variables: {route: committee}                   # given parts of objects only
      decisions: {method_route: [2]}                  # numbers or ids of the rules matched last
      waiting: [review_demand]                        # open user tasks at the end
      holds: ['count(votes) = 5']                     # FEEL over the variables at the end

A file with ``decision:`` and ``rows:`` asks a decision alone: each row has inputs, expect and the rules matched.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.support.memory_host import PROCESSES, ZONE


@dataclass(frozen=True, eq=False)
class Case:
    """One case of a process."""

    file: Path
    name: str
    process: str
    clock: dt.datetime
    variables: dict[str, Any] = field(default_factory=dict)
    operations: dict[str, Any] = field(default_factory=dict)
    stubs: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: tuple[dict[str, Any], ...] = ()
    expect: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return label(self.file, self.name)


@dataclass(frozen=True, eq=False)
class DecisionCase:
    """Rows asked of one decision alone."""

    file: Path
    name: str
    decision: str
    clock: dt.datetime
    rows: tuple[dict[str, Any], ...]

    @property
    def label(self) -> str:
        return label(self.file, self.name)


def label(file: Path, name: str) -> str:
    """Which case this is, for people: process, file, name."""
    return f"{file.parent.parent.name}/{file.stem}: {name}"


class CaseLoader(yaml.SafeLoader):
    """YAML in which only true and false are booleans: ``on`` is the name of an input, not a yes."""


CaseLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CaseLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


class CaseFileInvalid(ValueError):
    """A case file has names nobody knows, or lacks what every case needs."""


COMMON = {"name", "clock"}
OF_PROCESS = COMMON | {"process", "variables", "operations", "stubs", "steps", "expect", "note"}
OF_DECISION = COMMON | {"decision", "rows", "note"}
STEPS = {"task": {"task", "values", "for", "as", "refused"}, "message": {"message"}, "clock": {"clock"}}
EXPECT = {"path", "end", "error", "variables", "decisions", "waiting", "holds", "calls"}


@cache
def cases() -> tuple[Case | DecisionCase, ...]:
    """All cases; one file may hold several, separated by ``---``."""
    return tuple(
        _read(file, raw)
        for file in sorted(PROCESSES.glob("*/cases/*.yaml"))
        for raw in yaml.load_all(file.read_text(encoding="utf-8"), CaseLoader)
        if raw
    )


def _read(file: Path, raw: dict[str, Any]) -> Case | DecisionCase:
    known = OF_DECISION if "decision" in raw else OF_PROCESS
    if unknown := set(raw) - known:
        raise CaseFileInvalid(f"{file.name}: {sorted(unknown)} is none of {sorted(known)}")
    clock = moment(raw.get("clock", "2026-03-02T09:00:00+08:00"))
    if "decision" in raw:
        return DecisionCase(file, raw["name"], raw["decision"], clock, tuple(raw["rows"]))
    steps = tuple(plain(raw.get("steps") or []))
    for step in steps:
        kind = next((name for name in STEPS if name in step), None)
        if kind is None or set(step) - STEPS[kind]:
            raise CaseFileInvalid(f"{file.name}: the step {step} is neither a task, a message nor the clock")
    expect = plain(raw.get("expect") or {})
    if set(expect) - EXPECT:
        raise CaseFileInvalid(f"{file.name}: {sorted(set(expect) - EXPECT)} cannot be expected; {sorted(EXPECT)} can")
    return Case(
        file,
        raw["name"],
        raw["process"],
        clock,
        plain(raw.get("variables") or {}),
        plain(raw.get("operations") or {}),
        plain(raw.get("stubs") or {}),
        steps,
        expect,
    )


def moment(value: Any) -> dt.datetime:
    """A date and time from YAML or text, in the office's zone when none is given."""
    found = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def plain(value: Any) -> Any:
    """YAML as variables hold it: exact numbers, dates as ISO text, and file names as references."""
    if isinstance(value, Mapping):
        if set(value) == {"file"}:
            return file_reference(str(value["file"]))
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return Decimal(str(value))
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return value


def file_reference(name: str) -> dict[str, Any]:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return {"name": name, "size": 1024, "sha256": digest, "media_type": "application/pdf"}


def mismatch(expected: Any, found: Any, path: str = "") -> str:
    """Where ``found`` is not as expected, "" when it is. Objects may hold more than expected, lists may not."""
    if isinstance(expected, Mapping):
        if not isinstance(found, Mapping):
            return f"{path}: expected an object, found {found!r}"
        parts = (mismatch(inner, found.get(name), f"{path}.{name}".strip(".")) for name, inner in expected.items())
        return next(filter(None, parts), "")
    if isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            return f"{path}: expected {expected!r}, found {found!r}"
        parts = (mismatch(inner, found[n], f"{path}[{n}]") for n, inner in enumerate(expected))
        return next(filter(None, parts), "")
    return "" if comparable(expected) == comparable(found) else f"{path}: expected {expected!r}, found {found!r}"


def comparable(value: Any) -> Any:
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, (int, float, Decimal)):
        return Decimal(str(value))
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return value
