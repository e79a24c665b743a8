"""Problems that are meant: ``processes/<folder>/silenced.yaml``, one entry for each, nothing ever taken out.

A silence is for one rule at one element, and says who gave which reason when. It holds as long as the element is drawn as it
was (``drawn``); when the element changes the problem is shown again, for the reason was given for something else. Lifting a
silence adds an entry too. The file belongs to the draft: it is reviewed, released and exported with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.checks import Files, Finding, Read
from engine.errors import FieldError, InvalidInput
from engine.sandbox.case_reader import CaseFileInvalid, documents

FILE = "silenced.yaml"
OPENING = "# 停用的问题：每条写明理由、谁、何时。只增不删；元素改动后自动失效。由设计室写入，也可以手写。\n"
LONGEST = 2_000


class SilencesUnreadable(InvalidInput):
    """The file {path} cannot be read: {cause}. Correct it, or revert it to the version in force."""


@dataclass(frozen=True)
class Silence:
    """``drawn``: fingerprint of the element; empty in entries written by hand, which then always hold. ``lifted`` ends earlier ones."""

    rule: str
    file: str
    element: str
    cell: str
    reason: str
    by: str
    at: str
    drawn: str = ""
    lifted: bool = False

    @property
    def place(self) -> tuple[str, str, str, str]:
        return self.rule, self.file, self.element, self.cell


def path_for(folder: str) -> str:
    return f"processes/{folder}/{FILE}"


def place_of(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.file, finding.element, finding.cell or ""


def read(path: str, content: bytes) -> tuple[Silence, ...]:
    """The entries in their order. Raises SilencesUnreadable."""
    try:
        found = next(documents(content, path), None) or []
        if not isinstance(found, list):
            raise SilencesUnreadable(path=path, cause="it is no list")
        return tuple(_entry(path, one) for one in found)
    except CaseFileInvalid as error:
        raise SilencesUnreadable(path=path, cause=str(error).splitlines()[0]) from error


def _entry(path: str, raw: Any) -> Silence:
    known = set(Silence.__dataclass_fields__)
    needed = {"rule", "file", "element", "reason"}
    if not isinstance(raw, Mapping) or not needed <= set(raw) <= known or not str(raw["reason"]).strip():
        raise SilencesUnreadable(path=path, cause="every entry needs rule, file, element and reason")
    texts = {name: str(raw.get(name, "") or "") for name in known - {"lifted"}}
    return Silence(lifted=raw.get("lifted") is True, **texts)


def all_in(files: Files) -> dict[tuple[str, str, str, str], Silence]:
    """The silences in force, by place. A file that cannot be read silences nothing."""
    found: dict[tuple[str, str, str, str], Silence] = {}
    for path in sorted(files):
        if path.endswith("/" + FILE):
            try:
                entries = read(path, files[path])
            except SilencesUnreadable:
                continue
            for one in entries:
                if one.lifted:
                    found.pop(one.place, None)
                else:
                    found[one.place] = one
    return found


def written(content: bytes, silence: Silence) -> bytes:
    """The file with one entry more."""
    lines = [f"- rule: {_text(silence.rule)}"]
    lines += [
        f"  {name}: {_text(value)}"
        for name in ("file", "element", "cell", "reason", "by", "at", "drawn")
        if (value := getattr(silence, name))
    ]
    lines += ["  lifted: true"] if silence.lifted else []
    before = content.decode("utf-8") if content else OPENING
    return (before.rstrip("\n") + "\n" + "\n".join(lines) + "\n").encode("utf-8")


def _text(value: str) -> str:
    """A YAML scalar on one line, whatever is in it."""
    return json.dumps(value, ensure_ascii=False)


def checked_reason(reason: str) -> str:
    """Raises InvalidInput."""
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput(fields=(FieldError("reason", "Say why this problem is meant; the reason is kept and shown."),))
    if len(reason) > LONGEST:
        raise InvalidInput(fields=(FieldError("reason", "The reason has more than {limit} characters.", {"limit": LONGEST}),))
    return reason


def drawn(read_: Read | None, content: bytes, element: str, cell: str) -> str:
    """Fingerprint of how the element is drawn: its own XML without the flows, the table row, or the form's field."""
    if read_ is None:
        return ""
    if read_.root is not None:
        node = _node(read_.root, cell or element)
        if node is None:
            node = _node(read_.root, element)  # the cell is no part of the drawing, but the name of a variable
        return "" if node is None else _digest(_parts(node))
    if read_.form is not None:
        field = next(
            (one for one in _components(json.loads(content)) if cell in {one.get("id"), one.get("key")}), {"id": element}
        )
        return _digest([json.dumps(field, sort_keys=True)])
    return ""


def _components(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for one in raw.get("components", []):
        yield one
        yield from _components(one)


def _node(root: etree._Element, id_: str) -> etree._Element | None:
    return next((node for node in root.iter() if isinstance(node.tag, str) and node.get("id") == id_), None)


def _parts(node: etree._Element) -> Iterable[str]:
    """Names, attributes and texts in order; where flows lead is not the element's own drawing, nor is layout of the file."""
    for part in node.iter():
        if isinstance(part.tag, str) and etree.QName(part).localname not in {"incoming", "outgoing"}:
            yield str(part.tag)
            yield from (f"{name!s}={value!s}" for name, value in sorted(part.items()))
            yield str(part.text or "").strip()


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()[:12]
