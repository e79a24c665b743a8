"""Lists, a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.errors import CursorUnknown

LONGEST_KEY = 18  # digits: no key of a table is longer


@dataclass(frozen=True)
class Page:
    """A page of results by key: ``total`` counts all matches; ``after`` is the cursor for the next page, None at the end.

    ``is_least``: nobody counted to the end, there are at least ``total``.
    """

    items: tuple[Any, ...]
    total: int
    after: str | None
    is_least: bool = False

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def last_key(cursor: str | None) -> int | None:
    """The key the page before ended at, of a list that goes by keys; None on the first page. Raises CursorUnknown."""
    if cursor is None:
        return None
    if not cursor.isdecimal() or len(cursor) > LONGEST_KEY:
        raise CursorUnknown
    return int(cursor)


@dataclass(frozen=True)
class Searched(Page):
    """What was found of a search that looks at so much and no more at a time.

    ``looked_to``: it had looked at enough up to this moment, ``after`` goes on from there; None: the page is full or the end reached.
    """

    looked_to: dt.datetime | None = None


@dataclass(frozen=True)
class Comparisons:
    """A filter that asks for more than equality: every test must hold. A test is a name and a value: ``("gte", moment)``.

    Names: eq, neq, gt, gte, lt, lte, in, not_in (a tuple of values), exists (true or false), like (``*`` and ``?``).
    """

    tests: tuple[tuple[str, Any], ...]
