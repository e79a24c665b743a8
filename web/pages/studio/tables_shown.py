"""Decision tables as people read them: one row per rule, the conditions left, the results right, the legal source last."""

from __future__ import annotations

from dataclasses import dataclass

from engine.dmn.model import Box, Decision, Literal, Table
from engine.dmn.reader import read


@dataclass(frozen=True)
class ShownTable:
    """``hit`` is the hit policy as written; ``text`` stands where the decision is no table."""

    id: str
    name: str
    hit: str
    inputs: tuple[tuple[str, str], ...]  # label and expression
    outputs: tuple[tuple[str, str], ...]  # label and name
    notes: tuple[str, ...]
    rules: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]
    text: str = ""


def shown_tables(content: bytes, file: str, first: str) -> list[ShownTable]:
    """Every decision of a .dmn file, the one called ``first`` before the others."""
    decisions = [one for one in read(content, file).elements.values() if isinstance(one, Decision)]
    return [_shown(one) for one in sorted(decisions, key=lambda one: one.id != first)]


def _shown(decision: Decision) -> ShownTable:
    box, name = decision.box, decision.name or decision.id
    if not isinstance(box, Table):
        return ShownTable(decision.id, name, "", (), (), (), (), _text(box))
    notes = tuple(dict.fromkeys(header for rule in box.rules for header in rule.annotations))
    return ShownTable(
        decision.id,
        name,
        " ".join(filter(None, (box.hit_policy, box.aggregation))),
        tuple((clause.label or clause.expression, clause.expression) for clause in box.inputs),
        tuple((clause.label or clause.name or name, clause.name) for clause in box.outputs),
        notes,
        tuple(
            (rule.tests, tuple(map(_text, rule.outputs)), tuple(rule.annotations.get(n, "") for n in notes)) for rule in box.rules
        ),
    )


def _text(box: Box | None) -> str:
    """What stands in a cell; a boxed expression inside one is named, its text is in the file."""
    if box is None:
        return ""
    return box.text if isinstance(box, Literal) else f"({type(box).__name__})"
