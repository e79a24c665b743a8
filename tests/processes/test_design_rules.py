"""Every rule of the studio's checks finds what its example shows, and nothing once it is mended; our own files are clean."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from engine.checks import Library, World, findings
from procurement.studio.checks import CATALOGUE, silences
from procurement.studio.checks.examples import EXAMPLES, Example
from procurement.studio.checks.facts import facts
from procurement.studio.checks.service import own_checks
from tests.support.memory_host import FEEL, FORMS, PROCESSES, ROOT

LIBRARY = Library(FEEL)
TODAY = dt.date(2026, 3, 2)


def found(example: Example, part: str) -> list[str]:
    files = example.files(part)
    world = World(LIBRARY, files, replace(facts(files), in_force=example.in_force))
    return [f"{one.rule} {one.element}" for one in findings(world, own_checks(lambda: TODAY))]


def test_every_rule_has_an_example():
    assert set(EXAMPLES) == set(CATALOGUE)


@pytest.mark.parametrize("rule", CATALOGUE)
def test_a_rule_finds_what_its_example_shows_and_nothing_once_it_is_mended(rule):
    example = EXAMPLES[rule]
    bad = [one for one in found(example, example.bad) if one.split()[0] == rule]
    assert bad, f"{rule} does not find its example"
    assert not example.element or f"{rule} {example.element}" in bad
    assert not [one for one in found(example, example.good) if one.split()[0] == rule]


def our_own_files() -> dict[str, bytes]:
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for folder in (PROCESSES, FORMS) for path in folder.rglob("*.*")}


def test_our_own_files_are_clean_or_say_why_not():
    files = our_own_files()
    world = World(LIBRARY, files, facts(files))
    kept = silences.all_in(files)
    open_, outdated, used = [], [], set()
    for one in findings(world, own_checks(lambda: TODAY)):
        place = silences.place_of(one)
        silence = kept.get(place) or kept.get((*place[:3], ""))
        if silence is None:
            open_.append(f"{one.rule} {one.file} {one.element}: {one.message}")
            continue
        used.add(silence.place)
        if silence.drawn and silence.drawn != silences.drawn(world.reads[one.file], files[one.file], one.element, silence.cell):
            outdated.append(f"{one.rule} {one.file} {one.element}")
    assert not open_
    assert not outdated, "these elements were changed after the reason was given"
    assert not set(kept) - used, "these silences are about nothing any more"


def test_a_second_look_at_all_our_files_reads_none_of_them_again(monkeypatch):
    """An edit costs what it changed, so a studio holds whatever one office draws, with room for its drafts."""
    files, library = our_own_files(), Library(FEEL)
    list(findings(World(library, files, facts(files)), own_checks(lambda: TODAY)))
    monkeypatch.setattr(Library, "_read", lambda *_: pytest.fail("read again"))
    list(findings(World(library, files, facts(files)), own_checks(lambda: TODAY)))
