"""Every ledger that is shipped fits its form, has a series of its own, and what the demo brings for it fits too."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from engine import forms
from engine.forms import Form
from procurement.demo.ledgers import seeded
from procurement.demo.reading import data
from procurement.demo.story import stories
from procurement.ledgers import read
from procurement.ledgers.shelf import shipped, shipped_files
from procurement.registers import numbers
from tests.support.memory_host import FEEL, FORMS

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TAKEN = {value for name, value in vars(numbers).items() if name.isupper() and isinstance(value, str)}


def form_of(id_: str) -> Form:
    [file] = FORMS.glob(f"*/{shipped()[id_].form}.form")
    return forms.read(file.read_bytes(), file=file.name, feel=FEEL)


@pytest.mark.parametrize("path", shipped_files())
def test_a_ledger_names_fields_its_form_has(path):
    ledger = shipped()[path.rpartition("/")[2].removesuffix(".ledger.yaml")]
    assert read(shipped_files()[path], path, form_of(ledger.id).keys) == ledger


def test_every_series_of_numbers_is_used_once():
    found = Counter(one.number for one in shipped().values())
    assert not [series for series, count in found.items() if count > 1 or series in TAKEN]


@pytest.mark.parametrize("id_", seeded())
def test_what_the_demo_brings_fits_the_form(id_):
    form, known = form_of(id_), {story.facts["key"] for story in stories()}
    for row in data(f"ledgers/{id_}"):
        assert not form.validate(row["values"], {}, now=NOW).errors, row
        assert row.get("purchase") in {None, *known}
