"""All checks of one archive, in the order a person asks: is it whole, is it what was published, does it agree with itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.errors import EngineError
from procurement.archive import layout
from procurement.archive.checking import tree
from procurement.archive.checking.inner import INNER
from procurement.archive.checking.opened import NotAnArchive, Opened
from procurement.archive.layout import Entry


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; ``wrong`` names each place where it is not as it should be."""

    name: str
    counted: str
    wrong: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.wrong


@dataclass(frozen=True)
class Report:
    number: str
    root: str
    head: dict[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    @property
    def sound(self) -> bool:
        return bool(self.checks) and all(check.passed for check in self.checks)


def check(archive: Opened, *, root: str | None = None) -> Report:
    """``root``: as it was published. Raises NotAnArchive for what cannot be read as an archive at all."""
    number, stated, entries = _listed(archive)
    computed = layout.root_of(entries)
    checks = [
        Check("目录里的每一件都在，一字未改", f"{len(entries)} 件", tuple(tree.altered(archive, entries))),
        Check("没有目录以外的文件", f"{len(archive.names)} 个文件", tuple(tree.strangers(archive, entries))),
        Check("SHA256SUMS 与文件一致", "", tuple(tree.summed(archive))),
        Check("默克尔树的根由目录算出", computed, () if stated == computed else (f"{layout.MANIFEST} 写的是 {stated}",)),
        Check("附带的说明和核对程序没有换过", "", tuple(tree.replaced(archive))),
    ]
    if root is not None:
        wrong = () if root.strip().lower() == computed else (f"公布的是 {root.strip()}",)
        checks.append(Check("根与公布的一致", computed, wrong))
    head = _head(archive)
    if head.get("number") != number:
        checks.append(Check("卷宗号一致", number, (f"{layout.HEAD} 写的是 {head.get('number')}",)))
    checks += [_inner(name, look, archive, entries, head) for name, look in INNER]
    return Report(number, computed, head, tuple(checks))


def _head(archive: Opened) -> dict[str, Any]:
    """What cannot be read says nothing; that it was changed is told where every document is looked at."""
    try:
        head = archive.json(layout.HEAD) if layout.HEAD in archive.names else {}
    except NotAnArchive:
        head = {}
    return head if isinstance(head, dict) else {}


Look = Callable[[Opened, list[Entry], dict[str, Any]], Iterator[str | int]]


def _inner(name: str, look: Look, archive: Opened, entries: list[Entry], head: dict[str, Any]) -> Check:
    """A check that reads documents: whatever they hold, it ends with an answer."""
    counted, wrong = 0, []
    try:
        for found in look(archive, entries, head):
            if isinstance(found, int):
                counted += found
            else:
                wrong.append(found)
    except (EngineError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        wrong.append(f"{archive.last}：读不懂（{type(error).__name__} {error}）")
    return Check(name, str(counted), tuple(wrong))


def _listed(archive: Opened) -> tuple[str, str, list[Entry]]:
    if layout.MANIFEST not in archive.names:
        raise NotAnArchive(file=archive.place, cause=f"there is no {layout.MANIFEST} in it")
    found = archive.json(layout.MANIFEST)
    if not isinstance(found, dict) or found.get("format") != layout.FORMAT:
        raise NotAnArchive(file=archive.place, cause=f"its format is not {layout.FORMAT}")
    try:
        lines = [Entry(**line) for line in found["entries"]]
        return str(found["number"]), str(found["root"]), lines
    except (KeyError, TypeError) as error:
        raise NotAnArchive(file=archive.place, cause=f"{layout.MANIFEST} cannot be understood: {error}") from error
