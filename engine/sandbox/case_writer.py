"""Cases as YAML text, written so that people go on editing them: short values on one line, long ones broken up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import yaml

from engine.sandbox.case import Case
from engine.sandbox.case_reader import read_values
from engine.sandbox.case_values import file_reference, is_file, plain

LINE = 120  # characters a value may take beside its name
ORDER = ("name", "process", "start", "note", "clock", "variables", "operations", "stubs", "steps", "expect")
# begins with a letter and holds nothing YAML could mean something by
_PLAIN = re.compile(
    r"[A-Za-z_\u4e00-\u9fff][\w./%\u4e00-\u9fff\u3000-\u303f\uff00-\uffef“”‘’…—·×-]*(?: [\w./%\u4e00-\u9fff-]+)*", re.ASCII
)
_MEANT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_SEPARATOR = re.compile(r"^---(?:[ \t].*)?$", re.MULTILINE)
_NEXT_NAME = re.compile(r"^(?:[^\s#-]|---)", re.MULTILINE)


def raw_of(case: Case) -> dict[str, Any]:
    """The case as names and values, only those that say something."""
    given = {
        "name": case.name,
        "process": case.process,
        "start": case.start,
        "note": case.note,
        "clock": case.clock.isoformat(),
        "variables": case.variables,
        "operations": case.operations,
        "stubs": case.stubs,
        "steps": list(case.steps),
        "expect": case.expect,
    }
    return {name: given[name] for name in ORDER if given[name]}


def write_case(case: Case) -> str:
    """The text of one case, as ``read_cases`` reads it."""
    return "".join(f"{line}\n" for line in _lines(raw_of(case)))


def yaml_text(value: Any) -> str:
    """Names and values as YAML, for a page in which they can be changed."""
    if not value:
        return ""
    return "".join(f"{line}\n" for line in (_lines(value) if isinstance(value, Mapping) else _items(value)))


def with_block(text: str, number: int, name: str, value: Any) -> str:
    """``text`` with the value of one name (``expect``, ``rows``) of its ``number``-th case (from 0) replaced; all else stays.

    Raises IndexError when there is no such case.
    """
    begin, end = _documents(text)[number]
    document = text[begin:end]
    block = "".join(f"{line}\n" for line in _lines({name: value}))
    found = re.search(rf"^{name}:", document, re.MULTILINE)
    if found is None:
        gap = "" if document.endswith("\n") or not document else "\n"
        return text[:begin] + document + gap + block + text[end:]
    following = (
        _NEXT_NAME.search(document, document.index("\n", found.start()) + 1) if "\n" in document[found.start() :] else None
    )
    after = following.start() if following else len(document)
    return text[:begin] + document[: found.start()] + block + document[after:] + text[end:]


def with_entries(text: str, number: int, name: str, entries: Mapping[str, Any]) -> str:
    """As ``with_block`` with ``entries`` as the value, but entries that stay as they are keep their own lines."""
    begin, end = _documents(text)[number]
    found = re.search(rf"^{name}:[ \t]*(?:#.*)?\n(?P<inside>(?:[ \t].*\n|[ \t]*\n|[ \t].*\Z)*)", text[begin:end], re.MULTILINE)
    old = read_values(f"{name}:\n{found['inside']}", name) if found else None
    if found is None or not old or not isinstance(old[name], dict):
        return with_block(text, number, name, entries)
    inside = found["inside"]
    for entry in list(old[name]):
        if entry not in entries:
            inside = _entry(entry).sub("", inside, count=1)
    for entry, value in entries.items():
        block = "".join(f"  {line}\n" for line in _lines({entry: value}))
        if entry not in old[name]:
            inside = inside + ("" if inside.endswith("\n") else "\n") + block
        elif old[name][entry] != plain(value):
            inside = _entry(entry).sub(lambda _found, block=block: block, inside, count=1)
    at = begin + found.start("inside")
    return text[:at] + inside + text[at + len(found["inside"]) :]


def _entry(name: str) -> re.Pattern[str]:
    """The lines of one entry that is indented by two, up to the next one."""
    return re.compile(rf"^  {re.escape(name)}:.*(?:\n|\Z)(?:^(?:   .*|[ \t]*|  -.*)(?:\n|\Z))*", re.MULTILINE)


def _documents(text: str) -> list[tuple[int, int]]:
    """Where each case begins and ends; those without content are no cases."""
    marks = [(found.start(), found.end() + 1) for found in _SEPARATOR.finditer(text)]
    begins = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(text)]
    spans = list(zip(begins, ends, strict=True))
    return [(begin, end) for begin, end in spans if re.search(r"^[^\s#]", text[begin:end], re.MULTILINE)]


def _lines(value: Mapping[str, Any]) -> Iterator[str]:
    for name, inner in value.items():
        key = _flow(str(name))
        short = _flow(_named_files(inner))
        if len(short) <= LINE or not isinstance(inner, (Mapping, list, tuple)) or not inner or is_file(inner):
            yield f"{key}: {short}"
            continue
        yield f"{key}:"
        yield from ("  " + line for line in (_lines(inner) if isinstance(inner, Mapping) else _items(inner)))


def _items(values: Any) -> Iterator[str]:
    for value in values:
        short = _flow(_named_files(value))
        if len(short) <= LINE or not isinstance(value, (Mapping, list, tuple)) or not value:
            yield f"- {short}"
            continue
        lines = _lines(value) if isinstance(value, Mapping) else _items(value)
        for number, line in enumerate(lines):
            yield f"{'  ' if number else '- '}{line}"


def _named_files(value: Any) -> Any:
    """References to the files of a case as they are written there: {file: name}."""
    if is_file(value) and value == file_reference(str(value["name"])):
        return {"file": value["name"]}
    if isinstance(value, Mapping):
        return {str(name): _named_files(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named_files(inner) for inner in value]
    return value


def _flow(value: Any) -> str:
    """On one line. What a page shows holds thousands of these, so the library's writer is asked only where it is needed."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(str(name))}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return _string(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return format(value, "f") if isinstance(value, Decimal) else _asked(value)


def _string(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _MEANT and not text.endswith(" "):
        return text
    quoted = json.dumps(text, ensure_ascii=False)  # which YAML reads as it is
    return quoted if text.isprintable() else "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in quoted)


def _asked(value: Any) -> str:
    text: str = yaml.dump(
        value, Dumper=yaml.SafeDumper, default_flow_style=True, allow_unicode=True, width=10**9, sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...").strip()
