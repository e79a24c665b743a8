"""Forms: fields matched by key, other parts by id, else by their label."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from engine.comparing import matching, things
from engine.comparing.model import CHANGED, Change, Difference
from engine.comparing.things import Thing, Things
from engine.comparing.words import element_word

FORM = "(form)"
WORDS = {
    "label": "label", "text": "text", "content": "text", "key": "key", "type": "type", "description": "description",
    "readonly": "read only", "disabled": "switched off", "defaultValue": "default", "valuesExpression": "source",
    "valuesKey": "source", "dataSource": "source", "expression": "formula", "path": "key", "title": "title",
    "validate.required": "required", "validate.minLength": "shortest", "validate.maxLength": "longest",
    "validate.min": "smallest", "validate.max": "largest", "validate.pattern": "pattern", "conditional.hide": "hidden when",
    "properties.help": "help", "properties.article": "article", "decimalDigits": "decimal places", "source": "source",
}  # fmt: skip
OPTIONS = {"values": "options", "columns": "columns"}
NESTED = "components"
LAYOUT = "layout"


def read(content: bytes) -> dict[str, Thing] | None:
    """Every part by its key (fields) or id, in the order of the form; None for what is no form."""
    try:
        schema = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(schema, dict) or not isinstance(schema.get(NESTED), list):
        return None
    form = Thing(FORM, "form", str(schema.get("title") or schema.get("id") or ""))
    for name, value in schema.items():
        if name != NESTED:
            _put(form, name, value)
    found = {FORM: form}
    try:
        _walk(schema[NESTED], "", found)
    except RecursionError:
        return None
    return found


def changes(before: Things, after: Things) -> tuple[Change, ...]:
    same = {id_: id_ for id_ in before if id_ in after}
    matching.by_trait(before, after, same, lambda thing: (thing.kind, thing.name) if thing.name else None)
    matching.by_trait(before, after, same, lambda thing: (thing.kind, *thing.properties.items()))
    found = {change.id or f"-{change.before_id}": change for change in things.changes(before, after, same)}
    old_of = {now: was for was, now in same.items()}
    for id_ in matching.out_of_order([same[id_] for id_ in before if id_ in same], list(after)):
        number = Difference("order", _number(before, old_of[id_]), _number(after, id_))
        known = found.get(id_)
        thing = after[id_]
        differences = (*(known.differences if known else ()), number)
        found[id_] = Change(CHANGED, element_word(thing.kind), id_, old_of[id_], thing.name, thing.place, differences=differences)
    order = {id_: place for place, id_ in enumerate(after)}
    return tuple(sorted(found.values(), key=lambda change: order.get(change.id or "", len(order))))


def _number(side: Things, id_: str) -> str:
    return str(list(side).index(id_))


def _walk(components: list[Any], inside: str, found: dict[str, Thing]) -> None:
    for number, one in enumerate(components, 1):
        if not isinstance(one, dict):
            continue
        is_field = bool(one.get("key"))
        own = str(one.get("key") or one.get("id") or one.get("path") or f"{one.get('type')} {number}")
        id_ = _free(own, found)
        thing = found[id_] = Thing(id_, "field" if is_field else "part", _title(one), inside)
        for name, value in one.items():
            if name not in {NESTED, "id"}:
                _put(thing, name, value)
        thing.put("inside", inside)
        if isinstance(one.get(NESTED), list):
            _walk(one[NESTED], thing.name or id_, found)


def _free(own: str, found: Things) -> str:
    """The same key may stand in a form twice."""
    id_, number = own, 1
    while id_ in found:
        number += 1
        id_ = f"{own} ({number})"
    return id_


def _title(one: dict[str, Any]) -> str:
    return str(one.get("label") or one.get("title") or one.get("text") or one.get("key") or "")


def _put(thing: Thing, name: str, value: Any) -> None:
    if name == LAYOUT:
        thing.layout = _shown(value)
    elif name in OPTIONS and isinstance(value, list):
        _put_options(thing, OPTIONS[name], value)
    elif isinstance(value, dict):
        for inner, what in value.items():
            _put(thing, f"{name}.{inner}", what)
    else:
        word = WORDS.get(name)
        thing.put(word or "other", _shown(value), "" if word else name)


def _put_options(thing: Thing, word: str, options: list[Any]) -> None:
    """Each option by its value; their order is a property of its own."""
    keys = [str(one.get("value", one.get("key"))) if isinstance(one, dict) else str(one) for one in options]
    for key, one in zip(keys, options, strict=True):
        thing.put(word, "；".join(_option(one)) or key, key)
    thing.put("order", ", ".join(keys), word)


def _option(one: Any) -> Iterator[str]:
    if not isinstance(one, dict):
        yield str(one)
        return
    yield str(one.get("label", ""))
    yield from (f"{name}={_shown(value)}" for name, value in sorted(one.items()) if name not in {"label", "value", "key"})


def _shown(value: Any) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
