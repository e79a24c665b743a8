"""Every event definition at every position."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.events import ErrorThrown, MessageThrown, SignalThrown
from tests.support.constructs import Construct, Drive, Stage
from tests.support.constructs.drawing import ROOTS, finish
from tests.unit.spiff.diagrams import diagram, timer, user
from tests.unit.spiff.office import Case

GROUP = "event"
START, INNER, CAUGHT, BESIDE, CATCH, THROW, INTERRUPTS, REPEATS, END = PLACES = (
    "startEvent",
    "subProcess startEvent",
    "event subProcess, interrupting",
    "event subProcess, non-interrupting",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent, interrupting",
    "boundaryEvent, non-interrupting",
    "endEvent",
)
CONDITION = '<conditionalEventDefinition><condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="tFormalExpression">=ready</condition></conditionalEventDefinition>'
DEFINITIONS = {
    "none": "",
    "message": '<messageEventDefinition messageRef="m_news"/>',
    "timer, date": timer("date", "2026-03-09"),
    "timer, duration": timer("duration", "P1D"),
    "timer, cycle": timer("cycle", "R2/PT1H"),
    "signal": '<signalEventDefinition signalRef="sig"/>',
    "error": '<errorEventDefinition errorRef="err"/>',
    "escalation": '<escalationEventDefinition escalationRef="esc"/>',
    "conditional": CONDITION,
    "link": '<linkEventDefinition name="A"/>',
    "terminate": "<terminateEventDefinition/>",
    "compensation": "<compensateEventDefinition/>",
    "cancel": "<cancelEventDefinition/>",
    "multiple": '<messageEventDefinition messageRef="m_news"/><signalEventDefinition signalRef="sig"/>',
    "parallel multiple": '<messageEventDefinition messageRef="m_news"/><signalEventDefinition signalRef="sig"/>',
}
THROWN = ("error", "escalation")  # from inside, by an end event called bad


# the diagrams


def drawn(place: str, kind: str) -> bytes:
    definition = DEFINITIONS[kind]
    several = ' parallelMultiple="true"' if kind == "parallel multiple" and place not in {THROW, END} else ""
    drawing: Callable[[str, str, str], tuple[str, str]] = {
        START: _start,
        INNER: _inner,
        CAUGHT: _event_sub_process,
        BESIDE: _event_sub_process,
        CATCH: _catch,
        THROW: _throw,
        INTERRUPTS: _boundary,
        REPEATS: _boundary,
        END: _end,
    }[place]
    several += ' isInterrupting="false"' if place == BESIDE else ""
    several += ' cancelActivity="false"' if place == REPEATS else ""
    flows, elements = drawing(definition, several, kind)
    return diagram(flows, elements, roots=ROOTS)


def _start(definition: str, several: str, kind: str) -> tuple[str, str]:
    return "it -> u1 -> e", f'<startEvent id="it"{several}>{definition}</startEvent>'


def _inner(definition: str, several: str, kind: str) -> tuple[str, str]:
    return "s -> sub -> e\nit -> u1", f'<subProcess id="sub"><startEvent id="it"{several}>{definition}</startEvent></subProcess>'


def _event_sub_process(definition: str, several: str, kind: str) -> tuple[str, str]:
    event = f'<startEvent id="it"{several}>{definition}</startEvent>'
    if kind == "compensation":
        return _undoes_sub_process(event, definition)
    thrower = f'<endEvent id="bad">{definition}</endEvent>' if kind in THROWN else '<endEvent id="bad"/>'
    inside = f'<subProcess id="sub" triggeredByEvent="true">{event}</subProcess>'
    return "s -> p1 -> u1\np1 -> u3 -> bad\nit -> u2", thrower + inside


def _undoes_sub_process(event: str, definition: str) -> tuple[str, str]:
    """What a completed sub-process has done is undone by the event sub-process drawn in it."""
    undo = f'<subProcess id="undo" triggeredByEvent="true">{event}</subProcess>'
    elements = f'<subProcess id="sub"><startEvent id="s2"/>{undo}</subProcess>'
    elements += f'<intermediateThrowEvent id="back">{definition}</intermediateThrowEvent>'
    return "s -> sub -> back -> u3 -> e\ns2 -> u1\nit -> u2", elements


def _catch(definition: str, several: str, kind: str) -> tuple[str, str]:
    event = f'<intermediateCatchEvent id="it"{several}>{definition}</intermediateCatchEvent>'
    if kind == "link":
        return "s -> away\nit -> u1 -> e", event + f'<intermediateThrowEvent id="away">{definition}</intermediateThrowEvent>'
    return "s -> it -> u1 -> e", event


def _throw(definition: str, several: str, kind: str) -> tuple[str, str]:
    event = f'<intermediateThrowEvent id="it">{definition}</intermediateThrowEvent>'
    if kind == "link":
        return "s -> it\nhere -> u1 -> e", event + f'<intermediateCatchEvent id="here">{definition}</intermediateCatchEvent>'
    if kind == "compensation":
        return "s -> u1 -> it -> u3 -> e", event + _undone("u1")
    if kind in THROWN:
        return _thrown_inside(event, definition, "it -> u1")
    return "s -> it -> u1 -> e", event


def _end(definition: str, several: str, kind: str) -> tuple[str, str]:
    event = f'<endEvent id="it">{definition}</endEvent>'
    if kind == "compensation":
        return "s -> u1 -> it", event + _undone("u1")
    if kind == "cancel":
        transaction = f'<transaction id="sub"><startEvent id="s2"/>{event}</transaction><boundaryEvent id="undone" attachedToRef="sub">{definition}</boundaryEvent>'
        return "s -> sub -> e\nundone -> u2\ns2 -> u1 -> it", transaction
    if kind in THROWN:
        return _thrown_inside(event, definition, "")
    return "s -> p1 -> u1 -> it\np1 -> u2", event


def _thrown_inside(event: str, definition: str, onwards: str) -> tuple[str, str]:
    sub = f'<subProcess id="sub"><startEvent id="s2"/>{event}</subProcess>'
    sub += f'<boundaryEvent id="caught" attachedToRef="sub">{definition}</boundaryEvent>'
    return f"s -> sub -> u9\ncaught -> u2\ns2 -> u3 -> it\n{onwards}", sub


def _undone(task: str) -> str:
    """``task`` is undone by u2."""
    undo = user("u2").replace('id="u2">', 'id="u2" isForCompensation="true">', 1)
    boundary = f'<boundaryEvent id="undo" attachedToRef="{task}"><compensateEventDefinition/></boundaryEvent>'
    return user(task) + undo + boundary + '<association id="a1" sourceRef="undo" targetRef="u2" associationDirection="One"/>'


def _boundary(definition: str, several: str, kind: str) -> tuple[str, str]:
    host = "sub" if kind in THROWN else "u1"
    event = f'<boundaryEvent id="it" attachedToRef="{host}"{several}>{definition}</boundaryEvent>'
    if kind == "compensation":
        compensated = _undone("u1").replace('id="undo"', f'id="it"{several}').replace('sourceRef="undo"', 'sourceRef="it"')
        return (
            "s -> u1 -> back -> u3 -> e",
            compensated + '<intermediateThrowEvent id="back"><compensateEventDefinition/></intermediateThrowEvent>',
        )
    if kind == "cancel":
        inside = f'<startEvent id="s2"/><endEvent id="stop">{definition}</endEvent>'
        return "s -> sub -> e\nit -> u2\ns2 -> u1 -> stop", f'<transaction id="sub">{inside}</transaction>' + event.replace(
            '"u1"', '"sub"'
        )
    if kind in THROWN:
        inside = f'<startEvent id="s2"/><endEvent id="bad">{definition}</endEvent>'
        return "s -> sub -> e\nit -> u2\ns2 -> p1 -> u1\np1 -> u3 -> bad", f'<subProcess id="sub">{inside}</subProcess>{event}'
    return "s -> u1 -> e\nit -> u2", user("u1") + event


# what happens


def _trigger(case: Case, kind: str) -> None:
    if kind == "message":
        case.message("news", "k", brought=1)
    elif kind == "signal":
        case.signal("bell", brought=1)
    elif kind.startswith("timer"):
        case.fire("it")
    elif kind in THROWN:
        case.complete("u3")
    elif kind == "conditional":
        for ready in (False, True):  # each time it becomes true
            case.do(lambda run, ready=ready: run.set_variables(run.root_key, {"ready": ready}, local=False))


def _started(kind: str) -> Drive:
    def drive(stage: Stage) -> None:
        case = stage.start("p", None if kind == "none" else "it", brought=1)
        assert case.open == ["u1"]
        finish(case)

    return drive


def _triggered(kind: str, left: list[str], again: list[str] | None = None) -> Drive:
    """``left`` is open after the event came, ``again`` after it came a second time."""

    def drive(stage: Stage) -> None:
        case = stage.start("p", None, key="k", ready=False)
        _trigger(case, kind)
        assert sorted(case.open) == left, case.open
        if again is not None:
            _trigger(case, kind)
            assert sorted(case.open) == again, case.open
        finish(case)

    return drive


def _goes_on(kind: str) -> Drive:
    """The thrower goes on; what was thrown is told to the outside."""

    def drive(stage: Stage) -> None:
        case = stage.start("p", None, key="k")
        assert case.open == ["u1"]
        expected = {"message": MessageThrown, "signal": SignalThrown}.get(kind)
        assert expected is None or any(isinstance(event, expected) for event in case.events)
        finish(case)

    return drive


def _interrupts_outside(kind: str) -> Drive:
    """Thrown inside a sub-process, caught at its border."""

    def drive(stage: Stage) -> None:
        case = stage.start()
        case.complete("u3")
        assert case.open == ["u2"]
        assert [e.caught_by for e in case.events if isinstance(e, ErrorThrown)] == ["caught"]
        finish(case)

    return drive


def _ended(kind: str) -> Drive:
    def drive(stage: Stage) -> None:
        case = stage.start("p", None, key="k").complete("u1")
        assert case.open == ([] if kind == "terminate" else ["u2"])
        expected = {"message": MessageThrown, "signal": SignalThrown}.get(kind)
        assert expected is None or any(isinstance(event, expected) for event in case.events)
        finish(case)

    return drive


def _undone_then(*rest: str) -> Drive:
    """u1 is done, then undone by u2; what is left follows."""

    def drive(stage: Stage) -> None:
        case = stage.start().complete("u1")
        assert case.open == ["u2"]
        assert case.complete("u2").open == list(rest)
        finish(case)

    return drive


def _working() -> Iterator[tuple[tuple[str, str], Drive]]:
    """The cells that work, and how they are driven. All others are refused."""
    for kind in ("none", "message", "timer, date", "timer, cycle", "signal"):
        yield (START, kind), _started(kind)
    yield (INNER, "none"), _triggered("none", ["u1"])
    for kind in ("message", "timer, date", "timer, duration", "signal", "conditional"):
        yield (CAUGHT, kind), _triggered(kind, ["u2"])
        yield (CATCH, kind), _triggered(kind, ["u1"])
        yield (INTERRUPTS, kind), _triggered(kind, ["u2"])
    for kind in ("message", "timer, cycle", "signal", "conditional"):
        yield (BESIDE, kind), _triggered(kind, ["u1", "u2", "u3"], ["u1", "u2", "u2", "u3"])
        yield (REPEATS, kind), _triggered(kind, ["u1", "u2"], ["u1", "u2", "u2"])
    for kind in ("timer, date", "timer, duration"):
        yield (BESIDE, kind), _triggered(kind, ["u1", "u2", "u3"])
        yield (REPEATS, kind), _triggered(kind, ["u1", "u2"])
    for kind in THROWN:
        yield (CAUGHT, kind), _triggered(kind, ["u2"])
        yield (INTERRUPTS, kind), _triggered(kind, ["u2"])
        yield (END, kind), _interrupts_outside(kind)
    yield (THROW, "escalation"), _interrupts_outside("escalation")
    yield (BESIDE, "escalation"), _triggered("escalation", ["u1", "u2"])
    yield (REPEATS, "escalation"), _triggered("escalation", ["u1", "u2"])
    yield (CATCH, "link"), _triggered("link", ["u1"])
    for kind in ("none", "message", "signal", "link"):
        yield (THROW, kind), _goes_on(kind)
    for kind in ("none", "message", "signal", "terminate"):
        yield (END, kind), _ended(kind)

    for place in (THROW, INTERRUPTS, CAUGHT):
        yield (place, "compensation"), _undone_then("u3")
    yield (END, "compensation"), _undone_then()
    yield (INTERRUPTS, "cancel"), _undone_then()
    yield (END, "cancel"), _undone_then()


def constructs() -> Iterator[Construct]:
    working = dict(_working())
    for kind in DEFINITIONS:
        for place in PLACES:
            yield Construct(GROUP, kind, drawn(place, kind), working.get((place, kind)), place)
