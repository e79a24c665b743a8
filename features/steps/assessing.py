"""Assessments: schemes added as rows, and what a finished one leaves behind."""

from __future__ import annotations

from lxml import etree
from pytest_bdd import given, then, when

from engine.model import SYSTEM, Resource
from features.steps.scene import Scene
from features.steps.words import Table, records, said
from procurement.registers.files import FileUse
from tests.support.memory_host import PROCESSES

DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
FOLDER = "scheme_assessment"
NEW = "added_scheme"


def with_rows(table: str, rows: list[tuple[list[str], dict[str, str]]]) -> Resource:
    """The shipped table with more rows: the tests in the order of its inputs, the outputs by their names."""
    path = PROCESSES / FOLDER / f"{table}.dmn"
    root = etree.parse(path).getroot()
    box = next(root.iter(f"{DMN}decisionTable"))
    for n, (tests, outputs) in enumerate(rows, 1):
        row = etree.SubElement(box, f"{DMN}rule", id=f"{table}_added_{n}")
        cells = [("inputEntry", test) for test in tests]
        cells += [("outputEntry", outputs.get(one.get("name"), '""')) for one in box.iter(f"{DMN}output")]
        for tag, text in [*cells, ("annotationEntry", "社区自己定的方案，参数")]:
            entry = etree.SubElement(row, f"{DMN}{tag}")
            etree.SubElement(entry, f"{DMN}text").text = text
    return Resource(f"processes/{FOLDER}/{table}.dmn", etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


@given(said("流程设计人员在表里加了评估方案“{title}”："))
def scheme_added(scene: Scene, title: str, datatable: Table) -> None:
    source = {"document": '"社区约定"', "article": '"参数"', "mark": '"参数"'}
    scheme = {"scheme": f'"{NEW}"', "title": f'"{title}"', "about": '"机构"', "ways": '["group"]', "stages": '["yearly"]'}
    numbers = {"publicity_days": "0", "review_days": "10", "outlier_points": "15", "independent": "false"}
    raters, indicators = [], []
    for n, row in enumerate(records(datatable), 1):
        kind = f'"kind_{n}"'
        who = {"kind": kind, "label": f'"{row["评估方"]}"', "at_least": row["至少"], "at_most": "3", "weight": row["权重"]}
        raters.append(
            (
                [f'"{NEW}"', "-", "-", "-"],
                {**who, "fills_in": f'"{row["由谁填"]}"', "sample": "0", "recognised": "false"} | source,
            )
        )
        what = {
            "rater": kind,
            "aspect": f'"{row["方面"]}"',
            "indicator": f'"{row["指标"]}"',
            "points": row["分值"],
            "entry": '"score"',
        }
        indicators.append(([f'"{NEW}"', "-", "-", "-", "-"], what | source))
    schemes = [(["-"], scheme | numbers | {"outlier_rule": '"explain"'} | source)]
    tables = {"assessment_schemes": schemes, "scheme_raters": raters, "scheme_indicators": indicators}
    scene.office.engine.deploy([with_rows(table, rows) for table, rows in tables.items()], actor=SYSTEM)


@when(said("流程设计人员把征求党组织意见的界线改为 {points} 分"))
def party_line_moved(scene: Scene, points: str) -> None:
    shipped = (PROCESSES / "party_opinion" / "party_supervision.dmn").read_text(encoding="utf-8")
    moved = shipped.replace("<text>&gt;= 10</text>", f"<text>&gt;= {points}</text>")
    assert moved != shipped
    scene.office.engine.deploy([Resource("processes/party_opinion/party_supervision.dmn", moved.encode())], actor=SYSTEM)


@when("回到这个采购")
def back_to_the_purchase(scene: Scene) -> None:
    scene.office.situation.case_key = 0


@then("评估报告有 Word")
def report_is_written(scene: Scene) -> None:
    with scene.office.database.unit_of_work() as work:
        names = [use.name for use in work.session.query(FileUse).filter(FileUse.name.like("PG-%.docx"))]
    assert len(names) == 1
