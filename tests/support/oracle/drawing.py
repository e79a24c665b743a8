"""A block as BPMN: every block has one element in and one out."""

from __future__ import annotations

import itertools

from tests.support.oracle.blocks import HOSTS, VARIABLES, Block
from tests.unit.spiff.diagrams import HEAD, ext, mapping, message, timer

Drawn = tuple[str, str, str]  # elements, the first's id, the last's id


class Drawing:
    """Writes one process, the processes it calls, and what their events name.

    Messages are named as their events and carry the process id as their key; signals are named with it.
    """

    def __init__(self, block: Block, process_id: str = "p") -> None:
        self.names = itertools.count(1)
        self.process_id = process_id
        self.roots: dict[str, str] = {}
        self.called: list[str] = []
        self.process = f'<process id="{process_id}" isExecutable="true">{self.scope(block)}</process>'

    def files(self) -> list[bytes]:
        """One file for each process, those that are called first."""
        roots = "".join(self.roots.values())
        return [f"{HEAD}{process}{roots}</definitions>".encode() for process in [*self.called, self.process]]

    def id(self, prefix: str) -> str:
        return f"{prefix}_{next(self.names)}"

    def flow(self, source: str, target: str, condition: str = "", name: str = "") -> str:
        inner = f"<conditionExpression>={condition}</conditionExpression>" if condition else ""
        return f'<sequenceFlow id="{name or self.id("f")}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'

    def scope(self, block: Block, start: str = "", end: str = "") -> str:
        """The inside of a process or sub-process; ``start`` and ``end`` are what stands in its first and last event."""
        first, last = self.id("s"), self.id("e")
        xml, into, out = self.block(block)
        events = f'<startEvent id="{first}">{start}</startEvent><endEvent id="{last}">{end}</endEvent>'
        return events + xml + self.flow(first, into) + self.flow(out, last)

    def sub(self, name: str, inside: str, extensions: str = "") -> str:
        return f'<subProcess id="{name}">{ext(extensions) if extensions else ""}{inside}</subProcess>'

    def block(self, block: Block) -> Drawn:
        drawn: Drawn = getattr(self, f"_{block.kind}")(block)
        return drawn

    # leaves

    def _task(self, block: Block) -> Drawn:
        return self._user_task(block), block.name, block.name

    def _user_task(self, block: Block, marker: str = "") -> str:
        maps = mapping(f"in: own <- ={block.reads} + 1", f"out: {block.writes} <- =got + own") if block.reads else ""
        people = '<zeebe:assignmentDefinition candidateGroups="office"/>'
        return f'<userTask id="{block.name}">{ext(people + maps)}{marker}</userTask>'

    def _calculate(self, block: Block) -> Drawn:
        inner = ext(f'<zeebe:script expression="={block.writes} + 1" resultVariable="{block.writes}"/>')
        return f'<scriptTask id="{block.name}">{inner}</scriptTask>', block.name, block.name

    def _throw(self, block: Block) -> Drawn:
        """An error, and sometimes an escalation, is thrown by an end event in a sub-process of its own."""
        definition = self._definition(block.event, block.code)
        if block.event == "escalation" and not block.direct:
            return f'<intermediateThrowEvent id="{block.name}">{definition}</intermediateThrowEvent>', block.name, block.name
        start, bad = self.id("s"), self.id("bad")
        inside = f'<startEvent id="{start}"/><endEvent id="{bad}">{definition}</endEvent>{self.flow(start, bad)}'
        return self.sub(block.name, inside), block.name, block.name

    # flows

    def _sequence(self, block: Block) -> Drawn:
        drawn = [self.block(part) for part in block.parts]
        joints = "".join(self.flow(left[2], right[1]) for left, right in itertools.pairwise(drawn))
        return "".join(xml for xml, _, _ in drawn) + joints, drawn[0][1], drawn[-1][2]

    def _branches(self, block: Block, gateway: str) -> Drawn:
        split, join = self.id("g"), self.id("g")
        conditions = [f"{name} &gt; {limit}" for name, limit in block.tests]
        xml, default = "", ""
        for part, condition in itertools.zip_longest(block.parts, conditions, fillvalue=""):
            assert isinstance(part, Block)
            inner, first, last = self.block(part)
            name = self.id("f")
            if not condition and gateway != "parallelGateway":
                default = f' default="{name}"'
            xml += inner + self.flow(split, first, str(condition), name) + self.flow(last, join)
        return f'<{gateway} id="{split}"{default}/><{gateway} id="{join}"/>{xml}', split, join

    def _choice(self, block: Block) -> Drawn:
        return self._branches(block, "exclusiveGateway")

    def _inclusive(self, block: Block) -> Drawn:
        return self._branches(block, "inclusiveGateway")

    def _parallel(self, block: Block) -> Drawn:
        return self._branches(block, "parallelGateway")

    def _race(self, block: Block) -> Drawn:
        gateway, join = self.id("g"), self.id("g")
        xml = f'<eventBasedGateway id="{gateway}"/><exclusiveGateway id="{join}"/>'
        for index, (part, event) in enumerate(zip(block.parts, block.races, strict=True)):
            name = f"{block.name}_{index}"
            inner, first, last = self.block(part)
            xml += f'<intermediateCatchEvent id="{name}">{self._definition(event, name)}</intermediateCatchEvent>{inner}'
            xml += self.flow(gateway, name) + self.flow(name, first) + self.flow(last, join)
        return xml, gateway, join

    def _repeat(self, block: Block) -> Drawn:
        """A loop with a counter of its own, in a sub-process."""
        counter, again, step, check = (self.id(prefix) for prefix in ("n", "g", "calc", "g"))
        inner, first, last = self.block(block.parts[0])
        start, end, default = self.id("s"), self.id("e"), self.id("f")
        script = ext(f'<zeebe:script expression="={counter} + 1" resultVariable="{counter}"/>')
        xml = f'<startEvent id="{start}"/><exclusiveGateway id="{again}"/>{inner}<scriptTask id="{step}">{script}</scriptTask>'
        xml += f'<exclusiveGateway id="{check}" default="{default}"/><endEvent id="{end}"/>'
        xml += self.flow(start, again) + self.flow(again, first) + self.flow(last, step) + self.flow(step, check)
        xml += self.flow(check, again, f"{counter} &lt; {block.number}") + self.flow(check, end, name=default)
        return self.sub(block.name, xml, mapping(f"in: {counter} <- =0")), block.name, block.name

    # activities

    def _wrap(self, block: Block) -> Drawn:
        pairs = [f"in: v0 <- ={block.reads} + 1"] if block.reads else []
        pairs += [f"out: {block.writes} <- =v0 + 10"] if block.writes else []
        return self.sub(block.name, self.scope(block.parts[0]), mapping(*pairs) if pairs else ""), block.name, block.name

    def _each(self, block: Block) -> Drawn:
        name, item, out = block.name, f"item_{block.name}", f"out_{block.name}"
        items = ", ".join(str(n + 1) for n in range(block.number))
        marker = f'<zeebe:loopCharacteristics inputCollection="=[{items}]" inputElement="{item}" outputCollection="{out}" outputElement="={item} * 10"/>'
        until = (
            f"<completionCondition>=numberOfCompletedInstances &gt;= {block.enough}</completionCondition>" if block.enough else ""
        )
        flag = ' isSequential="true"' if block.sequential else ""
        loop = f"<multiInstanceLoopCharacteristics{flag}>{ext(marker)}{until}</multiInstanceLoopCharacteristics>"
        part = block.parts[0]
        if block.direct and part.kind == "task":
            return self._user_task(part, loop), part.name, part.name
        if block.direct and part.kind == "call":
            xml, _, _ = self._call(part)
            return xml.replace("</callActivity>", f"{loop}</callActivity>"), part.name, part.name
        return f'<subProcess id="{name}">{loop}{self.scope(part)}</subProcess>', name, name

    def _call(self, block: Block) -> Drawn:
        """With ``reads`` only v0 goes in and one variable comes out, else everything both ways."""
        process = f"{self.process_id}_{block.name}"
        self.called.append(f'<process id="{process}" isExecutable="true">{self.scope(block.parts[0])}</process>')
        some = ' propagateAllParentVariables="false" propagateAllChildVariables="false"' if block.reads else ""
        given = [f"in: {name} <- ={block.reads if name == 'v0' else name}" for name in VARIABLES]
        maps = mapping(*given, f"out: {block.writes} <- =v0 + 100") if block.reads else ""
        inner = ext(f'<zeebe:calledElement processId="{process}"{some}/>{maps}')
        return f'<callActivity id="{block.name}">{inner}</callActivity>', block.name, block.name

    def _host(self, block: Block) -> Drawn:
        """The first part, as one activity."""
        part = block.parts[0]
        if part.kind in HOSTS:
            return self.block(part)
        return self.sub(block.name, self.scope(part)), block.name, block.name

    def _again(self, block: Block) -> Drawn:
        first = ' testBefore="true"' if block.sequential else ""
        condition = f"<loopCondition>=loopCounter &lt; {block.number}</loopCondition>"
        marker = f"<standardLoopCharacteristics{first}>{condition}</standardLoopCharacteristics>"
        return f'<subProcess id="{block.name}">{marker}{self.scope(block.parts[0])}</subProcess>', block.name, block.name

    def _free(self, block: Block) -> Drawn:
        drawn = [self.block(part) for part in block.parts]
        names = ", ".join(f"&quot;{first}&quot;" for _, first, _ in drawn[: block.number])
        begins = ext(f'<zeebe:adHoc activeElementsCollection="=[{names}]"/>')
        enough = "<completionCondition>=v0 &gt; -1</completionCondition>" if block.enough else ""
        stays = ' cancelRemainingInstances="false"' if block.enough == 2 else ""
        inside = "".join(xml for xml, _, _ in drawn)
        return f'<adHocSubProcess id="{block.name}"{stays}>{begins}{inside}{enough}</adHocSubProcess>', block.name, block.name

    # undoing

    def _undoable(self, block: Block) -> Drawn:
        xml, host, _ = self._host(block)
        undo, name, _ = self.block(block.parts[1])
        event = f"{block.name}_event"
        xml += f'<boundaryEvent id="{event}" attachedToRef="{host}"><compensateEventDefinition/></boundaryEvent>'
        xml += undo.replace(f'id="{name}"', f'id="{name}" isForCompensation="true"', 1)
        return xml + f'<association id="{self.id("a")}" sourceRef="{event}" targetRef="{name}"/>', host, host

    def _back(self, block: Block) -> Drawn:
        xml = f'<intermediateThrowEvent id="{block.name}"><compensateEventDefinition/></intermediateThrowEvent>'
        return xml, block.name, block.name

    def _cancelled(self, block: Block) -> Drawn:
        start, split, stop, end, join = (self.id(prefix) for prefix in ("s", "g", "stop", "e", "g"))
        one, one_first, one_last = self.block(block.parts[0])
        two, two_first, two_last = self.block(block.parts[1])
        inside = f'<startEvent id="{start}"/><parallelGateway id="{split}"/><endEvent id="{end}"/>{one}{two}'
        inside += f'<endEvent id="{stop}"><cancelEventDefinition/></endEvent>'
        inside += self.flow(start, split) + self.flow(split, one_first) + self.flow(split, two_first)
        inside += self.flow(one_last, stop) + self.flow(two_last, end)
        xml = f'<transaction id="{block.name}">{inside}</transaction><exclusiveGateway id="{join}"/>'
        event = f"{block.name}_event"
        xml += f'<boundaryEvent id="{event}" attachedToRef="{block.name}"><cancelEventDefinition/></boundaryEvent>'
        then, first, last = self.block(block.parts[2])
        return xml + then + self.flow(event, first) + self.flow(last, join) + self.flow(block.name, join), block.name, join

    def _guarded(self, block: Block) -> Drawn:
        return self._caught(block, self._definition(block.event, block.name, "P1D"))

    def _catching(self, block: Block) -> Drawn:
        definition = self._definition(block.event, block.code)
        return self._caught(block, definition) if block.interrupting else self._aside(block, definition)

    def _beside(self, block: Block) -> Drawn:
        return self._aside(block, self._definition(block.event, block.name, f"R{block.number}/PT1H"))

    def _caught(self, block: Block, definition: str) -> Drawn:
        xml, host, _ = self._host(block)
        inner, first, last = self.block(block.parts[1])
        event, join = f"{block.name}_event", self.id("g")
        xml += f'<boundaryEvent id="{event}" attachedToRef="{host}">{definition}</boundaryEvent><exclusiveGateway id="{join}"/>'
        return xml + inner + self.flow(event, first) + self.flow(last, join) + self.flow(host, join), host, join

    def _aside(self, block: Block, definition: str) -> Drawn:
        """What is done beside ends for itself, in a sub-process: tokens of two comings in one scope would meet at its joins."""
        xml, host, _ = self._host(block)
        event, aside, end = f"{block.name}_event", self.id("sub"), self.id("e")
        xml += f'<boundaryEvent id="{event}" attachedToRef="{host}" cancelActivity="false">{definition}</boundaryEvent>'
        xml += self.sub(aside, self.scope(block.parts[1])) + f'<endEvent id="{end}"/>'
        return xml + self.flow(event, aside) + self.flow(aside, end), host, host

    def _listening(self, block: Block) -> Drawn:
        again = "P1D" if block.interrupting else f"R{block.number}/PT1H"
        definition = self._definition(block.event, block.code or block.name, again)
        start, end = f"{block.name}_event", self.id("e")
        flag = "" if block.interrupting else ' isInterrupting="false"'
        inner, first, last = self.block(block.parts[1])
        handler = f'<startEvent id="{start}"{flag}>{definition}</startEvent>{inner}<endEvent id="{end}"/>'
        handler += self.flow(start, first) + self.flow(last, end)
        inside = self.scope(block.parts[0]) + f'<subProcess id="{self.id("esp")}" triggeredByEvent="true">{handler}</subProcess>'
        return self.sub(block.name, inside), block.name, block.name

    def _stopping(self, block: Block) -> Drawn:
        start, split, stop, end = self.id("s"), self.id("g"), self.id("stop"), self.id("e")
        one, one_first, one_last = self.block(block.parts[0])
        two, two_first, two_last = self.block(block.parts[1])
        xml = f'<startEvent id="{start}"/><parallelGateway id="{split}"/><endEvent id="{end}"/>{one}{two}'
        xml += f'<endEvent id="{stop}"><terminateEventDefinition/></endEvent>'
        xml += self.flow(start, split) + self.flow(split, one_first) + self.flow(split, two_first)
        return self.sub(block.name, xml + self.flow(one_last, stop) + self.flow(two_last, end)), block.name, block.name

    # events

    def _definition(self, event: str, name: str, when: str = "P1D") -> str:
        """``name`` is the code of an error or escalation (empty: all of them), else only a name of its own."""
        if event == "timer":
            return timer("cycle" if when.startswith("R") else "duration", when)
        if event == "condition":
            return f"<conditionalEventDefinition><condition>=c_{name}</condition></conditionalEventDefinition>"
        if event == "message":
            self.roots[f"m_{name}"] = message(name, f"=&quot;{self.process_id}&quot;")
            return f'<messageEventDefinition messageRef="m_{name}"/>'
        if event == "signal":
            self.roots[f"sig_{name}"] = f'<signal id="sig_{name}" name="{self.process_id} {name}"/>'
            return f'<signalEventDefinition signalRef="sig_{name}"/>'
        if not name:
            return f"<{event}EventDefinition/>"
        self.roots[f"{event}_{name}"] = f'<{event} id="{event}_{name}" name="{name}" {event}Code="{name}"/>'
        return f'<{event}EventDefinition {event}Ref="{event}_{name}"/>'
