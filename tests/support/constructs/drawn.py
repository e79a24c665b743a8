"""Data, pools, lanes, notes, and what stands beside the processes of a file."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.constructs import Construct, Stage
from tests.support.constructs.drawing import ROOTS, construct, finish, opens
from tests.unit.spiff.diagrams import HEAD, diagram, user

DATA, READERS, FILE, OTHERS = "data", "readers", "file", "others"
SEEN = "只供人看"
FLOWS = "s -> u1 -> e"
TASK = (
    '<userTask id="u1"><extensionElements><zeebe:assignmentDefinition candidateGroups="office"/></extensionElements>{}</userTask>'
)


def constructs() -> Iterator[Construct]:
    yield from _data()
    yield from _readers()
    yield from _file()


def seen(group: str, name: str, elements: str = "", roots: str = "") -> Construct:
    """Drawn for readers: the process runs as it would without."""
    return construct(group, name, FLOWS, elements, opens("u1"), roots=roots, told=SEEN)


def _data() -> Iterator[Construct]:
    reference = '<dataObject id="d"/><dataObjectReference id="dr" dataObjectRef="d"><dataState id="ds" name="signed"/></dataObjectReference>'
    yield seen(DATA, "dataObject、dataObjectReference、dataState", reference)
    yield seen(
        DATA, "dataStore、dataStoreReference", '<dataStoreReference id="sr" dataStoreRef="st"/>', '<dataStore id="st" name="x"/>'
    )
    association = '<property id="pr" name="__targetRef_placeholder"/><dataInputAssociation id="ai"><sourceRef>dr</sourceRef><targetRef>pr</targetRef></dataInputAssociation><dataOutputAssociation id="ao"><targetRef>dr</targetRef></dataOutputAssociation>'
    yield seen(DATA, "dataInputAssociation、dataOutputAssociation（画的箭头）", reference + TASK.format(association))
    for name, inner in {
        "transformation": "<dataInputAssociation><transformation>=x</transformation></dataInputAssociation>",
        "assignment": "<dataInputAssociation><assignment><from>=x</from><to>y</to></assignment></dataInputAssociation>",
        "property": '<property id="pr" name="x"/>',
        "ioSpecification": '<ioSpecification><dataInput id="i"/><dataOutput id="o"/><inputSet/><outputSet/></ioSpecification>',
    }.items():
        yield construct(DATA, name, "s -> it -> e", user("it", inside=inner))
    yield construct(
        DATA,
        "dataInput、dataOutput（流程的）",
        FLOWS,
        '<ioSpecification id="it"><dataInput id="i"/><dataOutput id="o"/><inputSet/><outputSet/></ioSpecification>',
    )
    yield construct(DATA, "property（流程的）", FLOWS, '<property id="it" name="x"/>')
    yield construct(DATA, "itemDefinition", FLOWS, roots='<itemDefinition id="it" structureRef="string"/>')
    yield construct(DATA, "message 的 itemRef", FLOWS, roots='<message id="it" name="x" itemRef="y"/>')


def _readers() -> Iterator[Construct]:
    lanes = '<laneSet id="ls"><lane id="l1" name="A"><flowNodeRef>u1</flowNodeRef><childLaneSet id="cl"><lane id="l2"/></childLaneSet></lane></laneSet>'
    yield seen(READERS, "laneSet、lane、childLaneSet", lanes)
    pools = '<collaboration id="c"><participant id="pa" name="A" processRef="p"><participantMultiplicity maximum="3"/></participant><participant id="pb" name="B"/><messageFlow id="mf" sourceRef="pb" targetRef="u1"/></collaboration>'
    yield seen(READERS, "collaboration、participant、participantMultiplicity、messageFlow", "", pools)
    yield seen(
        READERS,
        "textAnnotation、association",
        '<textAnnotation id="ta"><text>note</text></textAnnotation><association id="as" sourceRef="u1" targetRef="ta"/>',
    )
    yield seen(
        READERS,
        "group、category、categoryValue",
        '<group id="gr" categoryValueRef="cv"/>',
        '<category id="ca"><categoryValue id="cv" value="x"/></category>',
    )
    yield seen(READERS, "documentation", "<documentation>text</documentation>")
    yield seen(
        READERS,
        "没有标为可执行的流程（空的或画给别人看的池）",
        "",
        '<process id="q" isExecutable="false"><complexGateway id="c9"/></process>',
    )
    two = f'{HEAD}<process id="p" isExecutable="true"><startEvent id="s"/>{user("u1")}<sequenceFlow id="f" sourceRef="s" targetRef="u1"/></process><process id="q" isExecutable="true"><startEvent id="s2"/>{user("u2")}<sequenceFlow id="f2" sourceRef="s2" targetRef="u2"/></process></definitions>'
    yield Construct(READERS, "几个可执行的流程（几个池）", two.encode(), _both)
    for name, inner in {
        "conversation": '<conversation id="it"/>',
        "subConversation": '<subConversation id="it"/>',
        "callConversation": '<callConversation id="it"/>',
        "conversationLink": '<conversationLink id="it" sourceRef="a" targetRef="b"/>',
        "conversationAssociation": '<conversationAssociation id="it"/>',
        "participantAssociation": '<participantAssociation id="it"/>',
        "messageFlowAssociation": '<messageFlowAssociation id="it"/>',
        "choreographyRef": '<participant id="it"/><choreographyRef>x</choreographyRef>',
        "correlationKey": '<correlationKey id="it"/>',
    }.items():
        roots = f'<collaboration id="{"c" if name != "choreographyRef" else "it0"}">{inner}</collaboration>'
        yield construct(READERS, name, FLOWS, roots=roots.replace("it0", "it").replace('<participant id="it"/>', ""))


def _file() -> Iterator[Construct]:
    named = '<message id="m2" name="x"/><signal id="s8" name="y"/><error id="e8" name="z" errorCode="Z"/><escalation id="e9" name="w" escalationCode="W"/>'
    yield construct(FILE, "message、signal、error、escalation", FLOWS, "", opens("u1"), roots=named)
    for name in (
        *("import", "interface", "resource", "partnerEntity", "partnerRole", "endPoint", "correlationProperty", "relationship"),
        *("extension", "choreography", "globalChoreographyTask", "globalConversation"),
    ):
        yield construct(FILE, name, FLOWS, roots=f'<{name} id="it"/>')
    yield construct(FILE, "文件一级的事件定义", FLOWS, roots='<signalEventDefinition id="it" signalRef="sig"/>')
    yield construct(
        FILE, "eventDefinitionRef", "it -> u1", '<startEvent id="it"><eventDefinitionRef>x</eventDefinitionRef></startEvent>'
    )
    for name in ("choreographyTask", "subChoreography", "callChoreography"):
        yield construct(FILE, name, FLOWS, f'<{name} id="it"/>')
    for name in ("monitoring", "auditing"):
        yield construct(FILE, name, FLOWS, f'<{name} id="it"/>')
    yield construct(FILE, "supports", FLOWS, "<supports>x</supports>".replace("<supports>", '<supports id="it">'))
    yield construct(FILE, "correlationSubscription", FLOWS, '<correlationSubscription id="it"/>')
    yield construct(FILE, "别的工具的扩展元素", "s -> it -> e", user("it", extensions='<x:y xmlns:x="urn:other"/>'))
    yield construct(
        FILE, "别的工具的属性", "s -> it -> e", user("it").replace("<userTask ", '<userTask xmlns:x="urn:other" x:y="1" ')
    )
    twice = diagram("s -> it -> e", user("it"), roots=ROOTS).replace(b"<zeebe:userTask/>", b"<zeebe:userTask/><zeebe:userTask/>")
    yield Construct(FILE, "同一个扩展写两次", twice)


def _both(stage: Stage) -> None:
    assert stage.start("p").open == ["u1"]
    case = stage.start("q")
    assert case.open == ["u2"]
    finish(case)
