"""Pages of an open comparison: sealed bids, the draw, scoring, red flags, objections, contracts, the case file."""

from __future__ import annotations

from web.auth.audiences import FLAG_WATCHERS

PAGES: dict[str, frozenset[str]] = {
    "flags.index": FLAG_WATCHERS,
    "flags.table": FLAG_WATCHERS,
    "flags.show": FLAG_WATCHERS,
    "flags.judge": FLAG_WATCHERS - {"auditor"},
}
