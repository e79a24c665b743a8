"""Gateways and the flows between them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.constructs import Construct, Stage
from tests.support.constructs.drawing import construct, finish, opens
from tests.unit.spiff.diagrams import timer, user

GATEWAY, FLOW = "gateway", "flow"
LATE = f'<intermediateCatchEvent id="late">{timer("duration", "P1D")}</intermediateCatchEvent>'
TOLD = '<intermediateCatchEvent id="told"><messageEventDefinition messageRef="m_news"/></intermediateCatchEvent>'


def constructs() -> Iterator[Construct]:
    yield construct(
        GATEWAY,
        "exclusiveGateway",
        "s -> x1\nx1 -> u1 : =n > 1\nx1 -> u2 : default\nu1 -> x2\nu2 -> x2\nx2 -> u3",
        "",
        opens("u2", n=1),
    )
    yield construct(
        GATEWAY,
        "exclusiveGateway，都不真、没有默认流",
        "s -> x1\nx1 -> u1 : =n > 1\nx1 -> u2 : =n > 2",
        "",
        _nothing_true,
        told="停下并报异常，部署时提示",
    )
    yield construct(
        GATEWAY,
        "inclusiveGateway",
        "s -> o1\no1 -> u1 : =n > 1\no1 -> u2 : =n > 2\no1 -> u3 : default\nu1 -> o2\nu2 -> o2\nu3 -> o2\no2 -> u4",
        "",
        _inclusive,
    )
    yield construct(GATEWAY, "parallelGateway", "s -> p1 -> u1 -> p2\np1 -> u2 -> p2\np2 -> u3", "", _parallel)
    yield construct(GATEWAY, "parallelGateway 又合又分", "s -> p1 -> u1 -> p2\np1 -> u2 -> p2\np2 -> u3\np2 -> u4", "", _parallel)
    yield construct(
        GATEWAY,
        "parallelGateway 永远等不齐",
        "s -> x1\nx1 -> p1 : =n > 1\nx1 -> t1 : default\nt1 -> p1\np1 -> u1",
        "",
        _deadlock,
        told="停下并报异常",
    )
    yield construct(
        GATEWAY,
        "eventBasedGateway",
        "s -> it -> late -> u1\nit -> told -> u2",
        f'<eventBasedGateway id="it"/>{LATE}{TOLD}',
        _first,
    )
    yield construct(
        GATEWAY,
        "eventBasedGateway 后接 receiveTask",
        "s -> it -> late -> u1\nit -> r -> u2",
        f'<eventBasedGateway id="it"/>{LATE}<receiveTask id="r" messageRef="m_news"/>',
    )
    yield construct(
        GATEWAY,
        "eventBasedGateway instantiate",
        "it -> told -> u1\nit -> late -> u2",
        f'<eventBasedGateway id="it" instantiate="true"/>{LATE}{TOLD}',
    )
    yield construct(
        GATEWAY,
        "eventBasedGateway 并行",
        "s -> it -> told -> u1\nit -> late -> u2",
        f'<eventBasedGateway id="it" eventGatewayType="Parallel"/>{LATE}{TOLD}',
    )
    yield construct(GATEWAY, "complexGateway", "s -> p1 -> t1 -> it\np1 -> t2 -> it\nit -> e", '<complexGateway id="it"/>')
    yield construct(
        GATEWAY,
        "complexGateway，激活条件",
        "s -> t1 -> it -> e",
        '<complexGateway id="it"><activationCondition>=x</activationCondition></complexGateway>',
    )
    yield construct(GATEWAY, "没有出线的网关", "s -> it", '<exclusiveGateway id="it"/>')
    yield construct(FLOW, "sequenceFlow", "s -> u1 -> e", "", opens("u1"))
    yield construct(FLOW, "conditionExpression，FEEL", "s -> x1\nx1 -> u1 : =n = 1\nx1 -> u2 : default", "", opens("u1", n=1))
    other = '<exclusiveGateway id="x1" default="f2"/><sequenceFlow id="it" sourceRef="x1" targetRef="u1"><conditionExpression language="python">=n</conditionExpression></sequenceFlow><sequenceFlow id="f2" sourceRef="x1" targetRef="u2"/>'
    yield construct(FLOW, "conditionExpression，别的语言", "s -> x1\nu1 -> e\nu2 -> e", other + user("u1") + user("u2"))
    yield construct(FLOW, "没有条件又不是默认的线", "s -> it\nit -> u1 : =n > 1\nit -> u2", '<exclusiveGateway id="it"/>')
    immediate = '<startEvent id="s"/>' + user("u1") + '<sequenceFlow id="it" sourceRef="s" targetRef="u1" isImmediate="false"/>'
    order = (
        '<exclusiveGateway id="it"><incoming>f1</incoming><outgoing>f3</outgoing><outgoing>f2</outgoing></exclusiveGateway>'
        '<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="it"/>'
        '<sequenceFlow id="f2" sourceRef="it" targetRef="u2"><conditionExpression>=true</conditionExpression></sequenceFlow>'
        '<sequenceFlow id="f3" sourceRef="it" targetRef="u3"><conditionExpression>=true</conditionExpression></sequenceFlow>'
    )
    yield construct(
        FLOW,
        "incoming、outgoing",
        "u2 -> e\nu3 -> e",
        order + user("u2") + user("u3"),
        opens("u3"),
        told="outgoing 的次序是判断的次序",
    )
    link = (
        '<intermediateThrowEvent id="it"><linkEventDefinition name="A"><target>here</target></linkEventDefinition></intermediateThrowEvent>'
        '<intermediateCatchEvent id="here"><linkEventDefinition name="A"><source>it</source></linkEventDefinition></intermediateCatchEvent>'
    )
    yield construct(
        FLOW, "连接的 source、target", "s -> it\nhere -> u1 -> e", link, opens("u1"), told="名字已经说明去哪里，这里只是重复"
    )
    yield construct(FLOW, "isImmediate=false", "u1 -> e", immediate)
    yield construct(FLOW, "走不到的图元", "s -> u1\nit -> e", '<task id="it"/>')


def _nothing_true(stage: Stage) -> None:
    case = stage.start(n=0)
    assert case.incident().kind == "condition_error"
    case.do(lambda run: run.set_variables(run.root_key, {"n": 2}, local=False)).retry("x1")
    finish(case)


def _inclusive(stage: Stage) -> None:
    case = stage.start(n=3)
    assert case.open == ["u1", "u2"]
    assert case.complete("u1").open == ["u2"]
    assert case.complete("u2").open == ["u4"]
    finish(case)


def _parallel(stage: Stage) -> None:
    case = stage.start()
    assert case.open == ["u1", "u2"]
    assert case.complete("u2").open == ["u1"]
    assert case.complete("u1").open[0] == "u3"
    finish(case)


def _deadlock(stage: Stage) -> None:
    assert stage.start(n=1).incident().kind == "join_deadlock"


def _first(stage: Stage) -> None:
    assert stage.start(key="k").fire("late").open == ["u1"]
    case = stage.start(key="k").message("news", "k")
    assert case.open == ["u2"]
    assert not case.waits
    finish(case)
