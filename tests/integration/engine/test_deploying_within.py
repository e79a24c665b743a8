"""An operation may deploy: the new versions, what it wrote itself and the step of its case stand or fall together."""

from __future__ import annotations

import pytest

from engine.errors import BpmnError, NotFound
from engine.model import Resource
from tests.integration.engine.office import DESIGNER, Office
from tests.unit.spiff.diagrams import diagram, ext

SERVICE = ext('<zeebe:taskDefinition type="publish_rules"/>')
CASE = f'<serviceTask id="publish">{SERVICE}</serviceTask>'


def rules(process_id: str, steps: str) -> Resource:
    return Resource(f"{process_id}.bpmn", diagram(f"s -> {steps} -> e", process_id=process_id))


@pytest.fixture
def publishing(office: Office) -> list[Resource]:
    """What the operation publishes; changed by each test."""
    wanted: list[Resource] = []

    def publish(call):
        made = call.deploy(wanted, "anna", "as reviewed")
        return {"made": [f"{one.id} {one.version}" for one in made.definitions], "key": made.key}

    office.operations["publish_rules"] = publish
    return wanted


def test_the_deployment_and_the_step_are_one(office: Office, publishing: list[Resource]):
    publishing.append(rules("published_rules", "t"))
    case = office.start(office.deploy("s -> publish -> t -> e", CASE))
    assert case.state == "completed" or office.kinds(case.key)
    assert office.value(case.key, "made") == ["published_rules 1"]
    [definition] = office.engine.definitions(id="published_rules").items
    assert definition.version == 1
    assert office.engine.history(0)[-1].actor == "anna"
    assert office.start("published_rules").key


def test_a_step_that_relies_on_what_was_just_deployed_finds_it(office: Office, publishing: list[Resource]):
    called = "relied_upon"
    publishing.append(rules(called, "t"))
    office.put(rules(called, "t2"))
    call = f'<callActivity id="c">{ext(f"""<zeebe:calledElement processId="{called}"/>""")}</callActivity>'
    case = office.start(office.deploy("s -> publish -> c -> e", CASE + call))
    assert case.state == "completed"
    assert [one.version for one in office.engine.instances(root_key=case.key, process_id=called).items] == [2]


def test_what_the_operation_undoes_is_not_deployed(office: Office, publishing: list[Resource]):
    publishing.append(rules("never_published", "t"))
    publish = office.operations["publish_rules"]

    def fail(call):
        publish(call)
        raise BpmnError("NO")

    office.operations["publish_rules"] = fail
    error = '<boundaryEvent id="no" attachedToRef="publish"><errorEventDefinition errorRef="no_error"/></boundaryEvent>'
    root = '<error id="no_error" errorCode="NO"/>'
    case = office.start(office.deploy("s -> publish -> e\nno -> u1 -> e2", CASE + error, roots=root))
    assert office.open(case.key) == ["u1"]
    assert office.engine.definitions(id="never_published").total == 0
    assert office.complete(case.key, "u1").state == "completed"


def test_a_wrong_file_stops_the_step_and_deploys_nothing(office: Office, publishing: list[Resource]):
    publishing += [rules("half_published", "t"), Resource("bad.form", b"{")]
    case = office.start(office.deploy("s -> publish -> e", CASE))
    [incident] = office.engine.incidents(root_key=case.key).items
    assert "bad.form" in incident.message
    assert office.engine.definitions(id="half_published").total == 0


def test_what_is_written_beside_a_deployment_stands_or_falls_with_it(office: Office):
    seen = []

    def beside(session, deployment):
        seen.append((deployment.generation, [one.version for one in deployment.made]))
        if len(seen) == 1:
            raise NotFound(kind="Draft", key=1)

    with pytest.raises(NotFound):
        office.engine.deploy([rules("beside", "t")], actor=DESIGNER, beside=beside)
    assert office.engine.definitions(id="beside").total == 0
    office.engine.deploy([rules("beside", "t")], actor=DESIGNER, beside=beside)
    assert office.engine.definitions(id="beside").total == 1
    assert seen[1] == (office.engine.generation(), [1])


def test_what_a_diagram_that_is_not_deployed_yet_would_mean_for_running_cases(office: Office):
    process_id = office.deploy("s -> u1 -> e")
    case = office.start(process_id)
    source = office.engine.instance(case.key).definition_key
    further = Resource("x.bpmn", diagram("s -> u1 -> t -> e", process_id=process_id))
    gone = Resource("x.bpmn", diagram("s -> u9 -> e", process_id=process_id))
    preview = office.engine.preview_migration_of(source, further)
    assert (preview.total, preview.by_verdict["safe"], preview.target_key) == (1, 1, 0)
    assert office.engine.preview_migration_of(source, gone).by_verdict["needs_mapping"] == 1
    assert office.engine.preview_migration_of(source, gone, {"u1": "u9"}).by_verdict["safe"] == 1
    with pytest.raises(NotFound):
        office.engine.preview_migration_of(source, rules("another", "t"))
    assert office.engine.definitions(id=process_id).total == 1
