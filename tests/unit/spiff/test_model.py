"""What the host reads of a parsed process."""

from __future__ import annotations

import datetime as dt

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.spiff import Binding
from tests.unit.spiff.diagrams import diagram, ext, message, service, timer, user
from tests.unit.spiff.office import ZONE

PROPERTIES = '<zeebe:properties><zeebe:property name="article" value="第九条"/></zeebe:properties>'


def test_everything_the_host_needs_is_listed(office):
    call = (
        f'<callActivity id="call">{ext("""<zeebe:calledElement processId="child" bindingType="deployment"/>""")}</callActivity>'
    )
    decide = f'<businessRuleTask id="rule">{ext("""<zeebe:calledDecision decisionId="route" resultVariable="r"/>""")}</businessRuleTask>'
    catch = '<intermediateCatchEvent id="mail"><messageEventDefinition messageRef="m_news"/></intermediateCatchEvent>'
    elements = user("u1", extensions=PROPERTIES, inside="") + call + decide + catch + service("send", "mail.send")
    model = office.deploy(diagram("s -> u1 -> call -> rule -> mail -> send", elements, roots=message("news")))
    assert model.user_tasks == ("u1",)
    assert [(ref.element_id, ref.id) for ref in model.form_refs] == [("u1", "u1")]
    assert [(ref.id, ref.binding) for ref in model.called_refs] == [("child", Binding("deployment"))]
    assert [ref.id for ref in model.decision_refs] == ["route"]
    assert (model.job_types, model.message_names) == (("mail.send",), ("news",))
    assert model.elements["u1"].properties == {"article": "第九条"}
    assert model.flows["u1_call"].target == "call"
    assert model.elements["call"].line > 0


def test_spiffworkflow_carries_the_definition(office):
    model = office.deploy(diagram("s -> u1 -> e"))
    assert isinstance(model.spec, BpmnProcessSpec)
    assert [spec.name for spec in model.spec.task_specs["u1"].outputs] == ["e"]


def test_lanes_documentation_and_pools_are_information(office):
    lanes = '<laneSet id="l"><lane id="l1" name="财政所"><flowNodeRef>u1</flowNodeRef></lane></laneSet>'
    task = user("u1").replace("<extensionElements>", "<documentation>依据第六条</documentation><extensionElements>", 1)
    pool = '<collaboration id="c"><participant id="pa" name="x" processRef="p"/><participant id="pb" name="outside"/><messageFlow id="mf" sourceRef="u1" targetRef="pb"/></collaboration>'
    notes = '<textAnnotation id="n"><text>note</text></textAnnotation><association id="as" sourceRef="u1" targetRef="n"/><group id="g"/><dataObjectReference id="dr" dataObjectRef="do"/><dataObject id="do"/>'
    content = diagram("s -> u1", lanes + task + notes, roots=pool)
    other = content.replace(b"</process>", b'</process><process id="q" isExecutable="false"><complexGateway id="z"/></process>')
    model = office.deploy(other)
    assert model.elements["u1"].lane == "财政所"
    assert model.elements["u1"].documentation == "依据第六条"


def test_the_documentation_of_a_sub_process_is_its_own(office):
    sub = '<subProcess id="sub"><startEvent id="s2"><documentation>inner</documentation></startEvent></subProcess>'
    model = office.deploy(diagram("s -> sub\ns2 -> u2", sub))
    assert model.elements["sub"].documentation == ""
    assert model.elements["s2"].documentation == "inner"


def test_timer_start_events_say_when_they_are_due(office):
    start = f'<startEvent id="s1">{timer("cycle", "R2/2026-04-01T08:00:00/P1M")}</startEvent>'
    (event,) = office.deploy(diagram("s1 -> u1", start)).start_events
    due = event.first_due(dt.datetime(2026, 3, 2, tzinfo=ZONE))
    assert due.at.isoformat() == "2026-04-01T08:00:00+08:00"
    assert due.next().at.isoformat() == "2026-05-01T08:00:00+08:00"
    assert due.next().next() is None


def test_elements_may_be_named_like_the_librarys_own_parts(begin):
    case = begin(diagram("Start -> u1 -> End", '<startEvent id="Start"/><endEvent id="End"/>'))
    assert case.complete("u1").state == "completed"


def test_a_version_tag_and_two_processes_in_one_file_are_read(office):
    content = diagram("s -> u1", ext('<zeebe:versionTag value="v7"/>'))
    second = b'<process id="q" isExecutable="true"><startEvent id="q1"/></process>'
    office.deploy(content.replace(b"</process>", b"</process>" + second))
    assert set(office.latest) == {"p", "q"}
    assert office.deployed[office.latest["p"]].version_tag == "v7"


def test_a_chain_of_three_thousand_tasks_is_no_problem(begin):
    names = [f"t{number}" for number in range(3000)]
    case = begin(diagram(f"s -> {' -> '.join(names)} -> u1"))
    assert case.open == ["u1"]
