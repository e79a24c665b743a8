"""Pages of the registers."""

from __future__ import annotations

from web.auth.audiences import EXPERT_KEEPERS, OFFICE, REGISTRARS

PAGES: dict[str, frozenset[str]] = {
    "registers.organisations": OFFICE,
    "registers.organisations_card": OFFICE,
    "registers.organisations_new": REGISTRARS,
    "registers.organisations_edit": REGISTRARS,
    "registers.record_credit": REGISTRARS,
    "registers.lift_credit": REGISTRARS,
    "registers.negative_list": OFFICE,
    "registrations.index": REGISTRARS,
    "registers.experts": EXPERT_KEEPERS,
    "registers.experts_card": EXPERT_KEEPERS,
    "registers.experts_new": EXPERT_KEEPERS,
    "registers.experts_edit": EXPERT_KEEPERS,
    "registers.add_recusal": EXPERT_KEEPERS,
    "registers.agencies": OFFICE,
    "registers.agencies_card": OFFICE,
    "registers.agencies_new": REGISTRARS,
    "registers.agencies_edit": REGISTRARS,
    "registers.catalogue": OFFICE,
    "registers.catalogue_card": OFFICE,
    "registers.catalogue_new": REGISTRARS,
    "registers.catalogue_edit": REGISTRARS,
    "registers.budgets": OFFICE,
    "registers.budgets_card": OFFICE,
    "registers.budgets_new": frozenset({"finance"}),
    "registers.budgets_edit": frozenset({"finance"}),
    "registers.rules": OFFICE,
    "registers.calendar": OFFICE,
    "registers.save_calendar": REGISTRARS,
}
