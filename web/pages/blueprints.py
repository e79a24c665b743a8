"""Every blueprint of the pages, in the order of the rail."""

from __future__ import annotations

from flask import Blueprint

from web.auth import login
from web.pages import clock, definitions, files, home, inbox, language, purchases, tasks
from web.pages.cases import pages as cases

BLUEPRINTS: tuple[Blueprint, ...] = (
    login.blueprint,
    language.blueprint,
    home.blueprint,
    inbox.blueprint,
    tasks.blueprint,
    files.blueprint,
    purchases.blueprint,
    cases.blueprint,
    definitions.blueprint,
    clock.blueprint,
)
