"""Who may open which route: one table, asked before every view, and complete or the application does not start.

A page's row is its Flask endpoint (``blueprint.function``); an API row is ``METHOD /path``. Which *cases* somebody sees
inside a route they may open is decided by ``web.auth.sight``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from fastapi import FastAPI
from fastapi.routing import APIRoute
from flask import Flask

from procurement.accounts.roles import PARTY_ROLES, ROLES

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
SUPPLIERS = frozenset({"organisation"})
REGISTRARS = frozenset({"service_centre", "procurement_officer"})  # who keeps the registers of parties and the catalogue
# the expert list is secret until a result is published: 财库〔2016〕198号
EXPERT_KEEPERS = frozenset({"service_centre", "procurement_officer", "discipline", "auditor"})

PAGES: dict[str, frozenset[str]] = {
    "login.show": PUBLIC,
    "login.enter": PUBLIC,
    "login.leave": PUBLIC,
    "language.choose": PUBLIC,
    "home.index": EVERYONE,
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
    "definitions.xml": EVERYONE,
    "definitions.picture": EVERYONE,
    "supervision.report": frozenset({"agency", "procurement_officer", "department", "community"}),
    "supervision.withdraw": STARTERS,
    "agency.index": frozenset({"agency"}),
    "supplier.index": SUPPLIERS,
    "supplier.record": SUPPLIERS,
    "supplier.purchase": SUPPLIERS,
    "supplier.apply": SUPPLIERS,
    "supplier.bid": SUPPLIERS,
    "supplier.withdraw": SUPPLIERS,
    "supplier.ask": SUPPLIERS,
    "supplier.object_": SUPPLIERS,
    "registers.organisations": OFFICE,
    "registers.organisations_card": OFFICE,
    "registers.organisations_new": REGISTRARS,
    "registers.organisations_edit": REGISTRARS,
    "registers.record_credit": REGISTRARS,
    "registers.lift_credit": REGISTRARS,
    "registers.negative_list": OFFICE,
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
    "designer.index": OFFICE,
    "designer.definition": OFFICE,
    "designer.file": OFFICE,
    "designer.deploy": OFFICE,
    "studio_editors.element_templates": OFFICE,
    "studio_editors.functions": OFFICE,
    "studio_editors.form_preview": OFFICE,
    "studio.index": OFFICE,
    "studio.folder": OFFICE,
    "studio.edit": OFFICE,
    "studio.begin": DESIGNERS,
    "studio.create": DESIGNERS,
    "studio.rename": DESIGNERS,
    "studio.discard": DESIGNERS,
    "studio.reopen": DESIGNERS,
    "studio_checks.check": OFFICE,
    "studio_checks.scope": OFFICE,
    "studio_checks.index": OFFICE,
    "studio_checks.silence": DESIGNERS,
    "studio_checks.silence_here": DESIGNERS,
    "studio_checks.rules": OFFICE,
    "studio_checks.set_severity": frozenset({"admin"}),
    "studio_shelf.definition": OFFICE,
    "studio_shelf.file": OFFICE,
    "studio_shelf.text": OFFICE,
    "studio_release.show": OFFICE,
    "studio_release.verdict": OFFICE,
    "studio_release.ahead": OFFICE,
    "studio_release.submit": DESIGNERS,
    "studio_release.take_back": DESIGNERS,
    "studio_release.review": OFFICE,  # who may sign is for the permissions of the folder to say
    "studio_release.sign": OFFICE,
    "studio_release.release": OFFICE,
    "studio_release.begin_return": DESIGNERS,
    "studio_release.return_now": OFFICE,
    "studio_release.of_folder": OFFICE,
    "studio_release.news": OFFICE,
    "studio_release.shipped": DESIGNERS,
    "studio_permissions.show": frozenset({"admin"}),
    "studio_permissions.grant": frozenset({"admin"}),
    "studio_packing.everything": OFFICE,
    "studio_packing.one_folder": OFFICE,
    "studio_packing.draft": OFFICE,
    "studio_packing.bring": DESIGNERS,
    "studio_files.files": OFFICE,
    "studio_files.read": OFFICE,
    "studio_files.save": DESIGNERS,
    "studio_files.add": DESIGNERS,
    "studio_files.others": OFFICE,
    "studio_files.shelf": OFFICE,
    "studio_files.take": DESIGNERS,
    "studio_files.revert": DESIGNERS,
    "studio_files.keep_mine": DESIGNERS,
    "studio_files.versions": OFFICE,
    "studio_files.version": OFFICE,
    "studio_files.presence": DESIGNERS,
    "studio_play.show": OFFICE,
    "studio_play.act": OFFICE,
    "studio_play.form": OFFICE,
    "studio_play.save": DESIGNERS,
    "studio_play.cases": OFFICE,
    "studio_play.accept": DESIGNERS,
    "studio_compare.show": OFFICE,
    "studio_compare.part": OFFICE,
    "studio_compare.file": OFFICE,
    "studio_compare.picture": OFFICE,
    "studio_replay.show": DESIGNERS,
    "studio_replay.begin": DESIGNERS,
    "studio_replay.go_on": DESIGNERS,
    "studio_replay.cancel": DESIGNERS,
    "studio_replay.export": DESIGNERS,
    "studio_replay.marks": DESIGNERS,
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
    "account.show": EVERYONE,
    "account.password": EVERYONE,
    "account.create_token": EVERYONE,
    "account.revoke_token": EVERYONE,
    "public.index": PUBLIC,
    "public.results": PUBLIC,
    "public.notice": PUBLIC,
    "public.purchase": PUBLIC,
    "public.catalogue": PUBLIC,
    "explained.index": PUBLIC,
    "explained.process": PUBLIC,
    "explained.picture": PUBLIC,
    "explained.xml": PUBLIC,
    "clock.show": EVERYONE,
    "clock.move": EVERYONE,
    "clock.reset": EVERYONE,
}

API: dict[str, frozenset[str]] = {
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /metrics": PUBLIC,  # asks for its own token, or who sits at this machine (web.metrics)
    "GET /openapi.json": PUBLIC,
    "GET /docs": PUBLIC,
    # one token, one person: which tasks and cases they see is asked again inside
    "GET /v2/topology": EVERYONE,
    "GET /v2/status": PUBLIC,
    "GET /v2/authentication/me": EVERYONE,
    "POST /v2/deployments": OPERATORS,  # past the review: designers release through the studio
    "POST /v2/process-definitions/search": EVERYONE,
    "GET /v2/process-definitions/{key}": EVERYONE,
    "GET /v2/process-definitions/{key}/xml": EVERYONE,
    "GET /v2/process-definitions/{key}/form": EVERYONE,
    "POST /v2/process-instances": STARTERS | OPERATORS,
    "POST /v2/process-instances/search": CASES,
    "GET /v2/process-instances/{key}": CASES,
    "POST /v2/process-instances/{key}/cancellation": OPERATORS,
    "POST /v2/element-instances/search": CASES,
    "PUT /v2/element-instances/{key}/variables": OPERATORS,
    "POST /v2/user-tasks/search": EVERYONE,
    "GET /v2/user-tasks/{key}": EVERYONE,
    "GET /v2/user-tasks/{key}/form": EVERYONE,
    "POST /v2/user-tasks/{key}/assignment": EVERYONE,
    "DELETE /v2/user-tasks/{key}/assignee": EVERYONE,
    "POST /v2/user-tasks/{key}/completion": EVERYONE,
    "POST /v2/user-tasks/{key}/variables/search": EVERYONE,
    "POST /v2/variables/search": CASES,
    "GET /v2/variables/{key}": CASES,
    "POST /v2/messages/publication": WORKERS - PARTY_ROLES | OPERATORS,
    "POST /v2/messages/correlation": WORKERS - PARTY_ROLES | OPERATORS,
    "POST /v2/decision-definitions/search": OFFICE,
    "GET /v2/decision-definitions/{key}/xml": OFFICE,
    "POST /v2/decision-definitions/evaluation": OFFICE,
    "POST /v2/decision-instances/search": CASES,
    "GET /v2/decision-instances/{key}": CASES,
    "POST /v2/expression/evaluation": OFFICE,
    "POST /v2/signals/broadcast": WORKERS - PARTY_ROLES | OPERATORS,
    "GET /v2/element-instances/{key}": CASES,
    "GET /v2/process-instances/{key}/statistics/element-instances": CASES,
    "POST /v2/process-definitions/{key}/statistics/element-instances": CASES,
    "GET /v2/process-instances/{key}/sequence-flows": CASES,
    "GET /v2/process-instances/{key}/call-hierarchy": CASES,
    "POST /v2/process-instances/{key}/suspension": OPERATORS,
    "POST /v2/process-instances/{key}/resumption": OPERATORS,
    "POST /v2/process-instances/{key}/modification": OPERATORS,
    "POST /v2/process-instances/{key}/migration": OPERATORS,
    "POST /v2/process-instances/migration": OPERATORS,
    "POST /v2/batch-operations/search": OPERATORS,
    "GET /v2/batch-operations/{key}": OPERATORS,
    "POST /v2/batch-operations/{key}/cancellation": OPERATORS,
    "POST /v2/batch-operation-items/search": OPERATORS,
    "POST /v2/incidents/search": OPERATORS,
    "GET /v2/incidents/{key}": OPERATORS,
    "POST /v2/incidents/{key}/resolution": OPERATORS,
    "POST /v2/process-instances/{key}/incidents/search": OPERATORS,
    "POST /v2/element-instances/{key}/incidents/search": OPERATORS,
    "POST /v2/incidents/statistics/process-instances-by-error": OPERATORS,
    "POST /v2/incidents/statistics/process-instances-by-definition": OPERATORS,
    "POST /v2/audit-logs/search": SUPERVISORS,
    "GET /v2/audit-logs/{key}": SUPERVISORS,
    "POST /v2/user-tasks/{key}/audit-logs/search": EVERYONE,
    "POST /v2/jobs/search": OPERATORS,
    "POST /v2/jobs/activation": OPERATORS,
    "POST /v2/jobs/{key}/completion": OPERATORS,
    "POST /v2/jobs/{key}/failure": OPERATORS,
    "POST /v2/jobs/{key}/error": OPERATORS,
    "PATCH /v2/jobs/{key}": OPERATORS,
    "PUT /v2/clock": OPERATORS,
    "POST /v2/clock/reset": OPERATORS,
}

TABLE: dict[str, frozenset[str]] = PAGES | API


class RouteWithoutRow(RuntimeError):
    """A route exists that the access table does not mention."""


def allowed(route: str, roles: Collection[str] | None) -> bool:
    """Whether somebody with ``roles`` may open ``route``; None is a visitor without login. An unknown route is closed."""
    row = TABLE.get(route, frozenset())
    return row == PUBLIC or bool(row & frozenset(roles or ()))


def page_routes(pages: Flask) -> set[str]:
    return {rule.endpoint for rule in pages.url_map.iter_rules()}


def api_routes(api: FastAPI) -> set[str]:
    return {f"{method} {route.path}" for route in api.routes if isinstance(route, APIRoute) for method in route.methods or ()}


def refuse_gaps(routes: Iterable[str]) -> None:
    """Raises RouteWithoutRow naming every route without a row."""
    if missing := sorted(set(routes) - TABLE.keys()):
        raise RouteWithoutRow(f"add rows to web/auth/access.py for: {', '.join(missing)}")
