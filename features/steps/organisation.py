"""Social organisations in their portal: apply, bid, ask, object."""

from __future__ import annotations

from pytest_bdd import given, then, when

from features.steps.scene import Scene
from features.steps.words import money, said


@given(said("“{name}”报名"))
@when(said("“{name}”报名"))
def applies(scene: Scene, name: str) -> None:
    office = scene.office
    scene.attempt(lambda: office.apply(office.organisation_id(name)))


@when(said("“{one}”、“{two}”报名"))
def two_apply(scene: Scene, one: str, two: str) -> None:
    for name in (one, two):
        applies(scene, name)


@given(said("“{name}”递交参选文件，报价 {price} 元"))
@when(said("“{name}”递交参选文件，报价 {price} 元"))
def bids(scene: Scene, name: str, price: str) -> None:
    office = scene.office
    scene.notes["receipt"] = scene.attempt(lambda: office.bid(office.organisation_id(name), money(price)))


@when(said("“{name}”撤回参选文件"))
def takes_bid_back(scene: Scene, name: str) -> None:
    office = scene.office
    actor = office.person(name)
    portal = office.office.portal
    scene.attempt(lambda: portal.withdraw_bid(office.situation.purchase_id, office.organisation_id(name), actor=actor))


@when(said("“{other}”冒充“{name}”递交参选文件"))
def bids_for_another(scene: Scene, other: str, name: str) -> None:
    office = scene.office
    scene.attempt(
        lambda: office.office.portal.submit_bid(
            office.situation.purchase_id,
            office.organisation_id(name),
            price="1",
            files=[office.situation.file],
            actor=office.person(other),
        )
    )


@then(said("“{name}”拿到回执，写着收到的时间和文件指纹"))
def has_receipt(scene: Scene, name: str) -> None:
    receipt = scene.notes["receipt"]
    assert receipt.organisation_id == scene.office.organisation_id(name)
    assert receipt.submitted_at == scene.office.clock.now()
    assert len(receipt.sha256) == 64
    assert receipt in scene.office.office.portal.receipts(receipt.organisation_id, actor=scene.office.person(name))


@when(said("“{name}”提问“{question}”"))
def asks(scene: Scene, name: str, question: str) -> None:
    office = scene.office
    voices = office.office.voices
    scene.attempt(
        lambda: voices.ask(
            office.situation.purchase_id,
            question,
            name=name,
            organisation_id=office.organisation_id(name),
            actor=office.person(name),
        )
    )


@when(said("“{name}”提出异议，请求“{request_}”，事实和理由是“{facts}”"))
def objects(scene: Scene, name: str, request_: str, facts: str) -> None:
    office = scene.office
    voices = office.office.voices
    scene.attempt(
        lambda: voices.object(
            office.situation.purchase_id,
            name=name,
            contact="028-80000000",
            request=request_,
            facts=facts,
            organisation_id=office.organisation_id(name),
            actor=office.person(name),
        )
    )


@then(said("“{name}”看不到别家的报名"))
def sees_only_own(scene: Scene, name: str) -> None:
    office = scene.office
    own = office.office.portal.purchase(office.situation.purchase_id, office.organisation_id(name), actor=office.person(name))
    assert own.application is None or own.application.name == name
    assert all(bid.organisation_id == office.organisation_id(name) for bid in own.bids)
