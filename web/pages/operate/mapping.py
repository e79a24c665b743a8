"""Which element of the new version stands for which of the old one: proposals, and what an operator chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.spiff import ProcessModel
from web.pages.operate.element_words import type_name

PREFIX = "map."


@dataclass(frozen=True)
class Row:
    """An element of the old version that the new one does not have, and what could stand for it."""

    element_id: str
    name: str
    type: str
    chosen: str
    is_proposal: bool
    choices: tuple[tuple[str, str], ...]


def rows(source: ProcessModel, target: ProcessModel, given: Mapping[str, str]) -> list[Row]:
    """One for each element that is gone or became something else; what cannot hold a token needs no row."""
    found = []
    for one in source.elements.values():
        same = target.elements.get(one.id)
        if same is not None and same.type == one.type:
            continue
        alike = [other for other in target.elements.values() if other.type == one.type and other.id not in source.elements]
        choices = [other for other in target.elements.values() if other.type == one.type]
        if not choices:
            continue
        typed = given.get(PREFIX + one.id)
        named = next((other.id for other in alike if other.name == one.name), "") or (alike[0].id if len(alike) == 1 else "")
        chosen = named if typed is None else typed
        words = tuple((other.id, f"{other.name or other.id}（{type_name(other.type)}，{other.id}）") for other in choices)
        found.append(Row(one.id, one.name or one.id, one.type, chosen, typed is None and bool(named), words))
    return found


def chosen(table: list[Row]) -> dict[str, str]:
    """The mapping as the engine takes it: rows without a choice are left out."""
    return {row.element_id: row.chosen for row in table if row.chosen}
