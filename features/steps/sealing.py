"""Sealed bids: naming key holders, giving keys, opening bid by bid, and what may be read when."""

from __future__ import annotations

from pytest_bdd import given, then, when
from sqlalchemy import delete, select

from engine.model import SYSTEM
from features.steps.desk import hand_in
from features.steps.scene import Scene
from features.steps.words import said
from procurement.demo.opening import demo_code
from procurement.registers.comparison import Bid, BidContent, Notice
from procurement.registers.openings import KeyTooEarly
from procurement.registers.sealing import ComparisonKey, KeyShare, OpeningKey, SealedPart


@given(said("{who}没有开启码"))
def has_no_code(scene: Scene, who: str) -> None:
    login = scene.office.person(who).user_id
    with scene.office.office.desk.editing(SYSTEM) as session:
        session.execute(delete(OpeningKey).where(OpeningKey.login == login))


@when(said("采购经办指定持钥人，{number} 人到场就能开启"))
def names_holders(scene: Scene, number: str) -> None:
    office = scene.office
    actor = office.person("采购经办")
    task = office.task("指定持钥人", actor)
    values = {"street_holder": "jdfg", "agency_holder": office.person("第三方支持机构").user_id}
    values |= {"supervisor_holder": office.person("纪检").user_id, "keys_needed": int(number)}
    scene.attempt(lambda: office.complete(task, values, actor))


@when(said("采购经办主持开启"))
def convenes(scene: Scene) -> None:
    hand_in(scene, "采购经办", "主持开启", {})


@when(said("{who}交钥"))
def gives_key(scene: Scene, who: str) -> None:
    actor = scene.office.person(who)
    purchase = scene.office.situation.purchase_id
    desk = scene.office.office.openings
    scene.notes["refused"] = None
    try:
        desk.give_key(purchase, demo_code(actor.user_id), actor=actor)
    except KeyTooEarly as refusal:
        scene.notes["refused"] = refusal


@when(said("采购经办逐份开启"))
def opens_each(scene: Scene) -> None:
    office = scene.office
    office.office.openings.open_rest(office.situation.purchase_id, actor=office.person("采购经办"), seconds=60)


@then(said("交钥被拒绝，写着截止时间和现在的时间"))
def refused_with_both_times(scene: Scene) -> None:
    sentence = scene.sentence(scene.notes["refused"])
    until = scene.office.purchase.bid_until
    assert until is not None
    assert f"{until:%Y-%m-%d %H:%M:%S}" in sentence
    assert f"{scene.office.clock.now():%Y-%m-%d %H:%M:%S}" in sentence


@then(said("持钥人是街道、支持机构、纪检各一人，{needed} 人到场才能开启"))
def three_holders(scene: Scene, needed: str) -> None:
    with scene.office.office.desk.reading() as session:
        assert [share.part for share in session.scalars(select(KeyShare).order_by(KeyShare.number))] == [
            "street",
            "agency",
            "supervisor",
        ]
        assert session.scalars(select(ComparisonKey)).one().needed == int(needed)


@then(said("系统里没有能打开参选文件的钥匙"))
def no_usable_key(scene: Scene) -> None:
    with scene.office.office.desk.reading() as session:
        assert not [share for share in session.scalars(select(KeyShare)) if share.share]


@then(said("还有“{task}”要办"))
def still_to_do(scene: Scene, task: str) -> None:
    assert scene.office.open_tasks(task)


@then(said("一份参选文件也没有开启"))
def nothing_open(scene: Scene) -> None:
    with scene.office.office.desk.reading() as session:
        assert not session.scalars(select(BidContent)).all()
        assert not [part for part in session.scalars(select(SealedPart)) if part.data_key]


@then(said("开启了 {number} 份，按收到的先后，报价与递交的一致"))
def opened_in_order(scene: Scene, number: str) -> None:
    office = scene.office
    view = office.office.openings.view(office.situation.purchase_id, actor=office.person("采购经办"))
    assert [one.result.position for one in view.bids if one.result] == list(range(1, int(number) + 1))
    assert [int(one.content["price"]) for one in view.bids if one.content] == [370_000, 375_000, 372_000]


@then(said("收件清单公布了 {number} 份，没有名称和报价"))
def list_is_published(scene: Scene, number: str) -> None:
    with scene.office.office.desk.reading() as session:
        notice = session.scalars(select(Notice).where(Notice.kind == "bid_list")).one()
    assert [set(one) for one in notice.content["receipts"]] == [{"number", "submitted_at", "sha256"}] * int(number)
    assert "邻里" not in str(notice.content)
    assert "370" not in str([one["number"] for one in notice.content["receipts"]])


@then(said("开启记录已公布，有人签字"))
def minutes_are_published(scene: Scene) -> None:
    with scene.office.office.desk.reading() as session:
        notice = session.scalars(select(Notice).where(Notice.kind == "opening_record")).one()
    assert len(notice.content["record"]["signatures"]) >= 2


@then(said("“{name}”的参选文件已原样退回"))
def returned(scene: Scene, name: str) -> None:
    organisation = scene.office.organisation_id(name)
    with scene.office.office.desk.reading() as session:
        bid = session.scalars(select(Bid).where(Bid.organisation_id == organisation)).one()
        assert bid.status == "returned"
