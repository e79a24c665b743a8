"""The unit that needs the service: takes its demand back, takes up what a finished purchase proposed."""

from __future__ import annotations

from pytest_bdd import then, when

from features.steps.scene import Scene
from features.steps.words import said


@when(said("{who}撤回，理由是“{reason}”"))
def withdraws(scene: Scene, who: str, reason: str) -> None:
    scene.attempt(lambda: scene.office.message("withdrawal_requested", {"withdrawal_reason": reason}, who))


@when(said("{unit}用同一次点击又提出一次采购"))
def starts_twice(scene: Scene, unit: str) -> None:
    office = scene.office
    first = office.start(command_id="click")
    scene.notes["started"] = [first.id, office.start(command_id="click").id]


@then("只有一个采购，编号相同")
def one_purchase(scene: Scene) -> None:
    first, second = scene.notes["started"]
    assert first == second
    assert scene.office.office.purchases.search().total == 1


@when("发起单位从后续需求开始新的采购")
def takes_up(scene: Scene) -> None:
    office = scene.office
    (proposal,) = office.office.purchases.open_proposals()
    office.situation.facts |= {"title": proposal.title}
    scene.notes["before"] = office.situation.purchase_id
    office.start(proposal_id=proposal.id)


@then("这条后续需求不再等待，记着新采购的编号")
def taken_up(scene: Scene) -> None:
    office = scene.office
    (proposal,) = office.office.purchases.dossier(scene.notes["before"]).proposals
    assert not office.office.purchases.open_proposals()
    assert proposal.taken_up_by == office.situation.purchase_id


@when(said("{who}给采购起名“{title}”"))
def names(scene: Scene, who: str, title: str) -> None:
    scene.facts["title"] = title
    scene.attempt(scene.office.start)


@when(said("{who}提出没有名称的采购"))
def nameless(scene: Scene, who: str) -> None:
    scene.facts["title"] = "  "
    scene.attempt(scene.office.start)
