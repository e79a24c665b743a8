"""The event definition of an event, receive or send task: what it waits for or throws."""

from __future__ import annotations

from lxml import etree

from engine.spiff.definitions import EventDefinition, TimerDefinition, Value
from engine.spiff.parser.dialect import extension
from engine.spiff.parser.reading import Reading
from engine.spiff.parser.xml import bpmn, local
from engine.spiff.runner.timers import TimerInvalid, check_literal

_KINDS = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "terminateEventDefinition": "terminate",
    "linkEventDefinition": "link",
    "compensateEventDefinition": "compensation",
    "cancelEventDefinition": "cancel",
    "conditionalEventDefinition": "conditional",
}
_CHANGES = frozenset({"create", "update"})
_TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}

_THROWS = frozenset({"endEvent", "intermediateThrowEvent"})

# element -> kinds that mean something there
ALLOWED = {
    "startEvent": {"none", "message", "timer", "signal"},
    "endEvent": {"none", "message", "signal", "error", "escalation", "terminate", "compensation", "cancel"},
    "intermediateThrowEvent": {"none", "message", "signal", "escalation", "link", "compensation"},
    "intermediateCatchEvent": {"message", "timer", "signal", "link", "conditional"},
    "boundaryEvent": {"message", "timer", "signal", "error", "escalation", "compensation", "cancel", "conditional"},
    "eventSubProcessStart": {"message", "timer", "signal", "error", "escalation", "compensation", "conditional"},
    "receiveTask": {"message"},
    "sendTask": {"none", "message"},
}


class EventDefinitions:
    """Reads event definitions; messages, signals, errors and escalations are looked up by their ids in the file."""

    def __init__(self, reading: Reading, root: etree._Element) -> None:
        self.reading = reading
        self.problems = reading.problems
        self.named = {str(node.get("id")): node for node in root if node.get("id")}

    def read(self, node: etree._Element, position: str, *, interrupting: bool = True) -> EventDefinition:
        """``position``: the element's name, or eventSubProcessStart."""
        found = [child for child in node if isinstance(child.tag, str) and local(child) in _KINDS]
        if len(found) > 1:
            self.problems.error(node, "An event with several definitions is not supported. Draw one event for each.")
        if position in {"receiveTask", "sendTask"}:
            event = (
                self._message(node, node, position) if node.get("messageRef") or position == "receiveTask" else EventDefinition()
            )
        else:
            event = self._definition(node, found[0], position) if found else EventDefinition()
        self._check_position(node, event, position, interrupting)
        if extension(node, "taskDefinition") is not None:
            self._check_job(node, event)
        return event

    def _check_job(self, node: etree._Element, event: EventDefinition) -> None:
        """A job stands in for sending a message, or for nothing in particular; it cannot do what only the engine can."""
        if event.kind not in {"message", "none"}:
            self.problems.error(
                node,
                "An event that throws {kind} cannot be a job. Delete zeebe:taskDefinition, or draw a service task before it.",
                kind=event.kind,
            )
        elif event.name is not None:
            self.problems.warning(
                node, "A job does the sending: the message {name} itself is not published.", name=event.name.text
            )

    def _check_position(self, node: etree._Element, event: EventDefinition, position: str, interrupting: bool) -> None:
        allowed = ALLOWED[position]
        if event.kind not in allowed:
            names = ", ".join(sorted(allowed))
            place = "start event of an event sub-process" if position == "eventSubProcessStart" else position
            self.problems.error(
                node, "A {kind} event cannot be a {place}. Possible are: {names}.", kind=event.kind, place=place, names=names
            )
        if event.kind == "error" and not interrupting:
            self.problems.error(node, "An error always interrupts. Draw the event as interrupting, or throw an escalation.")
        if event.kind == "conditional" and position == "startEvent":
            self.problems.error(
                node, "Before a case begins there are no variables to watch. Start the process by a message or a signal."
            )
        if event.kind == "cancel" and not interrupting:
            self.problems.error(node, "A cancel event always interrupts. Draw it as interrupting.")
        if event.kind == "compensation" and not interrupting:
            self.problems.error(node, "A compensation event is drawn as interrupting: what it belongs to has completed already.")
        if event.timer is not None and event.timer.kind == "cycle" and (interrupting and position != "startEvent"):
            self.problems.error(
                node, "A cycle needs an event that does not interrupt. Use a duration or a date, or draw it non-interrupting."
            )
        if event.timer is not None and event.timer.kind == "duration" and position == "startEvent":
            self.problems.error(node, "A process cannot start after a duration. Use a date or a cycle.")

    def _definition(self, node: etree._Element, definition: etree._Element, position: str) -> EventDefinition:
        kind = _KINDS[local(definition)]
        if kind == "message":
            return self._message(node, definition, position)
        if kind == "timer":
            return EventDefinition("timer", timer=self._timer(definition))
        if kind == "conditional":
            return self._conditional(definition)
        if kind == "signal":
            return EventDefinition("signal", name=self._name(definition, "signalRef", "signal"))
        if kind in {"error", "escalation"}:
            return EventDefinition(kind, code=self._code(definition, kind, position))
        if kind == "link":
            return EventDefinition("link", name=self.reading.required(definition, "name"))
        if kind == "compensation":
            return EventDefinition(kind, activity=self._activity(definition, position))
        return EventDefinition(kind)

    def _activity(self, definition: etree._Element, position: str) -> str | None:
        named = definition.get("activityRef") or None
        if named is not None and position not in _THROWS:
            self.problems.error(definition, "Only an event that throws compensation names an activity. Delete activityRef.")
        return named

    def _conditional(self, definition: etree._Element) -> EventDefinition:
        """A condition that reads nothing could never change; a filter names what lets it be asked again."""
        found = definition.find(bpmn("condition"))
        node = definition if found is None else found
        condition = self.reading.expression(node, node.text, "condition")
        if condition is None:
            return EventDefinition("conditional")
        if not condition.variables:
            self.problems.error(
                node,
                "The condition ={text} reads no variable, so nothing could make it true later. Draw a timer, or read a variable.",
                text=condition.text,
            )
        watched = extension(definition, "conditionalFilter")
        if watched is None:
            return EventDefinition("conditional", condition=condition, watched=condition.variables)
        names = frozenset(self.reading.name(watched, name, "variableNames") for name in _listed(watched, "variableNames"))
        changes = frozenset(_listed(watched, "variableEvents"))
        if not changes <= _CHANGES:
            self.problems.error(watched, "variableEvents can be create, update or both, separated by commas.")
        return EventDefinition(
            "conditional", condition=condition, watched=names or condition.variables, watched_changes=changes or _CHANGES
        )

    def _message(self, node: etree._Element, definition: etree._Element, position: str) -> EventDefinition:
        if definition.get("messageRef") is None and extension(node, "taskDefinition") is not None:
            return EventDefinition("message")  # a job sends it
        message = self._referenced(definition, "messageRef", "message")
        if message is None:
            return EventDefinition("message")
        subscription = extension(message, "subscription")
        key = None if subscription is None else self.reading.optional(subscription, "correlationKey")
        if key is None and position not in {"startEvent", "endEvent", "intermediateThrowEvent", "sendTask"}:
            self.problems.error(
                definition,
                "The message {name} has no correlation key. Add zeebe:subscription to it.",
                name=message.get("name") or "",
            )
        return EventDefinition("message", name=self.reading.required(message, "name"), correlation_key=key)

    def _name(self, definition: etree._Element, reference: str, what: str) -> Value | None:
        found = self._referenced(definition, reference, what)
        return None if found is None else self.reading.required(found, "name")

    def _code(self, definition: etree._Element, kind: str, position: str) -> Value | None:
        """None catches every code; a throw event must name one."""
        throws = position in _THROWS
        if definition.get(f"{kind}Ref") is None and not throws:
            return None
        found = self._referenced(definition, f"{kind}Ref", kind)
        if found is None:
            return None
        code = self.reading.required(found, f"{kind}Code")
        if code.text.startswith("=") and not throws:
            self.problems.error(definition, "The code of a catching event must be a plain text, not FEEL.")
        return code

    def _referenced(self, definition: etree._Element, reference: str, what: str) -> etree._Element | None:
        found = self.named.get(definition.get(reference) or "")
        if found is None or local(found) != what:
            self.problems.error(definition, "The event names no {kind}. Choose one in its properties.", kind=what)
            return None
        return found

    def _timer(self, definition: etree._Element) -> TimerDefinition | None:
        found = [child for child in definition if local(child) in _TIMERS]
        if len(found) != 1:
            self.problems.error(definition, "The timer must have exactly one of date, duration or cycle.")
            return None
        text = (found[0].text or "").strip()
        if not text:
            self.problems.error(found[0], "The timer is empty. Write for example P5D, or FEEL after an equals sign.")
            return None
        timer = TimerDefinition(_TIMERS[local(found[0])], self.reading.value(found[0], text))
        try:
            if not text.startswith("="):
                check_literal(timer)
        except TimerInvalid as error:
            self.problems.error(found[0], error.template, **error.ids)
        return timer


def _listed(node: etree._Element, attribute: str) -> list[str]:
    return [part.strip() for part in (node.get(attribute) or "").split(",") if part.strip()]
