"""The legal numbers as they stand in the deployed decision table: shown row by row, never copied."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from engine.dmn.model import Literal, Table
from engine.dmn.reader import read
from web.pages.services import engine

DECISION = "office_rules"


@dataclass(frozen=True)
class RuleTable:
    id: str
    version: int
    deployed_at: dt.datetime
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def rows_in_force() -> RuleTable | None:
    """The newest deployed table, None before it is deployed."""
    found = engine().definitions(kind="decision", id=DECISION, latest=True, limit=1).items
    if not found:
        return None
    definition = found[0]
    model = read(engine().resource(definition.key), definition.resource_name)
    table = next(e.box for e in model.elements.values() if getattr(e, "id", "") == DECISION)
    assert isinstance(table, Table)
    heads = (*(c.label or c.expression for c in table.inputs), *(c.label or c.name for c in table.outputs))
    notes = tuple(dict.fromkeys(name for rule in table.rules for name in rule.annotations if name != "description"))
    rows = tuple(
        (
            *(_plain(test) for test in rule.tests),
            *(_plain(box.text) if isinstance(box, Literal) else "—" for box in rule.outputs),
            *(rule.annotations.get(name, "") for name in notes),
        )
        for rule in table.rules
    )
    return RuleTable(definition.id, definition.version, definition.deployed_at, (*heads, *notes), rows)


def _plain(text: str) -> str:
    """A quoted text without its quotes; anything else as the designer wrote it."""
    quoted = len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]
    return text[1:-1] if quoted else text
