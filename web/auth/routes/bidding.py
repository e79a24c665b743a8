"""Pages of an open comparison: sealed bids, the draw, scoring, red flags, objections, contracts, the case file."""

from __future__ import annotations

PAGES: dict[str, frozenset[str]] = {}
