"""The DMN technology compatibility kit, when it lies beside the repository in ../shared/tck."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from engine.dmn import tck
from engine.dmn.tck_values import agree, read_value, written
from engine.feel import Feel

KIT = Path(__file__).parents[4] / "shared" / "tck"
FOREIGN = {"0076-feel-external-java"}  # calls Java, which no model may do here
needs_kit = pytest.mark.skipif(not KIT.is_dir(), reason="the DMN test kit is not in ../shared/tck")


@pytest.fixture(scope="module")
def rows() -> list[tck.Row]:
    return list(tck.run(KIT))


def of_level(rows: list[tck.Row], level: int) -> list[tck.Row]:
    folders = {path.name for path in (KIT / f"compliance-level-{level}").iterdir()}
    return [row for row in rows if row.folder in folders - FOREIGN]


@needs_kit
def test_level_two_passes_completely(rows):
    assert [row for row in of_level(rows, 2) if row.status != "passed"] == []
    assert len(of_level(rows, 2)) > 100


@needs_kit
def test_level_three_passes_but_for_one_in_a_hundred(rows):
    own = of_level(rows, 3)
    failed = [(row.folder, row.case, row.node) for row in own if row.status != "passed"]
    assert len(failed) <= len(own) * 0.01, failed


def test_the_runner_reports_one_row_per_expected_result(tmp_path):
    folder = tmp_path / "0001-sum"
    folder.mkdir()
    (folder / "0001-sum.dmn").write_text(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="m">'
        '<inputData id="n" name="n"/><decision id="sum" name="sum"><informationRequirement><requiredInput href="#n"/></informationRequirement><literalExpression><text>n + 0.1</text></literalExpression></decision>'
        '<decision id="bad" name="bad"><literalExpression><text>1 +</text></literalExpression></decision></definitions>',
        encoding="utf-8",
    )
    (folder / "0001-sum-test-01.xml").write_text(
        '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>0001-sum.dmn</modelName><testCase id="001"><inputNode name="n">'
        '<value xsi:type="xsd:decimal">0.2</value></inputNode>'
        '<resultNode name="sum" type="decision"><expected><value xsi:type="xsd:decimal">0.3</value></expected></resultNode>'
        '<resultNode name="bad" type="decision" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode>'
        '<resultNode name="sum" type="decision"><expected><value xsi:type="xsd:string">0.3</value></expected></resultNode>'
        '<resultNode name="nothing" type="decision"><expected><value xsi:nil="true"/></expected></resultNode>'
        "</testCase></testCases>",
        encoding="utf-8",
    )
    report = tmp_path / "rows.json"
    assert tck.main([str(tmp_path), "--json", str(report)]) == 1
    found = json.loads(report.read_text(encoding="utf-8"))
    assert [row["status"] for row in found] == ["passed", "passed", "failed", "error"]
    assert found[0] | {"status": ""} == {
        "folder": "0001-sum",
        "test": "0001-sum-test-01.xml",
        "case": "001",
        "node": "sum",
        "status": "",
        "expected": '<value xsi:type="xsd:decimal">0.3</value>',
        "actual": '<value xsi:type="xsd:decimal">0.3</value>',
    }


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "1.5",
        '"a<b"',
        "true",
        "[1,[2]]",
        '{a: 1, "b c": null}',
        'date("2026-03-02")',
        'time("10:00:00Z")',
        'duration("P1D")',
        'duration("P1Y")',
    ],
)
def test_values_survive_the_kits_notation(text):
    value = Feel().expression(text).evaluate({})
    xml = f'<v xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">{written(value)}</v>'
    assert agree(value, read_value(etree.fromstring(xml)))
