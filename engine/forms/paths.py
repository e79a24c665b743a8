"""Values by path: ``contract.number`` lies inside a context, ``rows.0.amount`` inside a row of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MISSING: Any = object()


def get(data: Any, path: tuple[str, ...]) -> Any:
    """The value at ``path``, or MISSING."""
    for step in path:
        if type(data) is not dict and not isinstance(data, Mapping):  # asking about Mapping is slow, and most are dicts
            return MISSING
        data = data.get(step, MISSING)
    return data


def put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set the value at ``path``; contexts on the way are copied, so what was shared stays as it was."""
    *outer, last = path
    for step in outer:
        inner = data.get(step)
        data[step] = data = dict(inner) if isinstance(inner, Mapping) else {}
    data[last] = value


def dotted(prefix: str, path: tuple[str, ...]) -> str:
    return ".".join([prefix, *path] if prefix else path)


def nest(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the flat names of an HTML form into the tree a form has: ``{"rows.0.amount": "5"}`` → ``{"rows": [{"amount": "5"}]}``.

    Values that are nested already stay as they are. Row numbers only order the rows: a gap left by a removed row closes.
    A list's own name with "" says that the list was on the page: alone it means that all rows were removed.
    """
    tree: dict[str, Any] = {}
    for name, value in values.items():
        node = tree
        *outer, last = name.split(".")
        for step in outer:
            inner = node.get(step)
            node[step] = node = _opened(inner)
        if not (value in ("", None) and isinstance(node.get(last), dict)):  # a list's empty marker beside its rows
            node[last] = value
    return {name: _closed(value) for name, value in tree.items()}


def _opened(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {str(n): row for n, row in enumerate(value)}
    return dict(value) if isinstance(value, Mapping) else {}


def _closed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdecimal() for name in value):
        return [_closed(value[name]) for name in sorted(value, key=int)]
    return {name: _closed(inner) for name, inner in value.items()}
