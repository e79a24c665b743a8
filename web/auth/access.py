"""Who may open which route: one table, asked before every view, and complete or the application does not start.

A page's row is its Flask endpoint (``blueprint.function``); an API row is ``METHOD /path``; the rows stand in
``web.auth.routes``. Which *cases* somebody sees inside a route they may open is decided by ``web.pages.cases.sight``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from fastapi import FastAPI
from fastapi.routing import APIRoute
from flask import Flask

from web.auth.audiences import PUBLIC
from web.auth.routes import bidding, cases, dashboards, everybody, operating, registers, studio
from web.auth.routes.api import API

PAGES: dict[str, frozenset[str]] = {
    route: row
    for rows in (everybody, cases, bidding, registers, dashboards, studio, operating)
    for route, row in rows.PAGES.items()
}

TABLE: dict[str, frozenset[str]] = PAGES | API


class RouteWithoutRow(RuntimeError):
    """A route exists that the access table does not mention."""


def allowed(route: str, roles: Collection[str] | None) -> bool:
    """Whether somebody with ``roles`` may open ``route``; None is a visitor without login. An unknown route is closed."""
    row = TABLE.get(route, frozenset())
    return row == PUBLIC or bool(row & frozenset(roles or ()))


def known(route: str) -> bool:
    """Whether there is such a route at all."""
    return route in TABLE


def page_routes(pages: Flask) -> set[str]:
    return {rule.endpoint for rule in pages.url_map.iter_rules()}


def api_routes(api: FastAPI) -> set[str]:
    return {f"{method} {route.path}" for route in api.routes if isinstance(route, APIRoute) for method in route.methods or ()}


def refuse_gaps(routes: Iterable[str]) -> None:
    """Raises RouteWithoutRow naming every route without a row."""
    if missing := sorted(set(routes) - TABLE.keys()):
        raise RouteWithoutRow(f"add rows to web/auth/routes for: {', '.join(missing)}")
