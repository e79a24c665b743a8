"""Tasks, sub-processes, called processes and what is repeated."""

from __future__ import annotations

from collections.abc import Iterator

from engine.events import JobCreated, MessageThrown
from tests.support.constructs import Construct, Stage
from tests.support.constructs.drawing import construct, finish, opens
from tests.unit.spiff.diagrams import ext, loop, script, service, user

TASK, SCOPE, AGAIN, PEOPLE = "task", "sub-process", "repetition", "people"


def constructs() -> Iterator[Construct]:
    yield from _tasks()
    yield from _scopes()
    yield from _repetitions()
    yield from _people()


def _tasks() -> Iterator[Construct]:
    yield construct(TASK, "task", "s -> it -> u1 -> e", '<task id="it"/>', opens("u1"), told="令牌直接通过")
    yield construct(TASK, "manualTask", "s -> it -> u1 -> e", '<manualTask id="it"/>', opens("u1"), told="令牌直接通过")
    yield construct(TASK, "userTask", "s -> it -> e", user("it"), opens("it"))
    yield construct(TASK, "serviceTask，本系统的操作", "s -> it -> u1 -> e", service("it", "double"), _operation)
    yield construct(TASK, "serviceTask，外部作业", "s -> it -> u1 -> e", service("it", "outside"), _job)
    yield construct(TASK, "serviceTask 的 operationRef", "s -> it -> e", '<serviceTask id="it" operationRef="op"/>')
    yield construct(TASK, "sendTask，消息", "s -> it -> u1 -> e", '<sendTask id="it" messageRef="m_news"/>', _sent)
    yield construct(
        TASK,
        "sendTask，作业",
        "s -> it -> u1 -> e",
        f'<sendTask id="it">{ext("""<zeebe:taskDefinition type="x"/>""")}</sendTask>',
        _job,
    )
    yield construct(TASK, "receiveTask", "s -> it -> u1 -> e", '<receiveTask id="it" messageRef="m_news"/>', _received)
    yield construct(
        TASK, "receiveTask instantiate", "it -> u1 -> e", '<receiveTask id="it" messageRef="m_news" instantiate="true"/>'
    )
    yield construct(TASK, "scriptTask，FEEL", "s -> it -> u1 -> e", script("it", "1 + 1", "two"), opens("u1"))
    yield construct(
        TASK, "scriptTask，别的语言", "s -> it -> e", '<scriptTask id="it" scriptFormat="python"><script>1</script></scriptTask>'
    )
    rule = ext('<zeebe:calledDecision decisionId="d" resultVariable="r"/>')
    yield construct(
        TASK, "businessRuleTask，决策", "s -> it -> u1 -> e", f'<businessRuleTask id="it">{rule}</businessRuleTask>', _decided
    )
    work = ext('<zeebe:taskDefinition type="x"/>')
    yield construct(
        TASK, "businessRuleTask，作业", "s -> it -> u1 -> e", f'<businessRuleTask id="it">{work}</businessRuleTask>', _job
    )
    yield construct(
        TASK,
        "几条线进入一个任务",
        "s -> p1 -> t1 -> it\np1 -> t2 -> it\nit -> e",
        user("it"),
        opens("it", "it"),
        told="每个令牌各办一次",
    )
    yield construct(TASK, "一个任务出几条线", "s -> t1 -> u1 -> e\nt1 -> u2 -> e", "", opens("u1", "u2"), told="并行分开")
    yield construct(TASK, "任务出线上的条件", "s -> it -> u1\nit -> u2 : =x > 1", '<task id="it"/>')
    yield construct(TASK, "任务的默认流 default", "s -> it\nit -> u1 : default", '<task id="it"/>')
    yield construct(TASK, "startQuantity", "s -> it -> e", '<task id="it" startQuantity="2"/>')
    yield construct(TASK, "completionQuantity", "s -> it -> e", '<task id="it" completionQuantity="2"/>')
    yield construct(
        TASK, "isForCompensation，没有补偿边界事件引出关联", "s -> u1 -> e", '<task id="it" isForCompensation="true"/>'
    )


def _scopes() -> Iterator[Construct]:
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
    yield construct(
        SCOPE, "adHocSubProcess", "s -> it -> e", f'<adHocSubProcess id="it">{user("u1")}{user("u2")}</adHocSubProcess>'
    )
    done = "<completionCondition>=done</completionCondition>"
    yield construct(
        SCOPE, "adHocSubProcess，完成条件", "s -> it -> e", f'<adHocSubProcess id="it">{user("u1")}{done}</adHocSubProcess>'
    )
    yield construct(
        SCOPE,
        "adHocSubProcess，逐个",
        "s -> it -> e",
        f'<adHocSubProcess id="it" ordering="Sequential">{user("u1")}{user("u2")}</adHocSubProcess>',
    )
    call = f'<callActivity id="it">{ext("""<zeebe:calledElement processId="q"/>""")}</callActivity>'
    yield construct(SCOPE, "callActivity", "s -> it -> u9 -> e", call, _called)
    yield construct(SCOPE, "callActivity 的 calledElement 属性", "s -> it -> e", '<callActivity id="it" calledElement="q"/>')
    for name in ("globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask"):
        yield construct(SCOPE, name, "s -> u1 -> e", roots=f'<{name} id="it" name="x"/>')
    yield construct(SCOPE, "流程没有结束事件", "s -> u1", "", opens("u1"), told="没有令牌时结束")
    yield construct(
        SCOPE, "流程没有开始事件", "u1 -> e", user("u1").replace('id="u1"', 'id="it"').replace('formId="u1"', 'formId="it"')
    )
    yield construct(SCOPE, "几个不带触发的开始事件", "s1 -> u1\nit -> u2", '<startEvent id="s1"/><startEvent id="it"/>')


def _repetitions() -> Iterator[Construct]:
    yield construct(AGAIN, "用排他网关画的循环", "s -> x1 -> it -> x2\nx2 -> x1 : =again\nx2 -> e : default", user("it"), _looped)
    yield construct(
        AGAIN,
        "standardLoopCharacteristics，任务",
        "s -> it -> e",
        user("it", inside="<standardLoopCharacteristics><loopCondition>=again</loopCondition></standardLoopCharacteristics>"),
    )
    body = '<subProcess id="it"><standardLoopCharacteristics testBefore="true" loopMaximum="3"><loopCondition>=again</loopCondition></standardLoopCharacteristics><startEvent id="s2"/></subProcess>'
    yield construct(AGAIN, "standardLoopCharacteristics，子流程", "s -> it -> e\ns2 -> u1", body)
    for kind, sequential in (("并行", False), ("逐个", True)):
        many = ["it"] if sequential else ["it"] * 3
        yield construct(
            AGAIN,
            f"多实例 {kind}，用户任务",
            "s -> it -> e",
            user("it", inside=loop("[1, 2, 3]", sequential=sequential)),
            opens(*many),
        )
        enough = loop(
            "[1, 2, 3, 4, 5]",
            sequential=sequential,
            output="votes = vote",
            condition="count(votes[item = &quot;yes&quot;]) &gt;= 3",
        )
        yield construct(AGAIN, f"多实例 {kind}，完成条件（过半数）", "s -> it -> u1 -> e", user("it", inside=enough), _majority)
        body = f'<subProcess id="it">{loop("[1, 2]", sequential=sequential)}<startEvent id="s2"/></subProcess>'
        yield construct(
            AGAIN, f"多实例 {kind}，subProcess", "s -> it -> e\ns2 -> u1", body, opens(*["u1"] * (1 if sequential else 2))
        )
        call = f'<callActivity id="it">{ext("""<zeebe:calledElement processId="q"/>""")}{loop("[1, 2]", sequential=sequential)}</callActivity>'
        yield construct(AGAIN, f"多实例 {kind}，callActivity", "s -> it -> u9 -> e", call, _called)
    for name, inner in {
        "loopCardinality": "<loopCardinality>3</loopCardinality>",
        "loopDataInputRef": "<loopDataInputRef>x</loopDataInputRef>",
        "loopDataOutputRef": "<loopDataOutputRef>x</loopDataOutputRef>",
        "inputDataItem": '<inputDataItem id="i"/>',
        "outputDataItem": '<outputDataItem id="i"/>',
        "complexBehaviorDefinition": "<complexBehaviorDefinition><condition>=x</condition></complexBehaviorDefinition>",
    }.items():
        marker = loop("[1]").replace("</multiInstanceLoopCharacteristics>", f"{inner}</multiInstanceLoopCharacteristics>")
        yield construct(AGAIN, f"多实例的 {name}", "s -> it -> e", user("it", inside=marker))
    for behaviour in ("None", "One", "Complex"):
        marker = loop("[1]").replace(
            "<multiInstanceLoopCharacteristics", f'<multiInstanceLoopCharacteristics behavior="{behaviour}"'
        )
        yield construct(AGAIN, f"多实例 behavior={behaviour}", "s -> it -> e", user("it", inside=marker))


def _people() -> Iterator[Construct]:
    for name in ("potentialOwner", "humanPerformer", "performer", "resourceRole"):
        yield construct(PEOPLE, name, "s -> it -> e", user("it", inside=f"<{name}/>"))
    yield construct(PEOPLE, "rendering", "s -> it -> e", user("it", inside="<rendering/>"))
    yield construct(
        PEOPLE,
        "zeebe:assignmentDefinition",
        "s -> it -> e",
        user("it", people='candidateGroups="a, b" candidateUsers="=[&quot;c&quot;]"'),
        opens("it"),
    )
    yield construct(PEOPLE, "没有人可以办的 userTask", "s -> it -> e", '<userTask id="it"/>')


# what happens


def _operation(stage: Stage) -> None:
    stage.office.operations["double"] = lambda inputs: {"double": inputs["n"] * 2}
    case = stage.start(n=4)
    assert case.variables["double"] == 8
    finish(case)


def _job(stage: Stage) -> None:
    case = stage.start()
    assert any(isinstance(event, JobCreated) for event in case.events)
    case.complete_job("it", done=True)
    assert (case.open, case.variables) == (["u1"], {"done": True})
    finish(case)


def _sent(stage: Stage) -> None:
    case = stage.start(key="k")
    assert [e.message_name for e in case.events if isinstance(e, MessageThrown)] == ["news"]
    finish(case)


def _received(stage: Stage) -> None:
    case = stage.start(key="k").message("news", "k", n=1)
    assert case.variables["n"] == 1
    finish(case)


def _decided(stage: Stage) -> None:
    stage.office.decisions["d"] = lambda inputs: inputs["n"] + 1
    case = stage.start(n=1)
    assert case.variables["r"] == 2
    finish(case)


def _called(stage: Stage) -> None:
    from tests.unit.spiff.diagrams import diagram

    model = stage.office.deploy(diagram("s -> u5 -> e", process_id="q"))
    assert model.id == "q"
    case = stage.start(n=1)
    while case.open and case.open[0] == "u5":
        case.complete("u5", answer=2)
    assert (case.open, case.variables["answer"]) == (["u9"], 2)
    finish(case)


def _looped(stage: Stage) -> None:
    case = stage.start()
    for _ in range(5):
        case.complete("it", again=True)
    assert case.complete("it", again=False).state == "completed"


def _majority(stage: Stage) -> None:
    case = stage.start(votes=[])
    for vote in ("yes", "no", "yes", "yes"):
        case.complete("it", vote=vote)
    assert case.open == ["u1"]
    assert case.variables["votes"] == ["yes", "no", "yes", "yes", None]
    finish(case)
