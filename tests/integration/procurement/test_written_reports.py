"""paper.report: what a process composed becomes Word and PDF once, and belongs to whom it is about."""

from __future__ import annotations

import io

import pytest
from docx import Document
from obstore.store import MemoryStore

from engine.errors import InvalidInput
from engine.facade import Database
from procurement.files import FileStore
from procurement.papers.effect import Press
from procurement.papers.report import printing_reports
from procurement.registers.files import FileUse
from tests.integration.procurement.conftest import START

REPORT = {
    "number": "PG-2026-0001",
    "heading": "评估报告：年度评估",
    "facts": [{"name": "总分", "value": "88"}],
    "parts": [
        {"heading": "各方面得分", "columns": ["方面", "得分"], "rows": [["基础建设", 88], ["财务运营"]]},
        {"heading": "整改意见", "text": []},
        {"heading": "评价", "text": ["做得好"]},
    ],
    "signatures": ["甲"],
}


@pytest.fixture
def press(new_database, register_template):
    database = Database(new_database(register_template))
    yield Press(database, FileStore(MemoryStore()), "街道办事处", None, printed=False)
    database.dispose()


def words(press, reference):
    document = Document(io.BytesIO(b"".join(press.files.read(reference["sha256"]))))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def uses(press):
    with press.database.unit_of_work() as work:
        return [(use.name, use.purchase_id, use.party, use.visibility) for use in work.session.query(FileUse).all()]


def test_parts_that_say_something_are_numbered_and_short_rows_are_filled_up(press):
    made = printing_reports(press, lambda: START)(REPORT, "1")
    text = words(press, made["papers"][0])
    assert "一、各方面得分" in text
    assert "二、评价" in text
    assert "整改意见" not in text
    assert made["sha256"] in text


def test_a_retry_gives_the_same_files_and_writes_nothing_again(press):
    write = printing_reports(press, lambda: START)
    assert write(REPORT, "1") == write(REPORT, "1")
    assert len(uses(press)) == 1


def test_another_content_under_the_same_number_is_another_file(press):
    write = printing_reports(press, lambda: START)
    assert write(REPORT, "1") != write({**REPORT, "signatures": ["乙"]}, "2")
    assert len(uses(press)) == 2


def test_without_a_purchase_it_belongs_to_the_organisation_it_is_about(press):
    printing_reports(press, lambda: START)({**REPORT, "organisation_id": "org-02"}, "1")
    assert [(party, seen) for _, _, party, seen in uses(press)] == [("organisation:org-02", "party")]


def test_a_report_without_number_or_heading_is_refused(press):
    with pytest.raises(InvalidInput):
        printing_reports(press, lambda: START)({"heading": "报告"}, "1")
