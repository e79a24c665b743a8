"""Names and notes of what is drawn: element and flow by id. Definitions never change, so each is read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from engine.model import UserTask
from web.pages.services import engine

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@dataclass(frozen=True)
class Drawn:
    """``note`` is the element's documentation: the article it stands on and what it is for."""

    id: str
    kind: str  # BPMN name: userTask, exclusiveGateway, sequenceFlow …
    name: str
    note: str = ""

    @property
    def label(self) -> str:
        return self.name or self.id


def drawn(definition_key: int, element_id: str) -> Drawn:
    """What the diagram says of an element; its id when the diagram does not have it (a multi-instance body, for example)."""
    return _all(definition_key).get(element_id) or Drawn(element_id, "", "")


def note_of(task: UserTask) -> str:
    """What the diagram says about a task: its article and purpose."""
    return drawn(task.definition_key, task.element_id).note


def _all(definition_key: int) -> dict[str, Drawn]:
    return _read(engine().resource(definition_key)) if definition_key else {}


@lru_cache(maxsize=200)
def _read(content: bytes) -> dict[str, Drawn]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    found: dict[str, Drawn] = {}
    for node in etree.fromstring(content, parser).iter():
        key = node.get("id")
        if key is not None and isinstance(node.tag, str) and node.tag.startswith(_BPMN):
            notes = ((note.text or "").strip() for note in node.findall(f"{_BPMN}documentation"))
            found[str(key)] = Drawn(str(key), node.tag.removeprefix(_BPMN), str(node.get("name") or ""), " ".join(filter(None, notes)))
    return found
