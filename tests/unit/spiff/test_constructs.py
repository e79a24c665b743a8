"""Every construct of BPMN 2.0 either runs as drawn or is refused with a sentence: there is no third state."""

from __future__ import annotations

import pytest

from engine.errors import DefinitionInvalid
from tests.support.constructs import Construct, Stage
from tests.support.constructs.attributes import MEANING, attributes
from tests.support.constructs.page import FILE, page
from tests.support.constructs.standard import HOSTS, accepting, element_names, problems
from tests.support.constructs.table import constructs, names, reasons

WORKING = [one for one in constructs() if one.works]
REFUSED = [one for one in constructs() if not one.works]
ANYTHING = {"documentation"}  # text for readers: whatever stands inside it is text


@pytest.mark.parametrize("stored", [False, True], ids=["in memory", "stored between steps"])
@pytest.mark.parametrize("construct", WORKING, ids=str)
def test_a_construct_that_works_is_driven_to_its_end(construct: Construct, stored: bool):
    stage = Stage(stored)
    stage.office.deploy(construct.content)
    assert construct.drive is not None
    construct.drive(stage)


@pytest.mark.parametrize("construct", REFUSED, ids=str)
def test_a_construct_that_does_not_work_is_refused_at_its_place(construct: Construct):
    with pytest.raises(DefinitionInvalid):
        Stage(False).office.deploy(construct.content)
    assert reasons(construct), [str(problem) for problem in problems(construct.content)]


def test_no_construct_has_two_rows():
    assert len({str(one) for one in constructs()}) == len(constructs())


def test_every_element_of_the_standard_has_a_row():
    assert len(element_names()) > 150
    assert element_names() <= {name for one in constructs() for name in names(one)}


def test_the_hosts_of_the_probes_are_accepted_themselves():
    assert problems(HOSTS.encode()) == ()


@pytest.mark.parametrize("name", sorted(element_names()))
def test_no_element_of_the_standard_is_accepted_that_no_working_row_holds(name: str):
    held = {held for one in WORKING for held in names(one)}
    assert name in held or set(accepting(name)) <= ANYTHING


def test_every_attribute_that_is_accepted_has_a_meaning_that_the_page_tells():
    accepted = {one.name for one in attributes() if one.accepted}
    assert len(attributes()) > 150
    assert accepted <= set(MEANING)


def test_the_page_is_current():
    told = "run: python -m tests.support.constructs  (docs/reference/bpmn-coverage.md is older than the code)"
    assert FILE.read_text(encoding="utf-8") == page(), told
