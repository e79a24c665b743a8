"""Boxed expressions, functions, services, types and imports."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.dmn import load
from engine.dmn.errors import TooMuchWork, ValueOfWrongType
from engine.errors import DefinitionInvalid
from tests.unit.dmn.conftest import decision_xml, model_xml


def literal(text: str) -> str:
    return f"<literalExpression><text>{text.replace('<', '&lt;')}</text></literalExpression>"


def value(feel, logic: str, inputs=None, more: str = "", type_ref: str = "", requires: str = ""):
    model = load(model_xml(more + decision_xml(logic, type_ref=type_ref, requires=requires)), feel=feel)
    return model.evaluate("route", inputs or {}).value


def knowledge(name: str, *, requires: str = "") -> str:
    return f'<knowledgeRequirement><requiredKnowledge href="#{name}"/></knowledgeRequirement>{requires}'


DOUBLE = """<businessKnowledgeModel id="double" name="double it"><encapsulatedLogic><formalParameter name="some n" typeRef="number"/>
<literalExpression><text>some n * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"""


def test_a_context_builds_entry_on_entry_and_gives_its_result_cell(feel):
    entry = '<contextEntry><variable name="base rate"/>' + literal("n * 2") + "</contextEntry>"
    second = '<contextEntry><variable name="total"/>' + literal("base rate + 1") + "</contextEntry>"
    assert value(feel, f"<context>{entry}{second}</context>", {"n": 2}) == {"base rate": 4, "total": 5}
    result = f"<contextEntry>{literal('total * 10')}</contextEntry>"
    assert value(feel, f"<context>{entry}{second}{result}</context>", {"n": 2}) == 50


def test_relations_and_lists(feel):
    row = f"<row>{literal('1')}{literal('n')}</row>"
    assert value(feel, f'<relation><column name="a"/><column name="b"/>{row}{row}</relation>', {"n": 2}) == [{"a": 1, "b": 2}] * 2
    assert value(feel, f"<list>{literal('1')}{literal('n')}</list>", {"n": 2}) == [1, 2]


def test_conditionals_loops_quantifiers_and_filters(feel):
    box = f"<conditional><if>{literal('n > 1')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>"
    assert [value(feel, box, {"n": n}) for n in (2, 1, None)] == [1, 2, 2]
    loop = f'<for iteratorVariable="x"><in>{literal("xs")}</in><return>{literal("x * n")}</return></for>'
    assert value(feel, loop, {"xs": [1, 2], "n": 3}) == [3, 6]
    some = f'<some iteratorVariable="x"><in>{literal("xs")}</in><satisfies>{literal("x > 1")}</satisfies></some>'
    assert [value(feel, some, {"xs": xs}) for xs in ([1, 2], [1], [1, None])] == [True, False, None]
    every = some.replace("some", "every")
    assert [value(feel, every, {"xs": xs}) for xs in ([2, 3], [1, None], [2, None])] == [True, False, None]
    found = f"<filter><in>{literal('rows')}</in><match>{literal('price > 1 and item.ok')}</match></filter>"
    rows = [{"price": 1, "ok": True}, {"price": 2, "ok": True}, {"price": 3, "ok": False}]
    assert value(feel, found, {"rows": rows}) == [{"price": 2, "ok": True}]


def test_functions_are_called_by_text_and_by_invocation(feel):
    assert value(feel, literal("double it(4)"), more=DOUBLE, requires=knowledge("double")) == 8
    binding = f'<binding><parameter name="some n"/>{literal("n + 1")}</binding>'
    box = f"<invocation>{literal('double it')}{binding}</invocation>"
    assert value(feel, box, {"n": 4}, more=DOUBLE, requires=knowledge("double")) == 10
    built_in = f'<invocation>{literal("abs")}<binding><parameter name="n"/>{literal("-5")}</binding></invocation>'
    assert value(feel, built_in) == 5


def test_an_argument_of_the_wrong_type_makes_the_call_null(feel):
    assert value(feel, literal('double it("x")'), more=DOUBLE, requires=knowledge("double")) is None


def test_functions_may_call_themselves_but_not_for_ever(feel):
    body = literal("if n = 0 then 1 else n * factorial(n - 1)")
    more = f'<businessKnowledgeModel id="f" name="factorial"><encapsulatedLogic><formalParameter name="n"/>{body}</encapsulatedLogic></businessKnowledgeModel>'
    assert value(feel, literal("factorial(6)"), more=more, requires=knowledge("f")) == 720
    with pytest.raises(TooMuchWork):
        value(feel, literal("factorial(-1)"), more=more, requires=knowledge("f"))


def test_a_boxed_function_is_a_value_that_keeps_its_surroundings(feel):
    function = f'<functionDefinition><formalParameter name="x"/>{literal("x + n")}</functionDefinition>'
    context = f'<context><contextEntry><variable name="f"/>{function}</contextEntry><contextEntry>{literal("f(1)")}</contextEntry></context>'
    assert value(feel, context, {"n": 5}) == 6


def test_foreign_functions_are_never_run(feel):
    function = f'<functionDefinition kind="Java"><formalParameter name="x"/><context><contextEntry><variable name="class"/>{literal("&quot;java.lang.Runtime&quot;")}</contextEntry></context></functionDefinition>'
    context = f'<context><contextEntry><variable name="f"/>{function}</contextEntry><contextEntry>{literal("f(1)")}</contextEntry></context>'
    assert value(feel, context) is None


SERVICE = """<inputData id="n" name="n"><variable name="n" typeRef="number"/></inputData>
<decision id="inner" name="inner"><informationRequirement><requiredInput href="#n"/></informationRequirement>
<literalExpression><text>n + 1</text></literalExpression></decision>
<decision id="outer" name="outer"><informationRequirement><requiredDecision href="#inner"/></informationRequirement>
<literalExpression><text>inner * 10</text></literalExpression></decision>
<decisionService id="whole" name="whole service"><outputDecision href="#outer"/><encapsulatedDecision href="#inner"/><inputData href="#n"/></decisionService>
<decisionService id="part" name="part"><outputDecision href="#outer"/><outputDecision href="#inner"/><inputDecision href="#inner"/></decisionService>"""


def test_decision_services_are_evaluated_and_called(feel):
    model = load(model_xml(SERVICE), feel=feel)
    assert model.evaluate("whole service", {"n": 1}).value == 20
    assert model.evaluate("part", {"inner": 7}).value == {"outer": 70, "inner": 7}
    assert value(feel, literal("whole service(4)"), more=SERVICE, requires=knowledge("whole")) == 50


TYPES = """<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>
<itemDefinition name="tRow"><itemComponent name="signed on"><typeRef>date</typeRef></itemComponent><itemComponent name="kind"><typeRef>tKind</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tRows" isCollection="true"><typeRef>tRow</typeRef></itemDefinition>
<inputData id="rows" name="rows"><variable name="rows" typeRef="tRows"/></inputData>"""
NEEDS_ROWS = '<informationRequirement><requiredInput href="#rows"/></informationRequirement>'


def test_structures_with_texts_become_dates_inside(feel):
    rows = [{"signed on": "2026-03-02", "kind": "a"}]
    assert value(feel, literal("rows[1].signed on"), {"rows": rows}, more=TYPES, requires=NEEDS_ROWS) == dt.date(2026, 3, 2)


def test_an_input_that_does_not_have_its_type_is_an_error_with_its_name(feel):
    with pytest.raises(ValueOfWrongType, match="rows is"):
        value(feel, literal("rows"), {"rows": [{"signed on": "2026-03-02", "kind": "c"}]}, more=TYPES, requires=NEEDS_ROWS)


def test_one_value_and_a_list_of_it_stand_for_each_other(feel):
    assert value(feel, literal("[1]"), type_ref="number") == 1
    more = '<itemDefinition name="tNs" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
    assert value(feel, literal("1"), more=more, type_ref="tNs") == [1]


def test_a_date_becomes_midnight_where_a_date_and_time_is_asked_for(feel):
    assert value(feel, literal('date("2026-03-02")'), type_ref="date and time") == dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


def test_types_of_the_model_are_known_to_feel(feel):
    assert value(feel, literal('"a" instance of tKind'), more=TYPES) is True
    assert value(feel, literal("1 instance of tKind"), more=TYPES) is False
    assert value(feel, literal('"c" instance of tKind'), more=TYPES) is True  # allowed values do not count, says the standard


def test_models_import_one_another(feel):
    library = load(model_xml(DOUBLE + TYPES, namespace="urn:library"), feel=feel)
    text = model_xml(
        '<import name="my lib" namespace="urn:library" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
        + decision_xml(
            literal("my lib.double it(n)"),
            requires='<knowledgeRequirement><requiredKnowledge href="urn:library#double"/></knowledgeRequirement>',
        )
    )
    assert load(text, feel=feel, imported=[library]).evaluate("route", {"n": 3}).value == 6
    with pytest.raises(DefinitionInvalid, match="is not there"):
        load(text, feel=feel)


def test_decisions_build_on_decisions_and_explain_every_table(feel):
    table = """<decisionTable id="t_{name}" hitPolicy="FIRST"><input label="n"><inputExpression><text>{text}</text></inputExpression></input>
    <output/><rule id="r"><description>第九条</description><inputEntry><text>&gt; 1</text></inputEntry><outputEntry><text>n * 2</text></outputEntry></rule></decisionTable>"""
    requires = '<informationRequirement><requiredDecision href="#a"/></informationRequirement>'
    body = decision_xml(table.format(name="a", text="n"), name="a") + decision_xml(
        table.format(name="b", text="a"), name="b", requires=requires
    )
    evaluation = load(model_xml(body), feel=feel).evaluate("b", {"n": 2})
    assert [t["id"] for t in evaluation.explanation["tables"]] == ["t_b", "t_a"] or [
        t["id"] for t in evaluation.explanation["tables"]
    ] == ["t_a", "t_b"]
    assert evaluation.explanation["tables"][0]["matched"][0]["annotations"] == {"description": "第九条"}


def test_the_present_moment_is_the_one_given(feel):
    moment = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    model = load(model_xml(decision_xml(literal("today()"))), feel=feel)
    assert model.evaluate("route", {}, now=moment).value == dt.date(2026, 3, 2)


def test_types_of_imported_models_are_found_in_both_spellings(feel):
    library = load(model_xml(TYPES, namespace="urn:library"), feel=feel)
    importing = '<import name="lib" namespace="urn:library" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    for spelling in ("lib.tKind", "l:tKind"):
        text = model_xml(importing + decision_xml(literal("kind"), type_ref=spelling)).replace(
            "<definitions ", '<definitions xmlns:l="urn:library" '
        )
        model = load(text, feel=feel, imported=[library])
        assert model.check() == []
        assert model.evaluate("route", {"kind": "a"}).value == "a"
        with pytest.raises(ValueOfWrongType):
            model.evaluate("route", {"kind": "z"})


def test_a_table_that_reads_an_unconnected_decision_is_pointed_out(feel):
    body = decision_xml(literal("1"), name="a") + decision_xml(literal("a + 1"), name="b")
    (problem,) = load(model_xml(body), feel=feel).check()
    assert problem.severity == "warning"
    assert "a + 1 reads a without being connected to it" in problem.message


def test_to_the_letter_of_the_standard_only_connected_inputs_are_seen(feel):
    text = model_xml('<inputData id="n" name="n"/>' + decision_xml(literal("n + 1")))
    model = load(text, feel=feel)
    assert model.evaluate("route", {"n": 1}).value == 2
    assert model.evaluate("route", {"n": 1}, strict=False).value is None


def test_services_convert_what_they_are_called_with(feel):
    model = load(model_xml(SERVICE), feel=feel)
    assert model.evaluate("whole service", {"n": [1]}).value == 20
    with pytest.raises(ValueOfWrongType):
        model.evaluate("whole service", {"n": "one"})
    assert model.evaluate("whole service", {"n": "one"}, strict=False).value is None
