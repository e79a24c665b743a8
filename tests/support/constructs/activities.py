"""Tasks, and who does them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.events import JobCreated, MessageThrown
from tests.support.constructs import Construct, Stage
from tests.support.constructs.drawing import construct, finish, opens
from tests.unit.spiff.diagrams import ext, script, service, user

TASK, PEOPLE = "task", "people"


def constructs() -> Iterator[Construct]:
    yield from _tasks()
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
