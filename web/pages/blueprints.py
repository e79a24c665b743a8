"""Every blueprint of the pages, in the order of the rail."""

from __future__ import annotations

from flask import Blueprint

from web.auth import login
from web.pages import (
    account,
    agency,
    archives,
    clock,
    contracts,
    definitions,
    designer,
    discretion,
    draws,
    evidence,
    execution,
    explained,
    files,
    flags,
    home,
    inbox,
    incidents,
    language,
    objections,
    onsite,
    panels,
    public,
    purchases,
    red_papers,
    registering,
    registrations,
    returning,
    supervision,
    supplier,
    tasks,
    threads,
    urging,
    users,
)
from web.pages.cases import pages as cases
from web.pages.dashboards import pages as dashboards
from web.pages.ledgers import importing as ledger_imports
from web.pages.ledgers import listing as ledgers
from web.pages.matters import listing as matters
from web.pages.matters import pages as matter
from web.pages.messages import confirming as mail_confirmation
from web.pages.messages import listing as messages
from web.pages.messages import wishes as mail_wishes
from web.pages.operate import audit, migration, repair
from web.pages.operate import pages as operate
from web.pages.public import feedback
from web.pages.registers import pages as registers
from web.pages.scoring import results, sheet, templates
from web.pages.sealed import bids as sealed_bids
from web.pages.sealed import keys as opening_keys
from web.pages.sealed import opening as openings
from web.pages.studio import (
    checking,
    comparing,
    draft_files,
    drafts,
    editors,
    packing,
    permitting,
    playing,
    releasing,
    replaying,
    shelf,
)
from web.pages.surveys import answering, keeping

BLUEPRINTS: tuple[Blueprint, ...] = (
    login.blueprint,
    language.blueprint,
    home.blueprint,
    inbox.blueprint,
    tasks.blueprint,
    returning.blueprint,
    onsite.blueprint,
    files.blueprint,
    purchases.blueprint,
    cases.blueprint,
    threads.blueprint,
    supervision.blueprint,
    matters.blueprint,
    matter.blueprint,
    agency.blueprint,
    evidence.blueprint,
    supplier.blueprint,
    objections.blueprint,
    discretion.blueprint,
    registering.blueprint,
    registrations.blueprint,
    sheet.blueprint,
    results.blueprint,
    templates.blueprint,
    opening_keys.blueprint,
    sealed_bids.blueprint,
    openings.blueprint,
    flags.blueprint,
    contracts.blueprint,
    execution.blueprint,
    execution.files,
    red_papers.blueprint,
    archives.blueprint,
    draws.blueprint,
    draws.files,
    panels.blueprint,
    registers.blueprint,
    ledger_imports.blueprint,
    dashboards.blueprint,
    ledgers.blueprint,
    designer.blueprint,
    definitions.blueprint,
    drafts.blueprint,
    draft_files.blueprint,
    shelf.blueprint,
    editors.blueprint,
    checking.blueprint,
    playing.blueprint,
    comparing.blueprint,
    replaying.blueprint,
    releasing.blueprint,
    permitting.blueprint,
    packing.blueprint,
    operate.blueprint,
    audit.blueprint,
    repair.blueprint,
    migration.blueprint,
    incidents.blueprint,
    users.blueprint,
    messages.blueprint,
    mail_wishes.blueprint,
    mail_confirmation.blueprint,
    urging.blueprint,
    account.blueprint,
    answering.blueprint,
    keeping.blueprint,
    public.blueprint,
    feedback.blueprint,
    explained.blueprint,
    clock.blueprint,
)
