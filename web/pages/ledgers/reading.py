"""What the pages of a ledger ask for, and how its values are written there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, cast
from urllib.parse import quote

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import FieldError, InvalidInput
from engine.forms import Form
from engine.forms.model import CheckboxField, ChoiceField, DynamicList, Field, NumberField
from engine.forms.values import option_text
from engine.model import Actor
from procurement.ledgers import importing
from procurement.ledgers.definitions import Ledger
from procurement.office.ledgers import VISITOR, Query
from procurement.registers.ledgers import LedgerEntry
from procurement.spreadsheets import Cell, csv_of, xlsx_of
from web.auth.people import current_person
from web.pages.services import office, services
from web.pages.show import moment, number

NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?")
PREFIX = "f_"  # of a field in an address: f_department=民政办
YEAR = "年"  # as forms say it; a number of this unit is a year: 2025, not 2,025
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def looking() -> Actor:
    """Who looks: the person, or a visitor of the public site."""
    person = current_person()
    return person.actor if person else VISITOR


@dataclass(frozen=True)
class View:
    """One ledger with its form, as one request asks for it."""

    ledger: Ledger
    form: Form

    @cached_property
    def labels(self) -> dict[str, str]:
        return importing.labels(self.form)

    @cached_property
    def fields(self) -> dict[str, Field]:
        return importing.fields(self.form)

    def told(self, name: str, value: Any) -> str:
        """A value of the field in words; a number as people write it."""
        field = self.fields.get(name)
        if isinstance(field, NumberField) and value is not None:
            return _amount(field, value)
        return importing.told(field, value)

    def is_number(self, name: str) -> bool:
        return isinstance(self.fields.get(name), NumberField)

    def choices(self, name: str) -> list[tuple[str, str]]:
        """What a filter may be set to: the form's options, else the values that occur."""
        field = self.fields.get(name)
        if isinstance(field, CheckboxField):
            return [("true", _("是")), ("false", _("否"))]
        if isinstance(field, ChoiceField) and field.options:
            return [(option_text(option.value), option.label) for option in field.options]
        return [(value, value) for value in office().ledgers.values(self.ledger, name)]

    def typed(self, name: str, text: str) -> Any:
        """What an address says, as the entries hold it."""
        field = self.fields.get(name)
        if isinstance(field, CheckboxField):
            return text == "true"
        if isinstance(field, NumberField):
            return Decimal(text) if NUMBER.fullmatch(text) else text
        offered = {option_text(option.value): option.value for option in field.options} if isinstance(field, ChoiceField) else {}
        return offered.get(text, text)

    def lines(self, entry: LedgerEntry) -> Iterator[tuple[str, Any, Any]]:
        """(label, value in words, value) of every field with a value; the rows of a list stay a list."""
        for component in _outer(self.form):
            name = component.path[0]
            value = entry.values.get(name)
            if value in (None, "", []):
                continue
            label = importing.label(component)
            yield label, None if isinstance(component, DynamicList) else self.told(name, value), value

    def row(self, entry: LedgerEntry) -> list[Cell]:
        """An entry as a row of a spreadsheet: number, fields, days."""
        until = entry.valid_until.isoformat() if entry.valid_until else ""
        cells = [self.cell(name, entry.values.get(name)) for name in self.exported]
        return [entry.number, *cells, entry.valid_from.isoformat(), until, entry.purchase_id or "", moment(entry.recorded_at)]

    @cached_property
    def exported(self) -> tuple[str, ...]:
        return tuple(field.key for field in importing.columns(self.form).values())

    @property
    def headings(self) -> list[str]:
        return [_("编号"), *(self.labels[name] for name in self.exported), _("起"), _("止"), _("采购项目"), _("登记时间")]

    def cell(self, name: str, value: Any) -> Cell:
        if isinstance(self.fields.get(name), NumberField) and value is not None:
            return cast(Cell, value)
        return importing.told(self.fields.get(name), value)


def view(id_: str, actor: Actor) -> View:
    """Raises NotFound."""
    ledger = office().ledgers.ledger(id_, actor=actor)
    return View(ledger, office().ledgers.form(ledger))


def asked(shown: View) -> tuple[Query, dict[str, str]]:
    """The query of the address, and its arguments to keep in links. Raises InvalidInput for what is no day."""
    kept = {name: text for name in ("words", "on", "every") if (text := request.args.get(name, "").strip()[:200])}
    where: dict[str, Any] = {}
    for name in dict.fromkeys((*shown.ledger.filters, *(one.by for one in shown.ledger.figures))):
        text = request.args.get(PREFIX + name, "").strip()[:200]
        if text:
            kept[PREFIX + name], where[name] = text, shown.typed(name, text)
    on = None if kept.get("every") else day("on") or services().clock.now().date()
    return Query(shown.ledger.id, where, on, kept.get("words", "")), kept


def day(name: str) -> dt.date | None:
    """Raises InvalidInput for something that is no date."""
    text = request.values.get(name, "").strip()
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(fields=(FieldError(name, "Enter a date such as 2026-03-02."),)) from None


def after() -> str | None:
    return request.args.get("after")


def spreadsheet(kind: str, name: str, title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """``kind``: xlsx or csv; a cell is never a formula."""
    content = csv_of(headings, rows) if kind == "csv" else xlsx_of([(title, headings, rows)])
    answer = Response(content, mimetype="text/csv" if kind == "csv" else XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{kind}"
    return answer


def table(shown: View, entries: Sequence[LedgerEntry], kind: str) -> Response:
    stamp = f"{services().clock.now():%Y%m%d-%H%M}"
    rows = [shown.row(entry) for entry in entries]
    return spreadsheet(kind, f"{shown.ledger.title}-{stamp}", shown.ledger.title, shown.headings, rows)


def _outer(form: Form) -> Iterator[Field | DynamicList]:
    yield from (c for c in importing.outer(form.components) if isinstance(c, (Field, DynamicList)))


def _amount(field: NumberField, value: Any) -> str:
    text = f"{value:,.{field.decimal_digits}f}" if field.decimal_digits and not isinstance(value, str) else number(value)
    unit = field.guidance.unit
    if unit == YEAR:
        text = text.replace(",", "")
    return f"{text} {unit}" if unit else text


def rows_of(value: Sequence[Mapping[str, Any]]) -> list[str]:
    """The keys that occur in a list's rows, in their order."""
    return list(dict.fromkeys(key for row in value for key in row))
