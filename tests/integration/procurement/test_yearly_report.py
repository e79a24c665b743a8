"""The yearly report of the office: the same numbers as the dashboards, with pictures, in Word and PDF, each with its address."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from pathlib import Path

import pytest
from docx import Document

from engine.model import Actor
from procurement.archive import printing
from procurement.office.reports import BOARDS, Wanted
from procurement.papers import bars
from procurement.papers.document import Paper, Part, numeral
from procurement.papers.effect import Press
from procurement.papers.printing import paper_as_html, paper_as_pdf, pictured_as_word
from procurement.papers.yearly import printing_years, yearly_paper
from procurement.registers.row import OFFICE_ZONE
from tests.integration.procurement.test_reports import NOW, ROLES
from tests.support import reported
from tests.support.figures import fill
from web.composition import compose
from web.settings import Settings

ADDRESS = "https://bixuan.example.gov.cn"


@pytest.fixture(scope="module")
def services(new_database, tmp_path_factory):
    composed = compose(Settings.for_demo(new_database(), str(tmp_path_factory.mktemp("files"))))
    composed.migrate()
    composed.clock.set(NOW)
    fill(composed.office.desk.database, purchases=120, first=dt.datetime(2026, 1, 1, tzinfo=OFFICE_ZONE))
    yield composed
    composed.close()


@pytest.fixture(scope="module")
def press(services):
    desk = services.office.desk
    return Press(desk.database, desk.files, "锦江街道办事处", None, False, ADDRESS)


@pytest.fixture(scope="module")
def paper(services, press):
    drawn = [one for one in services.office.reports.of_year(2026) if one.figure.chapter]
    return yearly_paper(drawn, {"year": 2026, "number": "ND-2026-0001", "foreword": "本报告由系统按登记簿统计。"}, press, NOW)


def test_the_report_and_the_dashboard_say_the_same(services, paper):
    [part] = [one for one in paper.parts if one.heading.endswith("采购方式")]
    [drawn] = services.office.reports.draw(BOARDS["leader"], Wanted(2026), actor=ROLES["leader"], only="purchases-by-route")
    assert part.rows[-1] == ("合计", str(drawn.counted.all.count))
    assert dict(part.rows[:-1]) == {drawn.label(value): str(drawn.counted.of(value).count) for value in drawn.counted.values}


def test_word_and_pdf_hold_the_figures_of_the_dashboards_of_the_same_year(services, paper):
    shown = reported.on_dashboards(services.office, 2026, Actor("ldzr", groups=frozenset({"street_leader"})))
    assert len(shown) > 20
    assert reported.differing(reported.in_word(pictured_as_word(paper)), shown) == []
    assert reported.differing(reported.in_html(paper_as_html(paper)), shown) == []


def test_what_looks_like_a_formula_or_a_page_is_printed_as_the_text_it_is(press):
    hostile = '=HYPERLINK("http://x","y")<script>alert(1)</script>{{ office }}'
    part = Part("（一）各社区的项目", (), ("社区", "件数"), ((hostile, "1"),), None, (("", f"{ADDRESS}/a?b=1&c=2"),))
    paper = Paper("yearly_report", "ND-1", "报告", press.office, "2026年1月1日", "", (), (part,), (), "")
    assert reported.in_word(pictured_as_word(paper)) == {"各社区的项目": [[hostile, "1"]]}
    assert reported.in_html(paper_as_html(paper)) == {"各社区的项目": [[hostile, "1"]]}
    with zipfile.ZipFile(io.BytesIO(pictured_as_word(paper))) as packed:
        assert b"instrText" not in packed.read("word/document.xml")


def test_every_number_carries_the_address_of_its_list(paper):
    for part in paper.parts:
        for row, own in zip(part.rows, part.links, strict=True):
            assert all(to.startswith(f"{ADDRESS}/dashboards/") for to in own[1:]), part.heading
            assert len(row) == len(own) == len(part.columns)
    html = paper_as_html(paper)
    assert html.count("<svg") == sum(1 for part in paper.parts if part.picture) > 10
    assert "year=2026&amp;value=committee" in html


def test_chapters_are_numbered_and_figures_inside_them(paper):
    headings = [part.heading for part in paper.parts]
    assert headings[:3] == ["编制说明", "本年概况", "一、采购规模"]
    assert headings[3] == "（一）每月发起的项目"
    assert any(one.startswith("六、") for one in headings)


def test_word_holds_pictures_and_links(paper):
    content = pictured_as_word(paper)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        pictures = [name for name in packed.namelist() if name.startswith("word/media/")]
        relations = packed.read("word/_rels/document.xml.rels").decode()
    if bars.png(bars.Bars(("件",), ())):
        assert len(pictures) > 10
    assert f"{ADDRESS}/dashboards/leader/purchases-by-route/cases" in relations
    text = "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)
    assert "一、采购规模" in text
    assert "{{" not in text
    if folder := os.environ.get("BIXUAN_SHOTS"):
        Path(folder, "yearly.docx").write_bytes(content)


def test_pdf_is_made_where_it_can_be(paper):
    if not printing.can_print():
        pytest.skip("no Pango on this machine")
    content = paper_as_pdf(paper)
    assert content.startswith(b"%PDF")
    if folder := os.environ.get("BIXUAN_SHOTS"):
        Path(folder, "yearly.pdf").write_bytes(content)


def test_the_effect_leaves_files_the_office_may_read(services, press):
    effect = printing_years(press, services.office.reports.of_year, lambda: NOW)
    given = {"number": "ND-2026-0002", "year": 2026, "foreword": "", "heading": ""}
    made = effect(given, "once")
    assert [one["name"].rpartition(".")[2] for one in made["papers"]] == ["docx"]
    again = effect(given, "once")
    assert again["sha256"] == made["sha256"]
    assert again["papers"][0]["name"] == made["papers"][0]["name"]


def test_a_year_without_anything_says_so(services, press):
    drawn = [one for one in services.office.reports.of_year(2019) if one.figure.chapter]
    paper = yearly_paper(drawn, {"year": 2019, "number": "ND-2026-0003"}, press, NOW)
    assert any(part.text == ("本年没有。",) for part in paper.parts)
    assert b"PK" in pictured_as_word(paper)[:4]


def test_more_than_ten_parts_are_counted_on():
    assert [numeral(n) for n in (1, 10, 11, 20, 25)] == ["一", "十", "十一", "二十", "二十五"]


def test_bars_are_the_same_in_both_drawings_and_keep_markup_out():
    from decimal import Decimal

    drawn = bars.svg(bars.Bars(("甲", "乙"), (("<b>", (Decimal(1), Decimal(2))),), stacked=True))
    assert drawn.count("<rect") == 4  # two of the legend, two of the row
    assert "&lt;b&gt;" in drawn
