"""Every chart of every ledger: each of its bars says what the list says that it leads to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.forms.model import CheckboxField, ChoiceField, NumberField
from engine.model import SYSTEM
from procurement.ledgers import importing, record
from procurement.ledgers.recording import NewEntry
from procurement.ledgers.shelf import shipped
from procurement.office.ledgers import Query
from tests.integration.procurement.conftest import START, form
from web.pages.ledgers.reading import View

TODAY = START.date()
ENTRIES = 12
DRAWN = sorted(id_ for id_, ledger in shipped().items() if ledger.figures)


def value_of(field, number):
    """What the field of the n-th entry holds: one of three, and nothing in every fifth."""
    if number % 5 == 4:
        return None
    if isinstance(field, CheckboxField):
        return number % 2 == 0
    if isinstance(field, ChoiceField) and field.options:
        offered = [option.value for option in field.options]
        one = offered[number % len(offered)]
        return list(dict.fromkeys([one, offered[(number + 1) % len(offered)]])) if field.multiple else one
    return Decimal(number % 3) if isinstance(field, NumberField) else f"甲{number % 3}"


def total_of(rows, field):
    amounts = [row.values.get(field) for row in rows]
    return sum((Decimal(one) for one in amounts if isinstance(one, (int, Decimal)) and not isinstance(one, bool)), Decimal(0))


@pytest.mark.parametrize("ledger_id", DRAWN)
def test_each_bar_of_a_ledger_says_what_its_list_says(office, engine, ledger_id):
    engine.newest_form = form
    ledger = shipped()[ledger_id]
    view = View(ledger, form(ledger.form)[0])
    drawn = {one.by for one in ledger.figures} | {one.sum for one in ledger.figures if one.sum}
    entries = []
    for number in range(ENTRIES):
        values = dict.fromkeys((*ledger.key, ledger.name), f"键{number}")
        values |= {name: value_of(view.fields.get(name), number) for name in drawn}
        values |= {one.sum: Decimal(100 + number) for one in ledger.figures if one.sum}
        entries.append(NewEntry(values, TODAY))
    with office.desk.editing(SYSTEM) as session:
        record(session, ledger, entries, form_version=1, by="tester", at=START)
    for chart in office.ledgers.charts(Query(ledger_id, on=TODAY), actor=SYSTEM):
        by, sum_ = chart.figure.by, chart.figure.sum
        assert chart.groups
        for bar in chart.groups:
            where = {by: None if bar.value is None else view.typed(by, bar.value)}
            page = office.ledgers.search(Query(ledger_id, where, TODAY), actor=SYSTEM, limit=100)
            assert page.total == bar.count, (by, bar)
            if sum_:
                assert total_of(page.items, sum_) == bar.sum, (by, sum_, bar)


def test_a_column_is_named_by_the_forms_own_field_not_by_one_in_the_rows_of_a_list():
    for ledger in shipped().values():
        components = form(ledger.form)[0]
        named = importing.fields(components)
        assert all(named[field.key] is field for field in importing.columns(components).values())
