"""The support agency: checks applications, drafts documents, reports problems."""

from __future__ import annotations

import datetime as dt

from pytest_bdd import when

from features.steps.desk import hand_in
from features.steps.scene import Scene
from features.steps.words import said


@when(said("第三方支持机构初审，第{condition}项“{finding}”，理由是“{reason}”"))
def checks(scene: Scene, condition: str, finding: str, reason: str) -> None:
    group = f"（{condition}）"
    written = {f"{group}／结论": finding, f"{group}／理由或需补正的内容": reason}
    hand_in(scene, "第三方支持机构", "初审七项条件", written)


@when("第三方支持机构初审，七项都符合")
def checks_all_met(scene: Scene) -> None:
    hand_in(scene, "第三方支持机构", "初审七项条件", {})


@when("第三方支持机构编制比选文件，评分表如下：")
def drafts(scene: Scene, datatable: list[list[str]]) -> None:
    rows = [{"评分项": r[0], "类型": r[1], "分值": r[2], "评分细则": "分档评分"} for r in datatable]
    hand_in(scene, "第三方支持机构", "编制比选文件和公告", {}, {"评分表": rows})


@when(said("第三方支持机构编制比选文件，报名截止 {closes}，递交截止 {due}"))
def drafts_dates(scene: Scene, closes: str, due: str) -> None:
    def stamp(words: str) -> str:
        return words.replace(" ", "T") + ":00+08:00"

    written = {"报名截止时间": stamp(closes), "参选文件递交截止时间": stamp(due)}
    hand_in(scene, "第三方支持机构", "编制比选文件和公告", written)


@when(said("{who}报告问题“{title}”"))
def reports(scene: Scene, who: str, title: str) -> None:
    office = scene.office
    problem = {
        "title": title,
        "severity": "general",
        "found_on": office.clock.now().date().isoformat(),
        "facts": "抽查时发现。",
        "files": [office.situation.file],
    }
    office.message("problem_found", {"problem": problem}, who)


@when("法定平台送来采购结果：")
def platform_reports(scene: Scene, datatable: list[list[str]]) -> None:
    given = {row[0]: row[1] for row in datatable}
    office = scene.office

    def day(label: str) -> str:
        return dt.date.fromisoformat(given[label]).isoformat()

    sent = {
        "outcome_there": "awarded",
        "bidder_count": int(given["响应家数"]),
        "evaluated_on": day("评审结束"),
        "report_received_on": day("收到评审报告"),
        "winner_id": office.organisation_id(given["成交人"]),
        "winning_amount": int(given["成交金额"].replace(",", "")),
        "chosen_on": day("确定成交人"),
        "notified_on": day("发出通知并公告"),
        "result_notice_number": given["结果公告编号"],
    }
    scene.attempt(lambda: office.message("statutory_result_received", sent, "采购经办"))
