"""Files read once: what each says and what deployment would refuse of it, kept by content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

from lxml import etree

from engine import dmn, forms
from engine.errors import DefinitionInvalid, EngineError, Problem
from engine.feel import Feel
from engine.kept import Kept
from engine.spiff import ProcessModel, parse

_KEPT = 10_000  # readings of all drafts together; one office draws 550 files, which are read in 4,100 ways
_T = TypeVar("_T")
UNREADABLE = "The file cannot be read: {cause}"


@dataclass(frozen=True)
class Read:
    """One file. What could not be read is empty or None, and ``problems`` says why."""

    path: str
    sha256: str
    problems: tuple[Problem, ...] = ()
    root: etree._Element | None = None  # of diagrams and tables, as drawn
    processes: tuple[ProcessModel, ...] = ()
    table: dmn.DecisionModel | None = None
    form: forms.Form | None = None

    @property
    def is_readable(self) -> bool:
        return bool(self.processes) or self.table is not None or self.form is not None


@dataclass
class Library:
    """Reads files of the layout; the same content under the same path is read once. Safe to share between threads."""

    feel: Feel
    _kept: Kept = field(default_factory=lambda: Kept(_KEPT))

    def read(self, path: str, content: bytes) -> Read:
        digest = hashlib.sha256(content).hexdigest()
        return self.once("read", path, digest, lambda: self._read(path, content, digest))

    def once(self, what: str, path: str, digest: Hashable, make: Callable[[], _T]) -> _T:
        """What ``make`` gives for this content (and whatever else ``digest`` stands for), made at most once while it is kept."""
        return self._kept.once((what, path, digest), make)

    def _read(self, path: str, content: bytes, digest: str) -> Read:
        root = _root(content) if path.endswith((".bpmn", ".dmn")) else None
        try:
            if path.endswith(".bpmn"):
                models = tuple(parse(content, file=path, feel=self.feel))
                return Read(path, digest, tuple(p for one in models for p in one.warnings), root, processes=models)
            if path.endswith(".dmn"):
                table = dmn.load(content, file=path, feel=self.feel)
                return Read(path, digest, tuple(table.check()), root, table=table)
            if path.endswith(".form"):
                return Read(path, digest, form=forms.read(content, file=path, feel=self.feel))
        except DefinitionInvalid as error:
            return Read(path, digest, error.problems, root)
        except EngineError as error:
            return Read(path, digest, (Problem(path, 1, "", UNREADABLE, {"cause": str(error)}),), root)
        return Read(path, digest)


def _root(content: bytes) -> etree._Element | None:
    """As drawn, also where the engine refuses it; None when it is no XML at all."""
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        return None
