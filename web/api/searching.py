"""From a search request to the keyword arguments of an engine query, and from a page of results to an answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.model import Comparisons, Page
from web.api.problems import BadRequest, NotOffered
from web.api.shapes.wire import TENANT, Found, PageInfo, Search

Shown = TypeVar("Shown")
Reader = Callable[[Any], Any]

NUMBER = re.compile("-?[0-9]{1,18}")  # of the 64 bits a key has

EQUALITY = frozenset({"$eq"})
AMONG = EQUALITY | {"$neq", "$in", "$notIn"}
PRESENCE = AMONG | {"$exists"}
TEXTS = PRESENCE | {"$like"}
ORDERED = PRESENCE | {"$gt", "$gte", "$lt", "$lte"}
NAMES = {
    "$eq": "eq", "$neq": "neq", "$in": "in", "$notIn": "not_in", "$exists": "exists", "$like": "like",
    "$gt": "gt", "$gte": "gte", "$lt": "lt", "$lte": "lte",
}  # fmt: skip
LISTS = {"$in", "$notIn"}
NAMES_OF_WORDS = {"$eq": "in", "$neq": "not_in", "$in": "in", "$notIn": "not_in"}


def number(value: Any) -> int:
    """A key or number sent as text or as a number."""
    if isinstance(value, (str, int)) and not isinstance(value, bool) and NUMBER.fullmatch(str(value)):
        return int(value)
    raise BadRequest(cause=f"{value!r} is not a key")


def text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise BadRequest(cause=f"{value!r} is not text")
    return value


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadRequest(cause=f"{value!r} is neither true nor false")
    return value


def moment(value: Any) -> dt.datetime:
    """ISO 8601 with a zone."""
    try:
        found = dt.datetime.fromisoformat(text(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadRequest(cause=f"{value!r} is not a moment with a zone, such as 2026-03-02T09:00:00+08:00")
    return found


def words(meanings: Mapping[str, tuple[str, ...]]) -> Reader:
    """A word of the published list, as the engine's words that mean it."""

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, str) or value not in meanings:
            raise BadRequest(cause=f"{value!r} is none of {', '.join(meanings)}")
        return meanings[value]

    return read


@dataclass(frozen=True)
class Filter:
    """One filter of a search: the engine's argument, how its value is read, the comparisons it offers."""

    argument: str
    read: Reader
    comparisons: frozenset[str] = EQUALITY

    def value(self, name: str, wanted: Any) -> Any:
        """What the engine is asked for. Raises NotOffered for a comparison that is not offered."""
        tests = self.tests(name, wanted)
        if tests.keys() == EQUALITY:
            return self.read(tests["$eq"])
        return Comparisons(tuple((NAMES[test], self._compared(test, tests[test])) for test in tests))

    def tests(self, name: str, wanted: Any) -> dict[str, Any]:
        """The comparisons asked for; a bare value is equality."""
        tests = wanted if isinstance(wanted, dict) else {"$eq": wanted}
        if not tests:
            raise BadRequest(cause=f"the filter {name} says nothing")
        if unknown := sorted(tests.keys() - self.comparisons):
            raise NotOffered(what=f"The comparison {', '.join(unknown)} on {name}")
        return tests

    def _compared(self, test: str, value: Any) -> Any:
        if test == "$exists":
            return boolean(value)
        return tuple(map(self.read, several(value))) if test in LISTS else self.read(value)


@dataclass(frozen=True)
class Word(Filter):
    """A filter by a published word that stands for one or several of the engine's."""

    comparisons: frozenset[str] = AMONG

    def value(self, name: str, wanted: Any) -> Comparisons:
        tests = self.tests(name, wanted)
        return Comparisons(tuple((NAMES_OF_WORDS[test], self._meant(test, tests[test])) for test in tests))

    def _meant(self, test: str, value: Any) -> tuple[str, ...]:
        return tuple(one for published in (several(value) if test in LISTS else [value]) for one in self.read(published))


def several(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadRequest(cause=f"{value!r} is not a list")
    return value


def key(argument: str) -> Filter:
    return Filter(argument, number, PRESENCE)


def phrase(argument: str) -> Filter:
    return Filter(argument, text, TEXTS)


def ordered(argument: str, read: Reader = moment) -> Filter:
    return Filter(argument, read, ORDERED)


def word(argument: str, meanings: Mapping[str, tuple[str, ...]]) -> Filter:
    return Word(argument, words(meanings))


Filters = Mapping[str, Filter]


def query(search: Search, filters: Filters, sorts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Keyword arguments for an engine query. What is not offered is answered 501: never silently ignored."""
    arguments: dict[str, Any] = {"limit": search.page.limit} | conditions(search.filter, filters)
    if search.page.before is not None:
        raise NotOffered(what="Paging backwards")
    if search.page.after is not None:
        if search.page.from_:
            raise BadRequest(cause="page.after and page.from exclude each other")
        arguments["after"] = search.page.after
    if search.page.from_:
        arguments["offset"] = search.page.from_
    if search.sort:
        arguments |= _order(search, sorts or {})
    return arguments


def conditions(wanted: Mapping[str, Any], filters: Filters) -> dict[str, Any]:
    """The engine's arguments for the filters of a request. Raises NotOffered for a filter or comparison that is not offered."""
    arguments: dict[str, Any] = {}
    for name, value in wanted.items():
        if name == "tenantId":
            only_tenant(value["$eq"] if isinstance(value, dict) and value.keys() == EQUALITY else value)
            continue
        if name not in filters:
            raise NotOffered(what=f"The filter {name}")
        argument, found = filters[name].argument, filters[name].value(name, value)
        arguments[argument] = both(arguments.get(argument), found)
    return arguments


def both(one: Any, other: Any) -> Any:
    """Two filters of one column, such as userTaskKey and elementInstanceKey; None says nothing."""
    if one is None:
        return other
    tests = [each.tests if isinstance(each, Comparisons) else (("eq", each),) for each in (one, other)]
    return Comparisons(tests[0] + tests[1])


def answer(page: Page, show: Callable[[Any], Shown], shape: type[Found[Shown]]) -> Found[Shown]:
    items = [show(item) for item in page.items]
    info = PageInfo(total_items=page.total, has_more_total_items=page.is_least, end_cursor=page.after)
    return shape(items=items, page=info)


def without_offset(arguments: dict[str, Any]) -> dict[str, Any]:
    """Raises NotOffered for ``page.from``: lists out of the history go on by cursor."""
    if "offset" in arguments:
        raise NotOffered(what="page.from here; go on with page.after")
    return arguments


def only_tenant(value: Any) -> None:
    """Raises NotOffered for any tenant but the one there is."""
    if value not in (None, TENANT):
        raise NotOffered(what="A tenant other than <default>")


def _order(search: Search, sorts: Mapping[str, str]) -> dict[str, str]:
    if len(search.sort) > 1 or search.sort[0].field not in sorts:
        raise NotOffered(what=f"Sorting by {', '.join(sort.field for sort in search.sort)}")
    direction = "-" if search.sort[0].order == "DESC" else ""
    return {"order": direction + sorts[search.sort[0].field]}
