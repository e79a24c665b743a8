"""What processes that run already would miss in the newest version of what they call: told, exactly, and nothing else."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from engine.checks import Facts, InForce, InUse, Known, Library, World, callers
from engine.feel import Feel

LIBRARY = Library(Feel())
FOLDER = "processes/{0}/{0}.bpmn"
CALLER, CALLED = FOLDER.format("caller"), FOLDER.format("called")
NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'id="definitions" targetNamespace="urn:test"'
)


def process(id_: str, *elements: str, started_with: str = "") -> bytes:
    """The elements one after the other, between a start and an end."""
    ids = ["begun", *(one.split('id="', 1)[1].split('"', 1)[0] for one in elements), "over"]
    declared = f'<zeebe:properties><zeebe:property name="variables" value="{started_with}"/></zeebe:properties>'
    start = f'<bpmn:startEvent id="begun"><bpmn:extensionElements>{declared if started_with else ""}</bpmn:extensionElements></bpmn:startEvent>'
    flows = "".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(ids))
    inside = start + "".join(elements) + '<bpmn:endEvent id="over"/>' + flows
    return f'<bpmn:definitions {NAMESPACES}><bpmn:process id="{id_}" name="{id_.upper()}" isExecutable="true">{inside}</bpmn:process></bpmn:definitions>'.encode()


def script(name: str, expression: str, id_: str = "") -> str:
    return (
        f'<bpmn:scriptTask id="{id_ or "set_" + name}"><bpmn:extensionElements><zeebe:script expression="{expression}" '
        f'resultVariable="{name}"/></bpmn:extensionElements></bpmn:scriptTask>'
    )


def call(*outputs: str, process_id: str = "called", attributes: str = "", inputs: tuple[str, ...] = ()) -> str:
    mapped = "".join(f'<zeebe:input source="={name}" target="{name}"/>' for name in inputs)
    mapped += "".join(f'<zeebe:output source="={name}" target="{name}"/>' for name in outputs)
    return (
        f'<bpmn:callActivity id="call_{process_id}" name="the call"><bpmn:extensionElements><zeebe:calledElement '
        f'processId="{process_id}" {attributes}/><zeebe:ioMapping>{mapped}</zeebe:ioMapping></bpmn:extensionElements></bpmn:callActivity>'
    )


def found(
    before: dict[str, bytes], after: dict[str, bytes], *older: tuple[str, int, int, dict[str, bytes]], **facts: Any
) -> list:
    """``older``: process, version, instances, and the files it was in force with."""
    newest = [InUse(name.split("/")[1], 9, 0, name, before) for name in before]
    versions = [InUse(id_, version, running, FOLDER.format(id_), files) for id_, version, running, files in older]
    told = Facts(in_force=InForce(before, (*newest, *versions)), **facts)
    return list(callers.findings(World(LIBRARY, after, told)))


def said(*args: Any, **facts: Any) -> list[tuple[str, str, Any]]:
    return [(one.rule, one.element, one.cell) for one in found(*args, **facts)]


GIVES = process("called", script("total", "=1"))
GIVES_NOT = process("called", script("sum", "=1"))
TAKES = process("caller", call("total", attributes='propagateAllChildVariables="false"'), started_with="amount")
READS = process("caller", call(), script("twice", "=total * 2"), started_with="amount")
ALONE = process("caller", script("total", "=1"), started_with="amount")


@pytest.mark.parametrize("caller", [TAKES, READS], ids=["maps it out", "reads it later"])
def test_what_is_no_longer_given_is_told_with_who_reads_it(caller: bytes) -> None:
    (one,) = found({CALLER: caller, CALLED: GIVES}, {CALLER: caller, CALLED: GIVES_NOT})
    assert (one.rule, one.severity, one.file, one.element, one.cell) == (
        "called_output_gone",
        "error",
        CALLED,
        "called",
        "total",
    )
    assert "CALLER (version 9, 0 running)" in one.message
    assert "the call" in one.message


def test_an_older_version_counts_as_long_as_something_runs_on_it() -> None:
    before = {CALLER: ALONE, CALLED: GIVES}
    after = {**before, CALLED: GIVES_NOT}
    old = {CALLER: TAKES, CALLED: GIVES}
    (one,) = found(before, after, ("caller", 3, 12, old))
    assert "CALLER (version 3, 12 running)" in one.message
    assert not found(before, after, ("caller", 3, 0, old))


def test_a_caller_changed_in_the_same_draft_reads_what_is_new_and_those_that_run_read_what_was() -> None:
    before = {CALLER: READS, CALLED: GIVES}
    after = {CALLER: READS.replace(b"=total * 2", b"=sum * 2"), CALLED: GIVES_NOT}
    assert not found(before, after)
    assert ["CALLER (version 9, 2 running)" in one.message for one in found(before, after, ("caller", 9, 2, before))] == [True]


def test_what_was_missing_before_or_may_come_from_anywhere_is_not_told() -> None:
    assert not found({CALLER: TAKES, CALLED: GIVES_NOT}, {CALLER: TAKES, CALLED: process("called", script("other", "=1"))})
    outside = process(
        "called",
        '<bpmn:serviceTask id="work"><bpmn:extensionElements><zeebe:taskDefinition type="outside"/></bpmn:extensionElements></bpmn:serviceTask>',
    )
    assert not found({CALLER: TAKES, CALLED: GIVES}, {CALLER: TAKES, CALLED: outside})
    assert not found({CALLER: TAKES, CALLED: outside}, {CALLER: TAKES, CALLED: GIVES_NOT})


def test_a_value_the_caller_had_already_is_told_as_kept_only_where_it_is_mapped_out() -> None:
    has = process("caller", call("total", attributes='propagateAllChildVariables="false"'), started_with="total")
    (one,) = found({CALLER: has, CALLED: GIVES}, {CALLER: has, CALLED: GIVES_NOT})
    assert one.template == callers.KEPT_RUNNING
    has = process("caller", call(), script("twice", "=total * 2"), started_with="total")
    assert not found({CALLER: has, CALLED: GIVES}, {CALLER: has, CALLED: GIVES_NOT})


def test_what_a_repeated_call_collects_is_told() -> None:
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false"><bpmn:extensionElements><zeebe:loopCharacteristics '
        'inputCollection="=amounts" inputElement="amount" outputCollection="totals" outputElement="=total"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>"
    )
    many = process("caller", call().replace("</bpmn:callActivity>", loop), started_with="amounts")
    assert said({CALLER: many, CALLED: GIVES}, {CALLER: many, CALLED: GIVES_NOT}) == [("called_output_gone", "called", "total")]


NEEDS = process("called", script("total", "=amount * discount"))


def test_what_is_needed_now_and_not_passed_is_told_at_the_element_that_reads_it() -> None:
    before, after = {CALLER: TAKES, CALLED: GIVES}, {CALLER: TAKES, CALLED: NEEDS}
    assert said(before, after) == [("caller_input_missing", "set_total", "discount")]
    passes = TAKES.replace(b'value="amount"', b'value="amount, discount"')
    assert not found({**before, CALLER: passes}, {**after, CALLER: passes})
    (one,) = found({**before, CALLER: passes}, {**after, CALLER: passes}, ("caller", 4, 1, before))
    assert "CALLER (version 4, 1 running) does not pass" in one.message


def test_only_what_the_mappings_name_is_passed_where_not_everything_is() -> None:
    strict = process(
        "caller",
        call("total", attributes='propagateAllParentVariables="false"', inputs=("amount",)),
        started_with="amount, discount",
    )
    assert said({CALLER: strict, CALLED: GIVES}, {CALLER: strict, CALLED: NEEDS}) == [
        ("caller_input_missing", "set_total", "discount")
    ]


@pytest.mark.parametrize(
    "new",
    [
        process("called", script("total", "=if discount = null then amount else amount * discount")),
        process("called", script("discount", "=1"), script("total", "=amount * discount")),
        process("called", script("asked", "=discount != null"), script("total", "=amount * discount")),
    ],
    ids=["asked for", "set inside", "asked for elsewhere in the process"],
)
def test_what_the_new_version_can_do_without_is_not_told(new: bytes) -> None:
    assert not found({CALLER: TAKES, CALLED: GIVES}, {CALLER: TAKES, CALLED: new})


def test_an_operation_may_go_without_what_it_does_not_need() -> None:
    work = process(
        "called",
        script("total", "=1"),
        '<bpmn:serviceTask id="work"><bpmn:extensionElements><zeebe:taskDefinition type="pay"/><zeebe:ioMapping>'
        '<zeebe:input source="=purpose" target="purpose"/></zeebe:ioMapping></bpmn:extensionElements></bpmn:serviceTask>',
    )
    before, after = {CALLER: TAKES, CALLED: GIVES}, {CALLER: TAKES, CALLED: work}
    pays = {"operations": {"pay": (Known("paid"),)}}
    assert not found(before, after, **pays)
    assert said(before, after, **pays, needs={"pay": ("purpose",)}) == [("caller_input_missing", "work", "purpose")]


def test_a_running_case_comes_to_the_change_through_processes_between() -> None:
    between = FOLDER.format("between")
    top = process("caller", call(process_id="between"), started_with="amount")
    middle = process("between", call("total"))
    before = {CALLER: top.replace(b'value="amount"', b'value="amount, discount"'), between: middle, CALLED: GIVES}
    after = {**before, CALLED: NEEDS}
    (one,) = found(before, after, ("caller", 2, 5, {**before, CALLER: top}))
    assert "CALLER (version 2, 5 running) does not pass at the call → the call" in one.message


def test_a_deleted_process_that_is_still_called_is_told_at_the_call() -> None:
    before = {CALLER: TAKES, CALLED: GIVES}
    (one,) = found(before, {CALLER: TAKES})
    assert (one.rule, one.file, one.element) == ("called_process_deleted", CALLER, "call_called")
    assert not found(before, {CALLER: ALONE}, ("caller", 9, 3, before))  # those that run go on with what they had


def test_a_call_bound_to_a_tag_or_a_deployment_does_not_come_to_the_new_version() -> None:
    for binding in ('bindingType="deployment"', 'bindingType="versionTag" versionTag="one"'):
        old = process("caller", call("total", attributes=f'propagateAllChildVariables="false" {binding}'), started_with="amount")
        before = {CALLER: ALONE, CALLED: GIVES}
        assert not found(before, {**before, CALLED: GIVES_NOT}, ("caller", 3, 12, {CALLER: old, CALLED: GIVES}))


def test_nothing_is_looked_at_where_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "_callers", lambda *_: pytest.fail("looked at"))
    files = {CALLER: TAKES, CALLED: NEEDS}
    assert not found(files, dict(files))
    assert not list(callers.findings(World(LIBRARY, files, Facts())))
