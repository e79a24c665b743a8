"""paper.yearly: the effect that counts a year's figures and writes them as Word and PDF, with pictures, into the file store."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from engine.errors import InvalidInput
from engine.ports import Effect
from procurement.papers.bars import MOST, Bars
from procurement.papers.document import Paper, Part, day, money, numeral
from procurement.papers.effect import Press, prints
from procurement.papers.printing import paper_as_pdf, pictured_as_word
from procurement.papers.report import keep
from procurement.reports import words

if TYPE_CHECKING:
    from procurement.office.reports import Drawn  # the office imports this module

EFFECT = "paper.yearly"
KIND = "yearly_report"
Counted = Callable[[int], Sequence["Drawn"]]  # the figures of a year, as the office counts them


def printing_years(press: Press, counted: Counted, now: Callable[[], dt.datetime]) -> Effect:
    """number, year, heading, foreword → papers (PDF first), sha256, figures (how many)."""

    def effect(payload: Mapping[str, Any], idempotency_key: str) -> Mapping[str, Any]:
        year, number = payload.get("year"), payload.get("number")
        if not isinstance(year, (int, Decimal)) or not isinstance(number, str):
            raise InvalidInput(
                "paper.yearly needs a number and a year; it was given {number} and {year}.", number=number, year=year
            )
        drawn = [one for one in counted(int(year)) if one.figure.chapter]
        paper = yearly_paper(drawn, {**payload, "year": int(year), "number": number}, press, now())
        made = [(f"{number}-{paper.digest[:8]}.docx", pictured_as_word(paper, press.templates))]
        if prints(press):
            made.insert(0, (f"{number}-{paper.digest[:8]}.pdf", paper_as_pdf(paper)))
        return {"papers": keep(press, made, payload, now()), "sha256": paper.digest, "figures": len(drawn)}

    return effect


def yearly_paper(drawn: Sequence[Drawn], payload: Mapping[str, Any], press: Press, at: dt.datetime) -> Paper:
    """Chapters in the order of their first figure; every number leads to the list of its cases."""
    chapters = list(dict.fromkeys(one.figure.chapter for one in drawn))
    ordered = sorted(drawn, key=lambda one: chapters.index(one.figure.chapter))
    parts = [Part("编制说明", tuple(str(payload["foreword"]).splitlines()))] if payload.get("foreword") else []
    parts.append(_outline(ordered, payload["year"], press.address))
    for number, (chapter, figures) in enumerate(groupby(ordered, key=lambda one: one.figure.chapter), 1):
        parts.append(Part(f"{numeral(number)}、{chapter}"))
        parts += [_part(f"（{numeral(n)}）", one, payload["year"], press.address) for n, one in enumerate(figures, 1)]
    said = [[part.heading, part.rows] for part in parts]
    digest = hashlib.sha256(json.dumps([said, payload], ensure_ascii=False, default=str, sort_keys=True).encode()).hexdigest()
    heading = str(payload.get("heading") or f"{payload['year']} 年度社区服务采购报告")
    facts = (
        ("年度", f"{payload['year']} 年"),
        ("数据截至", f"{day(at.date())} {at:%H:%M}"),
        ("清单", "点表中的数，看它数的案件"),
    )
    return Paper(KIND, str(payload["number"]), heading, press.office, day(at.date()), "", facts, tuple(parts), (), digest)


def _outline(drawn: Sequence[Drawn], year: int, address: str) -> Part:
    """The totals that stand at the head of the dashboards."""
    rows, links = [], []
    for one in drawn:
        if one.figure.tile:
            whole = one.counted.all
            rows.append((one.figure.tile, f"{money(whole.sums[0])} 元" if one.figure.sums else str(whole.count)))
            links.append(("", f"{_list(one, address)}?{urlencode({'year': year})}"))
    return Part("本年概况", (), ("指标", "数"), tuple(rows), None, tuple(links))


def _list(drawn: Drawn, address: str) -> str:
    return f"{address}/dashboards/{drawn.figure.boards[0]}/{drawn.figure.id}/cases"


def _part(mark: str, drawn: Drawn, year: int, address: str) -> Part:
    figure, counted = drawn.figure, drawn.counted
    heading = f"{mark}{figure.title}"
    if not counted.values:
        return Part(heading, ("本年没有。",))
    splits = counted.splits if figure.split else ()
    amounts = tuple(f"{words.AMOUNTS.get(name, '金额')}（元）" for name in figure.sums)
    columns = (
        words.DIMENSIONS.get(figure.by, "分组"),
        *(drawn.split_label(code) for code in splits),
        "合计" if splits else "件数",
        *amounts,
    )
    rows, links, bars = [], [], []
    where = _list(drawn, address)
    for value in counted.values:
        whole = counted.of(value)
        parts = [counted.cell(value, code).count for code in splits]
        numbers = [*map(str, parts), str(whole.count), *map(money, whole.sums)]
        asked = [{"split": code} for code in splits] + [{}] * (1 + len(amounts))
        rows.append((drawn.label(value), *numbers))
        links.append(("", *(f"{where}?{urlencode({'year': year, 'value': value, **more})}" for more in asked)))
        drawn_numbers = tuple(map(Decimal, parts)) if splits else whole.sums or (Decimal(whole.count),)
        bars.append((drawn.label(value), drawn_numbers))
    series = columns[1 : 1 + len(splits)] if splits else amounts or ("件数",)
    whole = counted.all
    rows.append(("合计", *(str(counted.across(code).count) for code in splits), str(whole.count), *map(money, whole.sums)))
    links.append(("", *(f"{where}?{urlencode({'year': year})}" for _ in columns[1:])))
    more = len(bars) > MOST
    said = (f"共 {len(bars)} 行，图里画前 {MOST} 行，表里是全部。",) if more else ()
    return Part(heading, said, columns, tuple(rows), Bars(series, tuple(bars), figure.stacked), tuple(links))
