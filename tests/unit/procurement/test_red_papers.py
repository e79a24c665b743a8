"""Red-header papers say what was published and signed, in Word and on the page, and the office may bring its own template."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from procurement.papers import minutes, notices, paper_as_word
from procurement.papers.document import Paper, Part, day, moment
from procurement.papers.minutes import Scored
from procurement.papers.printing import TemplateBroken, paper_as_html
from procurement.registers.comparison import Evaluation, Notice
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE
from procurement.registers.scoring import FrozenSheet, PriceReview, ScoreCorrection, ScoringRun
from procurement.registers.sealing import Opening

AT = dt.datetime(2026, 5, 6, 9, 5, tzinfo=OFFICE_ZONE)
OFFICE = "锦江街道办事处"
PURCHASE = Purchase(id="XM-2026-0001", title="居家养老上门服务 <b>&")
RANKING = [
    {"rank": 1, "organisation_id": "org-02", "name": "邻里中心", "price": Decimal("357200.00"), "score": Decimal("87.5000")},
    {"rank": 2, "organisation_id": "org-04", "name": "晚晴中心", "price": Decimal(361000), "score": Decimal("80.1234")},
]
RESULT = Notice(
    id="GS-2026-0001", purchase_id=PURCHASE.id, kind="result_publicity", title="结果公示", published_at=AT, sha256="ab" * 32,
    content={
        "title": PURCHASE.title, "organisation": "邻里中心", "amount": Decimal("357200.00"), "period_months": 12, "text": "第一段\n\n第二段",
        "ranking": RANKING, "panel": [{"name": "王某", "unit": "某大学"}], "working_days": 5, "publicity_from": "2026-05-06",
        "publicity_until": "2026-05-12", "objection": "公示期内书面提出。",
    },
)  # fmt: skip
MINUTES = {
    "begun_at": "2026-05-06T09:05:00+08:00",
    "ended_at": AT.replace(hour=10),
    "fingerprint": "A1B2 C3D4",
    "present": [
        {"name": "陈某", "part": "street", "came_at": AT, "gave_key_at": "2026-05-06T09:06:00+08:00"},
        {"name": "甲中心来人", "part": "bidder", "came_at": AT, "gave_key_at": None},
    ],
    "bids": [
        {
            "number": "SJ-1", "name": "邻里中心", "submitted_at": "2026-05-05T16:59:00+08:00", "outcome": "opened",
            "price": Decimal("357200.00"), "files": 2, "failures": [], "decision": "", "reason": "",
        },
        {
            "number": "SJ-2", "name": "晚晴中心", "submitted_at": "2026-05-05T17:00:00+08:00", "outcome": "failed",
            "price": None, "files": None, "failures": ["第 1 个文件：密文被改动或截断"], "decision": "excluded", "reason": "无法补交",
        },
    ],
    "signatures": [{"name": "陈某", "part": "street", "remark": "无异议"}],
}  # fmt: skip


def words_of(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_publicised_result_names_whom_how_much_and_until_when():
    text = words_of(paper_as_word(notices.result_publicity(RESULT, office=OFFICE)))
    for said in (OFFICE, "GS-2026-0001", "比选结果公示", "居家养老上门服务 <b>&（XM-2026-0001）", "人民币 357,200.00 元", "12 个月",
                 "2026年5月6日至2026年5月12日，5 个工作日", "第一段", "第二段", "王某", "某大学", "87.5", "公示期内书面提出。", "ab" * 32):  # fmt: skip
        assert said in text, said


def test_the_letter_of_award_is_addressed_to_the_winner_with_the_amount_in_words():
    content = {**RESULT.content, "contact": "街道采购经办"}
    row = Notice(id="ZX-1", purchase_id=PURCHASE.id, kind="award", title="中选", published_at=AT, sha256="", content=content)
    text = words_of(paper_as_word(notices.award(row, office=OFFICE)))
    assert "邻里中心：" in text
    assert "“居家养老上门服务 <b>&”项目经公开比选，贵单位被确定为中选单位" in text
    assert "（大写：叁拾伍万柒仟贰佰元整），服务期 12 个月。" in text
    assert "SHA-256" not in text


def test_a_letter_after_a_committee_meeting_says_so():
    content = {"purchase_title": "食堂", "organisation": "邻里中心", "amount": 44160, "method": "党工委会议决定"}
    row = Notice(id="ZX-1", purchase_id="XM-2", kind="award", title="选定结果", published_at=AT, sha256="", content=content)
    assert "“食堂”项目经党工委会议决定，贵单位被确定为中选单位" in words_of(paper_as_word(notices.award(row, office=OFFICE)))


def test_the_minutes_of_an_opening_tell_who_came_what_was_read_out_and_who_signed():
    row = Opening(id=3, place="", host_name="陈某", ended_at=AT.replace(hour=10), minutes=MINUTES, minutes_sha256="cd" * 32)
    text = words_of(paper_as_word(minutes.opening(PURCHASE, row, office=OFFICE)))
    for said in ("XM-2026-0001-3", "线上", "2026年5月6日 9:05 至 2026年5月6日 10:05", "A1B2 C3D4", "2026年5月6日 9:06", "参选人", "357,200.00",
                 "未能开启（第 1 个文件：密文被改动或截断），不予接受：无法补交", "共 2 份，有效 1 份。", "陈某（街道）　签字：", "无异议"):  # fmt: skip
        assert said in text, said


def test_the_minutes_of_an_evaluation_tell_rejections_corrections_low_prices_and_the_ranking():
    run = ScoringRun(
        id=7, sheet_id=1, chair="exp-1", opened_at=AT, signed_at=AT.replace(hour=17),
        panel=[{"expert_id": "exp-1", "name": "王某", "unit": "某大学"}, {"expert_id": "exp-2", "name": "李某", "unit": "某协会"}],
        bids=[{"organisation_id": one["organisation_id"], "name": one["name"], "price": one["price"]} for one in RANKING],
        rejected=[{"organisation_id": "org-05", "name": "丙中心", "reason": "没有盖章"}],
    )  # fmt: skip
    correction = ScoreCorrection(
        expert_id="exp-2",
        organisation_id="org-04",
        item="i",
        before=Decimal(30),
        after=Decimal("3.50"),
        cause="out_of_range：笔误",
    )
    review = PriceReview(
        organisation_id="org-02", at=AT, content={"explanation": "自有场地", "accepted": True, "reason": "有租约为证"}
    )
    ranking = [{**RANKING[0], "technical_score": Decimal(60), "price_score": Decimal("27.5"), "tie_note": ""},
               {**RANKING[1], "technical_score": Decimal(60), "price_score": Decimal("20.1234"), "tie_note": "draw"}]  # fmt: skip
    scored = Scored(run, FrozenSheet(sha256="ef" * 32), Evaluation(ranking=ranking, report={}), [correction], [review])
    text = words_of(paper_as_word(minutes.evaluation(PURCHASE, scored, office=OFFICE)))
    for said in (
        "评审会议纪要",
        "组长：王某",
        "没有盖章",
        "自有场地",
        "采纳：有租约为证",
        "3.5",
        "超出评分标准范围：笔误",
        "得分相同，抽签",
        "李某　签字：",
        "ef" * 32,
    ):
        assert said in text, said


def test_what_is_empty_leaves_no_heading_behind():
    row = Notice(id="GS-2", purchase_id="XM-2", kind="result_publicity", title="", published_at=AT, sha256="", content={})
    paper = notices.result_publicity(row, office=OFFICE)
    assert (paper.parts, paper.facts) == ((), (("项目", "（XM-2）"),))


def test_words_of_a_table_cannot_become_markup_on_the_page():
    page = paper_as_html(Paper("x", "1", "<i>", OFFICE, "", parts=(Part("", ("<s>",), ("<u>",), (("<q>",),)),)))
    assert not any(tag in page for tag in ("<i>", "<s>", "<u>", "<q>"))


def test_the_offices_own_template_goes_before_ours_and_a_broken_one_is_named(tmp_path: Path):
    paper = Paper("award", "ZX-1", "中选通知书", OFFICE, "")
    own = Document()
    own.add_paragraph("本街道自己的样式 {{ number }}")
    own.save(str(tmp_path / "document.docx"))
    assert words_of(paper_as_word(paper, tmp_path)) == "本街道自己的样式 ZX-1"
    own.paragraphs[0].text = "通知书 {{ heading }}"
    own.save(str(tmp_path / "award.docx"))
    assert words_of(paper_as_word(paper, tmp_path)) == "通知书 中选通知书"
    own.paragraphs[0].text = "{% for x in %}"
    own.save(str(tmp_path / "award.docx"))
    with pytest.raises(TemplateBroken, match=r"award\.docx"):
        paper_as_word(paper, tmp_path)


def test_the_word_file_is_one_word_opens():
    with zipfile.ZipFile(io.BytesIO(paper_as_word(notices.result_publicity(RESULT, office=OFFICE)))) as zipped:
        assert "word/document.xml" in zipped.namelist()
        assert "{{" not in zipped.read("word/document.xml").decode()


@pytest.mark.parametrize(
    ("value", "said"), [(AT, "2026年5月6日 9:05"), ("2026-05-06T09:05:00+08:00", "2026年5月6日 9:05"), (None, "")]
)
def test_a_moment_is_told_as_people_write_it(value: object, said: str):
    assert moment(value) == said
    assert day(value) == said.partition(" ")[0]
