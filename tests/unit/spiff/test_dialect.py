"""Small print of the dialect: each attribute does something, or is refused."""

from __future__ import annotations

import pytest

from engine.errors import DefinitionInvalid
from engine.events import JobCreated
from engine.spiff import Binding
from tests.unit.spiff.diagrams import diagram, ext, mapping, service, user


def test_the_binding_of_a_form_reaches_the_host(begin, office):
    task = user("u1").replace('formId="u1"', 'formId="=which" bindingType="versionTag" versionTag="v3"')
    case = begin(diagram("s -> u1", task), which="big")
    assert case.task("u1").form_id == "big"
    assert office.bindings == [Binding("versionTag", "v3")]


def test_retries_and_types_may_be_feel(begin):
    task = service("work", "=kind").replace("<zeebe:taskDefinition", '<zeebe:taskDefinition retries="=n"')
    case = begin(diagram("s -> work", task), kind="mail", n=7)
    assert [(e.job_type, e.retries) for e in case.events if isinstance(e, JobCreated)] == [("mail", 7)]


def test_a_decision_may_be_chosen_by_feel(begin, office):
    office.decisions["b"] = lambda inputs: [1, 2]
    called = ext('<zeebe:calledDecision decisionId="=which" resultVariable="r"/>')
    assert begin(diagram("s -> d -> u1", f'<businessRuleTask id="d">{called}</businessRuleTask>'), which="b").variables["r"] == [
        1,
        2,
    ]


def test_a_job_sees_the_variables_after_the_input_mapping(begin):
    case = begin(diagram("s -> work", service("work", "x", mapping("in: a <- =b + 1"))), b=1)
    assert next(iter(case.jobs.values())).variables == {"a": 2, "b": 1}


@pytest.mark.parametrize("tag", ["scriptTask", "businessRuleTask"])
def test_script_and_rule_tasks_may_be_jobs(begin, tag):
    case = begin(diagram("s -> work -> u1", f'<{tag} id="work">{ext("""<zeebe:taskDefinition type="x"/>""")}</{tag}>'))
    assert case.complete_job("work").open == ["u1"]


def test_the_language_of_an_expression_may_only_be_feel(office):
    content = diagram("s -> x1\nx1 -> u1 : =a\nx1 -> u2 : default")
    office.deploy(content.replace(b"<conditionExpression ", b'<conditionExpression language="feel" '))
    with pytest.raises(DefinitionInvalid, match="Only FEEL"):
        office.deploy(content.replace(b"<conditionExpression ", b'<conditionExpression language="python" '))


def test_what_editors_write_for_themselves_is_accepted(begin):
    task = user("u1").replace("<userTask ", '<userTask zeebe:modelerTemplate="t" zeebe:modelerTemplateVersion="1" ')
    task = task.replace(
        "</userTask>",
        '<property id="pr" name="__targetRef_placeholder"/><dataInputAssociation id="di"><sourceRef>dr</sourceRef><targetRef>pr</targetRef></dataInputAssociation></userTask>',
    )
    data = '<dataObjectReference id="dr" dataObjectRef="do"/><dataObject id="do"/><dataStoreReference id="ds" name="台账"/>'
    content = diagram("s -> u1 -> e", task + data).replace(
        b"<definitions ",
        b'<definitions xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform="Camunda Cloud" exporter="x" ',
    )
    shapes = b'<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" id="dia"><d:BPMNPlane id="pl" bpmnElement="p"/></d:BPMNDiagram></definitions>'
    assert begin(content.replace(b"</definitions>", shapes)).open == ["u1"]


@pytest.mark.parametrize(
    ("people", "extensions", "sentence"),
    [
        ('assignee="=5"', "", "assignee"),
        ('candidateGroups="=[1]"', "", "candidate groups"),
        ('candidateUsers="={a: 1}"', "", "candidate users"),
        ('assignee="a"', '<zeebe:taskSchedule dueDate="=5"/>', "due date"),
        ('assignee="a"', '<zeebe:priorityDefinition priority="=101"/>', "priority"),
    ],
)
def test_people_and_dates_that_make_no_sense_are_incidents(begin, people, extensions, sentence):
    case = begin(diagram("s -> u1", user("u1", people=people, extensions=extensions)))
    assert case.incident().kind == "assignment_error"
    assert sentence in case.incident().message


def test_null_dates_and_people_are_left_out(begin):
    case = begin(
        diagram(
            "s -> u1",
            user("u1", people='assignee="=null" candidateGroups="=null"', extensions='<zeebe:taskSchedule dueDate="=null"/>'),
        )
    )
    task = case.task("u1")
    assert (task.assignee, task.candidate_groups, task.due, task.priority) == (None, (), None, 50)
