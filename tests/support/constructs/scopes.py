"""Sub-processes, what undoes them, and called processes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.constructs import Construct, Stage
from tests.support.constructs.drawing import construct, finish, opens
from tests.unit.spiff.diagrams import diagram, ext, user

SCOPE = "sub-process"


def constructs() -> Iterator[Construct]:
    yield construct(
        SCOPE, "subProcess", "s -> it -> e\ns2 -> u1", '<subProcess id="it"><startEvent id="s2"/></subProcess>', opens("u1")
    )
    inner = '<subProcess id="it"><startEvent id="s2"/><subProcess id="inner"><startEvent id="s3"/></subProcess></subProcess>'
    yield construct(SCOPE, "subProcess 套 subProcess", "s -> it -> e\ns2 -> inner\ns3 -> u1", inner, opens("u1"))
    yield construct(SCOPE, "subProcess 没有开始事件", "s -> it -> e", f'<subProcess id="it">{user("u1")}</subProcess>')
    crossing = f'<subProcess id="sub"><startEvent id="s2"/>{user("u1")}<sequenceFlow id="it" sourceRef="u1" targetRef="u2"/></subProcess>'
    yield construct(SCOPE, "线穿过 subProcess 的边", "s -> sub -> u2\ns2 -> u1", crossing + user("u2"))
    yield construct(
        SCOPE, "transaction", "s -> it -> e\ns2 -> u1", '<transaction id="it"><startEvent id="s2"/></transaction>', opens("u1")
    )
    for name, attribute, drive in (
        ("compensateEventDefinition 的 activityRef", 'activityRef="u1"', _one_undone),
        ("compensateEventDefinition 的 waitForCompletion=false", 'waitForCompletion="false"', None),
    ):
        throw = f'<intermediateThrowEvent id="it"><compensateEventDefinition {attribute}/></intermediateThrowEvent>'
        yield construct(
            SCOPE, name, "s -> u1 -> u2 -> it -> u9 -> e", throw + _undoable("u1", "u3") + _undoable("u2", "u4"), drive
        )
    yield construct(
        SCOPE, "adHocSubProcess，没有写从哪里开始", "s -> it -> e", f'<adHocSubProcess id="it">{user("u1")}</adHocSubProcess>'
    )
    yield construct(SCOPE, "adHocSubProcess", "s -> it -> u9 -> e", _ad_hoc(), _chosen)
    enough = "<completionCondition>=enough</completionCondition>"
    yield construct(SCOPE, "adHocSubProcess，完成条件", "s -> it -> u9 -> e", _ad_hoc(enough), _chosen_until)
    waits = ' cancelRemainingInstances="false"'
    yield construct(
        SCOPE, "adHocSubProcess，完成条件，不取消其余", "s -> it -> u9 -> e", _ad_hoc(enough, waits), _chosen_and_waited
    )
    yield construct(
        SCOPE, "adHocSubProcess，逐个（ordering=Sequential）", "s -> it -> e", _ad_hoc(attributes=' ordering="Sequential"')
    )
    call = f'<callActivity id="it">{ext("""<zeebe:calledElement processId="q"/>""")}</callActivity>'
    yield construct(SCOPE, "callActivity", "s -> it -> u9 -> e", call, called)
    yield construct(SCOPE, "callActivity 的 calledElement 属性", "s -> it -> e", '<callActivity id="it" calledElement="q"/>')
    for name in ("globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask"):
        yield construct(SCOPE, name, "s -> u1 -> e", roots=f'<{name} id="it" name="x"/>')
    yield construct(SCOPE, "流程没有结束事件", "s -> u1", "", opens("u1"), told="没有令牌时结束")
    yield construct(
        SCOPE, "流程没有开始事件", "u1 -> e", user("u1").replace('id="u1"', 'id="it"').replace('formId="u1"', 'formId="it"')
    )
    yield construct(SCOPE, "几个不带触发的开始事件", "s1 -> u1\nit -> u2", '<startEvent id="s1"/><startEvent id="it"/>')


def _undoable(task: str, undo: str) -> str:
    handler = user(undo).replace(f'id="{undo}">', f'id="{undo}" isForCompensation="true">', 1)
    boundary = f'<boundaryEvent id="b_{task}" attachedToRef="{task}"><compensateEventDefinition/></boundaryEvent>'
    return user(task) + handler + boundary + f'<association id="a_{task}" sourceRef="b_{task}" targetRef="{undo}"/>'


def _one_undone(stage: Stage) -> None:
    case = stage.start().complete("u1").complete("u2")
    assert case.open == ["u3"]
    assert case.complete("u3").open == ["u9"]
    finish(case)


def _ad_hoc(enough: str = "", attributes: str = "") -> str:
    begins = ext('<zeebe:adHoc activeElementsCollection="=chosen"/>')
    return f'<adHocSubProcess id="it"{attributes}>{begins}{user("u1")}{user("u2")}{user("u3")}{enough}</adHocSubProcess>'


def called(stage: Stage) -> None:
    model = stage.office.deploy(diagram("s -> u5 -> e", process_id="q"))
    assert model.id == "q"
    case = stage.start(n=1)
    while case.open and case.open[0] == "u5":
        case.complete("u5", answer=2)
    assert (case.open, case.variables["answer"]) == (["u9"], 2)
    finish(case)


def _chosen(stage: Stage) -> None:
    case = stage.start(chosen=["u1", "u3"])
    assert case.open == ["u1", "u3"]
    assert case.complete("u1").complete("u3").open == ["u9"]
    finish(case)


def _chosen_until(stage: Stage) -> None:
    case = stage.start(chosen=["u1", "u2", "u3"], enough=False).complete("u1")
    assert case.complete("u2", enough=True).open == ["u9"]
    finish(case)


def _chosen_and_waited(stage: Stage) -> None:
    case = stage.start(chosen=["u1", "u2", "u3"], enough=False).complete("u2", enough=True)
    assert case.open == ["u1", "u3"]
    assert case.complete("u1").complete("u3").open == ["u9"]
    finish(case)
