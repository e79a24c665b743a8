"""Variables as fields an operator can fill in: each with its kind and its old value, and what was typed read back as that kind."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l

from engine import json_codec
from engine.errors import FieldError, InvalidInput
from engine.model import Variable
from web.pages.cases.values import LABELS
from web.pages.cases.values import label as words

TEXT, NUMBER, YES_NO, DAY, NOTHING, STRUCTURE = "text", "number", "boolean", "date", "null", "json"
KINDS = (
    (TEXT, _l("文字")),
    (NUMBER, _l("数")),
    (YES_NO, _l("是或否")),
    (DAY, _l("日期")),
    (NOTHING, _l("空")),
    (STRUCTURE, _l("列表或结构（JSON）")),
)
NEW_ROWS = 2
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Row:
    """One variable: ``old`` as people read it, ``text`` as it stands in the field, ``is_changed`` when it was ticked."""

    name: str
    label: str
    kind: str
    old: Any
    text: str
    is_changed: bool = False

    @property
    def is_long(self) -> bool:
        return self.kind == STRUCTURE or len(self.text) > 60


def kind_of(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return YES_NO
    if isinstance(value, (int, float, Decimal)):
        return NUMBER
    if isinstance(value, dt.datetime):
        return TEXT
    if isinstance(value, dt.date) or (isinstance(value, str) and _is_day(value)):
        return DAY
    return TEXT if isinstance(value, str) else STRUCTURE


def as_text(value: Any) -> str:
    """What stands in the field of a value."""
    kind = kind_of(value)
    if kind == NOTHING:
        return ""
    if kind == YES_NO:
        return "true" if value else "false"
    return json_codec.dumps(value) if kind == STRUCTURE else str(value)


def named(variables: Iterable[Variable]) -> dict[str, Any]:
    """Value by name; of a name in several scopes the first counts, as ``visible_variables`` gives them."""
    found: dict[str, Any] = {}
    for one in variables:
        found.setdefault(one.name, one.value)
    return found


def rows(variables: Iterable[Variable], given: Mapping[str, str], about: str = "") -> tuple[list[Row], list[Row]]:
    """Those that ``about`` names and those people ask about, then the others, with what was typed when the form comes back."""
    spoken_of = set(_NAME.findall(about))
    known: list[Row] = []
    others: list[Row] = []
    for name, value in named(variables).items():
        changed = given.get(f"change.{name}") == "true"
        kind = given.get(f"kind.{name}", "") if changed else ""
        text = given.get(f"value.{name}", "") if changed else as_text(value)
        row = Row(name, words(name), kind or kind_of(value), value, text, changed)
        (known if name in LABELS or name in spoken_of else others).append(row)
    order = {name: number for number, name in enumerate(LABELS)}
    known.sort(key=lambda row: (row.name not in spoken_of, order.get(row.name, len(order)), row.name))
    return known, sorted(others, key=lambda row: row.name)


def changes(form: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    """The ticked variables and the new ones. Raises InvalidInput naming each field that cannot be read."""
    errors: list[FieldError] = []
    found: dict[str, Any] = {}
    for name in old:
        if form.get(f"change.{name}") == "true":
            _read_into(found, errors, name, form.get(f"kind.{name}", TEXT), form.get(f"value.{name}", ""), f"value.{name}")
    for number in range(NEW_ROWS):
        name = form.get(f"new.{number}", "").strip()
        if not name:
            continue
        if not _NAME.fullmatch(name):
            errors.append(FieldError(f"new.{number}", "A name begins with a letter and has letters, digits and _ only."))
        else:
            _read_into(
                found, errors, name, form.get(f"new_kind.{number}", TEXT), form.get(f"new_value.{number}", ""), f"new.{number}"
            )
    if errors:
        raise InvalidInput(fields=tuple(errors))
    return found


def _read_into(found: dict[str, Any], errors: list[FieldError], name: str, kind: str, text: str, path: str) -> None:
    try:
        found[name] = read(kind, text)
    except (ValueError, InvalidOperation):
        errors.append(FieldError(path, _WRONG.get(kind, "This value cannot be read.")))


_WRONG = {
    NUMBER: "Enter a number, for example 50000 or 12.5.",
    YES_NO: "Choose yes or no.",
    DAY: "Enter a day, for example 2026-03-02.",
    STRUCTURE: 'Enter JSON, for example ["a", "b"] or {"name": "a"}.',
}


_ANSWERS = {"true": True, "false": False, "是": True, "否": False}


def read(kind: str, text: str) -> Any:
    """The value of what was typed. Raises ValueError or InvalidOperation."""
    text = text.strip() if kind != TEXT else text
    if kind == NOTHING:
        return None
    if kind == NUMBER:
        number = Decimal(text.replace(",", "").replace("，", ""))
        if not number.is_finite():
            raise ValueError(text)
        return int(number) if number == number.to_integral_value() and "." not in text and "e" not in text.lower() else number
    if kind == YES_NO:
        if text not in _ANSWERS:
            raise ValueError(text)
        return _ANSWERS[text]
    if kind == DAY:
        return dt.date.fromisoformat(text).isoformat()
    return json_codec.loads(text) if kind == STRUCTURE else text


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
