"""The groups of roles that rows of the access table name."""

from __future__ import annotations

from procurement.accounts.roles import PARTY_ROLES, ROLES
from procurement.office.reports import BOARDS

PUBLIC = frozenset({"public"})  # no login needed; signed-in people may too
EVERYONE = frozenset(ROLES)
OFFICE = EVERYONE - PARTY_ROLES
CASES = OFFICE - {"designer"}  # who follows cases at all: designers draw them, they do not read them
SUPERVISORS = frozenset({"discipline", "auditor", "operator", "admin"})  # who looks over all cases for what somebody did
STREET = OFFICE - {"designer", "operator"}
WORKERS = EVERYONE - {"discipline", "auditor", "designer", "operator", "admin"}
STARTERS = frozenset({"department", "community", "service_centre", "procurement_officer"})
DESIGNERS = frozenset({"designer", "admin"})
OPERATORS = frozenset({"operator", "admin"})
FLAG_WATCHERS = frozenset({"discipline", "auditor", "street_leader", "procurement_officer", "agency"})
SUPPLIERS = frozenset({"organisation"})
REGISTRARS = frozenset({"service_centre", "procurement_officer"})  # who keeps the registers of parties and the catalogue
SURVEY_READERS = STREET | {"agency"}
SURVEY_KEEPERS = STARTERS | {"agency"}  # who makes and hands out the cards of a survey
FILE_KEEPERS = frozenset({"service_centre", "procurement_officer", "discipline", "auditor", "street_leader", "agency"})
# the expert list is secret until a result is published: 财库〔2016〕198号
EXPERT_KEEPERS = frozenset({"service_centre", "procurement_officer", "discipline", "auditor"})
LEDGER_READERS = frozenset({"discipline", "auditor", "street_leader", "procurement_officer"})  # of the ledger of discretion
DASHBOARD_READERS = frozenset[str]().union(*(one.roles for one in BOARDS.values()))
