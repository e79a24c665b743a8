"""The reference page says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from engine.forms.vocabulary import EVERYWHERE, GUIDANCE, KINDS, LATEST_SCHEMA

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "forms.md"


def rows(heading: str) -> list[list[str]]:
    section = PAGE.read_text(encoding="utf-8").split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("| `")]


def code_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"`([^`]+)`", text))


def test_the_page_lists_every_component_with_its_keys_and_rules():
    listed = {row[0].strip("`"): (code_words(row[2]), code_words(row[3])) for row in rows("组件")}
    assert listed == {name: (kind.keys, kind.rules) for name, kind in KINDS.items()}


def test_the_page_lists_every_property_that_means_something():
    assert [row[0].strip("`") for row in rows("`properties`")] == list(GUIDANCE)


def test_the_page_names_the_common_keys_and_the_latest_schema():
    text = PAGE.read_text(encoding="utf-8")
    assert code_words(text) >= EVERYWHERE
    assert f"schemaVersion 不高于 {LATEST_SCHEMA}" in text
