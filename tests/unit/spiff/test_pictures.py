"""A picture says what the diagram says, always in the same bytes, and nothing a diagram contains can be more than text in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.drawing import MARKS, NotDrawn, picture
from engine.drawing.wording import NO_END, NO_START, fitted, width, wrapped
from engine.errors import DefinitionInvalid, EngineError
from tests.support import miwg

PROCESSES = Path(__file__).parents[3] / "processes"
DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))
SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "title", "rect", "g", "path", "circle", "text", "tspan"}
ATTRIBUTES = {
    "width", "height", "viewBox", "role", "font-family", "x", "y", "rx", "cx", "cy", "r", "d", "fill", "stroke", "stroke-width",
    "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "font-size", "text-anchor", "paint-order", "transform",
}  # fmt: skip
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" '
    'xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0">'
)


def drawn(nodes: str, shapes: str) -> bytes:
    plane = f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    return f'{HEAD}<process id="p">{nodes}</process>{plane}</definitions>'.encode()


def shape(key: str, x: float = 100, y: float = 100, wide: float = 100, high: float = 80, more: str = "", label: str = "") -> str:
    return (
        f'<bpmndi:BPMNShape bpmnElement="{key}" {more}><dc:Bounds x="{x}" y="{y}" width="{wide}" height="{high}"/>{label}'
        "</bpmndi:BPMNShape>"
    )


def edge(key: str, *points: tuple[float, float]) -> str:
    ways = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<bpmndi:BPMNEdge bpmnElement="{key}">{ways}</bpmndi:BPMNEdge>'


def read(svg: bytes) -> etree._Element:
    return etree.fromstring(svg)


def words(svg: bytes) -> str:
    return "".join("".join(text.itertext()) for text in read(svg).iter(f"{SVG}text"))


def assert_harmless(svg: bytes) -> None:
    for node in read(svg).iter():
        assert isinstance(node.tag, str), "a processing instruction or comment"
        assert node.tag.removeprefix(SVG) in TAGS
        assert set(node.attrib) <= ATTRIBUTES
        assert not any("url(" in value or "script" in value.lower() for value in node.attrib.values())


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)
def test_every_process_has_a_picture_with_every_name_on_it(diagram):
    svg = picture(diagram.read_bytes(), diagram.stem)
    assert_harmless(svg)
    assert svg == picture(diagram.read_bytes(), diagram.stem), "always the same bytes"
    assert 2_000 < len(svg) < 40_000
    root = etree.parse(diagram).getroot()
    shown = words(svg).replace(" ", "")
    for named in root.iter("{*}userTask", "{*}serviceTask", "{*}lane", "{*}startEvent", "{*}endEvent", "{*}boundaryEvent"):
        assert named.get("name", "").replace(" ", "") in shown


@miwg.present
@pytest.mark.parametrize("diagram", miwg.diagrams(), ids=lambda path: path.stem)
def test_diagrams_of_other_tools_have_harmless_pictures_too(diagram):
    content = diagram.read_bytes()
    pictures = []
    for process in etree.fromstring(content).iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}process"):
        try:
            pictures.append(picture(content, process.get("id")))
        except NotDrawn:
            continue
    assert pictures
    for svg in pictures:
        assert_harmless(svg)


def test_a_name_full_of_markup_is_only_text():
    name = "&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;image href=&quot;javascript:alert(1)&quot; onload=&quot;x&quot;/&gt; {{ 7 * 7 }}"
    svg = picture(drawn(f'<task id="t" name="{name}"/><textAnnotation id="a"><text>{name}</text></textAnnotation>', shape("t", wide=900) + shape("a", 300, 300, 900)), "p")  # fmt: skip
    assert_harmless(svg)
    assert "<script>alert(1)</script>" in words(svg)


def test_a_colour_that_is_none_is_left_out_and_a_number_that_is_none_leaves_the_shape_out():
    shapes = shape("t", more='bioc:fill="red;}&lt;/style&gt;&lt;script&gt;" bioc:stroke="url(javascript:alert(1))"')
    svg = picture(drawn('<task id="t" name="甲"/><task id="u" name="乙"/>', shapes + shape("u", "NaN", "1e400")), "p")
    assert_harmless(svg)
    assert words(svg) == "甲"


def test_colours_the_designer_chose_are_kept():
    shapes = shape("t", more='bioc:fill="#FFE0B2" bioc:stroke="#6B3C00"') + shape(
        "u", x=300, more='color:background-color="#C8E6C9"'
    )
    svg = picture(drawn('<task id="t"/><task id="u"/>', shapes), "p").decode()
    assert 'fill="#FFE0B2" stroke="#6B3C00"' in svg
    assert 'fill="#C8E6C9"' in svg


def test_the_path_of_a_case_may_be_marked():
    content = drawn('<task id="t"/><task id="u"/>', shape("t") + shape("u", 300))
    plain, marked = (
        picture(content, "p").decode(),
        picture(content, "p", marks={"t": "done", "u": "waiting", "x": "done"}).decode(),
    )
    assert MARKS["done"].stroke not in plain
    assert marked.count(f'stroke="{MARKS["done"].stroke}"') == 1
    assert f'fill="{MARKS["waiting"].fill}"' in marked


def test_a_file_without_a_drawing_of_the_process_has_no_picture():
    with pytest.raises(NotDrawn, match="no drawing of q"):
        picture(drawn('<task id="t"/>', shape("t")), "q")
    with pytest.raises(NotDrawn):
        picture(f'{HEAD}<process id="p"/></definitions>'.encode(), "p")
    with pytest.raises(NotDrawn):
        picture(drawn("", ""), "p")


def test_a_drawing_of_too_many_shapes_is_refused_and_so_is_a_doctype():
    with pytest.raises(NotDrawn, match="too large"):
        picture(drawn('<task id="t"/>', shape("t") * 5_000), "p")
    with pytest.raises(DefinitionInvalid, match="DOCTYPE"):
        picture(b"<!DOCTYPE x><x/>", "p")
    with pytest.raises(EngineError):
        picture(b"not xml", "p")


@pytest.mark.parametrize(
    "kind", ["messageEventDefinition", "timerEventDefinition", "errorEventDefinition", "escalationEventDefinition",
             "signalEventDefinition", "compensateEventDefinition", "conditionalEventDefinition", "linkEventDefinition",
             "cancelEventDefinition", "terminateEventDefinition"]
)  # fmt: skip
def test_every_kind_of_event_has_a_sign_of_its_own(kind):
    bare = picture(drawn('<endEvent id="e"/>', shape("e", wide=36, high=36)), "p")
    signed = picture(drawn(f'<endEvent id="e"><{kind}/></endEvent>', shape("e", wide=36, high=36)), "p")
    assert len(signed) > len(bare) + 40
    assert_harmless(signed)


@pytest.mark.parametrize(
    "element",
    ['<exclusiveGateway id="e"/>', '<parallelGateway id="e"/>', '<inclusiveGateway id="e"/>', '<complexGateway id="e"/>',
     '<eventBasedGateway id="e"/>', '<userTask id="e"/>', '<serviceTask id="e"/>', '<scriptTask id="e"/>', '<manualTask id="e"/>',
     '<businessRuleTask id="e"/>', '<sendTask id="e"/>', '<receiveTask id="e"/>', '<callActivity id="e"/>', '<transaction id="e"/>',
     '<adHocSubProcess id="e"/>', '<subProcess id="e" triggeredByEvent="true"/>', '<task id="e" isForCompensation="true"/>',
     '<task id="e"><standardLoopCharacteristics/></task>', '<task id="e"><multiInstanceLoopCharacteristics/></task>',
     '<task id="e"><multiInstanceLoopCharacteristics isSequential="true"/></task>', '<dataObjectReference id="e"/>',
     '<dataStoreReference id="e"/>', '<group id="e"/>', '<textAnnotation id="e"/>', '<intermediateCatchEvent id="e"/>',
     '<boundaryEvent id="e" cancelActivity="false"/>'],
)  # fmt: skip
def test_every_element_looks_different_from_a_plain_task(element):
    other = picture(drawn(element, shape("e", more='isMarkerVisible="true"')), "p")
    assert other != picture(drawn('<task id="e"/>', shape("e")), "p")
    assert_harmless(other)


def test_a_closed_sub_process_hides_what_is_inside():
    nodes = '<subProcess id="s" name="外"><task id="t" name="内"/></subProcess>'
    assert words(picture(drawn(nodes, shape("s", more='isExpanded="false"') + shape("t")), "p")) == "外"
    assert words(picture(drawn(nodes, shape("s", wide=300, more='isExpanded="true"') + shape("t")), "p")) == "外内"


def test_default_and_conditional_flows_are_marked_at_their_start():
    nodes = '<task id="a" default="f"/><task id="b"/><sequenceFlow id="f" sourceRef="a"/><sequenceFlow id="g" sourceRef="a"{}'
    shapes = shape("a") + shape("b", 400) + edge("f", (200, 140), (400, 140)) + edge("g", (200, 160), (300, 160), (400, 170))
    plain = picture(drawn(nodes.format("/>").replace(' default="f"', ""), shapes), "p")
    default = picture(drawn(nodes.format("/>"), shapes), "p")
    both = picture(drawn(nodes.format("><conditionExpression>=a</conditionExpression></sequenceFlow>"), shapes), "p")
    assert len(plain) < len(default) < len(both)


def test_chinese_breaks_anywhere_but_not_before_closing_or_after_opening_punctuation():
    lines = wrapped("同意，不进社区（须写明理由）。再议", 60, 12)
    assert "".join(lines) == "同意，不进社区（须写明理由）。再议"
    assert all(line[0] not in NO_START for line in lines[1:])
    assert all(line[-1] not in NO_END for line in lines)


def test_words_break_at_spaces_and_one_too_long_for_the_line_is_cut():
    assert wrapped("Review the application", 70, 12) == ["Review the", "application"]
    assert all(width(line, 12) < 80 for line in wrapped("x" * 100, 60, 12))


def test_letters_grow_smaller_before_words_are_left_out():
    assert fitted("短", 90, 70).size == 12
    long = fitted("很长的名字" * 60, 90, 70)
    assert long.size == 9
    assert long.height <= 70
    assert long.lines[-1].endswith("…")
