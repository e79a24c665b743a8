"""A small yard to try the API on: a decision, work for outside workers, a look by an operator; and who calls it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.model import SYSTEM, ProcessInstance, Resource
from tests.unit.spiff.diagrams import diagram, ext, mapping, service
from web.composition import Services

DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="yard_rules" name="yard" namespace="http://bixuan/test">
  <decision id="yard_colour" name="Which colour">
    <decisionTable id="colours" hitPolicy="UNIQUE">
      <input id="i1" label="price"><inputExpression id="ie1" typeRef="number"><text>price</text></inputExpression></input>
      <output id="o1" name="colour" typeRef="string"/>
      <rule id="dear"><inputEntry id="r1"><text>&gt; 100</text></inputEntry><outputEntry id="r2"><text>"gold"</text></outputEntry></rule>
      <rule id="cheap"><inputEntry id="r3"><text>&lt;= 100</text></inputEntry><outputEntry id="r4"><text>"grey"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
LOOK = f'<userTask id="{{id}}">{ext("""<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="admin"/>""")}</userTask>'
RULE = f'<businessRuleTask id="decide">{ext("""<zeebe:calledDecision decisionId="yard_colour" resultVariable="colour"/>""")}</businessRuleTask>'
CAUGHT = '<boundaryEvent id="refused" attachedToRef="paint"><errorEventDefinition errorRef="poor"/></boundaryEvent>'
CALL = f'<callActivity id="call">{ext("""<zeebe:calledElement processId="yard"/>""")}</callActivity>'
BELL = '<intermediateCatchEvent id="bell"><signalEventDefinition signalRef="ring"/></intermediateCatchEvent>'


def deploy(services: Services, **changed: str) -> dict[str, int]:
    """Definition keys by id. ``changed``: flows of a process that shall look otherwise."""
    paint = service("paint", "yard-paint", mapping("in: colour <- =colour", "in: price <- =price", "out: done <- =done"))
    flows = {
        "yard": "s -> decide -> paint -> look -> e\nrefused -> apologise -> e2",
        "yard_parent": "s -> call -> e",
        "yard_bell": "s -> bell -> after -> e",
        **changed,
    }
    parts = {
        "yard": RULE + paint + CAUGHT + LOOK.format(id="look") + LOOK.format(id="apologise"),
        "yard_parent": CALL,
        "yard_bell": BELL + LOOK.format(id="after") + (LOOK.format(id="tidy") if "tidy" in flows["yard_bell"] else ""),
    }
    roots = {"yard": '<error id="poor" errorCode="NO_MONEY"/>', "yard_bell": '<signal id="ring" name="yard-ring"/>'}
    files = [Resource("yard.dmn", DMN.encode())]
    for name, part in parts.items():
        files.append(Resource(f"{name}.bpmn", diagram(flows[name], part, process_id=name, roots=roots.get(name, ""))))
    deployment = services.engine.deploy(files, actor=SYSTEM, note="tests")
    return {definition.id: definition.key for definition in deployment.definitions}


def start(services: Services, process_id: str = "yard", price: str = "120.50", business_key: str = "") -> ProcessInstance:
    values: dict[str, Any] = {"price": Decimal(price)}
    return services.engine.start_process(process_id, values, actor=SYSTEM, business_key=business_key)
