"""Lists, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Page:
    """A page of results by key: ``total`` counts all matches; ``after`` is the cursor for the next page, None at the end."""

    items: tuple[Any, ...]
    total: int
    after: str | None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)
