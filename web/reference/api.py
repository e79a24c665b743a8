"""docs/reference/http-api.md: the operations of /v2 with scope, roles, filters and orders, asked of the routers."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from fastapi.routing import APIRoute

from procurement.accounts.roles import SCOPES
from web.api import callers, limits, ocds, searching
from web.api.problems import STATUS
from web.api.router import PARTS
from web.auth.routes.api import API
from web.reference.api_words import AFTER, OPENING, WHAT
from web.reference.markdown import generated, table
from web.reference.roles import who

SCOPE_OF = {
    get_args(alias)[1].dependency: scope
    for alias, scope in (
        (callers.Reader, "read"),
        (callers.Worker, "work"),
        (callers.JobWorker, "jobs"),
        (callers.Deployer, "deploy"),
        (callers.Operator, "operate"),
    )
}

COMPARISONS = {
    searching.EQUALITY: "（相等）",
    searching.AMONG: "（其中之一）",
    searching.PRESENCE: "（其中之一、有无）",
    searching.TEXTS: "（其中之一、有无、样式）",
    searching.ORDERED: "（其中之一、有无、先后大小）",
}


def page() -> str:
    opening = OPENING.format(
        generated=generated("web/api 的路由"),
        scopes=table(("范围", "允许"), [(f"`{scope}`", told) for scope, told in SCOPES.items()]),
    )
    told = [part for part in PARTS if part is not ocds]  # open data has a page of its own
    routes = [(part, route) for part in told for route in part.router.routes if isinstance(route, APIRoute)]
    operations = table(("操作", "作用", "范围", "角色"), (_operation(route) for _, route in routes))
    searches = table(("查找", "可用的条件", "可用的排序"), (row for _, route in routes for row in _search(route)))
    statuses = ", ".join(sorted({str(status) for _, status in STATUS}))
    after = AFTER.format(
        searches=searches,
        statuses=statuses,
        per_second=int(limits.PER_SECOND),
        burst=int(limits.BURST),
        largest=limits.LARGEST_BODY // 1024 // 1024,
        repeatable="、".join(f"`{_name(route)}`" for _, route in routes if _is_repeatable(route)),
    )
    return f"{opening}\n{operations}\n{after}"


def _operation(route: APIRoute) -> tuple[str, str, str, str]:
    name = _name(route)
    return f"`{name}`", WHAT[name], _scope(route), who(API[name])


def _name(route: APIRoute) -> str:
    (method,) = route.methods or {""}
    return f"{method} {route.path}"


def _is_repeatable(route: APIRoute) -> bool:
    return any(inner.call is callers.command_id for inner in route.dependant.dependencies)


def _scope(route: APIRoute) -> str:
    found = [SCOPE_OF[inner.call] for inner in route.dependant.dependencies if inner.call in SCOPE_OF]
    return f"`{found[0]}`" if found else "—"


# searches whose module has several: the names of their filters and orders
OTHERS = {
    "/v2/user-tasks/{key}/variables/search": ("SEEN", None),
    "/v2/user-tasks/{key}/audit-logs/search": ("TASK_FILTERS", "SORTS"),
    "/v2/batch-operation-items/search": ("ITEM_FILTERS", "ITEM_SORTS"),
}


def _search(route: APIRoute) -> Iterator[tuple[str, str, str]]:
    if not route.path.endswith("/search"):
        return
    module: Any = sys.modules[route.endpoint.__module__]
    filters, sorts = OTHERS.get(route.path, ("FILTERS", "SORTS"))
    yield f"`{_name(route)}`", _filters(getattr(module, filters)), _names(getattr(module, sorts)) if sorts else "—"


def _filters(given: dict[str, Any]) -> str:
    """By the comparisons they offer."""
    groups = {
        words: [name for name, one in given.items() if one.comparisons == offered] for offered, words in COMPARISONS.items()
    }
    return "；".join(f"{_names(names)}{words}" for words, names in groups.items() if names)


def _names(given: Iterable[str]) -> str:
    return "、".join(f"`{name}`" for name in given)
