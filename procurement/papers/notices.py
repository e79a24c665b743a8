"""The published result and the letter of award as red-header papers, out of what was published."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from procurement.papers.contract import in_words
from procurement.papers.document import Paper, Part, day, money, points
from procurement.registers.comparison import Notice

RANKING = ("名次", "单位", "报价（元）", "得分")


def result_publicity(notice: Notice, *, office: str) -> Paper:
    """结果公示 (办法 第九条(九)): who is to be chosen, how it was ranked, until when it can be objected to."""
    said = notice.content
    until = f"{day(said.get('publicity_from'))}至{day(said.get('publicity_until'))}" if said.get("publicity_until") else ""
    facts = {
        "项目": _project(notice),
        "拟中选单位": _text(said, "organisation"),
        "金额": f"人民币 {money(said['amount'])} 元" if said.get("amount") is not None else "",
        "服务期": f"{said['period_months']} 个月" if said.get("period_months") else "",
        "公示期": f"{until}，{said['working_days']} 个工作日" if until and said.get("working_days") else until,
    }
    parts = [
        Part("公示内容", _paragraphs(said, "text")),
        Part("评审排序", columns=RANKING, rows=_ranking(said)),
        Part("评审组成员", columns=("姓名", "单位"), rows=_panel(said)),
        Part("异议", _paragraphs(said, "objection")),
    ]
    return _paper("result_publicity", notice, "比选结果公示", office, facts, parts)


def award(notice: Notice, *, office: str) -> Paper:
    """中选通知书 (办法 第九条(十)): addressed to the organisation that was chosen, in whatever way the notice names."""
    said = notice.content
    amount = Decimal(str(said.get("amount") or 0))
    months = f"，服务期 {said['period_months']} 个月" if said.get("period_months") else ""
    title = _text(said, "title") or _text(said, "purchase_title") or notice.title
    how = _text(said, "method") or "公开比选"
    chosen = f"“{title}”项目经{how}，贵单位被确定为中选单位"
    price = f"中选金额人民币 {money(amount)} 元（大写：{in_words(amount)}）{months}"
    duty = "请在规定的期限内与我单位签订合同。无正当理由拒不签订的，按比选公告和有关规定处理。"
    letter = (f"{chosen}，{price}。", duty)
    facts = {"项目": _project(notice), "联系人": _text(said, "contact")}
    parts = [Part("", letter), Part("评审排序", columns=RANKING, rows=_ranking(said))]
    return _paper("award", notice, "中选通知书", office, facts, parts, to=_text(said, "organisation"))


def _paper(
    kind: str, notice: Notice, heading: str, office: str, facts: dict[str, str], parts: list[Part], *, to: str = ""
) -> Paper:
    return Paper(
        kind,
        notice.id,
        heading,
        office,
        day(notice.published_at.date()),
        to,
        tuple((name, value) for name, value in facts.items() if value),
        tuple(part for part in parts if part.text or part.rows),
        digest=notice.sha256,
    )


def _project(notice: Notice) -> str:
    title = _text(notice.content, "title") or _text(notice.content, "purchase_title")
    return f"{title}（{notice.purchase_id}）"


def _text(said: dict[str, Any], name: str) -> str:
    return str(said.get(name) or "")


def _paragraphs(said: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in _text(said, name).splitlines() if line.strip())


def _ranking(said: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    rows = said.get("ranking") or ()
    return tuple((str(row["rank"]), str(row["name"]), money(row.get("price")), points(row.get("score"))) for row in rows)


def _panel(said: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(row.get("name") or ""), str(row.get("unit") or "")) for row in said.get("panel") or ())
