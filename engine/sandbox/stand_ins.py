"""Small diagrams round the process a case is about: one that calls it, and stand-ins for those it calls."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
CALLER = "caller_of_the_case"
WORK = "stub_work"
STUB = "stub."


def caller(process_id: str, codes: Iterable[str]) -> bytes:
    """A diagram that calls one process and catches every error it may end with."""
    codes = list(codes)
    catching = "".join(
        f'<bpmn:boundaryEvent id="caught_{n}" attachedToRef="call"><bpmn:outgoing>f_{n}</bpmn:outgoing>'
        f'<bpmn:errorEventDefinition errorRef="error_{n}"/></bpmn:boundaryEvent><bpmn:endEvent id="end_{n}"/>'
        f'<bpmn:sequenceFlow id="f_{n}" sourceRef="caught_{n}" targetRef="end_{n}"/>'
        for n, _ in enumerate(codes)
    )
    errors = "".join(f'<bpmn:error id="error_{n}" errorCode={quoteattr(code)}/>' for n, code in enumerate(codes))
    return (
        f'<bpmn:definitions {NAMESPACES} id="d" targetNamespace="urn:case"><bpmn:process id="{CALLER}" isExecutable="true">'
        '<bpmn:startEvent id="start"/><bpmn:sequenceFlow id="f_start" sourceRef="start" targetRef="call"/>'
        f'<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId={quoteattr(process_id)}/>'
        f'</bpmn:extensionElements></bpmn:callActivity>{catching}<bpmn:endEvent id="end"/>'
        f'<bpmn:sequenceFlow id="f_end" sourceRef="call" targetRef="end"/></bpmn:process>{errors}</bpmn:definitions>'
    ).encode()


def stub(process_id: str) -> bytes:
    """A called process that only hands over what the case says."""
    return (
        f'<bpmn:definitions {NAMESPACES} id="d" targetNamespace="urn:case">'
        f'<bpmn:process id={quoteattr(process_id)} isExecutable="true">'
        f'<bpmn:startEvent id="stub_started"/><bpmn:sequenceFlow id="f1" sourceRef="stub_started" targetRef="{WORK}"/>'
        f'<bpmn:serviceTask id="{WORK}"><bpmn:extensionElements>'
        f"<zeebe:taskDefinition type={quoteattr(STUB + process_id)}/>"
        '</bpmn:extensionElements></bpmn:serviceTask><bpmn:endEvent id="stub_ended"/>'
        f'<bpmn:sequenceFlow id="f2" sourceRef="{WORK}" targetRef="stub_ended"/></bpmn:process></bpmn:definitions>'
    ).encode()
