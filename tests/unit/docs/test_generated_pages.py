"""Generated pages are what the code generates today; hand-written references name everything there is."""

from __future__ import annotations

import re

import pytest

from engine.store.tables import metadata
from procurement.registers.tables import metadata as registers
from tests.unit.docs.pages import DOCS, ROOT
from web.reference.pages import PAGES

REFERENCE = DOCS / "reference"


@pytest.mark.parametrize("page", PAGES)
def test_the_generated_page_is_current(page):
    told = f"run: python -m web.reference  (docs/reference/{page} is older than the code)"
    assert (REFERENCE / page).read_text(encoding="utf-8") == PAGES[page](), told


def test_the_page_of_settings_names_every_environment_variable_the_code_reads():
    sources = [*(ROOT / "web").glob("*.py"), *(ROOT / "engine").rglob("*.py"), *(ROOT / "procurement").rglob("*.py")]
    read = {
        word
        for file in sources
        for word in re.findall(r'"((?:BIXUAN_|DATABASE_URL|XDG_)[A-Z_]*)"', file.read_text(encoding="utf-8"))
    }
    page = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    assert read
    assert read <= set(re.findall(r"`([A-Z_]+)`", page))


def test_the_page_of_tables_names_every_table():
    page = (REFERENCE / "data-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE))
    assert named == set(metadata.tables) | set(registers.tables)
