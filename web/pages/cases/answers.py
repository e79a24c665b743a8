"""What a rule table calls its answers: the headings of its columns, for names the pages have no word of their own for."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from engine.dmn.model import Decision, Table
from engine.dmn.reader import read
from engine.errors import NotFound
from engine.facade import ProcessEngine
from web.pages.services import services

_known: WeakKeyDictionary[ProcessEngine, dict[int, Mapping[str, str]]] = WeakKeyDictionary()


def headings(decision_key: int | None) -> Mapping[str, str]:
    """Name of an output → its heading, of one deployed decision; a definition never changes, so it is read once."""
    if not decision_key:
        return {}
    known = _known.setdefault(services().engine, {})
    if decision_key not in known:
        known[decision_key] = _read(decision_key)
    return known[decision_key]


def _read(decision_key: int) -> Mapping[str, str]:
    engine = services().engine  # what is deployed is no secret
    try:
        definition = engine.definition(decision_key)
    except NotFound:
        return {}
    model = read(engine.resource(decision_key), definition.resource_name)
    tables = [one.box for one in model.elements.values() if isinstance(one, Decision) and isinstance(one.box, Table)]
    return {clause.name: clause.label for table in tables for clause in table.outputs if clause.name and clause.label}
