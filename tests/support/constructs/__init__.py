"""Every construct of BPMN 2.0 as a small diagram that either runs as drawn, or is refused with a sentence. There is no third state.

A ``Construct`` with ``drive`` works: the diagram is deployed and driven, once in memory and once stored between all steps.
One without is refused: its deployment must fail with a problem at the element ``it``. To turn the one into the other, give it
a ``drive`` or take it away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.unit.spiff.office import Case, Office


@dataclass
class Stage:
    """Where a construct is driven: an office with the diagram deployed."""

    stored: bool
    office: Office = field(default_factory=Office)

    def start(self, process_id: str = "p", start_element: str | None = None, /, **variables: Any) -> Case:
        return Case(self.office, self.stored).start(process_id, start_element, **variables)


Drive = Callable[[Stage], object]


@dataclass(frozen=True)
class Construct:
    """``name`` is for readers; ``place`` is the column of an event in its matrix; ``told`` is said of it in the page."""

    group: str
    name: str
    content: bytes
    drive: Drive | None = None
    place: str = ""
    told: str = ""

    @property
    def works(self) -> bool:
        return self.drive is not None

    def __str__(self) -> str:
        return f"{self.group}, {self.name} {self.place}".strip()
