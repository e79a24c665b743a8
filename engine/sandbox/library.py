"""Files as parsed, kept by their content: a run over a draft parses only what the last change touched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import TypeVar

from lxml import etree

from engine import dmn, forms
from engine.errors import NotFound
from engine.feel import Feel
from engine.kept import Kept
from engine.spiff import ProcessModel, parse

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
OWNERS = frozenset({"decision", "businessKnowledgeModel"})
KEPT = 5_000  # parsed files: one office draws some 900, each read in two ways; fewer would be parsed anew at every run over all
Parsed = TypeVar("Parsed")
_keys = count(1)  # of definitions, in all runs of this program


@dataclass(frozen=True)
class DrawnTable:
    """A decision table as drawn: ``rules`` are the rules' ids in their order."""

    owner: str  # the decision (or knowledge model) the table belongs to
    file: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """What a file offers, read without judging it: a broken file offers what can still be recognised."""

    processes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()  # codes of the error end events
    decisions: tuple[str, ...] = ()
    tables: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)  # table id: owner, rule ids
    form: str | None = None


class Library:
    """Parsed files by the SHA-256 of their content. Models are for reading and running, never changed; any thread may ask."""

    def __init__(self, feel: Feel) -> None:
        self._feel = feel
        self._kept = Kept(KEPT)

    def process(self, content: bytes, file: str, process_id: str) -> ProcessModel:
        """Raises DefinitionInvalid, NotFound."""
        for model in self._once("process", content, file, lambda: self._processes(content, file)):
            if model.id == process_id:
                return model
        raise NotFound(kind="process", key=process_id)

    def form(self, content: bytes, file: str) -> forms.Form:
        """Raises DefinitionInvalid."""
        return self._once("form", content, file, lambda: forms.read(content, file=file, feel=self._feel))

    def decisions(self, content: bytes, file: str) -> dmn.DecisionModel:
        """Raises DefinitionInvalid."""
        return self._once("decision", content, file, lambda: dmn.load(content, file=file, feel=self._feel))

    def outline(self, content: bytes, file: str) -> Outline:
        return self._once("outline", content, file, lambda: _outline(content, file))

    def kept(self, kind: str, content: bytes, file: str, make: Callable[[], Parsed]) -> Parsed:
        """What ``make`` gives for this content; made once."""
        return self._once(kind, content, file, make)

    def _processes(self, content: bytes, file: str) -> list[ProcessModel]:
        models = parse(content, file=file, feel=self._feel)
        for model in models:
            model.definition_key = model.deployment_key = next(_keys)
        return models

    def _once(self, kind: str, content: bytes, file: str, make: Callable[[], Parsed]) -> Parsed:
        return self._kept.once((kind, file, hashlib.sha256(content).hexdigest()), make)


@lru_cache(maxsize=4)  # a program speaks one, and what is kept of it takes 30 MB: those of closed applications are let go
def library_of(feel: Feel) -> Library:
    """One library for everybody who speaks the same FEEL."""
    return Library(feel)


def _outline(content: bytes, file: str) -> Outline:
    if file.endswith(".form"):
        return Outline(form=_form_id(content))
    root = _xml(content)
    if root is None:
        return Outline()
    if file.endswith(".dmn"):
        return Outline(decisions=_ids(root.iter("{*}decision")), tables=_tables(root))
    return Outline(processes=_ids(root.iter(f"{BPMN}process")), errors=_error_ends(root))


def _xml(content: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _form_id(content: bytes) -> str | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return str(found["id"]) if isinstance(found, dict) and found.get("id") else None


def _ids(nodes: Iterable[etree._Element]) -> tuple[str, ...]:
    return tuple(node.get("id", "") for node in nodes)


def _tables(root: etree._Element) -> dict[str, tuple[str, tuple[str, ...]]]:
    found = {}
    for table in root.iter("{*}decisionTable"):
        owner = next((node for node in table.iterancestors() if etree.QName(node).localname in OWNERS), None)
        if owner is not None:
            found[table.get("id", "")] = (owner.get("id", ""), _ids(table.iterfind("{*}rule")))
    return found


def _error_ends(root: etree._Element) -> tuple[str, ...]:
    codes = {error.get("id"): error.get("errorCode", "") for error in root.iter(f"{BPMN}error")}
    ends = (d.get("errorRef") for end in root.iter(f"{BPMN}endEvent") for d in end.iter(f"{BPMN}errorEventDefinition"))
    return tuple(sorted({codes[ref] for ref in ends if codes.get(ref)}))
