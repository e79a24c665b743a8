"""What stands in the flow for an activity that runs several times."""

from __future__ import annotations

from typing import ClassVar

from engine.spiff.specs.element import Element


class Body(Element):
    """Holds the runs of ``inner``; flows and boundary events belong to the body."""

    element_type: ClassVar[str] = "multiInstanceBody"
    inner: Element
