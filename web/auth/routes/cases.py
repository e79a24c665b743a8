"""Pages where purchases are worked on: tasks, cases, the desks of agencies and organisations."""

from __future__ import annotations

from web.auth.audiences import EVERYONE, OFFICE, OPERATORS, STARTERS, SUPPLIERS

PAGES: dict[str, frozenset[str]] = {
    "inbox.index": EVERYONE,
    "tasks.claim": EVERYONE,
    "tasks.release": EVERYONE,
    "tasks.assign": EVERYONE,
    "tasks.show": EVERYONE,
    "tasks.save": EVERYONE,
    "tasks.complete": EVERYONE,
    "returning.choose": EVERYONE,
    "returning.give_back": EVERYONE,
    "files.download": EVERYONE,
    "purchases.index": EVERYONE,
    "purchases.begin": STARTERS,
    "purchases.start": STARTERS,
    "cases.show": EVERYONE,
    "cases.diagram": EVERYONE,
    "cases.markers_of": EVERYONE,
    "cases.picture": EVERYONE,
    "cases.reasons_of": EVERYONE,
    "cases.history": EVERYONE,
    "cases.documents": EVERYONE,
    "cases.case_values": OFFICE,
    "cases.cancel": OPERATORS,
    "supervision.report": frozenset({"agency", "procurement_officer", "department", "community"}),
    "supervision.withdraw": STARTERS,
    "agency.index": frozenset({"agency"}),
    "supplier.index": SUPPLIERS,
    "supplier.record": SUPPLIERS,
    "supplier.purchase": SUPPLIERS,
    "supplier.apply": SUPPLIERS,
    "supplier.bid": SUPPLIERS,
    "supplier.withdraw": SUPPLIERS,
    "supplier.withdraw_application": SUPPLIERS,
    "evidence.index": SUPPLIERS,
    "evidence.hand_in": SUPPLIERS,
    "supplier.ask": SUPPLIERS,
    "supplier.object_": SUPPLIERS,
}
