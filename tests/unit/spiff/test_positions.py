"""Every event position the parser lets through does its work: one scenario each, and none is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.events import JobCreated, MessageThrown, SignalThrown
from engine.spiff.parser.event_definitions import ALLOWED
from tests.unit.spiff.diagrams import diagram, ext, message, timer, user
from tests.unit.spiff.office import Case, Office

ROOTS = (
    message("news") + '<signal id="sig" name="bell"/><error id="err" errorCode="BAD"/><escalation id="esc" escalationCode="UP"/>'
)
DEFINITIONS = {
    "none": "",
    "message": '<messageEventDefinition messageRef="m_news"/>',
    "signal": '<signalEventDefinition signalRef="sig"/>',
    "error": '<errorEventDefinition errorRef="err"/>',
    "escalation": '<escalationEventDefinition escalationRef="esc"/>',
    "terminate": "<terminateEventDefinition/>",
    "link": '<linkEventDefinition name="A"/>',
    "timer": timer("duration", "P1D"),
    "compensation": "<compensateEventDefinition/>",
    "cancel": "<cancelEventDefinition/>",
    "conditional": "<conditionalEventDefinition><condition>=ready</condition></conditionalEventDefinition>",
}
COMES: dict[str, Callable[[Case], Case]] = {
    "message": lambda case: case.message("news"),
    "signal": lambda case: case.signal("bell"),
    "timer": lambda case: case.fire("ev"),
    "error": lambda case: case.complete("u1"),
    "escalation": lambda case: case.complete("u1"),
    "conditional": lambda case: case.do(lambda run: run.set_variables(run.root_key, {"ready": True}, local=False)),
}
# inside the sub-process of u1: what is thrown when it is completed
THROWER = {
    "error": f'<endEvent id="throw">{DEFINITIONS["error"]}</endEvent>',
    "escalation": f'<endEvent id="throw">{DEFINITIONS["escalation"]}</endEvent>',
}
UNDONE = (
    f'<boundaryEvent id="on" attachedToRef="u1">{DEFINITIONS["compensation"]}</boundaryEvent>'
    '<association id="line" sourceRef="on" targetRef="undo"/>' + user("undo").replace(" id=", ' isForCompensation="true" id=', 1)
)


def event(tag: str, kind: str, attributes: str = "") -> str:
    return f'<{tag} id="ev"{attributes}>{DEFINITIONS[kind]}</{tag}>'


def process_start(office: Office, kind: str, stored: bool) -> None:
    definition = timer("date", "2026-04-01") if kind == "timer" else DEFINITIONS[kind]
    office.deploy(diagram("ev -> u1 -> e", f'<startEvent id="ev">{definition}</startEvent>', roots=ROOTS))
    case = Case(office, stored).start("p", "ev", text="x")
    assert (case.open, case.variables) == (["u1"], {"text": "x"})
    assert case.complete("u1").state == "completed"


def event_sub_process_start(office: Office, kind: str, stored: bool) -> None:
    if kind == "compensation":
        undone_from_inside(office, stored)
        return
    sub = f'<subProcess id="sub" triggeredByEvent="true">{event("startEvent", kind)}</subProcess>'
    office.deploy(diagram(f"s -> u1{' -> throw' if kind in THROWER else ''}\nev -> u2", sub + THROWER.get(kind, ""), roots=ROOTS))
    case = COMES[kind](Case(office, stored).start("p", None, key="k"))
    assert case.open == ["u2"]
    assert case.complete("u2").state == "completed"


def catch(office: Office, kind: str, stored: bool) -> None:
    extra = f'<intermediateThrowEvent id="away">{DEFINITIONS["link"]}</intermediateThrowEvent>' if kind == "link" else ""
    flows = "s -> away\nev -> u1" if kind == "link" else "s -> ev -> u1"
    office.deploy(diagram(flows, event("intermediateCatchEvent", kind) + extra, roots=ROOTS))
    case = Case(office, stored).start("p", None, key="k")
    if kind != "link":
        assert case.open == []
        COMES[kind](case)
    assert case.open == ["u1"]


def boundary(office: Office, kind: str, stored: bool) -> None:
    if kind == "compensation":
        undone(office, "intermediateThrowEvent", stored)
        return
    if kind == "cancel":
        cancelled(office, stored)
        return
    flows = f"s -> sub -> u9\ns2 -> u1{' -> throw' if kind in THROWER else ''}\nev -> u2"
    sub = f'<subProcess id="sub"><startEvent id="s2"/>{THROWER.get(kind, "")}</subProcess>'
    office.deploy(diagram(flows, sub + event("boundaryEvent", kind, ' attachedToRef="sub"'), roots=ROOTS))
    case = COMES[kind](Case(office, stored).start("p", None, key="k"))
    assert case.open == ["u2"]


def throw(office: Office, kind: str, stored: bool) -> None:
    if kind == "compensation":
        undone(office, "intermediateThrowEvent", stored)
        return
    extra = '<intermediateCatchEvent id="here"><linkEventDefinition name="A"/></intermediateCatchEvent>' if kind == "link" else ""
    flows = "s -> ev\nhere -> u1" if kind == "link" else "s -> ev -> u1"
    office.deploy(diagram(flows, event("intermediateThrowEvent", kind) + extra, roots=ROOTS))
    case = Case(office, stored).start("p", None, key="k")
    assert case.open == ["u1"]
    seen_outside(case, kind)


def end(office: Office, kind: str, stored: bool) -> None:
    if kind in {"compensation", "cancel"}:
        undone(office, "endEvent", stored) if kind == "compensation" else cancelled(office, stored)
        return
    sub = f'<subProcess id="sub"><startEvent id="s2"/>{event("endEvent", kind)}</subProcess>'
    catcher = {
        "error": '<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition errorRef="err"/></boundaryEvent>',
        "escalation": '<boundaryEvent id="b" attachedToRef="sub"><escalationEventDefinition/></boundaryEvent>',
    }.get(kind, "")
    office.deploy(diagram(f"s -> sub -> u1\ns2 -> ev{chr(10) + 'b -> u2' if catcher else ''}", sub + catcher, roots=ROOTS))
    case = Case(office, stored).start("p", None, key="k")
    assert case.open == (["u2"] if catcher else ["u1"])
    assert "ev" in case.completed()
    seen_outside(case, kind)


def undone(office: Office, position: str, stored: bool) -> None:
    office.deploy(diagram("s -> u1 -> ev", user("u1") + event(position, "compensation") + UNDONE))
    case = Case(office, stored).start("p").complete("u1")
    assert (case.open, "ev" in case.completed()) == (["undo"], False)
    assert case.complete("undo").state == "completed"


def undone_from_inside(office: Office, stored: bool) -> None:
    own = f'<subProcess id="own" triggeredByEvent="true">{event("startEvent", "compensation")}</subProcess>'
    sub = f'<subProcess id="sub"><startEvent id="s2"/>{own}</subProcess>'
    throws = '<endEvent id="throw"><compensateEventDefinition/></endEvent>'
    office.deploy(diagram("s -> sub -> throw\ns2 -> u1\nev -> u2", sub + throws))
    assert Case(office, stored).start("p").complete("u1").open == ["u2"]


def cancelled(office: Office, stored: bool) -> None:
    """The end event and the boundary event need each other: whichever is ``ev``, the other one is drawn too."""
    inside = f'<startEvent id="s2"/>{user("u1")}{UNDONE}{event("endEvent", "cancel")}'
    away = f'<boundaryEvent id="away" attachedToRef="deal">{DEFINITIONS["cancel"]}</boundaryEvent>'
    office.deploy(diagram("s -> deal -> u9\ns2 -> u1 -> ev\naway -> u2", f'<transaction id="deal">{inside}</transaction>{away}'))
    case = Case(office, stored).start("p").complete("u1")
    assert case.open == ["undo"]
    assert case.complete("undo").open == ["u2"]


def receive(office: Office, kind: str, stored: bool) -> None:
    office.deploy(diagram("s -> ev -> u1", '<receiveTask id="ev" messageRef="m_news"/>', roots=ROOTS))
    assert Case(office, stored).start("p", None, key="k").message("news").open == ["u1"]


def send(office: Office, kind: str, stored: bool) -> None:
    job = ext('<zeebe:taskDefinition type="mail" retries="=2 + 3"/>')
    task = f'<sendTask id="ev">{job}</sendTask>' if kind == "none" else '<sendTask id="ev" messageRef="m_news"/>'
    office.deploy(diagram("s -> ev -> u1", task, roots=ROOTS))
    case = Case(office, stored).start("p", None, key="k")
    if kind == "none":
        assert [e.retries for e in case.events if isinstance(e, JobCreated)] == [5]
        case.complete_job("ev")
    assert case.open == ["u1"]
    seen_outside(case, kind)


def seen_outside(case: Case, kind: str) -> None:
    told = {"message": MessageThrown, "signal": SignalThrown}
    if kind in told:
        assert any(isinstance(e, told[kind]) for e in case.events)


SCENARIOS = {
    "startEvent": process_start,
    "eventSubProcessStart": event_sub_process_start,
    "intermediateCatchEvent": catch,
    "boundaryEvent": boundary,
    "intermediateThrowEvent": throw,
    "endEvent": end,
    "receiveTask": receive,
    "sendTask": send,
}
POSITIONS = [(position, kind) for position, kinds in ALLOWED.items() for kind in sorted(kinds)]


@pytest.mark.parametrize("stored", [False, True], ids=["in memory", "stored between steps"])
@pytest.mark.parametrize(("position", "kind"), POSITIONS)
def test_the_event_does_what_its_position_says(office, position, kind, stored):
    SCENARIOS[position](office, kind, stored)
