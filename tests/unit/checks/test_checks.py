"""The engine's checks one by one: ways out of gateways, variables of an element, and that deployment refuses nothing else."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.checks import Facts, Known, Library, World, findings, scope
from engine.checks.conditions import escape
from engine.checks.deploying import MISSING, TWICE
from engine.commands import references, uploads
from engine.feel import Feel
from engine.model import Resource
from procurement.studio.checks import CATALOGUE
from procurement.studio.checks.examples import CASE, DIAGRAM, EXAMPLES, FORM, REVIEW, START, choice, diagram, flows, form, script
from procurement.studio.checks.facts import facts

ROOT = Path(__file__).parents[3]
FEEL = Feel()
END = '<bpmn:endEvent id="example_finished" name="结束"/>'


def world(*, told: Facts | None = None, **texts: str) -> World:
    places = {"diagram": DIAGRAM, "form": FORM, "case": CASE}
    files = {places[name]: text.encode() for name, text in texts.items()}
    return World(Library(FEEL), files, told or facts(files))


def past(*conditions: str, **domains: list[Any]) -> dict[str, Any] | None:
    found = escape([FEEL.expression(text) for text in conditions], domains)
    return None if found is None else dict(found.values)


@pytest.mark.parametrize(
    ("conditions", "witness"),
    [
        (["amount < 5", "amount > 5"], {"amount": Decimal(5)}),
        (["amount <= 5", "amount > 5"], None),
        (['way = "a"', 'way = "b"'], {"way": "…"}),
        (["count(items) = 0", "count(items) > 0"], None),
        (["agreed", "not(agreed)"], None),
        (["agreed and amount > 3", "not(agreed)"], {"agreed": True, "amount": Decimal(2)}),
        (["amount in [1..5]", "amount < 1", "amount > 5"], None),
        (["a > b", "a <= b"], None),
        (["a > b", "a < b"], {}),
    ],
)
def test_a_way_past_all_conditions_is_found_or_there_is_none(conditions: list[str], witness: dict[str, Any] | None) -> None:
    assert past(*conditions) == witness


def test_what_a_form_offers_is_all_there_is() -> None:
    assert past('way = "a"', 'way = "b"', way=["a", "b"]) is None


def test_what_deployment_refuses_is_said_in_the_same_words() -> None:
    assert MISSING == references.MISSING
    for code in ("deployment_refused", "user_task_without_candidates", "element_unreachable", "table_overlap"):
        example = EXAMPLES[code]
        files = example.files(example.bad)
        resources = [Resource(path, content) for path, content in files.items() if not path.endswith(".yaml")]
        _drafts, problems = uploads.read(resources, FEEL)
        said = {
            (one.file, one.element, one.message)
            for one in findings(World(Library(FEEL), files, Facts()))
            if one.severity == "error"
        }
        refused = {(one.file, one.message) for one in problems if one.severity == "error"}
        assert refused == {(file, message) for file, _element, message in said}


def test_two_files_with_one_id_are_told_as_deployment_tells_it() -> None:
    text = diagram(START + END + flows("example_started example_finished"))
    files = {DIAGRAM: text.encode(), "processes/other/other.bpmn": text.encode()}
    _drafts, problems = uploads.read([Resource(path, content) for path, content in files.items()], FEEL)
    told = [one for one in findings(World(Library(FEEL), files, Facts())) if one.template == TWICE]
    assert [one.message for one in told] == [one.message for one in problems]


def test_a_reference_that_only_an_older_deployment_answers_is_no_problem() -> None:
    text = diagram(START + REVIEW + END + flows("example_started review_demand example_finished"))
    missing = [one.rule for one in findings(world(diagram=text)) if one.severity == "error"]
    assert missing == ["deployment_refused"]
    deployed = Facts(is_deployed=lambda kind, id_, _tag: (kind, id_) == ("form", "review_demand"))
    assert not [one for one in findings(world(diagram=text, told=deployed)) if one.severity == "error"]


def test_variables_known_at_an_element_have_type_and_origin() -> None:
    text = diagram(
        START + REVIEW + script("=1 + 1", "total") + END + flows("example_started review_demand record_summary example_finished")
    )
    known = {
        one.name: one
        for one in scope(
            world(
                diagram=text,
                form=form(choice("review_demand_decision", "agree", "refuse")),
                case="process: example\nvariables: {amount: 1}\n",
            ),
            DIAGRAM,
            "example_finished",
        )
    }
    assert (known["review_demand_decision"].type, known["review_demand_decision"].source) == ("string", "审核")
    assert (known["total"].type, known["total"].source) == ("number", "汇总")
    assert known["amount"].sure
    assert scope(world(diagram="<x"), DIAGRAM, "x") == []


def test_what_only_some_cases_bring_is_not_sure() -> None:
    read = facts({CASE: b"process: example\nvariables: {a: 1, b: 2}\n---\nprocess: example\nvariables: {a: 1}\n"})
    assert read.starts["example"] == (Known("a"), Known("b", sure=False))


def test_a_broken_diagram_still_gets_what_its_drawing_says() -> None:
    text = diagram(
        START + '<bpmn:serviceTask id="record_summary"/>' + END + flows("example_started record_summary example_finished")
    )
    rules = {one.rule for one in findings(world(diagram=text))}
    assert {"deployment_refused", "element_without_label"} <= rules


@pytest.mark.parametrize("content", [b"", b"<x", b"\xff\xfe", b"null", b"[]", b"{}", b"- 5", b"process: [1]\nsteps: 7\n"])
@pytest.mark.parametrize("path", [DIAGRAM, FORM, CASE, "processes/example/example.dmn", "processes/example/silenced.yaml"])
def test_no_content_stops_the_checks(path: str, content: bytes) -> None:
    files = {path: content}
    assert all(one.rule in CATALOGUE for one in findings(World(Library(FEEL), files, facts(files))))


def test_a_file_forgotten_and_read_again_has_nothing_of_the_first_reading():
    """What was worked out is about the elements of one reading; two people who read a file at once have two of them."""
    paths = [path for folder in ("processes", "forms") for path in (ROOT / folder).rglob("*.*")]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    library = Library(FEEL)
    first = [one.message for one in findings(World(library, files, Facts()))]
    for key in [key for key in library._kept if key[0] == "read"]:
        del library._kept[key]
    assert [one.message for one in findings(World(library, files, Facts()))] == first
