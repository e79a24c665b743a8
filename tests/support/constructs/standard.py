"""The names of the standard itself: every element of the BPMN 2.0 schema, as SpiffWorkflow ships it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from engine.errors import DefinitionInvalid, Problem
from engine.spiff import parse
from tests.unit.spiff.diagrams import BPMN, HEAD
from tests.unit.spiff.office import FEEL

XSD = "{http://www.w3.org/2001/XMLSchema}"


@cache
def schemas() -> tuple[etree._Element, ...]:
    """The schema of the model, and of the file round it."""
    spec = find_spec("SpiffWorkflow.bpmn.parser")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "schema"
    return tuple(etree.parse(folder / name).getroot() for name in ("Semantic.xsd", "BPMN20.xsd"))


@cache
def element_names() -> frozenset[str]:
    """Every element the schema declares, whether global, local or abstract."""
    return frozenset(str(node.get("name")) for node in schemas()[0].iter(f"{XSD}element") if node.get("name"))


def problems(content: bytes) -> tuple[Problem, ...]:
    """Everything deployment says against a file; empty when it is accepted."""
    try:
        parse(content, file="a.bpmn", feel=FEEL)
    except DefinitionInvalid as refused:
        return tuple(problem for problem in refused.problems if problem.severity == "error")
    return ()


# one of everything that is understood, so that every element of the schema can be put into every other
HOSTS = f"""{HEAD}
<message id="m" name="m"><extensionElements><zeebe:subscription correlationKey="=k"/></extensionElements></message>
<signal id="sg" name="b"/><error id="er" name="e" errorCode="E"/><escalation id="ec" name="c" escalationCode="C"/>
<dataStore id="dst"/><category id="cat"><categoryValue id="cv"/></category>
<collaboration id="col"><participant id="pa" processRef="p"/><messageFlow id="mf" sourceRef="pa" targetRef="pa"/></collaboration>
<process id="p" isExecutable="true"><documentation>x</documentation>
<laneSet id="ls"><lane id="la"><flowNodeRef>u</flowNodeRef></lane></laneSet>
<dataObject id="do"/><dataObjectReference id="dr" dataObjectRef="do"/><dataStoreReference id="dsr"/>
<textAnnotation id="ta"><text>x</text></textAnnotation><association id="as" sourceRef="u" targetRef="ta"/><group id="gr"/>
<startEvent id="s"/><parallelGateway id="g"/>
<userTask id="u"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="f"/><zeebe:assignmentDefinition assignee="a"/></extensionElements><dataInputAssociation id="di"><sourceRef>dr</sourceRef></dataInputAssociation>
<multiInstanceLoopCharacteristics id="mi"><extensionElements><zeebe:loopCharacteristics inputCollection="=[1]"/></extensionElements><completionCondition>=true</completionCondition></multiInstanceLoopCharacteristics></userTask>
<boundaryEvent id="b" attachedToRef="u"><timerEventDefinition id="td"><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
<intermediateCatchEvent id="c"><messageEventDefinition id="md" messageRef="m"/></intermediateCatchEvent>
<intermediateThrowEvent id="t"><linkEventDefinition id="ld" name="L"/></intermediateThrowEvent>
<intermediateCatchEvent id="l2"><linkEventDefinition id="ld2" name="L"/></intermediateCatchEvent>
<intermediateThrowEvent id="sig"><signalEventDefinition id="sd" signalRef="sg"/></intermediateThrowEvent>
<subProcess id="sub"><startEvent id="s2"/><endEvent id="e2"><errorEventDefinition id="ed" errorRef="er"/></endEvent><sequenceFlow id="f9" sourceRef="s2" targetRef="e2"/></subProcess>
<serviceTask id="st"><extensionElements><zeebe:taskDefinition type="x"/></extensionElements></serviceTask>
<scriptTask id="sc"><extensionElements><zeebe:script expression="=1" resultVariable="r"/></extensionElements></scriptTask>
<receiveTask id="rt" messageRef="m"/><sendTask id="sn" messageRef="m"/><task id="pl"/><manualTask id="mt"/>
<businessRuleTask id="br"><extensionElements><zeebe:calledDecision decisionId="d" resultVariable="r"/></extensionElements></businessRuleTask>
<callActivity id="ca"><extensionElements><zeebe:calledElement processId="q"/></extensionElements></callActivity>
<exclusiveGateway id="x" default="fd"/><inclusiveGateway id="o" default="fo"/>
<eventBasedGateway id="eg"/><intermediateCatchEvent id="c1"><signalEventDefinition id="s1d" signalRef="sg"/></intermediateCatchEvent><intermediateCatchEvent id="c2"><timerEventDefinition id="t2"><timeDate>2026-03-02</timeDate></timerEventDefinition></intermediateCatchEvent>
<transaction id="tx"><startEvent id="s7"/><endEvent id="e9"><cancelEventDefinition id="cd"/></endEvent><sequenceFlow id="f8" sourceRef="s7" targetRef="e9"/></transaction>
<boundaryEvent id="bx" attachedToRef="tx"><cancelEventDefinition id="cd2"/></boundaryEvent><task id="lp"><standardLoopCharacteristics id="sl"><loopCondition>=x</loopCondition></standardLoopCharacteristics></task>
<adHocSubProcess id="ah"><extensionElements><zeebe:adHoc activeElementsCollection="=[]"/></extensionElements><task id="ah1"/></adHocSubProcess>
<task id="mc"><multiInstanceLoopCharacteristics id="mc1"><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></task>
<intermediateCatchEvent id="ce"><conditionalEventDefinition id="cdn"><condition>=x</condition></conditionalEventDefinition></intermediateCatchEvent>
<intermediateThrowEvent id="cp"><compensateEventDefinition id="cpd"/></intermediateThrowEvent>
<endEvent id="e"><terminateEventDefinition id="te"/></endEvent><endEvent id="e7"><escalationEventDefinition id="ee" escalationRef="ec"/></endEvent>
{
    "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(
            [
                ("s", "g"),
                ("g", "u"),
                ("u", "c"),
                ("c", "t"),
                ("l2", "sig"),
                ("sig", "sub"),
                ("sub", "st"),
                ("st", "sc"),
                ("sc", "rt"),
                ("b", "e7"),
                ("rt", "sn"),
                ("sn", "pl"),
                ("pl", "mt"),
                ("mt", "br"),
                ("br", "ca"),
                ("ca", "x"),
                ("eg", "c1"),
                ("eg", "c2"),
                ("c1", "tx"),
                ("tx", "lp"),
                ("lp", "ah"),
                ("ah", "mc"),
                ("mc", "ce"),
                ("ce", "cp"),
                ("bx", "cp"),
            ],
            20,
        )
    )
}
<sequenceFlow id="fc" sourceRef="x" targetRef="e"><conditionExpression>=true</conditionExpression></sequenceFlow>
<sequenceFlow id="fd" sourceRef="x" targetRef="o"/><sequenceFlow id="fo" sourceRef="o" targetRef="eg2"/><task id="eg2"/>
<sequenceFlow id="fp" sourceRef="o" targetRef="eg"><conditionExpression>=true</conditionExpression></sequenceFlow></process></definitions>"""


def accepting(name: str) -> list[str]:
    """Elements into which ``name`` can be written without anything being said against it, with or without an id."""
    return sorted(set(_accepting(name, "")) | set(_accepting(name, 'id="probe{n}"')))


def _accepting(name: str, attributes: str) -> list[str]:
    """Each probe stands on a line of its own, which the problems name."""
    hosts = _hosts()
    lines, at = [], {}
    for text in _pretty().split("\n"):
        lines.append(text)
        host = next((host for host in hosts if f"<!--{host}-->" in text), None)
        if host is not None:
            lines[-1] = text.replace(f"<!--{host}-->", "")
            lines.append(f"<{name} {attributes.format(n=len(at))}/>")
            at[len(lines)] = host
    said = {problem.line for problem in problems("\n".join(lines).encode())}
    return [host for line, host in at.items() if line not in said]


@cache
def _hosts() -> frozenset[str]:
    return frozenset(etree.QName(node).localname for node in etree.fromstring(HOSTS).iter(f"{{{BPMN}}}*"))


@cache
def _pretty() -> str:
    """The hosts, with a mark at the end of the first of each kind."""
    root = etree.fromstring(HOSTS)
    for host in _hosts():
        node = next(root.iter(f"{{{BPMN}}}{host}"))
        mark = etree.Comment(host)
        node.append(mark)
        if len(node) > 1:
            node[-2].tail = (node[-2].tail or "") + "\n"
        else:
            node.text = (node.text or "") + "\n"
        mark.tail = "\n"
    return etree.tostring(root, encoding="unicode")
