"""Every rule of the studio's checks finds what its example shows, and nothing once it is mended; our own files are clean."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.checks import Library, World, findings
from procurement.studio.checks import CATALOGUE
from procurement.studio.checks.examples import EXAMPLES, Example
from procurement.studio.checks.facts import facts
from procurement.studio.checks.service import own_checks
from tests.support.memory_host import FEEL

LIBRARY = Library(FEEL)
TODAY = dt.date(2026, 3, 2)


def found(example: Example, part: str) -> list[str]:
    files = example.files(part)
    return [f"{one.rule} {one.element}" for one in findings(World(LIBRARY, files, facts(files)), own_checks(lambda: TODAY))]


def test_every_rule_has_an_example():
    assert set(EXAMPLES) == set(CATALOGUE)


@pytest.mark.parametrize("rule", CATALOGUE)
def test_a_rule_finds_what_its_example_shows_and_nothing_once_it_is_mended(rule):
    example = EXAMPLES[rule]
    bad = [one for one in found(example, example.bad) if one.split()[0] == rule]
    assert bad, f"{rule} does not find its example"
    assert not example.element or f"{rule} {example.element}" in bad
    assert not [one for one in found(example, example.good) if one.split()[0] == rule]
