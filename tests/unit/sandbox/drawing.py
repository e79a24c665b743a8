"""Small diagrams and a sandbox over them."""

from __future__ import annotations

from engine.feel import Feel
from engine.sandbox import Case, Limits, Sandbox
from engine.sandbox.stand_ins import NAMESPACES

FEEL = Feel()


def bpmn(process_id, body, more=""):
    return (
        f'<bpmn:definitions {NAMESPACES} id="d" targetNamespace="urn:t">'
        f'<bpmn:process id="{process_id}" name="{process_id}" isExecutable="true">{body}</bpmn:process>{more}</bpmn:definitions>'
    ).encode()


def line(*nodes):
    """The nodes one after the other; each is (id, XML with {} for its flows)."""
    parts, before = [], None
    for name, xml in nodes:
        parts.append(xml)
        if before:
            parts.append(f'<bpmn:sequenceFlow id="{before}_{name}" sourceRef="{before}" targetRef="{name}"/>')
        before = name
    return "".join(parts)


START = ("start", '<bpmn:startEvent id="start"/>')
END = ("end", '<bpmn:endEvent id="end"/>')


def user_task(name, extra='<zeebe:assignmentDefinition candidateGroups="desk"/>'):
    return (
        name,
        f'<bpmn:userTask id="{name}"><bpmn:extensionElements><zeebe:userTask/>{extra}</bpmn:extensionElements></bpmn:userTask>',
    )


def script(name, expression, result):
    inner = f'<zeebe:script expression="={expression}" resultVariable="{result}"/>'
    return name, f'<bpmn:scriptTask id="{name}"><bpmn:extensionElements>{inner}</bpmn:extensionElements></bpmn:scriptTask>'


def service(name, job):
    inner = f'<zeebe:taskDefinition type="{job}"/>'
    return name, f'<bpmn:serviceTask id="{name}"><bpmn:extensionElements>{inner}</bpmn:extensionElements></bpmn:serviceTask>'


def call(name, process):
    inner = f'<zeebe:calledElement processId="{process}" propagateAllChildVariables="true"/>'
    return name, f'<bpmn:callActivity id="{name}"><bpmn:extensionElements>{inner}</bpmn:extensionElements></bpmn:callActivity>'


def path(process_id):
    return f"processes/{process_id}/{process_id}.bpmn"


def sandbox(*drawings, answers=None, limits=None, files=None):
    """``drawings``: (process id, body[, more])."""
    drawn = {path(name): bpmn(name, *body) for name, *body in drawings}
    return Sandbox({**drawn, **(files or {})}, FEEL, answers or {}, set(answers or {}), limits or Limits(seconds=60))


def case(process="p", **more):
    return Case(file="processes/p/cases/x.yaml", name="x", process=process, **more)
