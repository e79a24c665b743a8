"""Pages of an open comparison: sealed bids, the draw, scoring, red flags, objections, contracts, the case file."""

from __future__ import annotations

from web.auth.audiences import CASES, EVERYONE, EXPERT_KEEPERS, FILE_KEEPERS, FLAG_WATCHERS, LEDGER_READERS, PUBLIC, SUPPLIERS

KEY_HOLDERS = frozenset({"procurement_officer", "street_leader", "agency", "discipline"})
OPENING_WATCHERS = KEY_HOLDERS | {"auditor", "legal"}  # which comparison is asked again inside

PAGES: dict[str, frozenset[str]] = {
    "opening_keys.show": KEY_HOLDERS,
    "opening_keys.make": KEY_HOLDERS,
    "opening_keys.test": KEY_HOLDERS,
    "sealed_bids.bid": SUPPLIERS,
    "sealed_bids.hand_in": SUPPLIERS,
    "sealed_bids.watch": SUPPLIERS,
    "sealed_bids.watch_state": SUPPLIERS,
    "sealed_bids.check": PUBLIC,
    "openings.show": OPENING_WATCHERS,
    "openings.state": OPENING_WATCHERS,
    "openings.give_key": KEY_HOLDERS,
    "openings.open_bid": frozenset({"procurement_officer", "agency"}),
    "openings.decide": OPENING_WATCHERS,
    "draws.show": EVERYONE,  # a draw is public; who may commit or reveal is asked of its tasks
    "draws.state": EVERYONE,
    "draws.commit": EVERYONE,
    "draws.reveal": EVERYONE,
    "draws.panel": EVERYONE,  # the view asks who may know the names
    "panels.invitations": frozenset({"expert"}),
    "panels.conflicts": EXPERT_KEEPERS,
    "panels.add_employment": EXPERT_KEEPERS - {"auditor"},
    "panels.requests": SUPPLIERS,
    "panels.ask": SUPPLIERS,
    "contracts.show": CASES | {"agency", "organisation"},
    "contracts.supplement": frozenset({"procurement_officer"}),
    "red_papers.word": CASES | {"agency", "organisation"},  # which paper is asked again inside
    "red_papers.pdf": CASES | {"agency", "organisation"},
    "archives.index": FILE_KEEPERS,
    "archives.file": FILE_KEEPERS,
    "archives.download": FILE_KEEPERS,
    "archives.supplement": frozenset({"procurement_officer"}),
    "archives.dispose": frozenset({"street_leader"}),
    "scoring.sheet": frozenset({"expert"}),
    "scoring.save": frozenset({"expert"}),
    "scoring.sign": frozenset({"expert"}),
    "scores.progress": CASES | {"agency", "expert"},
    "scores.result": CASES | {"agency", "expert"},
    "scores.report": CASES | {"agency", "expert"},
    "scores.own": SUPPLIERS,
    "score_sheets.index": CASES | {"agency"},
    "score_sheets.show": CASES | {"agency"},
    "score_sheets.edit": frozenset({"procurement_officer"}),
    "flags.index": FLAG_WATCHERS,
    "flags.table": FLAG_WATCHERS,
    "flags.show": FLAG_WATCHERS,
    "flags.judge": FLAG_WATCHERS - {"auditor"},
    "discretion.index": LEDGER_READERS,
    "discretion.table": LEDGER_READERS,
    "objections.of_case": CASES | {"agency"},
    "objections.counter": frozenset({"procurement_officer"}),
    "objections.show": CASES | {"agency", "organisation"},
    "objections.supplement": SUPPLIERS | {"procurement_officer"},
    "objections.withdraw": SUPPLIERS | {"procurement_officer"},
    "objections.appeal": SUPPLIERS | {"procurement_officer"},
    "objections.appeals": CASES | {"agency", "organisation"},
    "objections.appeal_show": CASES | {"agency", "organisation"},
    "objections.supplement_appeal": SUPPLIERS | {"procurement_officer"},
    "objections.change": frozenset({"agency", "procurement_officer"}),
}
