"""Deployments: all or nothing, immutable, versioned."""

from __future__ import annotations

import pytest

from engine.errors import DefinitionInvalid, NotPermitted
from engine.model import Resource
from tests.integration.engine.office import CLERK, DESIGNER, Office, form
from tests.unit.spiff.diagrams import diagram, ext


def process(process_id: str, flows: str = "s -> u1 -> e", elements: str = "") -> Resource:
    return Resource(f"{process_id}.bpmn", diagram(flows, elements, process_id=process_id))


def with_form(process_id: str, binding: str, tag: str = "") -> Resource:
    attribute = f' versionTag="{tag}"' if tag else ""
    bound = f'<zeebe:formDefinition formId="{process_id}_form" bindingType="{binding}"{attribute}/>'
    people = '<zeebe:assignmentDefinition candidateGroups="office"/>'
    inner = ext(f"<zeebe:userTask/>{bound}{people}")
    return process(process_id, "s -> u1 -> e", f'<userTask id="u1">{inner}</userTask>')


def labelled(process_id: str, label: str, tag: str = "") -> Resource:
    one = form(f"{process_id}_form", {"type": "textfield", "id": "f", "key": "note", "label": label})
    return Resource(one.name, one.content.replace(b'"type": "default"', f'"type": "default", "versionTag": "{tag}"'.encode()))


def test_everything_wrong_is_named_and_nothing_is_deployed(office: Office):
    bad_form = Resource("bad.form", b"{not json")
    missing = process("needs_form")
    broken = Resource("broken.bpmn", b"<definitions><process")
    doctype = Resource("evil.bpmn", b'<!DOCTYPE x [<!ENTITY e "x">]><definitions/>')
    text = Resource("notes.txt", b"hello")
    good = form("good_form")
    with pytest.raises(DefinitionInvalid) as refused:
        office.put(bad_form, missing, broken, doctype, text, good)
    files = {problem.file for problem in refused.value.problems}
    assert files == {"bad.form", "needs_form.bpmn", "broken.bpmn", "evil.bpmn", "notes.txt"}
    named = next(p for p in refused.value.problems if p.file == "needs_form.bpmn")
    assert (named.element, named.line > 0, "u1" in named.message) == ("u1", True, True)
    assert office.engine.definitions(id="good_form").items == ()
    assert {p.file for p in office.engine.check([bad_form, missing])} == {"bad.form", "needs_form.bpmn"}


def test_an_empty_deployment_is_refused(office: Office):
    with pytest.raises(DefinitionInvalid):
        office.put()


def test_only_designers_deploy(office: Office):
    with pytest.raises(NotPermitted):
        office.engine.deploy([form("f1")], actor=CLERK)


def test_the_same_id_twice_in_one_deployment_is_refused(office: Office):
    with pytest.raises(DefinitionInvalid, match="twin"):
        office.put(form("twin"), Resource("other/twin.form", form("twin").content))


def test_unchanged_files_keep_their_version_and_changed_ones_get_the_next(office: Office):
    first = office.put(process("v1"), form("u1"))
    again = office.put(process("v1"), form("u1"))
    assert [d.key for d in again.definitions] == [d.key for d in first.definitions]
    assert again.key == first.key
    changed = office.put(process("v1", "s -> u1 -> u2 -> e"), form("u1"), form("u2"))
    assert [(d.id, d.version) for d in changed.definitions] == [("v1", 2), ("u1", 1), ("u2", 1)]
    assert office.engine.resource(changed.definitions[0].key) == process("v1", "s -> u1 -> u2 -> e").content
    assert [d.version for d in office.engine.definitions(id="v1", latest=True)] == [2]


def test_a_case_stays_on_the_version_it_started_with(office: Office):
    name = office.deploy("s -> u1 -> e")
    case = office.start(name)
    office.deploy("s -> u1 -> u2 -> e", process_id=name)
    office.forget()
    assert office.complete(case.key).state == "completed"
    assert office.engine.start_process(name, {}, actor=CLERK).version == 2
    assert office.engine.start_process(name, {}, actor=CLERK, version=1).version == 1


def test_a_task_keeps_the_form_it_was_opened_with(office: Office):
    office.put(with_form("keeps", "latest"), labelled("keeps", "Old"))
    case = office.start("keeps")
    task = office.task(case.key)
    office.put(labelled("keeps", "New"))
    assert office.engine.task(task.key).form_key == task.form_key
    shown = office.engine.task_form(task.key, actor=CLERK).form
    assert shown == office.engine.form(task.form_key)
    newer = office.task(office.start("keeps").key)
    assert office.engine.definition(newer.form_key).version == 2


def test_a_form_bound_to_its_deployment_changes_only_with_it(office: Office):
    first = office.put(with_form("bound", "deployment"), labelled("bound", "Old"))
    office.put(labelled("bound", "Alone"))
    assert office.engine.definition(office.task(office.start("bound").key).form_key).version == 1
    together = office.put(with_form("bound", "deployment"), labelled("bound", "New"))
    assert [(d.kind, d.version) for d in together.definitions] == [("process", 2), ("form", 3)]
    assert office.engine.definition(office.task(office.start("bound").key).form_key).version == 3
    with pytest.raises(DefinitionInvalid, match="bound to this deployment"):
        office.put(with_form("lonely", "deployment"))
    assert first.definitions[0].version == 1


def test_a_form_bound_by_its_tag_is_the_newest_of_that_tag(office: Office):
    with pytest.raises(DefinitionInvalid, match="version tag"):
        office.put(with_form("tagged", "versionTag", "2026"))
    office.put(with_form("tagged", "versionTag", "2026"), labelled("tagged", "A", "2026"))
    office.put(labelled("tagged", "B", "2027"))
    assert office.engine.definition(office.task(office.start("tagged").key).form_key).version_tag == "2026"


def test_what_is_deployed_is_in_the_history_of_deployments(office: Office):
    office.engine.deploy([form("told")], actor=DESIGNER, note="new rules")
    entry = office.engine.history(0, kinds=("deployment",))[-1]
    assert (entry.actor, entry.data["note"], entry.data["made"]) == ("designer", "new rules", ["form told 1"])
    assert office.engine.verify(0).sound


def test_another_process_sees_a_new_version_at_once(office: Office):
    from engine.facade import Database, ProcessEngine

    name = office.deploy("s -> u1 -> e")
    office.start(name)
    other = ProcessEngine(Database(office.engine.database.url.render_as_string(hide_password=False)))
    other.deploy([process(name, "s -> u1 -> u2 -> e"), form("u1"), form("u2")], actor=DESIGNER)
    assert office.start(name).version == 2
    other.database.dispose()
