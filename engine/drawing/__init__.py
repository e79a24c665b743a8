"""A diagram as SVG, drawn from its own coordinates."""

from __future__ import annotations
