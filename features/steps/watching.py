"""Who watches over purchases: red flags, who looked at them, what they turned out to be."""

from __future__ import annotations

from pytest_bdd import then, when

from features.steps.scene import Scene
from features.steps.words import said
from procurement.office.flags import SeenFlag
from web.pages.flag_words import KINDS, STATES, VERDICTS

KIND = {str(text): kind for kind, text in KINDS.items()}
STATE = {str(text): state for state, text in STATES.items()}
VERDICT = {str(text).partition("：")[0]: verdict for verdict, text in VERDICTS.items()}


def flags(scene: Scene) -> list[SeenFlag]:
    office = scene.office
    return list(office.office.flags.search(actor=office.person("纪检"), purchase_id=office.situation.purchase_id).items)


def flag(scene: Scene, kind: str) -> SeenFlag:
    found = [seen for seen in flags(scene) if seen.flag.kind == KIND[kind]]
    assert found, [seen.flag.kind for seen in flags(scene)]
    return found[0]


@then(said("有红旗“{kind}”，证据里有“{text}”"))
def flagged(scene: Scene, kind: str, text: str) -> None:
    assert text in [one["value"] for one in flag(scene, kind).flag.evidence]


@then("没有红旗")
def not_flagged(scene: Scene) -> None:
    assert not flags(scene)


@when(said("{who}看红旗“{kind}”"))
def looks(scene: Scene, who: str, kind: str) -> None:
    scene.office.office.flags.card(flag(scene, kind).flag.id, actor=scene.office.person(who))


@when(said("{who}把红旗“{kind}”定为“{verdict}”，理由是“{reason}”"))
def judges(scene: Scene, who: str, kind: str, verdict: str, reason: str) -> None:
    number, actor = flag(scene, kind).flag.id, scene.office.person(who)
    scene.attempt(lambda: scene.office.office.flags.judge(number, VERDICT[verdict], reason, actor=actor))


@then(said("红旗“{kind}”有 {number} 个人看过"))
def looked_at(scene: Scene, kind: str, number: str) -> None:
    card = scene.office.office.flags.card(flag(scene, kind).flag.id, actor=scene.office.person("纪检"))
    assert len(card.looks) == int(number)


@then(said("红旗“{kind}”是“{state}”"))
def judged(scene: Scene, kind: str, state: str) -> None:
    assert flag(scene, kind).flag.state == STATE[state]


@then(said("红旗“{kind}”留有 {number} 条结论"))
def verdicts(scene: Scene, kind: str, number: str) -> None:
    card = scene.office.office.flags.card(flag(scene, kind).flag.id, actor=scene.office.person("纪检"))
    assert len(card.verdicts) == int(number)
