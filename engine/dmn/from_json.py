"""Process variables are JSON: a date is stored as text. Where a model asks for a date, the text is read as one."""

from __future__ import annotations

from typing import Any

from engine.dmn.types import ContextType, FeelType, ListType, plain
from engine.feel import Feel

_TEMPORAL = {
    "date": "date(text)",
    "time": "time(text)",
    "date and time": "date and time(text)",
    "days and time duration": "duration(text)",
    "years and months duration": "duration(text)",
}
_READERS = {name: Feel().expression(text) for name, text in _TEMPORAL.items()}


def from_json(value: Any, wanted: FeelType) -> Any:
    """``value`` with texts read as dates, times and durations wherever ``wanted`` has one; else unchanged."""
    bare = plain(wanted)
    if isinstance(bare, ContextType) and isinstance(value, dict):
        kinds = dict(bare.entries)
        return {name: from_json(inner, kinds[name]) if name in kinds else inner for name, inner in value.items()}
    if isinstance(bare, ListType) and isinstance(value, list):
        return [from_json(item, bare.element) for item in value]
    if isinstance(value, str) and bare.name in _READERS:
        read = _READERS[bare.name].evaluate({"text": value})
        return read if bare.accepts(read) else value
    return value
