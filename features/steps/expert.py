"""Experts: recusal and scores."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from pytest_bdd import then, when

from engine.errors import NotPermitted
from engine.model import UserTask
from features.steps.scene import Scene
from features.steps.words import Table, said
from procurement.demo import scoring
from procurement.registers.score_runs import SheetsOpen, SheetUnfinished
from procurement.scoring.sheets import SUBJECTIVE


def drawn(scene: Scene, task: str) -> list[UserTask]:
    return scene.office.open_tasks(task)


@when(said("抽中的第 {number} 位专家声明回避，理由是“{reason}”"))
def recuses(scene: Scene, number: str, reason: str) -> None:
    office = scene.office
    task = drawn(scene, "声明是否回避")[int(number) - 1]
    actor = office.worker_of(task)
    sheet = scene.sheet = office.open_sheet(task, actor)
    sheet.write("声明", "应当回避")
    sheet.write("理由", reason)
    scene.notes["recused"] = actor.user_id
    scene.attempt(lambda: office.complete(task, sheet.values, actor))


@when("其余抽中的专家声明按时到会")
def all_come(scene: Scene) -> None:
    office = scene.office
    before = {task.key for task in drawn(scene, "声明是否回避")}
    for task in drawn(scene, "声明是否回避"):
        if task.key in before:
            office.complete(task, office.open_sheet(task, office.worker_of(task)).values, office.worker_of(task))


@when("每位专家都这样评分：")
def score(scene: Scene, datatable: Table) -> None:
    """Rows: organisation, then the share of each item's points in per cent."""
    office = scene.office
    given = {office.organisation_id(row[0]): Decimal(row[1]) / 100 for row in datatable}
    for task in drawn(scene, "独立评分"):
        actor = office.worker_of(task)
        scene.attempt(lambda actor=actor: scoring.score(office.office, office.situation.purchase_id, actor, given))


@when(said("其中一位专家给“{name}”每项都打 {share}%，其余都打 {others}%"))
def score_differently(scene: Scene, name: str, share: str, others: str) -> None:
    office = scene.office
    odd = office.organisation_id(name)
    for n, task in enumerate(drawn(scene, "独立评分")):
        actor = office.worker_of(task)
        own = office.office.scoring.own_sheet(office.situation.purchase_id, actor=actor)
        shares = {str(bid["organisation_id"]): Decimal(others) / 100 for bid in own.bids}
        if n == 0:
            shares[odd] = Decimal(share) / 100
            scene.notes["odd"] = actor
        scoring.score(office.office, office.situation.purchase_id, actor, shares)


@when("组长请他更正，情形是畸高畸低")
def asks_for_correction(scene: Scene) -> None:
    office = scene.office
    task = office.task("查看提示")
    expert = next(e for e in office.variable("panel") if e["login"] == scene.notes["odd"].user_id)
    corrections = [{"expert_id": expert["expert_id"], "cause": "drift", "reason": "与其他专家相差过大"}]
    office.complete(task, {"review_hints_decision": "correct", "corrections": corrections}, office.worker_of(task))


@then(said("组长看到 {count} 条畸高畸低的提示"))
def sees_hints(scene: Scene, count: str) -> None:
    drifts = [hint for hint in scene.office.variable("hints") if hint["kind"] == "drift"]
    assert len(drifts) == int(count), drifts


@then("只有他的评分表退回来了")
def only_one_back(scene: Scene) -> None:
    assert [task.assignee for task in drawn(scene, "独立评分")] == [scene.notes["odd"].user_id]


@when(said("一位专家给“{name}”打出超过满分的分数并签字"))
def score_too_high(scene: Scene, name: str) -> None:
    office, purchase_id = scene.office, scene.office.situation.purchase_id
    actor = office.worker_of(drawn(scene, "独立评分")[0])
    own = office.office.scoring.own_sheet(purchase_id, actor=actor)
    marks = {
        str(bid["organisation_id"]): {
            item.id: {"points": item.maximum + (1 if bid["name"] == name else 0), "reason": "见文件"}
            for item in own.sheet.of_kind(SUBJECTIVE)
        }
        for bid in own.bids
    }
    office.office.scoring.save(purchase_id, marks, "", actor=actor)
    scene.attempt(lambda: office.office.scoring.sign(purchase_id, actor=actor))


@when("一位专家没有打完就签字")
def sign_unfinished(scene: Scene) -> None:
    office = scene.office
    actor = office.worker_of(drawn(scene, "独立评分")[0])
    scene.attempt(lambda: office.office.scoring.sign(office.situation.purchase_id, actor=actor))


@then("他被告知评分表没有打完")
def told_unfinished(scene: Scene) -> None:
    assert isinstance(scene.refusal(), SheetUnfinished)


@then("专家互相看不到评分")
def separate(scene: Scene) -> None:
    office, purchase_id = scene.office, scene.office.situation.purchase_id
    first, second, *_ = map(office.worker_of, drawn(scene, "独立评分"))
    scoring.score(office.office, purchase_id, first)
    context = str(office.engine.task_form(drawn(scene, "独立评分")[0].key, actor=second).context)
    assert scoring.REASON not in context
    assert scoring.REASON not in str(office.office.scoring.own_sheet(purchase_id, actor=second).marks)
    scene.attempt(lambda: office.office.scoring.result(purchase_id, actor=second))
    assert isinstance(scene.refusal(), SheetsOpen)


@then(said("{who}也看不到"))
def hidden_from(scene: Scene, who: str) -> None:
    office = scene.office
    actor = office.person(who)
    scene.attempt(lambda: office.office.scoring.result(office.situation.purchase_id, actor=actor))
    assert isinstance(scene.refusal(), (SheetsOpen, NotPermitted))


@when("一位专家签字时要求重新核对评分")
def asks_for_review(scene: Scene) -> None:
    office = scene.office
    task = drawn(scene, "签署评审报告")[0]
    actor = office.worker_of(task)
    sheet = scene.sheet = office.open_sheet(task, actor)
    sheet.write("签署意见", "要求重新核对评分")
    sheet.write("理由", "有一处合计不符")
    scene.attempt(lambda: office.complete(task, sheet.values, actor))


@when(said("街道办主任从名单里选定 {count} 人，理由是“{reason}”"))
def chosen_by_name(scene: Scene, count: str, reason: str) -> None:
    office = scene.office
    actor = office.person("街道办主任")
    task = office.task("自行选定专家", actor)
    sheet = scene.sheet = office.open_sheet(task, actor)
    sheet.write("选定的专家", "、".join(sheet.options("选定的专家")[: int(count)]))
    sheet.write("自行选定的理由", reason)
    scene.attempt(lambda: office.complete(task, sheet.values, actor))


@then("名单里没有不能到会和应当回避的专家")
def nobody_who_is_gone(scene: Scene) -> None:
    office = scene.office
    members = office.office.panels.members(office.situation.purchase_id, actor=office.person("采购经办"))
    leader = office.person("街道办主任")
    offered = office.open_sheet(office.task("自行选定专家", leader), leader).options("选定的专家")
    assert members
    assert offered
    assert not {label.partition("（")[0] for label in offered} & {member.name for member in members}


@then("前两名是抽签分出来的，报告里有可以复算的种子")
def drawn_by_lot(scene: Scene) -> None:
    evaluation = scene.office.dossier().evaluations[-1]
    assert evaluation.ranking[0]["score"] == evaluation.ranking[1]["score"]
    assert evaluation.ranking[0]["tie_note"] or evaluation.ranking[1]["tie_note"]
    assert evaluation.report["seed"]


@when(said("过了 {minutes} 分钟"))
def minutes_pass(scene: Scene, minutes: str) -> None:
    office = scene.office
    office.move_to(office.clock.now() + dt.timedelta(minutes=int(minutes)))


@then("公告里的评分表有校验值，客观项由哪个事实计算写在里面")
def sheet_published(scene: Scene) -> None:
    [notice] = [n for n in scene.office.dossier().notices if n.kind == "comparison_notice"]
    sheet = notice.content["score_sheet"]
    assert len(sheet["sha256"]) == 64
    assert [fact["fact"] for fact in sheet["facts"]] == ["certified_workers", "similar_contracts"]
