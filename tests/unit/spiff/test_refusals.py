"""Nothing is silently ignored: what is not understood is refused with file, line, element and what to draw instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import DefinitionInvalid, Problem
from engine.spiff import parse
from tests.unit.spiff.diagrams import HEAD, diagram, ext, loop, message, service, timer, user
from tests.unit.spiff.office import FEEL

MIWG = Path(__file__).parents[4] / "shared" / "miwg"


def problems(content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionInvalid) as refused:
        parse(content, file="a.bpmn", feel=FEEL)
    assert all(problem.message and "{" not in problem.message for problem in refused.value.problems)
    return refused.value.problems


def only(content: bytes) -> Problem:
    (found,) = [problem for problem in problems(content) if problem.severity == "error"]
    assert found.file == "a.bpmn"
    return found


def inside(elements: str, flows: str = "s -> u1", roots: str = "") -> Problem:
    return only(diagram(flows, elements, roots=roots))


# the file


@pytest.mark.parametrize(
    ("content", "sentence", "line"),
    [
        (b"<a>\n<b></a>", "not well-formed", 2),
        (b"", "not well-formed", None),
        (b"\xff\xfe<", "not well-formed", None),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<x>&e;</x>', "DOCTYPE", None),
        (b"<html/>", "root element is html", 1),
        (HEAD.encode() + b"</definitions>", "No process is marked as executable", 1),
    ],
)
def test_files_that_are_no_diagram(content, sentence, line):
    found = only(content)
    assert sentence in found.message
    assert line is None or found.line == line


def test_a_problem_names_its_line_and_element():
    content = diagram("s -> u1 -> g", '<complexGateway id="g"/>')
    found = only(content)
    assert found.element == "g"
    assert b"complexGateway" in content.splitlines()[found.line - 1]


def test_all_problems_are_listed_at_once():
    content = diagram(
        "s -> u1 -> a -> b", '<complexGateway id="a"/><scriptTask id="b" scriptFormat="js"><script>1</script></scriptTask>'
    )
    assert len({(problem.element, problem.template) for problem in problems(content)}) == 3


def test_an_element_that_is_not_supported_hides_no_other_problem_and_makes_none_up():
    content = diagram("s -> g -> x1\nx1 -> u1\nx1 -> u2\nu1 -> e\nu2 -> e", '<complexGateway id="g"/>')
    assert {problem.element for problem in problems(content) if problem.severity == "error"} == {"g"}, "x1 stands next to it"
    further = diagram("s -> g -> u3 -> x1\nx1 -> u1\nx1 -> u2\nu1 -> e\nu2 -> e", '<complexGateway id="g"/>')
    assert {problem.element for problem in problems(further) if problem.severity == "error"} == {"g", "x1"}


# elements of BPMN

REFUSED_ELEMENTS = {
    "complexGateway": '<complexGateway id="r"/>',
    "choreographyTask": '<choreographyTask id="r"/>',
    "loop marker": '<userTask id="r"><standardLoopCharacteristics/></userTask>',
    "loop cardinality": '<userTask id="r"><multiInstanceLoopCharacteristics><loopCardinality>some</loopCardinality></multiInstanceLoopCharacteristics></userTask>',
    "loop cardinality and list": user("r", inside=loop("x").replace("</multi", "<loopCardinality>3</loopCardinality></multi")),
    "io specification": '<userTask id="r"><ioSpecification/></userTask>',
    "potential owner": '<userTask id="r"><potentialOwner/></userTask>',
    "human performer": '<userTask id="r"><humanPerformer/></userTask>',
    "rendering": '<userTask id="r"><rendering/></userTask>',
    "script text": '<scriptTask id="r"><script>print(1)</script></scriptTask>',
    "property": '<userTask id="r"><property id="q" name="x"/></userTask>',
    "data assignment": '<userTask id="r"><dataInputAssociation id="q"><assignment/></dataInputAssociation></userTask>',
    "monitoring": '<userTask id="r"><monitoring/></userTask>',
    "unknown": '<fancyTask id="r"/>',
    "timer in a task": f'<userTask id="r">{timer("duration", "P1D")}</userTask>',
    "foreign element": '<x:y xmlns:x="urn:x" id="r"/>',
}


@pytest.mark.parametrize("xml", REFUSED_ELEMENTS.values(), ids=REFUSED_ELEMENTS.keys())
def test_elements_that_are_not_supported_are_refused(xml):
    found = problems(diagram("s -> u1", xml))
    assert any(problem.element in {"r", "q"} for problem in found)


ROOTS = [
    "import",
    "itemDefinition",
    "interface",
    "resource",
    "correlationProperty",
    "globalUserTask",
    "choreography",
    "conversation",
]


@pytest.mark.parametrize("name", ROOTS)
def test_root_elements_that_are_not_supported_are_refused(name):
    assert only(diagram("s -> u1", roots=f'<{name} id="r"/>')).element == "r"


REFUSED_ATTRIBUTES = {
    "waitForCompletion": '<endEvent id="s2"><compensateEventDefinition waitForCompletion="false"/></endEvent>',
    "method": '<transaction id="s2" method="##Image"><startEvent id="s3"/></transaction>',
    "startQuantity": '<task id="s2" startQuantity="2"/>',
    "implementation": '<serviceTask id="s2" implementation="java"/>',
    "calledElement": '<callActivity id="s2" calledElement="x"/>',
    "default": '<task id="s2" default="f"/>',
    "parallelMultiple": '<intermediateCatchEvent id="s2" parallelMultiple="true"/>',
    "instantiate": '<receiveTask id="s2" instantiate="true"/>',
    "eventGatewayType": '<eventBasedGateway id="s2" eventGatewayType="Parallel"/>',
    "isSequential": '<task id="s2"><multiInstanceLoopCharacteristics isSequential="maybe"/></task>',
    "behavior": '<task id="s2"><multiInstanceLoopCharacteristics behavior="None"/></task>',
    "camunda": '<task id="s2" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:asyncBefore="true"/>',
    "colour": '<task id="s2" colour="red"/>',
}


@pytest.mark.parametrize("name", REFUSED_ATTRIBUTES)
def test_attributes_that_are_not_supported_are_refused(name):
    found = problems(diagram("s -> u1", REFUSED_ATTRIBUTES[name]))
    assert any(name in str(problem.params) for problem in found)


# the dialect

REFUSED_EXTENSIONS = {
    "unknown extension": "<zeebe:magic/>",
    "listeners": "<zeebe:executionListeners/>",
    "task listeners": "<zeebe:taskListeners/>",
    "wrong place": '<zeebe:script expression="=1" resultVariable="x"/>',
    "unknown attribute": '<zeebe:priorityDefinition priority="1" colour="red"/>',
    "unknown child": "<zeebe:ioMapping><zeebe:inout/></zeebe:ioMapping>",
    "another engine": '<c:properties xmlns:c="http://camunda.org/schema/1.0/bpmn"/>',
    "twice": "<zeebe:userTask/>",
    "header without key": '<zeebe:taskHeaders><zeebe:header value="x"/></zeebe:taskHeaders>',
    "mapping without source": '<zeebe:ioMapping><zeebe:input target="x"/></zeebe:ioMapping>',
    "mapping without target": '<zeebe:ioMapping><zeebe:input source="=1"/></zeebe:ioMapping>',
    "target is no name": '<zeebe:ioMapping><zeebe:input source="=1" target="a b"/></zeebe:ioMapping>',
    "due date": '<zeebe:taskSchedule dueDate="soon"/>',
    "follow-up date": '<zeebe:taskSchedule followUpDate="2026-13-01"/>',
    "priority": '<zeebe:priorityDefinition priority="high"/>',
    "priority too high": '<zeebe:priorityDefinition priority="101"/>',
    "broken FEEL": '<zeebe:ioMapping><zeebe:input source="=1 +" target="x"/></zeebe:ioMapping>',
}


@pytest.mark.parametrize("extensions", REFUSED_EXTENSIONS.values(), ids=REFUSED_EXTENSIONS.keys())
def test_extensions_that_are_not_understood_are_refused(extensions):
    assert inside(user("u1", extensions=extensions)).element == "u1"


@pytest.mark.parametrize("attribute", ["formKey", "externalReference"])
def test_forms_outside_the_deployment_are_refused(attribute):
    task = user("u1").replace('formId="u1"', f'formId="u1" {attribute}="x"')
    assert "by formId" in inside(task).message


def test_a_form_inside_the_process_is_refused():
    content = diagram("s -> u1", ext("<zeebe:userTaskForm id='f'>{}</zeebe:userTaskForm>"))
    assert "as a file" in only(content).message


BROKEN_TASKS = {
    "nobody may do it": '<userTask id="t1"/>',
    "binding type": user("t1").replace('formId="t1"', 'formId="t1" bindingType="newest"'),
    "version tag": user("t1").replace('formId="t1"', 'formId="t1" bindingType="versionTag"'),
    "service task": '<serviceTask id="t1"/>',
    "empty type": service("t1", ""),
    "retries": service("t1", "x").replace('type="x"', 'type="x" retries="many"'),
    "script": '<scriptTask id="t1"/>',
    "script is no FEEL": f'<scriptTask id="t1">{ext("""<zeebe:script expression="1 + 1" resultVariable="x"/>""")}</scriptTask>',
    "script without result": f'<scriptTask id="t1">{ext("""<zeebe:script expression="=1"/>""")}</scriptTask>',
    "decision": '<businessRuleTask id="t1"/>',
    "both": f'<businessRuleTask id="t1">{ext("""<zeebe:taskDefinition type="x"/><zeebe:calledDecision decisionId="d" resultVariable="r"/>""")}</businessRuleTask>',
    "call": '<callActivity id="t1"/>',
    "loop without items": user("t1", inside="<multiInstanceLoopCharacteristics/>"),
    "loop without collection": user("t1", inside=loop("x").replace('"=x"', '""')),
    "loop collection is no FEEL": user("t1", inside=loop("x").replace('"=x"', '"x"')),
    "output without element": user("t1", inside=loop("x", output="a = b").replace(' outputElement="=b"', "")),
    "condition is no FEEL": user("t1", inside=loop("x", condition="y").replace(">=y<", ">y<")),
    "receive task": '<receiveTask id="t1"/>',
    "flow of a task": '<task id="t1"/>',
}


@pytest.mark.parametrize("name", BROKEN_TASKS)
def test_tasks_that_do_not_say_what_they_need_are_refused(name):
    flows = "s -> t1\nt1 -> u2 : =x" if name == "flow of a task" else "s -> t1"
    assert inside(BROKEN_TASKS[name], flows).element in {"t1", "t1_u2"}


ROOT = (
    message("m")
    + message("bare").replace("=key", "")
    + '<signal id="sg" name="s"/><error id="er" errorCode="E"/><escalation id="es" escalationCode="E"/><error id="dyn" errorCode="=e"/>'
)


JOB = '<zeebe:taskDefinition type="mail"/>'


def catch(definition: str) -> tuple[str, str]:
    return f'<intermediateCatchEvent id="c">{definition}</intermediateCatchEvent>', "s -> c -> u1"


def bound(definition: str, attributes: str = "") -> tuple[str, str]:
    return f'<boundaryEvent id="c" attachedToRef="u1"{attributes}>{definition}</boundaryEvent>', "s -> u1\nc -> u2"


def started(definition: str, attributes: str = "") -> tuple[str, str]:
    return (
        f'<subProcess id="sub" triggeredByEvent="true"><startEvent id="c"{attributes}>{definition}</startEvent></subProcess>',
        "s -> u1\nc -> u2",
    )


BROKEN_EVENTS = {
    "catch nothing": catch(""),
    "catch error": catch('<errorEventDefinition errorRef="er"/>'),
    "catch two things": catch('<signalEventDefinition signalRef="sg"/>' + timer("duration", "P1D")),
    "timer without time": catch("<timerEventDefinition/>"),
    "timer with empty time": catch(timer("duration", "")),
    "timer with two times": catch(
        "<timerEventDefinition><timeDate>2026-01-01</timeDate><timeDuration>P1D</timeDuration></timerEventDefinition>"
    ),
    "duration is no ISO": catch(timer("duration", "5 days")),
    "date is no ISO": catch(timer("date", "tomorrow")),
    "broken FEEL": catch(timer("duration", "=1 +")),
    "duration beyond all time": catch(timer("duration", "P9999999D")),
    "duration beyond the calendar": catch(timer("duration", "P9999Y")),
    "duration beyond numbers": catch(timer("duration", "P99999999999999999D")),
    "cycle in a catch event": catch(timer("cycle", "R3/P1D")),
    "interrupting cycle": bound(timer("cycle", "R3/P1D")),
    "cron": bound(timer("cycle", "0 0 9 * * *"), ' cancelActivity="false"'),
    "cycle of no length": bound(timer("cycle", "R/PT0S"), ' cancelActivity="false"'),
    "message without key": catch('<messageEventDefinition messageRef="m_bare"/>'),
    "message unknown": catch('<messageEventDefinition messageRef="nowhere"/>'),
    "message missing": catch("<messageEventDefinition/>"),
    "signal unknown": catch("<signalEventDefinition/>"),
    "error that does not interrupt": bound('<errorEventDefinition errorRef="er"/>', ' cancelActivity="false"'),
    "error code in FEEL": bound('<errorEventDefinition errorRef="dyn"/>'),
    "boundary none": bound(""),
    "boundary on nothing": (
        '<boundaryEvent id="c" attachedToRef="zzz"><errorEventDefinition/></boundaryEvent>',
        "s -> u1\nc -> u1",
    ),
    "boundary on a gateway": (
        '<boundaryEvent id="c" attachedToRef="x1"><errorEventDefinition/></boundaryEvent>',
        "s -> x1 -> u1\nc -> u2",
    ),
    "boundary link": bound('<linkEventDefinition name="x"/>'),
    "throw timer": (f'<intermediateThrowEvent id="c">{timer("duration", "P1D")}</intermediateThrowEvent>', "s -> c -> u1"),
    "throw error": (
        '<intermediateThrowEvent id="c"><errorEventDefinition errorRef="er"/></intermediateThrowEvent>',
        "s -> c -> u1",
    ),
    "end error without code": ('<endEvent id="c"><errorEventDefinition/></endEvent>', "s -> c"),
    "start error": ('<startEvent id="c"><errorEventDefinition errorRef="er"/></startEvent>', "c -> u1"),
    "start duration": (f'<startEvent id="c">{timer("duration", "P1D")}</startEvent>', "c -> u1"),
    "event sub-process without trigger": started(""),
    "event sub-process with terminate": started("<terminateEventDefinition/>"),
    "event sub-process error that does not interrupt": started("<errorEventDefinition/>", ' isInterrupting="false"'),
    "event sub-process interrupting cycle": started(timer("cycle", "R/P1D")),
    "signal by a job": (f'<endEvent id="c">{ext(JOB)}<signalEventDefinition signalRef="sg"/></endEvent>', "s -> c"),
    "error by a job": (f'<endEvent id="c">{ext(JOB)}<errorEventDefinition errorRef="er"/></endEvent>', "s -> c"),
    "compensation by a job": (
        f'<intermediateThrowEvent id="c">{ext(JOB)}<compensateEventDefinition/></intermediateThrowEvent>',
        "s -> c -> u1",
    ),
    "end by a job that terminates": (f'<endEvent id="c">{ext(JOB)}<terminateEventDefinition/></endEvent>', "s -> c"),
    "link without target": ('<intermediateThrowEvent id="c"><linkEventDefinition name="x"/></intermediateThrowEvent>', "s -> c"),
    "link without name": ('<intermediateCatchEvent id="c"><linkEventDefinition/></intermediateCatchEvent>', "s -> u1"),
}


@pytest.mark.parametrize("name", BROKEN_EVENTS)
def test_events_that_cannot_work_are_refused(name):
    elements, flows = BROKEN_EVENTS[name]
    found = [problem for problem in problems(diagram(flows, elements, roots=ROOT)) if problem.severity == "error"]
    assert {problem.element for problem in found} <= {"c", "sub"}


# the graph

BROKEN_GRAPHS = {
    "no start": ("u1 -> u2", "", "start event"),
    "two plain starts": ("s1 -> u1\ns2 -> u1", "", "several start events"),
    "unreachable": ("s -> u1\nu2 -> u3", "", "never be reached"),
    "into a start": ("s -> u1 -> s", "", "No flow can lead"),
    "out of an end": ("s -> e -> u1", "", "No flow can leave"),
    "gateway leads nowhere": ("s -> x1", "", "leads nowhere"),
    "flow without condition": ("s -> x1\nx1 -> u1 : =a\nx1 -> u2\nx1 -> u3 : default", "", "neither a condition"),
    "inclusive flow without condition": ("s -> o1\no1 -> u1 : =a\no1 -> u2", "", "neither a condition"),
    "default with condition": (
        "s -> x1\nx1 -> u1 : =a\nx1 -> u2 : =b",
        '<exclusiveGateway id="x1" default="x1_u2"/>',
        "has a condition",
    ),
    "default elsewhere": ("s -> x1\nx1 -> u1 : =a", '<exclusiveGateway id="x1" default="s_x1"/>', "does not leave"),
    "condition is no FEEL": ("s -> x1\nx1 -> u1 : a > 1\nx1 -> u2 : default", "", "equals sign"),
    "condition broken": ("s -> x1\nx1 -> u1 : =a >\nx1 -> u2 : default", "", "FEEL cannot read"),
    "unknown function": ("s -> x1\nx1 -> u1 : =cuont(a) > 1\nx1 -> u2 : default", "", "no function cuont; did you mean count"),
    "always null": (
        's -> x1\nx1 -> u1 : =a > 1 and 3 < "y"\nx1 -> u2 : default',
        "",
        "can never be compared",
    ),
    "condition after parallel": ("s -> p1\np1 -> u1 : =a", "", "Only exclusive and inclusive"),
    "one event only": (
        "s -> g -> c -> u1",
        f'<eventBasedGateway id="g"/><intermediateCatchEvent id="c">{timer("duration", "P1D")}</intermediateCatchEvent>',
        "at least two",
    ),
    "task after event gateway": ("s -> g -> u1\ng -> u2", '<eventBasedGateway id="g"/>', "catch events can follow"),
    "sub-process without start": (
        "s -> sub\nt1 -> t2",
        '<subProcess id="sub"><task id="t1"/><task id="t2"/></subProcess>',
        "exactly one start",
    ),
    "flow over the border": (
        "s -> sub -> u1\ns2 -> t2",
        '<subProcess id="sub"><startEvent id="s2"/></subProcess><sequenceFlow id="f" sourceRef="t2" targetRef="u1"/>',
        "crosses the border",
    ),
    "flow to nothing": ("s -> u1", '<sequenceFlow id="f" sourceRef="u1" targetRef="nowhere"/>', "does not exist"),
    "same id twice": ("s -> u1", '<task id="a"/><task id="a"/>', "used 2 times"),
    "no id": ("s -> u1", "<task/>", "has no id"),
    "flow to an event sub-process": (
        "s -> u1 -> sub\ns2 -> t2",
        f'<subProcess id="sub" triggeredByEvent="true"><startEvent id="s2">{timer("duration", "P1D")}</startEvent></subProcess>',
        "No flow can lead",
    ),
    "same error twice": (
        "s -> u1\na -> u2\nb -> u3",
        '<boundaryEvent id="a" attachedToRef="u1"><errorEventDefinition/></boundaryEvent><boundaryEvent id="b" attachedToRef="u1"><errorEventDefinition/></boundaryEvent>',
        "catch the same error",
    ),
    "two link targets": (
        "s -> u1\na -> u2\nb -> u3",
        '<intermediateCatchEvent id="a"><linkEventDefinition name="x"/></intermediateCatchEvent><intermediateCatchEvent id="b"><linkEventDefinition name="x"/></intermediateCatchEvent>',
        "several targets",
    ),
}


@pytest.mark.parametrize("name", BROKEN_GRAPHS)
def test_graphs_that_cannot_run_are_refused(name):
    flows, elements, sentence = BROKEN_GRAPHS[name]
    assert any(sentence in problem.message for problem in problems(diagram(flows, elements)))


def test_sub_processes_nested_beyond_reason_are_refused():
    depth = 240
    opened = "".join(f'<subProcess id="sub{n}"><startEvent id="a{n}"/>' for n in range(depth))
    found = problems(diagram("s -> sub0", opened + "</subProcess>" * depth))
    assert any("nested too deeply" in problem.message for problem in found)


def test_each_flow_without_condition_is_named():
    found = problems(diagram("s -> x1\nx1 -> u1\nx1 -> u2\nx1 -> u3 : =a"))
    assert [problem.params["flow"] for problem in found if "neither" in problem.message] == ["x1_u1", "x1_u2"]


def test_a_job_in_place_of_a_message_is_only_a_warning(office):
    task = f'<sendTask id="t1" messageRef="m_m">{ext(JOB)}</sendTask>'
    model = office.deploy(diagram("s -> t1", task, roots=ROOT))
    assert any("not published" in problem.message for problem in model.warnings)


def test_missing_defaults_and_forms_are_warnings_only(office):
    task = '<userTask id="u1"><extensionElements><zeebe:assignmentDefinition assignee="a"/></extensionElements></userTask>'
    model = office.deploy(diagram("s -> x1\nx1 -> u1 : =a", task))
    assert {problem.element for problem in model.warnings} == {"x1", "u1"}


@pytest.mark.parametrize(
    "path",
    sorted(MIWG.glob("*.bpmn"))
    or [pytest.param("", marks=pytest.mark.skip(reason="reference models are not beside the checkout"))],
)
def test_diagrams_of_other_tools_are_read_or_refused_with_sentences(path):
    try:
        assert parse(path.read_bytes(), file=path.name, feel=FEEL)
    except DefinitionInvalid as refused:
        assert all(problem.message.endswith((".", "return i.", "}")) or problem.message for problem in refused.problems)
        assert all(problem.line > 0 for problem in refused.problems)
