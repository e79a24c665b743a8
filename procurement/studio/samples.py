"""Plausible values for what a form reads: from the designers' own cases first, else from how the form uses a name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.forms import Form
from engine.forms.reads import Use, read_by
from engine.sandbox import Case, CaseFileInvalid, read_cases
from procurement.studio.model import Files

_DATE = "2026-03-09"
_AMOUNT = 68000
_BY_NAME: tuple[tuple[str, Any], ...] = (
    (r"(_on|_date|date|deadline|until|day)$", _DATE),
    (r"(_at)$", f"{_DATE}T09:00:00+08:00"),
    (r"(amount|price|estimate|limit|budget|total|balance|available|paid)$", _AMOUNT),
    (r"(share|rate)$", 0.5),
    (r"(count|number_of|months|days|score|weight|percent)", 12),
    (r"^sha256$", "0" * 64),
    (r"^size$", 120_000),
    (r"article$", "第九条(二)"),
    (r"document$", "街道购买社会组织服务办法"),
    (r"^value$", 12),
    (r"name$", "示例名称"),
    (r"^(is|has|in|may|enters|needs)_", True),
)
_BY_KIND: Mapping[str, Any] = {"number": _AMOUNT, "boolean": True, "date": _DATE}


def sample(form: Form, files: Files, folder: str, functions: frozenset[str]) -> dict[str, Any]:
    """A value for every variable the form reads and for its own fields that cases fill in earlier. ``folder``'s cases come first."""
    told = _told(files, folder)
    used = read_by(form, functions)
    return {name: told[name] if name in told else _guess(name, use) for name, use in used.items()}


def _guess(name: str, use: Use) -> Any:
    if use.kind == "list":
        row = {entry: _guess(entry, Use()) for entry in sorted(use.entries)}
        return [row, row] if row else ["甲", "乙"]
    if use.entries:
        return {entry: _guess(entry, Use()) for entry in sorted(use.entries)}
    if use.compared is not None:
        return use.compared
    by_name = next((value for pattern, value in _BY_NAME if re.search(pattern, name)), None)
    if by_name is not None and use.kind in ("", "object", _kind(by_name)):
        return by_name
    return _BY_KIND.get(use.kind, "示例文字" if by_name is None else by_name)


def _kind(value: Any) -> str:
    return "boolean" if isinstance(value, bool) else "number" if isinstance(value, (int, float)) else "text"


def _told(files: Files, folder: str) -> dict[str, Any]:
    """Name → the value the first case gives it."""
    paths = sorted(path for path in files if "/cases/" in path)
    paths.sort(key=lambda path: not path.startswith(f"processes/{folder}/"))
    found: dict[str, Any] = {}
    for path in paths:
        for name, value in _of_file(hashlib.sha256(files[path]).hexdigest(), files[path]):
            found.setdefault(name, value)
    return found


@lru_cache(maxsize=1_000)
def _of_file(_digest: str, content: bytes) -> tuple[tuple[str, Any], ...]:
    """Read once for each content; a file that is no case tells nothing here, whoever runs the cases says so."""
    try:
        cases = read_cases(content, "cases")
    except CaseFileInvalid:
        return ()
    return tuple(pair for case in cases if isinstance(case, Case) for pair in _of_case(case))


def _of_case(case: Case) -> Iterator[tuple[str, Any]]:
    yield from case.variables.items()
    for step in case.steps:
        values = step.get("values")
        if isinstance(values, Mapping):
            yield from values.items()
    for answer in case.operations.values():
        for one in answer if isinstance(answer, list) else [answer]:
            if isinstance(one, Mapping) and "error" not in one:
                yield from one.items()


def plain(value: Any) -> Any:
    """The value as JSON knows it, for people to read and change; numbers as numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
