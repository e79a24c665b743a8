"""The committee: attendance and votes."""

from __future__ import annotations

from pytest_bdd import then, when

from features.steps.desk import hand_in
from features.steps.scene import Scene
from features.steps.words import Table, pairs, said

MEMBERS = ("杨德胜", "高志宏", "袁慧", "汪海洋", "许琳", "石磊", "廖军")


@when(said("党工委秘书召集会议，到会 {number} 人"))
def convenes(scene: Scene, number: str) -> None:
    hand_in(scene, "党工委秘书", "召集会议", {"到会委员": "、".join(MEMBERS[: int(number)])})


@when("到会委员表决：")
def vote(scene: Scene, datatable: Table) -> None:
    for name, words in pairs(datatable).items():
        written = {"是否支持": words} | ({} if words == "支持" else {"意见": "还需论证"})
        hand_in(scene, name, "表决", written)


@when(said("{number} 名委员支持，{others} 名委员不支持"))
def votes(scene: Scene, number: str, others: str) -> None:
    for n, name in enumerate(MEMBERS[: int(number) + int(others)]):
        written = {"是否支持": "支持"} if n < int(number) else {"是否支持": "不支持", "意见": "与在办项目重复"}
        hand_in(scene, name, "表决", written)


@then(said("会议记下 {number} 票支持"))
def counted(scene: Scene, number: str) -> None:
    cast = scene.office.variable("votes")
    assert sum(vote["vote"] == "support" for vote in cast) == int(number), cast


@when("采购经办询价：")
def quotes(scene: Scene, datatable: Table) -> None:
    rows = [{"社会组织": row[0], "报价": row[1]} for row in datatable]
    hand_in(scene, "采购经办", "询价", {}, {"逐家登记": rows})


@when(said("采购经办询价，不足家数的理由是“{reason}”："))
def quotes_with_reason(scene: Scene, reason: str, datatable: Table) -> None:
    rows = [{"社会组织": row[0], "报价": row[1]} for row in datatable]
    hand_in(scene, "采购经办", "询价", {"理由": reason}, {"逐家登记": rows})
