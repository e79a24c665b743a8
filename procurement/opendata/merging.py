"""The compiled release: what all releases of a purchase say together, by the merge rules of OCDS 1.1.

Objects are merged field by field; lists of objects with an ``id`` by that id, in order of first appearance; other lists and
values are replaced; null takes a field away. ``id``, ``date`` and ``tag`` of the releases themselves are not merged.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from procurement.opendata.shapes import Json

OWN = ("id", "date", "tag")


def compiled(releases: Iterable[Json]) -> Json:
    """Of releases in the order of their dates; at least one."""
    merged: Json = {}
    last: Json = {}
    for last in releases:
        _merge(merged, {name: value for name, value in last.items() if name not in OWN})
    return {"ocid": last["ocid"], "id": f"{last['ocid']}-{last['date']}", "date": last["date"], "tag": ["compiled"], **merged}


def _merge(into: Json, new: Json) -> None:
    for name, value in new.items():
        if value is None:
            into.pop(name, None)
        elif isinstance(value, dict):
            if not isinstance(into.get(name), dict):
                into[name] = {}
            _merge(into[name], value)
        elif _identified(value):
            into[name] = _merged_by_id(into.get(name), value)
        else:
            into[name] = value


def _identified(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "id" in item for item in value)


def _merged_by_id(old: Any, new: list[Json]) -> list[Json]:
    by_id: dict[Any, Json] = {item["id"]: item for item in old} if _identified(old) else {}
    for item in new:
        target: Json = by_id.setdefault(item["id"], {})
        _merge(target, item)
    return list(by_id.values())
