"""Puts the page application together."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request, session
from flask_babel import Babel, get_locale
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from procurement.accounts.roles import ROLES
from web import static_files
from web.auth import access, guard
from web.auth import session as sessions
from web.auth.people import Person, current_person
from web.composition import Services
from web.pages import condition_words, errors, htmx, navigation, notice_words, register_words, show, translating, words
from web.pages import services as service_access
from web.pages.addresses import case_address, case_number
from web.pages.blueprints import BLUEPRINTS
from web.pages.cases import names
from web.pages.cases.drawing import drawn
from web.pages.cases.values import told
from web.pages.matters.about import concerning
from web.pages.public import words as public_words
from web.pages.sealed import arrival
from web.pages.surveys import answering

LANGUAGES = {"zh_Hans": "中文", "en": "English"}


def create_pages(services: Services) -> Flask:
    """The WSGI application; refuses to start when a route has no row in the access table."""
    pages = Flask("web", static_folder=None)
    pages.config.update(
        MAX_CONTENT_LENGTH=services.settings.request_limit,
        MAX_FORM_MEMORY_SIZE=guard.TEXT_LIMIT,
        MAX_FORM_PARTS=5_000,
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    pages.jinja_env.undefined = StrictUndefined
    pages.jinja_env.trim_blocks = pages.jinja_env.lstrip_blocks = True
    htmx.install(pages)
    service_access.install(pages, services)
    sessions.install(pages, services.settings, services.in_session)
    guard.install(pages)
    arrival.install(pages)
    guard.refuse_unreadable(pages)
    csrf_protect: Any = CSRFProtect  # neither carries types
    protection = csrf_protect(pages)
    babel: Any = Babel
    babel(pages, default_locale="zh_Hans", default_timezone="Asia/Shanghai", locale_selector=_language)
    translating.install(pages)
    errors.install(pages)
    show.install(pages)
    words.install(pages)
    register_words.install(pages)
    condition_words.install(pages)
    notice_words.install(pages)
    public_words.install(pages)
    pages.add_template_filter(told, "told")
    pages.add_template_filter(names.group_name, "group_name")
    pages.context_processor(_frame)
    for blueprint in BLUEPRINTS:
        pages.register_blueprint(blueprint)
    protection.exempt(answering.answer)  # the link is the right to answer, and it wants no cookie
    access.refuse_gaps(access.page_routes(pages))
    return pages


def _language() -> str:
    """What the visitor chose, else Chinese: the browser's wish is not asked, because the office works in Chinese."""
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else "zh_Hans"


def _frame() -> dict[str, Any]:
    """What every template may use."""
    services = service_access.services()
    return {
        "person": current_person(),
        "settings": services.settings,
        "now": services.clock.now(),
        "sections": navigation.sections,
        "language": str(get_locale()),
        "languages": LANGUAGES,
        "static": static_files.address,
        "may": _may,
        "case_address": case_address,
        "case_number": case_number,
        "concerning": concerning,
        "endpoint_exists": lambda endpoint: endpoint in current_app.view_functions,
        "here": request.full_path.rstrip("?"),
        "role_names": ROLES,
        "names": names,
        "drawn": drawn,
    }


def _may(endpoint: str, person: Person | None = None) -> bool:
    """Whether the person looking may open a route: a link nobody may follow is not shown."""
    person = person or current_person()
    return endpoint in current_app.view_functions and access.allowed(endpoint, person.roles if person else None)
