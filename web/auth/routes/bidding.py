"""Pages of an open comparison: sealed bids, the draw, scoring, red flags, objections, contracts, the case file."""

from __future__ import annotations

from web.auth.audiences import FILE_KEEPERS, FLAG_WATCHERS

PAGES: dict[str, frozenset[str]] = {
    "archives.index": FILE_KEEPERS,
    "archives.file": FILE_KEEPERS,
    "archives.download": FILE_KEEPERS,
    "archives.supplement": frozenset({"procurement_officer"}),
    "archives.dispose": frozenset({"street_leader"}),
    "flags.index": FLAG_WATCHERS,
    "flags.table": FLAG_WATCHERS,
    "flags.show": FLAG_WATCHERS,
    "flags.judge": FLAG_WATCHERS - {"auditor"},
}
