"""Which page is made by which function."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from web.reference import api, commands, design_rules, failures, ocds, roles

PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": commands.page,
    "roles-and-access.md": roles.page,
    "http-api.md": api.page,
    "errors.md": failures.page,
    "design-rules.md": design_rules.page,
    "ocds.md": ocds.page,
}
