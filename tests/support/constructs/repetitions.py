"""Loops and multi-instance."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.constructs import Construct, Stage
from tests.support.constructs.drawing import construct, finish, opens
from tests.support.constructs.scopes import called
from tests.unit.spiff.diagrams import ext, loop, user

AGAIN = "repetition"


def constructs() -> Iterator[Construct]:
    yield construct(AGAIN, "用排他网关画的循环", "s -> x1 -> it -> x2\nx2 -> x1 : =again\nx2 -> e : default", user("it"), _looped)
    repeated = "<standardLoopCharacteristics{}>{}</standardLoopCharacteristics>"
    again = "<loopCondition>=again</loopCondition>"
    yield construct(
        AGAIN, "standardLoopCharacteristics，任务", "s -> it -> e", user("it", inside=repeated.format("", again)), _looped
    )
    body = '<subProcess id="it">{}<startEvent id="s2"/></subProcess>'
    first = repeated.format(' testBefore="true"', again)
    yield construct(
        AGAIN, "standardLoopCharacteristics testBefore，子流程", "s -> it -> u9 -> e\ns2 -> u1", body.format(first), _not_once
    )
    most = repeated.format(' loopMaximum="3"', "")
    yield construct(
        AGAIN, "standardLoopCharacteristics loopMaximum，子流程", "s -> it -> e\ns2 -> u1", body.format(most), _three_times
    )
    yield construct(
        AGAIN, "standardLoopCharacteristics，没有条件也没有次数", "s -> it -> e", user("it", inside=repeated.format("", ""))
    )
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
        yield construct(AGAIN, f"多实例 {kind}，callActivity", "s -> it -> u9 -> e", call, called)
    marker = "<multiInstanceLoopCharacteristics{}>{}<loopCardinality>{}</loopCardinality></multiInstanceLoopCharacteristics>"
    yield construct(
        AGAIN, "loopCardinality，整数", "s -> it -> e", user("it", inside=marker.format("", "", "3")), opens("it", "it", "it")
    )
    in_turn = marker.format(' isSequential="true"', "", "=n + 1")
    yield construct(AGAIN, "loopCardinality，FEEL，逐个", "s -> it -> e", user("it", inside=in_turn), opens("it", n=2))
    both = marker.format("", ext('<zeebe:loopCharacteristics inputCollection="=[1]"/>'), "3")
    yield construct(AGAIN, "loopCardinality 和 inputCollection 都写", "s -> it -> e", user("it", inside=both))
    for name, inner in {
        "loopDataInputRef": "<loopDataInputRef>x</loopDataInputRef>",
        "loopDataOutputRef": "<loopDataOutputRef>x</loopDataOutputRef>",
        "inputDataItem": '<inputDataItem id="i"/>',
        "outputDataItem": '<outputDataItem id="i"/>',
        "complexBehaviorDefinition": "<complexBehaviorDefinition><condition>=x</condition></complexBehaviorDefinition>",
    }.items():
        drawn = loop("[1]").replace("</multiInstanceLoopCharacteristics>", f"{inner}</multiInstanceLoopCharacteristics>")
        yield construct(AGAIN, f"多实例的 {name}", "s -> it -> e", user("it", inside=drawn))
    for behaviour in ("None", "One", "Complex"):
        marker = loop("[1]").replace(
            "<multiInstanceLoopCharacteristics", f'<multiInstanceLoopCharacteristics behavior="{behaviour}"'
        )
        yield construct(AGAIN, f"多实例 behavior={behaviour}", "s -> it -> e", user("it", inside=drawn))


def _looped(stage: Stage) -> None:
    case = stage.start()
    for _ in range(5):
        case.complete("it", again=True)
    assert case.complete("it", again=False).state == "completed"


def _not_once(stage: Stage) -> None:
    assert stage.start(again=False).open == ["u9"]
    case = stage.start(again=True).complete("u1", again=True)
    assert case.complete("u1", again=False).open == ["u9"]
    finish(case)


def _three_times(stage: Stage) -> None:
    case = stage.start()
    for _ in range(3):
        assert case.open == ["u1"]
        case.complete("u1")
    assert case.state == "completed"


def _majority(stage: Stage) -> None:
    case = stage.start(votes=[])
    for vote in ("yes", "no", "yes", "yes"):
        case.complete("it", vote=vote)
    assert case.open == ["u1"]
    assert case.variables["votes"] == ["yes", "no", "yes", "yes", None]
    finish(case)
