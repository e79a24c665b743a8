"""What a .dmn file may contain, and how a bad one is refused."""

from __future__ import annotations

import pytest

from engine.dmn import load
from engine.errors import DefinitionInvalid
from tests.unit.dmn.conftest import decision_xml, model_xml, table_xml

GOOD = model_xml(decision_xml("<literalExpression><text>1 + amount</text></literalExpression>"))


def refused(text: str | bytes, feel) -> str:
    with pytest.raises(DefinitionInvalid) as caught:
        load(text, file="route.dmn", feel=feel)
    return str(caught.value)


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_of_the_standard_is_read(feel, namespace):
    text = GOOD.replace("https://www.omg.org/spec/DMN/20191111/MODEL/", namespace)
    assert load(text, feel=feel).evaluate("route", {"amount": 1}).value == 2


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("<definitions", "not well-formed XML"),
        ("", "not well-formed XML"),
        ("<html/>", "no DMN 1.1 to 1.5 model"),
        ('<!DOCTYPE d [<!ENTITY a "b">]>' + GOOD, "DOCTYPE is refused"),
        ('<!DOCTYPE d SYSTEM "file:///etc/passwd">' + GOOD, "DOCTYPE is refused"),
        (
            model_xml(
                '<decision id="d"><literalExpression expressionLanguage="javascript"><text>1</text></literalExpression></decision>'
            ),
            "write FEEL",
        ),
        (
            model_xml('<import name="x" namespace="y" importType="http://www.omg.org/spec/PMML"/>'),
            "Only DMN models can be imported",
        ),
        (
            model_xml('<import name="x" namespace="y" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'),
            "imported model y is not there",
        ),
        (model_xml(decision_xml("<literalExpression><text>summ([1])</text></literalExpression>")), "did you mean sum"),
        (model_xml("<robot/>"), "robot is not known"),
        (model_xml(decision_xml(table_xml([("a", "number")], [("b", "string")], [("<", '"x"')]))), "is not FEEL"),
        (
            model_xml(decision_xml(table_xml([("a", "number")], [("b", "string")], [("< 1",)]))),
            "Rule 1 has 0 output cells for 1 columns",
        ),
        (model_xml(decision_xml(table_xml([("a", "number")], [("b", "string")], [], hit="LAST"))), "Hit policy LAST"),
        (
            model_xml(
                '<decision id="a"><informationRequirement><requiredDecision href="#b"/></informationRequirement><literalExpression><text>1</text></literalExpression></decision>'
            ),
            "b is required but not in the model",
        ),
    ],
)
def test_a_bad_model_is_refused_with_its_cause(feel, text, cause):
    assert cause in refused(text, feel)


def test_problems_name_file_element_and_line(feel):
    text = model_xml("\n\n" + decision_xml("<literalExpression><text>1 +</text></literalExpression>"))
    with pytest.raises(DefinitionInvalid) as caught:
        load(text, file="route.dmn", feel=feel)
    (problem,) = caught.value.problems
    assert (problem.file, problem.element, problem.line) == ("route.dmn", "route", 3)


def test_decisions_in_a_circle_are_refused(feel):
    def needs(name: str, other: str) -> str:
        requires = f'<informationRequirement><requiredDecision href="#{other}"/></informationRequirement>'
        return decision_xml("<literalExpression><text>1</text></literalExpression>", name=name, requires=requires)

    assert "in a circle" in refused(model_xml(needs("a", "b") + needs("b", "a")), feel)


def test_entities_are_never_expanded(feel):
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + GOOD.replace("1 + amount", "&b;")
    assert "refused" in refused(bomb, feel)


def test_the_version_tag_of_a_decision_is_read(feel):
    camunda = GOOD.replace(
        'id="route"', 'id="route" xmlns:camunda="http://camunda.org/schema/1.0/dmn" camunda:versionTag="2026-01"'
    )
    assert load(camunda, feel=feel).decisions["route"].version_tag == "2026-01"


def test_an_element_of_the_diagram_or_of_a_tool_is_no_problem(feel):
    more = (
        '<textAnnotation id="t"><text>x</text></textAnnotation><knowledgeSource id="k" name="办法"/><description>x</description>'
    )
    assert load(GOOD.replace("<decision", more + "<decision", 1), feel=feel).id == "model"


def test_a_missing_logic_is_found_by_the_check(feel):
    (problem,) = load(model_xml('<decision id="later" name="Later"/>'), feel=feel).check()
    assert "Later has no logic" in problem.message
