"""What people may begin by themselves, as the diagrams say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.spiff import ProcessModel
from procurement.explaining import as_note
from procurement.registers.matters import ABOUT


@dataclass(frozen=True)
class Startable:
    """A process people may begin by hand, as its diagram's properties say: startable_by, about, prefix, system, seen_by."""

    process_id: str
    name: str
    text: str
    roles: frozenset[str]
    about: str  # one of ABOUT
    prefix: str
    system: str
    seen_by: tuple[str, ...]  # who may know of one from the beginning on; empty: whoever may see matters of this kind


def startable(model: ProcessModel) -> Startable | None:
    """None for a process nobody begins by hand."""
    root = model.elements[model.id]
    said: Mapping[str, str] = root.properties
    roles = frozenset(_several(said.get("startable_by", "")))
    about = said.get("about", "none")
    if not roles or about not in ABOUT:
        return None
    text = as_note(root.documentation.strip().split("\n")[0])
    prefix, system = said.get("prefix", "SX"), said.get("system", "")
    return Startable(
        model.id, model.name or model.id, text, roles, about, prefix, system, tuple(_several(said.get("seen_by", "")))
    )


def _several(said: str) -> list[str]:
    """What a property lists, separated by commas."""
    return [one.strip() for one in said.split(",") if one.strip()]
