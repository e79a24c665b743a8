"""The table of systems says what the files say, and no system is without a place and a test."""

from __future__ import annotations

import pytest

from tests.support.systems import HOME, TABLE, proofs_of, rows, systems, table, unknown_tags

# folders that serve every process and carry no rule of the founding documents
OF_THE_HOUSE = {"reminders", "rule_release", "rules"}


def test_the_table_is_as_the_files_are():
    assert TABLE.read_text(encoding="utf-8") == table(), "run: python -m tests.support.systems"


def test_no_element_names_a_system_that_is_not_on_the_list():
    assert unknown_tags() == []


@pytest.mark.parametrize("name", rows())
def test_every_system_has_a_place_and_a_test(name: str):
    system = systems()[name]
    assert system.elements or system.elsewhere, f"{name} {system.said['title']} is drawn nowhere"
    assert system.tests or system.said.get("bench"), f"{name} {system.said['title']} is tested nowhere"
    for path in (*system.tests, *system.said.get("docs", ())):
        assert (HOME / path).exists(), path


def test_every_folder_belongs_to_a_system():
    drawn = {element.folder for system in systems().values() for element in system.elements}
    folders = {path.parent.name for path in (HOME / "processes").glob("*/*.bpmn")} - OF_THE_HOUSE
    assert sorted(folders - drawn) == []


def test_every_folder_that_belongs_to_a_system_is_tested():
    drawn = {element.folder for system in systems().values() for element in system.elements} - OF_THE_HOUSE
    assert [folder for folder in sorted(drawn) if not list(proofs_of(folder))] == []
