"""Files that somebody might send to make a browser or the server do what it should not. ``window.__hacked`` is the canary."""

from __future__ import annotations

import json
from collections.abc import Iterator

CANARY = "window.__hacked=1"
SCRIPT = f"<script>{CANARY}</script>"
MARKUP = f'"><img src=x onerror="{CANARY}">{SCRIPT}<svg onload="{CANARY}"></svg>'
TEMPLATE = "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}${7*7}#{7*7}"
NAME = f"{MARKUP} {TEMPLATE} javascript:{CANARY} &lt;b&gt;"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
HEAD = (
    f'<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:svg="http://www.w3.org/2000/svg" '
    'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="d" targetNamespace="urn:x">'
)


def quoted(text: str) -> str:
    """As an attribute value or text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def diagram(inside: str = "", *, name: str = "甲", shapes: str = "", before: str = "", task: str = "") -> bytes:
    """A process ``hostile`` that starts, waits for a user task and ends, with whatever is put into it."""
    nodes = (
        '<bpmn:startEvent id="begun" name="开始"/>'
        f'<bpmn:userTask id="look" name="{quoted(name)}" {task}><bpmn:documentation>{quoted(name)}</bpmn:documentation>'
        '<bpmn:extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="committee"/></bpmn:extensionElements>'
        f'</bpmn:userTask><bpmn:endEvent id="over" name="{quoted(name)}"/>'
        '<bpmn:sequenceFlow id="f1" sourceRef="begun" targetRef="look"/>'
        f'<bpmn:sequenceFlow id="f2" sourceRef="look" targetRef="over" name="{quoted(name)}"/>{inside}'
    )
    drawn = "".join(
        f'<bpmndi:BPMNShape id="{key}_di" bpmnElement="{key}"><dc:Bounds x="{x}" y="100" width="{wide}" height="{high}"/></bpmndi:BPMNShape>'
        for key, x, wide, high in (("begun", 60, 36, 36), ("look", 160, 110, 80), ("over", 340, 36, 36))
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{key}_di" bpmnElement="{key}"><di:waypoint x="{x}" y="118"/><di:waypoint x="{x + 60}" y="118"/></bpmndi:BPMNEdge>'
        for key, x in (("f1", 96), ("f2", 270))
    )
    return (
        f'{before}{HEAD}<bpmn:process id="hostile" name="{quoted(name)}" isExecutable="true">{nodes}</bpmn:process>'
        f'<bpmndi:BPMNDiagram id="dia"><bpmndi:BPMNPlane id="pl" bpmnElement="hostile">{drawn}{edges}{shapes}</bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram></bpmn:definitions>"
    ).encode()


def diagrams() -> Iterator[tuple[str, bytes]]:
    """What is done → the file."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield "a name full of markup", diagram(name=NAME)
    yield "a DOCTYPE", diagram(before="<!DOCTYPE x>")
    yield "an external entity", diagram(before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', name="&e;")
    yield "a parameter entity from outside", diagram(before='<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x">%e;]>')
    yield "a billion laughs", diagram(before=f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>').replace("甲".encode(), b"&l9;")
    yield "a style sheet", diagram(before=f'<?xml-stylesheet type="text/xsl" href="data:text/xml,{quoted(SCRIPT)}"?>')
    yield "a processing instruction", diagram(f"<?php {CANARY} ?>")
    yield "a link that is a script", diagram(f'<bpmn:task id="t" xlink:href="javascript:{CANARY}" xlink:actuate="onLoad"/>')
    yield (
        "foreign elements with scripts",
        diagram(f'<xhtml:script>{CANARY}</xhtml:script><svg:svg onload="{CANARY}"><svg:script>{CANARY}</svg:script></svg:svg>'),
    )
    yield "event attributes on a task", diagram(task=f'onload="{CANARY}" onclick="{CANARY}" xlink:href="javascript:{CANARY}"')
    yield (
        "an SVG in the documentation",
        diagram(
            f'<bpmn:textAnnotation id="ta"><bpmn:text><svg:svg onload="{CANARY}"/>{quoted(NAME)}</bpmn:text></bpmn:textAnnotation>',
            shapes='<bpmndi:BPMNShape id="ta_di" bpmnElement="ta"><dc:Bounds x="60" y="220" width="300" height="90"/></bpmndi:BPMNShape>',
        ),
    )
    yield (
        "colours that are scripts",
        diagram().replace(
            b'bpmnElement="look"',
            f'bpmnElement="look" bioc:fill="url(javascript:{CANARY})" bioc:stroke="{quoted(MARKUP)}"'.encode(),
        ),
    )
    yield "an id that is markup", diagram().replace(b"look", quoted(MARKUP).encode())
    yield "an attribute of a million characters", diagram(name="很" * 1_000_000)
    yield "names inside names a hundred thousand deep", diagram("<bpmn:subProcess>" * 100_000 + "</bpmn:subProcess>" * 100_000)
    yield "sub-processes two hundred deep", diagram("<bpmn:subProcess>" * 200 + "</bpmn:subProcess>" * 200)
    yield "a hundred thousand elements", diagram("".join(f'<bpmn:task id="t{n}"/>' for n in range(100_000)))
    yield (
        "a hundred thousand shapes",
        diagram(
            shapes='<bpmndi:BPMNShape bpmnElement="look"><dc:Bounds x="1" y="1" width="9" height="9"/></bpmndi:BPMNShape>'
            * 100_000
        ),
    )
    yield "numbers that are none", diagram().replace(b'x="160"', b'x="1e999"').replace(b'width="36"', b'width="NaN"')
    yield "bytes that are no text", b"\xff\xfe\x00" * 5000
    yield "another encoding", diagram(before='<?xml version="1.0" encoding="UTF-7"?>')
    yield "an archive instead", b"PK\x03\x04" + b"\0" * 5000
    yield "nothing", b""
    yield "a deep formula", diagram(script(f"={'(' * 50_000}1{')' * 50_000}"))
    yield "a formula that never ends", diagram(script("=count(for a in 1..1000000, b in 1..1000000 return a * b)"))
    yield "a pattern that never ends", diagram(script('=matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")'))
    yield "a number too large to write", diagram(script("=10 ** (10 ** 9)"))


def script(expression: str) -> str:
    return (
        '<bpmn:scriptTask id="sc"><bpmn:extensionElements>'
        f'<zeebe:script expression="{quoted(expression)}" resultVariable="r"/></bpmn:extensionElements></bpmn:scriptTask>'
    )


def tables() -> Iterator[tuple[str, bytes]]:
    def table(name: str = "表", inside: str = "", before: str = "", cell: str = '"a"') -> bytes:
        return (
            f'{before}<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="{quoted(name)}" namespace="urn:x">'
            f'<decision id="hostile" name="{quoted(name)}"><decisionTable id="dt"><input id="i" label="{quoted(name)}">'
            '<inputExpression id="ie" typeRef="string"><text>a</text></inputExpression></input><output id="o" name="b"/>'
            f'<rule id="r"><inputEntry id="ri"><text>{quoted(cell)}</text></inputEntry><outputEntry id="ro"><text>1</text></outputEntry>'
            f"</rule></decisionTable></decision>{inside}</definitions>"
        ).encode()

    yield "a name full of markup", table(NAME)
    yield "an external entity", table(before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')
    yield "a deep formula", table(cell="(" * 50_000)
    yield "nested contexts", table(cell="{a:" * 20_000)
    yield "nested elements", table(inside="<decision>" * 100_000)
    yield "bytes that are no text", b"\xff\xfe\x00" * 5000


def forms() -> Iterator[tuple[str, bytes]]:
    def form(*components: object, **more: object) -> bytes:
        return json.dumps({"type": "default", "id": "hostile", "components": list(components), **more}).encode()

    html = {
        "type": "html",
        "id": "h",
        "content": f'{MARKUP}<a href="javascript:{CANARY}">x</a><iframe srcdoc="{SCRIPT}"></iframe>',
    }
    text = {"type": "text", "id": "t", "text": f"# {MARKUP}\n\n[x](javascript:{CANARY}) ![x](x){{onerror={CANARY}}}"}
    field = {"type": "textfield", "id": "f", "key": "f", "label": NAME, "description": MARKUP}
    yield "a page of scripts", form(html, text, field, title=NAME)
    yield "a picture that is a script", form({"type": "image", "id": "i", "source": f"javascript:{CANARY}", "alt": MARKUP})
    yield "a frame", form({"type": "iframe", "id": "i", "url": f"javascript:{CANARY}"})
    yield "a key that is __proto__", b'{"type":"default","id":"hostile","__proto__":{"x":1},"components":[{"type":"textfield","id":"f","key":"__proto__.polluted","label":"x"},{"type":"textfield","id":"g","key":"constructor","label":"y"}]}'  # fmt: skip
    yield "the same key twice", b'{"type":"default","id":"a","id":"hostile","components":[],"components":[]}'
    yield "a hundred thousand brackets", b'{"components":' + b"[" * 100_000
    yield "groups inside groups", form(_nested(400))
    yield "a hundred thousand fields", form(*({"type": "textfield", "id": f"f{n}", "key": f"f{n}"} for n in range(100_000)))
    yield "a formula that never ends", form({**field, "conditional": {"hide": "=count(for a in 1..1000000, b in 1..1000000 return a)>1"}})  # fmt: skip
    yield "a number too long", b'{"type":"default","id":"hostile","schemaVersion":' + b"9" * 100_000 + b',"components":[]}'
    yield "a number that is none", b'{"type":"default","id":"hostile","schemaVersion":NaN,"components":[{"type":"number","id":"n","key":"n","min":Infinity}]}'  # fmt: skip
    yield "bytes that are no text", b"\xff\xfe\x00" * 5000


def _nested(depth: int) -> dict[str, object]:
    inner: dict[str, object] = {"type": "textfield", "id": "deep", "key": "deep"}
    for n in range(depth):
        inner = {"type": "group", "id": f"g{n}", "components": [inner]}
    return inner


def cases() -> Iterator[tuple[str, bytes]]:
    start = "name: x\nprocess: hostile\nsteps: []\nexpect: {}\nvariables:\n"
    yield "a Python object", (start + "  x: !!python/object/apply:os.system ['touch /tmp/bixuan_hacked']\n").encode()
    yield "a Python name", (start + "  x: !!python/name:os.system\n").encode()
    laughs = "".join(f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 10))
    yield "a billion laughs", (start + "  l0: &l0 [ha, ha]\n" + laughs).encode()
    merges = "".join(f"  m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 10)}]}}\n" for n in range(1, 10))
    yield "merged billion laughs", (start + "  m0: &m0 {a: 1, b: 2}\n" + merges).encode()
    yield "a list inside itself", (start + "  x: &x [*x]\n").encode()
    yield "a hundred thousand brackets", (start + "  x: " + "[" * 100_000).encode()
    yield (
        "a name full of markup",
        json.dumps({"name": NAME, "process": "hostile", "note": NAME, "steps": [], "expect": {}}).encode(),
    )
    yield "bytes that are no text", b"\xff\xfe\x00" * 5000
