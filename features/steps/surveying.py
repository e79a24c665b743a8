"""Residents and staff who answer a survey by their card, and what the figures then say."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from engine.errors import NotFound
from engine.model import SYSTEM
from features.steps.scene import Scene
from features.steps.words import said
from procurement.office.surveys import LinkUnknown, LinkUsed, SurveyOver
from procurement.registers.surveys import Answer, Invitation, Survey
from procurement.surveys.questions import STEPS
from procurement.surveys.tokens import new_secret

STEP = {label: value for value, label in STEPS.items()}
ADDRESS = "192.0.2.9"


def survey(scene: Scene) -> Survey:
    """The newest one."""
    newest: Survey = scene.office.office.surveys.listed(actor=scene.office.person("审计"), limit=1).items[0]
    return newest


def rows(scene: Scene, table: Any) -> list[Any]:
    with scene.office.office.desk.reading() as session:
        return list(session.query(table).filter_by(survey_id=survey(scene).id))


@when(parsers.parse("采购经办为“{stratum}”生成 {n:d} 张邀请卡"))
def cards(scene: Scene, stratum: str, n: int) -> None:
    actor = scene.office.person("采购经办")
    group = "" if stratum == "全体" else stratum
    made = scene.attempt(lambda: scene.office.office.surveys.make_cards(survey(scene).id, new_secret(), group, n, actor=actor))
    scene.notes["cards"] = list(made or [])


@when(parsers.parse("其中 {n:d} 人回答“{label}”"))
def answer(scene: Scene, n: int, label: str) -> None:
    for _ in range(n):
        token = scene.notes["cards"].pop()
        scene.notes["used"] = token
        sent = {"overall": [STEP[label]], "wish": ["早饭早一点"]}
        scene.office.office.surveys.answer(token, sent, address=ADDRESS)


@when("有人拿用过的卡再答一次")
def again(scene: Scene) -> None:
    scene.attempt(lambda: scene.office.office.surveys.answer(scene.notes["used"], {"overall": ["1"]}, address=ADDRESS))


@when("有人截止以后才回答")
def late(scene: Scene) -> None:
    scene.attempt(lambda: scene.office.office.surveys.answer(scene.notes["cards"].pop(), {"overall": ["1"]}, address=ADDRESS))


@then("这张卡已经用过")
def used(scene: Scene) -> None:
    assert isinstance(scene.refusal(), LinkUsed)


@then("链接不能用了")
def dead(scene: Scene) -> None:
    assert isinstance(scene.refusal(), (SurveyOver, LinkUnknown))


@then(said("卡没有生成，因为“{text}”"))
def no_cards(scene: Scene, text: str) -> None:
    assert text in scene.sentence(scene.refusal())


@then(parsers.parse("收回 {n:d} 份，满意度 {score} 分"))
def counted(scene: Scene, n: int, score: str) -> None:
    found = survey(scene).results
    assert (found["count"], str(found["score"])) == (n, score)


@then("份数太少，不计算结果")
def too_few(scene: Scene) -> None:
    assert survey(scene).results["enough"] is False
    assert survey(scene).results["score"] is None


@then(said("“{name}”一组不显示"))
def quiet(scene: Scene, name: str) -> None:
    [row] = [row for row in survey(scene).results["strata"] if row["name"] == name]
    assert row["answered"] is None


@then("公开网上看得到调查结果")
def public(scene: Scene) -> None:
    assert scene.office.office.surveys.public(survey(scene).id).told


@then("公开网上没有调查结果")
def not_public(scene: Scene) -> None:
    try:
        scene.office.office.surveys.public(survey(scene).id)
    except NotFound:
        return
    raise AssertionError("公布了")


@then("数据库里没有邀请卡")
def no_invitations(scene: Scene) -> None:
    assert rows(scene, Invitation) == []


@then("数据库里没有一份答卷，结果还在")
def erased(scene: Scene) -> None:
    assert rows(scene, Answer) == []
    assert survey(scene).results["score"] is not None
    assert survey(scene).erased_on == scene.office.clock.moment.date()


@then("没有人看得到截止以前的答案")
def nothing_yet(scene: Scene) -> None:
    assert survey(scene).results == {}
    assert scene.office.office.surveys.remarks(survey(scene).id, actor=SYSTEM) == {}
