"""What a list is filtered by, as the address says it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request


class Filters(dict[str, str]):
    """Only the filters that are set; a template may ask for any name and gets "" for the others."""

    def __missing__(self, name: str) -> str:
        return ""


def read(names: Iterable[str]) -> Filters:
    """The named query arguments that are not blank."""
    return Filters({name: text for name in names if (text := request.args.get(name, "").strip())})
