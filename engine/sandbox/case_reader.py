"""Case files as designers write them: YAML that can do no harm, and a sentence for everything that is not understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from engine.errors import FieldError, InvalidInput
from engine.sandbox import case_yaml
from engine.sandbox.case import MORNING, AnyCase, Case, DecisionCase
from engine.sandbox.case_values import MAX_VALUES, Plain, TooManyValues, moment

MAX_BYTES = 500_000
MAX_STEPS = 500
MAX_CASES = 500
COMMON = {"name", "clock", "note"}
OF_PROCESS = COMMON | {"process", "start", "variables", "operations", "stubs", "steps", "expect"}
OF_DECISION = COMMON | {"decision", "rows"}
OF_ROW = {"inputs", "expect", "rules"}
STEPS = {
    "task": {"task", "values", "for", "as", "refused"},
    "message": {"message"},
    "clock": {"clock"},
    "signal": {"signal"},
    "job": {"job", "values", "error"},
}
EXPECT = {"path", "end", "error", "variables", "decisions", "waiting", "holds", "calls"}
OBJECTS = ("variables", "operations", "stubs", "expect")


class CaseFileInvalid(InvalidInput):
    """The case file {file} cannot be read: {reason}"""


def read_cases(content: bytes, file: str) -> tuple[AnyCase, ...]:
    """All cases of one file; ``---`` separates several. Raises CaseFileInvalid."""
    return tuple(_read(file, raw) for raw in documents(content, file) if raw)


def documents(content: bytes, file: str) -> Iterator[Any]:
    """The plain values of a YAML file, bounded in size, number and depth whatever is in it. Raises CaseFileInvalid."""
    if len(content) > MAX_BYTES:
        raise _refused(file, "It has {size} bytes; at most {most} are read. Split it.", size=len(content), most=MAX_BYTES)
    try:
        found = []
        for raw in case_yaml.load(content.decode("utf-8")):
            found.append(Plain().of(raw))
            if len(found) > MAX_CASES:
                raise _refused(file, "It holds more than {most} cases. Split it.", most=MAX_CASES)
    except UnicodeDecodeError as error:
        raise _refused(file, "It is not UTF-8 text. Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        raise _unreadable(file, error) from error
    except TooManyValues as error:
        raise _refused(file, "It holds more than {most} values. Split it.", most=MAX_VALUES) from error
    except (RecursionError, ValueError, OverflowError) as error:
        raise _refused(file, "A value in it cannot be read, or is nested too deeply.") from error
    return iter(found)


def read_case(raw: Any, file: str) -> AnyCase:
    """A case from names and values that did not come as YAML. Raises CaseFileInvalid."""
    try:
        return _read(file, Plain().of(raw))
    except (TooManyValues, RecursionError, ValueError) as error:
        raise _refused(file, "A value in it cannot be read, or is nested too deeply.") from error


def read_values(text: str, name: str) -> dict[str, Any]:
    """Names with values as written into a page; nothing is none. Raises CaseFileInvalid, which calls it ``name``."""
    found = list(documents(text.encode(), name))
    if len(found) > 1 or not isinstance(found[0] if found else {}, Mapping | None):
        raise _refused(name, "Names with values are expected at {name}.", name=name)
    return dict(found[0] or {}) if found else {}


def _unreadable(file: str, error: yaml.YAMLError) -> CaseFileInvalid:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else 1
    reason = getattr(error, "problem", None) or "no YAML"
    return _refused(file, "Line {line} is not YAML ({problem}). Mind the indentation and the quotes.", line=line, problem=reason)


def _read(file: str, raw: Any) -> AnyCase:
    if not isinstance(raw, Mapping):
        raise _refused(file, "A case is a list of names with values, as in the examples; this is none.")
    _known(file, raw, OF_DECISION if "decision" in raw else OF_PROCESS)
    kind = "decision" if "decision" in raw else "process"
    for name in ("name", kind):
        if not isinstance(raw.get(name), str) or not raw[name]:
            raise _refused(file, "Every case needs {name}.", name=name)
    clock = MORNING
    if "clock" in raw:
        clock = _moment(file, raw["clock"])
    note = str(raw.get("note") or "")
    if kind == "decision":
        return DecisionCase(file, raw["name"], raw["decision"], clock, tuple(_rows(file, raw)), note)
    given: dict[str, Any] = {name: _object(file, raw, name) for name in OBJECTS}
    _known(file, given["expect"], EXPECT)
    start = None if raw.get("start") is None else str(raw["start"])
    return Case(
        file=file, name=raw["name"], process=raw["process"], clock=clock, start=start, steps=_steps(file, raw), note=note, **given
    )


def _moment(file: str, value: Any) -> Any:
    try:
        return moment(value)
    except ValueError as error:
        raise _refused(
            file, "The clock {value} is no date and time. Write for example 2026-03-02T09:00:00+08:00.", value=value
        ) from error


def _known(file: str, raw: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(map(str, raw)) - known):
        raise _refused(
            file, "{unknown} is not known here; known are {known}.", unknown=", ".join(unknown), known=", ".join(sorted(known))
        )


def _object(file: str, raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = raw.get(name) or {}
    if not isinstance(found, dict):
        raise _refused(file, "Names with values are expected at {name}.", name=name)
    return found


def _list(file: str, raw: Mapping[str, Any], name: str) -> list[Any]:
    found = raw.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _refused(file, "A list is expected at {name}, each entry with names and values.", name=name)
    return found


def _rows(file: str, raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = _list(file, raw, "rows")
    for row in rows:
        _known(file, row, OF_ROW)
    return rows


def _steps(file: str, raw: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    steps = _list(file, raw, "steps")
    if len(steps) > MAX_STEPS:
        raise _refused(file, "It has more than {most} steps.", most=MAX_STEPS)
    for number, step in enumerate(steps, 1):
        if (problem := step_problem(step)) is not None:
            template, params = problem
            raise _refused(file, "Step {number}: {reason}", number=number, reason=FieldError("", template, params))
    return tuple(steps)


def step_problem(step: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Why ``step`` is none: a template and its values; None when it is one."""
    kind = next((name for name in STEPS if name in step), None)
    if kind is None:
        return "{given} is neither a task, a message, a signal, a job nor the clock.", {"given": ", ".join(map(str, step))}
    if unknown := sorted(set(map(str, step)) - STEPS[kind]):
        return "{unknown} is not known with {kind}.", {"unknown": ", ".join(unknown), "kind": kind}
    if kind in {"message", "signal"} and not (isinstance(step[kind], Mapping) and "name" in step[kind]):
        return "{kind} needs a name.", {"kind": kind}
    if kind == "message" and "key" not in step["message"]:
        return "{kind} needs a key.", {"kind": kind}
    if "values" in step and not isinstance(step["values"] or {}, Mapping):
        return "Names with values are expected at values.", {}
    return None


def _refused(file: str, reason: str, /, **params: Any) -> CaseFileInvalid:
    return CaseFileInvalid("The case file {file} cannot be read: {reason}", file=file, reason=FieldError("", reason, params))
