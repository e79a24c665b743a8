"""A diagram as SVG, drawn from its own coordinates."""

from __future__ import annotations

from engine.drawing.picture import MARKS, picture, picture_if_drawn
from engine.drawing.reading import NotDrawn

__all__ = ["MARKS", "NotDrawn", "picture", "picture_if_drawn"]
