"""The minutes of the opening and of the evaluation as red-header papers, out of what was signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from procurement.papers.document import Paper, Part, day, moment, money, numbered, points
from procurement.registers.comparison import Evaluation
from procurement.registers.opening_minutes import PARTS
from procurement.registers.purchases import Purchase
from procurement.registers.scoring import FrozenSheet, PriceReview, ScoreCorrection, ScoringRun
from procurement.registers.sealing import Opening

OUTCOMES = {"opened": "已开启，校验一致", "failed": "未能开启", "unopened": "未开启"}
DECISIONS = {"excluded": "不予接受", "hand_in": "补交后开启"}
CAUSES = {
    "sum_error": "分值汇总计算错误",
    "out_of_range": "超出评分标准范围",
    "unequal_objective": "客观分不一致",
    "drift": "畸高畸低",
}
TIES = {
    "lower_price": "得分相同，报价低的在前",
    "supported_organisation": "得分相同，扶持的社会组织在前",
    "technical": "得分相同，技术得分高的在前",
    "draw": "得分相同，抽签",
    "undecided": "得分相同",
}


@dataclass(frozen=True)
class Scored:
    """One signed evaluation with everything its minutes tell."""

    run: ScoringRun
    frozen: FrozenSheet
    evaluation: Evaluation
    corrections: Sequence[ScoreCorrection]
    reviews: Sequence[PriceReview]


def opening(purchase: Purchase, row: Opening, *, office: str) -> Paper:
    """开启记录 (办法 第九条(七)): who was there, what was read out, who signed."""
    told: Mapping[str, Any] = row.minutes or {}
    facts = (
        ("项目", f"{purchase.title}（{purchase.id}）"),
        ("地点", row.place or "线上"),
        ("主持", row.host_name),
        ("时间", f"{moment(told.get('begun_at'))} 至 {moment(told.get('ended_at'))}"),
        ("密封指纹", str(told.get("fingerprint") or "")),
    )
    present = tuple(
        (one["name"], PARTS.get(one["part"], one["part"]), moment(one["came_at"]), moment(one["gave_key_at"]) or "—")
        for one in told.get("present", ())
    )
    bids = tuple(_bid(n, one) for n, one in enumerate(told.get("bids", ()), 1))
    valid = sum(one["outcome"] == "opened" for one in told.get("bids", ()))
    remarks = tuple(f"{one['name']}：{one['remark']}" for one in told.get("signatures", ()) if one.get("remark"))
    parts = [
        Part("到场", columns=("姓名", "代表", "到场", "交钥"), rows=present),
        Part("逐份开启", columns=("序号", "单位和回执", "收到", "报价（元）", "文件", "结果"), rows=bids),
        Part("结果", (f"共 {len(bids)} 份，有效 {valid} 份。",)),
        Part("异议和说明", remarks),
    ]
    return Paper(
        "opening_minutes",
        f"{purchase.id}-{row.id}",
        "参选文件开启记录",
        office,
        day(row.ended_at.date() if row.ended_at else None),
        facts=tuple(one for one in facts if one[1]),
        parts=numbered(parts),
        signatures=tuple(f"{one['name']}（{PARTS.get(one['part'], one['part'])}）" for one in told.get("signatures", ())),
        digest=row.minutes_sha256,
    )


def _bid(n: int, one: Mapping[str, Any]) -> tuple[str, ...]:
    failures = "；".join(one["failures"])
    decided = f"，{DECISIONS.get(one['decision'], one['decision'])}：{one['reason']}" if one.get("decision") else ""
    outcome = OUTCOMES.get(one["outcome"], one["outcome"]) + (f"（{failures}）" if failures else "") + decided
    price, files = money(one["price"]) or "—", str(one["files"] if one["files"] is not None else "—")
    return str(n), f"{one['name']}\n{one['number']}", moment(one["submitted_at"]), price, files, outcome


def evaluation(purchase: Purchase, scored: Scored, *, office: str) -> Paper:
    """评审会议纪要 (87号令 第五十八条): the panel, the bids, what was corrected or explained, the ranking."""
    run = scored.run
    chair = next((one["name"] for one in run.panel if one["expert_id"] == run.chair), "")
    names = {str(one["organisation_id"]): str(one.get("name") or "") for one in run.bids}
    facts = (
        ("项目", f"{purchase.title}（{purchase.id}）"),
        ("评审时间", f"{moment(run.opened_at)} 至 {moment(run.signed_at)}"),
        ("组长", chair),
        ("评分表", f"SHA-256 {scored.frozen.sha256}"),
    )
    panel = tuple((str(one.get("name") or ""), str(one.get("unit") or "")) for one in run.panel)
    rejected = tuple((str(one.get("name") or ""), str(one.get("reason") or "")) for one in run.rejected)
    parts = [
        Part("评审组", columns=("姓名", "单位"), rows=panel),
        Part("有效参选", columns=("单位", "报价（元）"), rows=_bids(run)),
        Part("无效参选", columns=("单位", "原因"), rows=rejected),
        Part("过低报价的说明", columns=("单位", "说明", "评审组意见"), rows=_reviews(scored.reviews, names)),
        Part("评分更正", columns=("单位", "原分", "改为", "情形"), rows=_corrections(scored.corrections, names)),
        Part("名次", columns=("名次", "单位", "报价（元）", "技术得分", "价格得分", "总分", "说明"), rows=_places(scored)),
    ]
    return Paper(
        "evaluation_minutes",
        f"{purchase.id}-{run.id}",
        "评审会议纪要",
        office,
        day(run.signed_at.date() if run.signed_at else None),
        facts=tuple(one for one in facts if one[1]),
        parts=numbered(parts),
        signatures=tuple(name for name, _ in panel),
    )


def _bids(run: ScoringRun) -> tuple[tuple[str, ...], ...]:
    return tuple((str(one.get("name") or ""), money(one.get("price")) or "—") for one in run.bids)


def _reviews(reviews: Sequence[PriceReview], names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            names.get(one.organisation_id) or str(one.content.get("name") or one.organisation_id),
            str(one.content.get("explanation") or "未说明"),
            ("采纳" if one.content.get("accepted") is True else "不采纳") + f"：{one.content.get('reason') or ''}".rstrip("："),
        )
        for one in reviews
    )


def _corrections(corrections: Sequence[ScoreCorrection], names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Without the expert's name, as published results have it."""
    return tuple(
        (names.get(one.organisation_id, one.organisation_id), points(one.before), points(one.after), _cause(one.cause))
        for one in corrections
    )


def _cause(text: str) -> str:
    code, _, reason = text.partition("：")
    return CAUSES.get(code, code) + (f"：{reason}" if reason else "")


def _places(scored: Scored) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            str(one["rank"]),
            str(one["name"]),
            money(one.get("price")) or "—",
            points(one.get("technical_score")),
            points(one.get("price_score")),
            points(one.get("score")),
            TIES.get(str(one.get("tie_note") or ""), str(one.get("tie_note") or "")),
        )
        for one in scored.evaluation.ranking
    )
