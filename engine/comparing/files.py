"""Two states of a folder, or of everything: which files are different, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.comparing import diagrams, forms, tables, texts
from engine.comparing.model import ADDED, CHANGED, DIAGRAM, FORM, REMOVED, TABLES, TEXT, Change, FileComparison
from engine.comparing.things import Thing
from engine.comparing.xml import same_meaning

_READERS: tuple[tuple[str, str, Callable[[bytes], object | None]], ...] = (
    (".bpmn", DIAGRAM, diagrams.read),
    (".dmn", TABLES, tables.read),
    (".form", FORM, forms.read),
)
_ORDER = (DIAGRAM, TABLES, FORM, TEXT)


def compare(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[FileComparison, ...]:
    """The files that are different: diagrams, tables, forms, then texts, each by path."""
    paths = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    found = [compare_file(path, before.get(path), after.get(path)) for path in paths]
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.kind), one.path)))


def compare_file(path: str, before: bytes | None, after: bytes | None) -> FileComparison:
    """None: there is no such file on that side."""
    state = ADDED if before is None else REMOVED if after is None else CHANGED
    kind, read = next(((kind, read) for suffix, kind, read in _READERS if path.endswith(suffix)), (TEXT, None))
    if read is None:
        return FileComparison(path, kind, state, lines=texts.lines(before or b"", after or b""))
    old, new = (None if side is None else read(side) for side in (before, after))
    wrong = tuple(
        name for name, side, seen in (("before", before, old), ("after", after, new)) if side is not None and seen is None
    )
    if wrong:
        return FileComparison(path, kind, state, lines=texts.lines(before or b"", after or b""), unreadable=wrong)
    found = _changes(kind, old, new)
    if not found and before is not None and after is not None and not same_meaning(before, after):
        return FileComparison(path, kind, state, lines=texts.lines(before, after))
    return FileComparison(path, kind, state, found)


def _changes(kind: str, old: object | None, new: object | None) -> tuple[Change, ...]:
    if kind == DIAGRAM:
        return diagrams.changes(_things(old), _things(new))
    if kind == FORM:
        return forms.changes(_things(old), _things(new))
    return tables.changes(old if isinstance(old, tables.Model) else None, new if isinstance(new, tables.Model) else None)


def _things(read: object | None) -> dict[str, Thing]:
    return read if isinstance(read, dict) else {}
