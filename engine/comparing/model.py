"""What a comparison says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
KINDS = (ADDED, REMOVED, CHANGED, MOVED)
DIAGRAM, TABLES, FORM, TEXT = "diagram", "tables", "form", "text"


@dataclass(frozen=True)
class Difference:
    """One property: ``property`` is a key of ``words.WORDS``; ``detail`` says which of several (a variable, a column, a header).

    None: there was, or is, no such property. ``is_layout``: only where it is drawn, not what it does.
    """

    property: str
    before: str | None
    after: str | None
    detail: str = ""
    is_layout: bool = False


@dataclass(frozen=True)
class Change:
    """One element, rule, column or field. ``what`` is a key of ``words.WORDS``.

    ``id`` is its id now, ``before_id`` the one it had; each is None where it does not exist. Two different ids: it was given
    another id (guessed when obvious). ``place``: the name of what it lies in, such as the decision of a rule.
    ``number_before`` and ``number``: of rules, counted from 1.
    """

    kind: str
    what: str
    id: str | None
    before_id: str | None
    name: str = ""
    place: str = ""
    number_before: int | None = None
    number: int | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of a text: ``sign`` is + (new), - (old), or a space (context); @ begins another part."""

    sign: str
    text: str


@dataclass(frozen=True)
class FileComparison:
    """``kind``: diagram, tables, form or text. ``state``: added, removed or changed. ``unreadable``: which sides could not be read
    ("before", "after"), so that it was compared as text. ``lines`` without ``unreadable``: a difference nobody has a word for. Neither ``changes`` nor
    ``lines``: written differently, same meaning.
    """

    path: str
    kind: str
    state: str
    changes: tuple[Change, ...] = ()
    lines: tuple[Line, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind of change, in a fixed order; kinds without one are left out."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    def of(self, kind: str) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.kind == kind)
