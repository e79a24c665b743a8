"""Experts: recusal and scores."""

from __future__ import annotations

from pytest_bdd import then, when

from engine.model import UserTask
from features.steps.scene import Scene
from features.steps.words import Table, said


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


@then("补抽了一位专家，回避的不在其中")
def drawn_again(scene: Scene) -> None:
    tasks = drawn(scene, "声明是否回避")
    assert len(tasks) == 1
    assert tasks[0].assignee != scene.notes["recused"]
    assert len(scene.office.dossier().draws) == 2


@when("每位专家都这样评分：")
def score(scene: Scene, datatable: Table) -> None:
    """Rows: organisation, then the share of each technical criterion's points in per cent."""
    given = {row[0]: int(row[1]) for row in datatable}
    office = scene.office
    for task in drawn(scene, "独立评分"):
        actor = office.worker_of(task)
        sheet = office.open_sheet(task, actor)
        rows = [
            {**row, "score": round(float(row["max"]) * given[row["organisation"]] / 100, 2)} for row in sheet.values["score_rows"]
        ]
        sheet.values["score_rows"] = rows
        scene.attempt(lambda task=task, sheet=sheet, actor=actor: office.complete(task, sheet.values, actor))


@when(said("一位专家给“{name}”打出超过满分的分数"))
def score_too_high(scene: Scene, name: str) -> None:
    office = scene.office
    task = drawn(scene, "独立评分")[0]
    actor = office.worker_of(task)
    sheet = scene.sheet = office.open_sheet(task, actor)
    sheet.values["score_rows"] = [
        {**row, "score": float(row["max"]) + 1 if row["organisation"] == name else row["score"]}
        for row in sheet.values["score_rows"]
    ]
    scene.attempt(lambda: office.complete(task, sheet.values, actor))


@then("专家互相看不到评分")
def separate(scene: Scene) -> None:
    office = scene.office
    first, second, *_ = drawn(scene, "独立评分")
    context = office.engine.task_form(second.key, actor=office.worker_of(second)).context
    assert "score_sheets" not in context or not context["score_sheets"] or all(sheet is None for sheet in context["score_sheets"])
    assert first.assignee != second.assignee


@when("一位专家签字时要求重新核对评分")
def asks_for_review(scene: Scene) -> None:
    office = scene.office
    task = drawn(scene, "签署评审报告")[0]
    actor = office.worker_of(task)
    sheet = scene.sheet = office.open_sheet(task, actor)
    sheet.write("签署意见", "要求重新核对评分")
    sheet.write("理由", "有一处合计不符")
    scene.attempt(lambda: office.complete(task, sheet.values, actor))


@when(said("街道办主任自行选定“{names}”，理由是“{reason}”"))
def chosen_by_hand(scene: Scene, names: str, reason: str) -> None:
    office = scene.office
    actor = office.person("街道办主任")
    task = office.task("自行选定专家", actor)
    sheet = scene.sheet = office.open_sheet(task, actor)
    known = {expert.name: expert for expert in office.office.parties.experts()}
    chosen = [known[name] for name in names.split("、")]
    sheet.values["drawn"] = [{"expert_id": e.id, "login": e.login, "name": e.name, "unit": e.unit} for e in chosen]
    sheet.write("自行选定的理由", reason)
    scene.attempt(lambda: office.complete(task, sheet.values, actor))


@then("前两名是抽签分出来的，报告里有可以复算的种子")
def drawn_by_lot(scene: Scene) -> None:
    evaluation = scene.office.dossier().evaluations[-1]
    assert evaluation.ranking[0]["score"] == evaluation.ranking[1]["score"]
    assert evaluation.ranking[0]["tie_note"] or evaluation.ranking[1]["tie_note"]
    assert evaluation.report["seed"]
