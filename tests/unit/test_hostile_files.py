"""Hostile files at every door that needs no server: each answers with a sentence, in a few seconds, and runs nothing."""

from __future__ import annotations

import datetime as dt
import io
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree

from engine.checks import World, findings, scope
from engine.checks.reading import Library
from engine.comparing import compare_file
from engine.drawing import picture
from engine.errors import DefinitionInvalid, EngineError
from engine.feel import Feel
from engine.sandbox import Sandbox
from engine.sandbox.case_reader import read_cases
from engine.spiff import parse
from procurement.calendar import EXTENSIONS
from procurement.operations import OPERATIONS
from procurement.studio.checks import silences
from procurement.studio.checks.facts import facts
from procurement.studio.checks.service import own_checks
from procurement.studio.editing import FILE_LIMIT
from procurement.studio.layout import PathRefused, checked
from procurement.studio.packing import PackRefused, unpack
from procurement.studio.titles import title_of
from tests.support import hostile
from tests.support.effort import at_most

FEEL = Feel(EXTENSIONS)
DIAGRAM, TABLE, FORM = "processes/hostile/hostile.bpmn", "processes/hostile/hostile.dmn", "forms/hostile/hostile.form"
CASE, SILENCED = "processes/hostile/cases/case.yaml", "processes/hostile/silenced.yaml"
DIAGRAMS, TABLES, FORMS, CASES = (list(each()) for each in (hostile.diagrams, hostile.tables, hostile.forms, hostile.cases))
MOST_EFFORT = 20_000  # yardsticks at any door; the dearest file takes less than a tenth of that
HACKED = Path("/tmp/bixuan_hacked")


@pytest.fixture(autouse=True)
def _nothing_ran() -> Iterator[None]:
    HACKED.unlink(missing_ok=True)
    with at_most(MOST_EFFORT):
        yield
    assert not HACKED.exists(), "something ran on the server"


def each(files: list[tuple[str, bytes]]) -> Callable:
    return pytest.mark.parametrize("content", [content for _, content in files], ids=[what for what, _ in files])


def found_in(files: dict[str, bytes]) -> list:
    world = World(Library(FEEL), files, facts(files))
    return list(findings(world, own_checks(lambda: dt.date(2026, 3, 2))))


def within_a_draft(content: bytes) -> bytes:
    """What a draft takes at all; the door before this one refuses more."""
    if len(content) > FILE_LIMIT:
        pytest.skip("a draft takes no file of that size")
    return content


@each(DIAGRAMS)
def test_the_checks_answer_for_any_diagram(content):
    for one in found_in({DIAGRAM: within_a_draft(content)}):
        assert one.message


@each(TABLES)
def test_the_checks_answer_for_any_table(content):
    assert found_in({TABLE: content}) is not None


@each(FORMS)
def test_the_checks_answer_for_any_form(content):
    assert found_in({FORM: within_a_draft(content)}) is not None


@each(CASES)
def test_the_checks_answer_for_any_case_and_any_list_of_silenced_problems(content):
    assert found_in({CASE: content, SILENCED: content}) is not None
    assert silences.all_in({SILENCED: content}) == {}


def test_a_silence_whose_reason_is_a_billion_laughs_is_refused():
    laughs = "".join(f"- &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 10))
    content = f"- &l0 [ha, ha]\n{laughs}- {{rule: x, file: x, element: x, reason: *l9}}\n".encode()
    assert silences.all_in({SILENCED: content}) == {}


@each(DIAGRAMS)
def test_a_picture_is_harmless_or_refused(content):
    try:
        svg = picture(content, "hostile")
    except EngineError as refused:
        assert str(refused)
        return
    tags = {etree.QName(node).localname for node in etree.fromstring(svg).iter()}
    assert tags <= {"svg", "title", "rect", "g", "path", "circle", "text", "tspan"}
    assert b"javascript:" not in b"".join(part for part in svg.split(b"<") if not part.startswith((b"tspan", b"title")))


@each([(f"diagram: {what}", content) for what, content in DIAGRAMS])
def test_any_diagram_can_be_compared(content):
    if len(content) <= FILE_LIMIT:
        assert compare_file(DIAGRAM, hostile.diagram(), content) is not None
        assert isinstance(title_of(DIAGRAM, content), str)


@each([(f"form: {what}", content) for what, content in FORMS] + [(f"table: {what}", content) for what, content in TABLES])
def test_any_form_and_table_can_be_compared(content):
    path = FORM if content.startswith(b"{") else TABLE
    if len(content) <= FILE_LIMIT:
        assert compare_file(path, b"{}", content) is not None
        assert isinstance(title_of(path, content), str)


@each(CASES)
def test_a_case_is_read_or_refused_with_a_sentence(content):
    try:
        read_cases(content, CASE)
    except EngineError as refused:
        assert str(refused)


@each([pair for pair in DIAGRAMS if "never ends" in pair[0] or "deep formula" in pair[0] or "number too large" in pair[0]])
def test_a_formula_that_never_ends_stops_a_play_with_a_sentence(content):
    looping = content.replace(b'sourceRef="begun" targetRef="look"', b'sourceRef="begun" targetRef="sc"').replace(
        b"</bpmn:process>", b'<bpmn:sequenceFlow id="f3" sourceRef="sc" targetRef="look"/></bpmn:process>'
    )
    (case,) = read_cases(b"name: x\nprocess: hostile\nsteps: []\nexpect: {waiting: [look]}\n", CASE)
    try:
        result = Sandbox({DIAGRAM: looping}, FEEL, {}, OPERATIONS).check(case)
    except EngineError as refused:
        assert str(refused)
    else:
        assert result.ok is not (b"1000000" in content or b"((((" in content)


def test_the_variables_of_an_element_that_is_markup_are_asked_for_without_harm():
    world = World(Library(FEEL), {DIAGRAM: hostile.diagram(name=hostile.NAME)}, facts({}))
    assert isinstance(list(scope(world, "hostile", hostile.MARKUP)), list)


@pytest.mark.parametrize(
    "path",
    ["../../etc/passwd", "processes/../../x.bpmn", "/etc/passwd", "processes/x/..\\..\\x.bpmn", "processes/x/x.bpmn\0.txt", "C:/x.bpmn",
     "processes/x/x.py", "processes/x/cases/../../../x.yaml", "processes/X/x.bpmn", "forms/x/" + "y" * 300 + ".form", "processes//x.bpmn",
     "processes/x/<script>.bpmn", "processes/x/x.bpmn\n", "PROCESSES/x/x.bpmn", "processes/x/cases/.yaml", "\u202eprocesses/x/x.bpmn"],
)  # fmt: skip
def test_a_path_outside_the_layout_is_refused_everywhere(path):
    with pytest.raises(PathRefused):
        checked(path)
    if "\0" not in path:  # a zip file's name ends there
        with pytest.raises(PackRefused):
            unpack(zipped({path: b"x"}))


def test_a_diagram_of_a_hundred_thousand_elements_is_refused_before_it_is_read():
    with pytest.raises(DefinitionInvalid, match="more than 50000 XML elements"):
        parse(dict(DIAGRAMS)["a hundred thousand elements"], file=DIAGRAM, feel=FEEL)


def zipped(files: dict[str, bytes], mode: int = 0) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(entry, content)
    return packed.getvalue()


def test_links_bombs_and_broken_archives_are_refused():
    with pytest.raises(PackRefused, match="link"):
        unpack(zipped({DIAGRAM: b"/etc/passwd"}, stat.S_IFLNK | 0o777))
    with pytest.raises(PackRefused):
        unpack(zipped({DIAGRAM: b"\0" * 70_000_000}))
    with pytest.raises(PackRefused):
        unpack(zipped({f"processes/hostile/cases/c{n}.yaml": b"" for n in range(2_500)}))
    for broken in (b"", b"PK\x03\x04", zipped({DIAGRAM: b"x"})[:-30], b"\0" * 1000):
        with pytest.raises(PackRefused):
            unpack(broken)
    lying = bytearray(zipped({DIAGRAM: b"y" * 1000}))
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(PackRefused):
        unpack(bytes(lying))
