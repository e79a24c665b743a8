"""From a search request to the keyword arguments of an engine query, and from a page of results to an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from engine.model import Page
from web.api.problems import BadRequest, NotOffered
from web.api.shapes.wire import TENANT, Found, PageInfo, Search

Shown = TypeVar("Shown")
Reader = Callable[[Any], Any]


def number(value: Any) -> int:
    """A key or number sent as text or as a number."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise BadRequest(cause=f"{value!r} is not a key") from None


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadRequest(cause=f"{value!r} is not text")
    return value


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadRequest(cause=f"{value!r} is neither true nor false")
    return value


def lower(value: Any) -> str:
    return text(value).lower()


def query(search: Search, filters: Mapping[str, tuple[str, Reader]], sorts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Keyword arguments for an engine query.

    ``filters`` maps a filter's wire name to (argument, reader). A filter that is not listed, or a comparison other than
    equality, is answered 501: never silently ignored.
    """
    arguments: dict[str, Any] = {"limit": search.page.limit}
    for name, value in search.filter.items():
        if name == "tenantId":
            _only_tenant(value)
            continue
        if name not in filters:
            raise NotOffered(what=f"The filter {name}")
        argument, read = filters[name]
        arguments[argument] = read(_equal_to(name, value))
    if search.page.before is not None:
        raise NotOffered(what="Paging backwards")
    if search.page.after is not None:
        arguments["after"] = search.page.after
    if search.page.from_:
        arguments["offset"] = search.page.from_
    if search.sort:
        arguments |= _order(search, sorts or {})
    return arguments


def answer(page: Page, show: Callable[[Any], Shown], shape: type[Found[Shown]]) -> Found[Shown]:
    items = [show(item) for item in page.items]
    return shape(items=items, page=PageInfo(total_items=page.total, end_cursor=page.after))


def _equal_to(name: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if set(value) == {"$eq"}:
        return value["$eq"]
    raise NotOffered(what=f"The comparison {', '.join(sorted(value))} on {name}")


def _only_tenant(value: Any) -> None:
    if value != TENANT:
        raise NotOffered(what="A tenant other than <default>")


def _order(search: Search, sorts: Mapping[str, str]) -> dict[str, str]:
    if len(search.sort) > 1 or search.sort[0].field not in sorts:
        raise NotOffered(what=f"Sorting by {', '.join(sort.field for sort in search.sort)}")
    direction = "-" if search.sort[0].order.upper() == "DESC" else ""
    return {"order": direction + sorts[search.sort[0].field]}
