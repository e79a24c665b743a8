"""Names and notes of what is drawn, by element or flow id."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model import UserTask
from procurement.explaining import as_note
from web.pages.services import engine


@dataclass(frozen=True)
class Drawn:
    """``note`` is the element's documentation: the article it stands on and what it is for."""

    id: str
    name: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        return self.name or self.id


def drawn(definition_key: int, element_id: str) -> Drawn:
    """What the diagram says of an element or flow; its id alone when the diagram does not have it."""
    if not definition_key:
        return Drawn(element_id)
    model = engine().process_model(definition_key)
    if element := model.elements.get(element_id):
        return Drawn(element_id, element.name, as_note(element.documentation))
    flow = model.flows.get(element_id)
    return Drawn(element_id, flow.name if flow else "")


def note_of(task: UserTask) -> str:
    """What the diagram says about a task: its article and purpose."""
    return drawn(task.definition_key, task.element_id).note


def process_name(definition_key: int) -> str:
    """The name of a process, else its id."""
    model = engine().process_model(definition_key)
    return model.name or model.id
