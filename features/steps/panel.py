"""Draws by commit and reveal, and the panel that comes of them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from pytest_bdd import then, when

from engine.errors import NotFound
from engine.model import UserTask
from features.steps.scene import Scene
from features.steps.words import said
from procurement.draw import checks, protocol

HOLDERS = {"采购经办": "street", "第三方支持机构": "agency", "纪检": "supervisor", "纪检监督": "supervisor"}


def rounds(scene: Scene) -> Any:
    return scene.office.office.draws.public(scene.office.situation.purchase_id)


def latest(scene: Scene) -> Any:
    return rounds(scene)[0]


def of_round(scene: Scene, number: str) -> Any:
    return next(draw for draw in rounds(scene) if draw.round == int(number))


def wrong(content: Any) -> list[str]:
    return [check.code for check in checks(content) if not check.ok]


@then("抽取已经公布，候选名单里看不到姓名")
def announced(scene: Scene) -> None:
    text = scene.office.office.draws.file(latest(scene).number).decode()
    assert latest(scene).content["announcement"]["candidates"]
    assert not [e.name for e in scene.office.office.parties.experts() if e.name in text]


@then("公布的抽取文件核验无误")
def verified(scene: Scene) -> None:
    for draw in rounds(scene):
        assert wrong(json.loads(scene.office.office.draws.file(draw.number))) == []


@then("公布的抽取文件里还没有姓名")
def closed(scene: Scene) -> None:
    assert latest(scene).content["opened"] is None


@then("公布的抽取文件里有了姓名")
def opened(scene: Scene) -> None:
    content = latest(scene).content
    drawn = [row["name"] for row in content["opened"] if row["commitment"] in content["result"]["drawn"]]
    assert len(drawn) == 5


@then(said("把文件里的“{part}”改掉，核验指出错误"))
def tampered(scene: Scene, part: str) -> None:
    content = copy.deepcopy(dict(latest(scene).content))
    changes = {
        "seed": lambda: content.__setitem__("seed", "0" * 64),
        "result": lambda: content["result"]["drawn"].reverse(),
        "reveals": lambda: content["reveals"][0].__setitem__("contribution", "1" * 64),
        "announcement": lambda: content["announcement"].__setitem__("seats", 4),
    }
    changes[part]()
    assert "digest" in wrong(content)
    rest = {name: value for name, value in content.items() if name != "sha256"}
    assert wrong({**rest, "sha256": protocol.digest(rest)}), "换了校验值就看不出来了"


@when(said("{who}揭示“{text}”"))
def reveals(scene: Scene, who: str, text: str) -> None:
    office = scene.office
    scene.attempt(lambda: office.office.draws.reveal(latest(scene).number, HOLDERS[who], text, actor=office.person(who)))


@then(said("被拒绝：“{text}”"))
def refused(scene: Scene, text: str) -> None:
    assert text in scene.sentence(scene.refusal())


def usual(scene: Scene, task: UserTask) -> None:
    office = scene.office
    actor = office.worker_of(task)
    office.complete(task, office.open_sheet(task, actor).values, actor)


@when(said("除{who}外都揭示了"))
def others_reveal(scene: Scene, who: str) -> None:
    for task in scene.office.open_tasks("揭示"):
        if scene.office.worker_of(task) != scene.office.person(who):
            usual(scene, task)


@when(said("只有{who}交了承诺"))
def one_commits(scene: Scene, who: str) -> None:
    for task in scene.office.open_tasks("交抽取承诺"):
        if scene.office.worker_of(task) == scene.office.person(who):
            usual(scene, task)


@when("过了揭示截止的时间")
def reveal_over(scene: Scene) -> None:
    scene.office.move_to(latest(scene).reveal_until)


@when("过了承诺截止的时间")
def commit_over(scene: Scene) -> None:
    scene.office.move_to(latest(scene).commit_until)


@then(said("第 {number} 轮抽取作废，公开是“{who}”没有{what}"))
def void(scene: Scene, number: str, who: str, what: str) -> None:
    content = of_round(scene, number).content
    assert (content["state"], content["void_reason"]) == ("void", {"揭示": "not_revealed", "承诺": "too_few_sides"}[what])
    assert HOLDERS[who] in content["missing"]
    assert wrong(content) == []


@then(said("第 {number} 轮抽取没有“{who}”参加"))
def without(scene: Scene, number: str, who: str) -> None:
    announcement = of_round(scene, number).content["announcement"]
    assert HOLDERS[who] not in [one["contributor"] for one in announcement["contributors"]]
    assert announcement["reason"] == "上一轮作废"


@then(said("第 {number} 轮抽取为“{reason}”抽 {seats} 名"))
def for_vacancies(scene: Scene, number: str, reason: str, seats: str) -> None:
    announcement = of_round(scene, number).content["announcement"]
    assert (announcement["reason"], announcement["seats"]) == (reason, int(seats))


@then("轮到候补，回避的不在其中")
def alternate_asked(scene: Scene) -> None:
    office = scene.office
    [task] = office.open_tasks("声明是否回避")
    assert task.assignee != scene.notes["recused"]
    members = office.office.panels.members(office.situation.purchase_id, actor=office.person("采购经办"))
    assert members[-1].way == "alternate"


@then(said("小组有 {count} 人，回避的不在其中"))
def seated(scene: Scene, count: str) -> None:
    panel = scene.office.variable("panel")
    assert len(panel) == int(count)
    assert scene.notes["recused"] not in [one["login"] for one in panel]


@when(said("抽中的第 {number} 位专家勾选与“{name}”有劳动关系，又声明按时到会"))
def contradicts(scene: Scene, number: str, name: str) -> None:
    office = scene.office
    task = office.open_tasks("声明是否回避")[int(number) - 1]
    actor = office.worker_of(task)
    sheet = scene.sheet = office.open_sheet(task, actor)
    sheet.values["conflict_employment"] = [office.organisation_id(name)]
    scene.attempt(lambda: office.complete(task, sheet.values, actor))


@when(said("第三方支持机构登记第 {number} 位专家缺席，理由是“{reason}”"))
def absent(scene: Scene, number: str, reason: str) -> None:
    office = scene.office
    task = office.task("登记签到")
    actor = office.worker_of(task)
    sheet = scene.sheet = office.open_sheet(task, actor)
    row = sheet.values["attendance_rows"][int(number) - 1]
    row |= {"answer": "absent", "reason": reason}
    scene.notes["recused"] = office.variable("expected")[int(number) - 1]["login"]
    scene.attempt(lambda: office.complete(task, sheet.values, actor))


@when("抽中的专家都不答复，候补也不答复")
def nobody_answers(scene: Scene) -> None:
    office = scene.office
    for _ in range(2):
        office.move_to(max(task.due for task in office.open_tasks("声明是否回避")))
        office.move_to(min(timer.due_at for timer in office.timers() if timer.element_id == "answer_overdue"))


@when("候补一个接一个声明回避")
def all_recuse(scene: Scene) -> None:
    office = scene.office
    while tasks := office.open_tasks("声明是否回避"):
        actor = office.worker_of(tasks[0])
        sheet = office.open_sheet(tasks[0], actor)
        sheet.write("声明", "应当回避")
        sheet.write("理由", "与参选人有往来")
        office.complete(tasks[0], sheet.values, actor)


@when(said("“{name}”申请“{person}”回避，理由是“{facts}”"))
def asks_recusal(scene: Scene, name: str, person: str, facts: str) -> None:
    office = scene.office
    number, own = office.situation.purchase_id, office.organisation_id(name)
    actor = office.person(name)
    scene.attempt(
        lambda: office.office.panels.ask_recusal(number, own, person=person, relation="kinship", facts=facts, actor=actor)
    )


@then(said("裁量台账里有一条“{reason}”"))
def in_ledger(scene: Scene, reason: str) -> None:
    office = scene.office
    rows = office.office.discretion.of_purchase(office.situation.purchase_id, actor=office.person("纪检"))
    assert [row.reason for row in rows if row.rule_id == "panel_size"] == [reason]


@then(said("{who}看得到小组名单"))
def knows(scene: Scene, who: str) -> None:
    office = scene.office
    members = office.office.panels.members(office.situation.purchase_id, actor=office.person(who))
    assert len(members) == 5


@then(said("{who}看不到小组名单"))
def does_not_know(scene: Scene, who: str) -> None:
    office = scene.office
    with pytest.raises(NotFound):
        office.office.panels.members(office.situation.purchase_id, actor=office.person(who))
    assert len(office.office.panels.secret_logins(office.situation.purchase_id, actor=office.person(who))) == 5
