"""Pages of operators, administrators and supervisors."""

from __future__ import annotations

from web.auth.audiences import OPERATORS

PAGES: dict[str, frozenset[str]] = {
    "operate.overview": OPERATORS,
    "operate.processes": OPERATORS,
    "operate.process": OPERATORS,
    "operate.process_marks": OPERATORS,
    "operate.element": OPERATORS,
    "operate.steps": OPERATORS,
    "operate.jobs": OPERATORS,
    "operate.retry_job": OPERATORS,
    "operate.cancel_job": OPERATORS,
    "operate.timers": OPERATORS,
    "audit.index": OPERATORS | {"discipline", "auditor"},
    "audit.table": OPERATORS | {"discipline", "auditor"},
    "repair.show": OPERATORS,
    "repair.marks": OPERATORS,
    "repair.suspend": OPERATORS,
    "repair.resume": OPERATORS,
    "repair.cancel": OPERATORS,
    "repair.undo_migration": OPERATORS,
    "repair.variables": OPERATORS,
    "repair.change": OPERATORS,
    "repair.apply": OPERATORS,
    "migration.index": OPERATORS,
    "migration.start": OPERATORS,
    "migration.batch": OPERATORS,
    "migration.progress": OPERATORS,
    "migration.cancel": OPERATORS,
    "migration.undo": OPERATORS,
    "incidents.index": OPERATORS,
    "incidents.show": OPERATORS,
    "incidents.retry": OPERATORS,
    "incidents.retry_like": OPERATORS,
    "incidents.mend": OPERATORS,
    "users.index": frozenset({"admin"}),
    "users.create": frozenset({"admin"}),
    "users.edit": frozenset({"admin"}),
    "users.set_password": frozenset({"admin"}),
}
