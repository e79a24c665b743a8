"""From the cells of a spreadsheet to the values of a ledger's form, and which rows do not fit it and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.errors import FieldError, InvalidInput
from engine.forms import Form
from engine.forms.model import (
    CheckboxField,
    ChoiceField,
    Component,
    DateTimeField,
    ExpressionField,
    Field,
    FileField,
    Group,
    walk,
)
from engine.forms.values import option_text
from procurement.ledgers.definitions import Ledger
from procurement.ledgers.sheets import Row

TWICE = "Row {row} of the file has the same {key}. Leave one of them out."
YES, NO = frozenset({"是", "有", "√", "y", "yes", "true", "1"}), frozenset({"否", "无", "×", "n", "no", "false", "0"})
SPLIT = re.compile(r"[、,，;；\n]+")
FIRST_DAY = dt.date(1899, 12, 30)  # day 0 of a spreadsheet's calendar
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


class HeadingsUnknown(InvalidInput):
    """The first row must name the columns. Not known: {unknown}. Missing: {missing}. Take the empty table of this ledger to fill in."""


def columns(form: Form) -> dict[str, Field]:
    """Heading → field, in the form's order: what a spreadsheet can carry, so neither files nor rows of rows."""
    carried = [c for c in outer(form.components) if isinstance(c, Field) and not isinstance(c, (FileField, ExpressionField))]
    return {label(component): component for component in carried}


def label(component: Component) -> str:
    """What the field is called, as written in the form."""
    texts = [part for part in component.label.parts if isinstance(part, str)]
    return "".join(texts).strip() or component.name


def labels(form: Form) -> dict[str, str]:
    """Key → heading of every field, also of those a spreadsheet cannot carry."""
    return {key: label(field) for key, field in fields(form).items()}


def fields(form: Form) -> dict[str, Field]:
    """Key → field; a field of the form itself counts before one of the same key in the rows of a list."""
    every = {c.key: c for c in walk(form.components) if isinstance(c, Field)}
    return every | {c.key: c for c in outer(form.components) if isinstance(c, Field)}


def read(rows: Sequence[Row], form: Form) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row number, key → cell text) of every row below the headings. Raises HeadingsUnknown."""
    known = columns(form)
    by_key = {component.key: component for component in known.values()}
    headings = [known.get(cell) or by_key.get(cell) for cell in rows[0][1]]
    unknown = [cell for cell, field in zip(rows[0][1], headings, strict=True) if field is None and cell]
    named = {field.key for field in headings if field is not None}
    missing = [heading for heading, field in known.items() if field.key not in named and field.required.constant is True]
    if unknown or missing:
        raise HeadingsUnknown(unknown="、".join(unknown) or "—", missing="、".join(missing) or "—")
    for number, cells in rows[1:]:
        pairs = zip(headings, [*cells, *[""] * (len(headings) - len(cells))], strict=False)
        yield number, {field.key: cell for field, cell in pairs if field is not None and cell}


def values(raw: Mapping[str, Any], known: Mapping[str, Field]) -> dict[str, Any]:
    """Cell texts as the form takes them: options by what they are called, days as spreadsheets write them."""
    return {key: _value(known[key], cell) for key, cell in raw.items() if key in known}


def faults(
    form: Form, raw: Mapping[str, Any], known: Mapping[str, Field], now: dt.datetime
) -> tuple[dict[str, Any], list[FieldError]]:
    """The values of one row, and everything wrong with them."""
    checked = form.validate(values(raw, known), {}, now=now)
    return checked.values, list(checked.errors)


def repeated(ledger: Ledger, row: int, accepted: Mapping[str, Any], seen: dict[tuple[str, ...], int]) -> list[FieldError]:
    """A second row for the same key; ``seen`` remembers the first."""
    key = tuple(str(accepted.get(name)) for name in ledger.key)
    if not ledger.key or (first := seen.setdefault(key, row)) == row:
        return []
    return [FieldError(ledger.key[0], TWICE, {"row": first, "key": " ".join(key)})]


def outer(components: Sequence[Component]) -> Iterator[Component]:
    """Components of the form itself: groups opened, list rows closed."""
    for component in components:
        if isinstance(component, Group):
            yield from outer(component.components)
        else:
            yield component


def _value(field: Field, cell: str) -> Any:
    if isinstance(field, CheckboxField):
        word = cell.lower()
        return word in YES if word in YES | NO else cell
    if isinstance(field, ChoiceField):
        offered = {option.label: option.value for option in field.options}
        if field.multiple:
            return [offered.get(word, word) for word in SPLIT.split(cell) if word]
        return offered.get(cell, cell)
    if isinstance(field, DateTimeField) and field.subtype == "date":
        return _day(cell)
    return cell


def _day(cell: str) -> str:
    """What is no day is left as it stands, and the form says so."""
    found = DAY.fullmatch(cell.split("T", maxsplit=1)[0].strip())
    try:
        if found:
            return dt.date(*map(int, found.groups())).isoformat()
        if re.fullmatch(r"\d{4,6}", cell):
            return (FIRST_DAY + dt.timedelta(days=int(cell))).isoformat()
    except (ValueError, OverflowError):
        return cell
    return cell


def told(field: Field | None, value: Any) -> str:
    """A value as people read it: the option's label, 是 or 否, several joined."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return "、".join(str(one.get("name") or "") for one in value) if "sha256" in value[0] else str(len(value))
        return "、".join(told(field, one) for one in value)
    if isinstance(field, ChoiceField):
        return {option_text(option.value): option.label for option in field.options}.get(option_text(value), str(value))
    return option_text(value)
