"""Organisations without an account: they register, the service centre checks; and what they keep and take back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pytest_bdd import given, then, when

from features.steps.desk import hand_in
from features.steps.scene import Scene
from features.steps.words import said
from procurement.demo.paper import sheet
from procurement.demo.reading import data
from procurement.registers.credit_code import check_sign
from procurement.registers.evidence import CONDITIONS
from procurement.registers.registering import Registration, SupplementRequest

PASSWORD = "chun-yu-2026-feature"
STATES = {"核验中": "sent", "等待补正": "supplement", "已注册": "accepted", "不予注册": "refused", "已撤回": "withdrawn"}
ORDER = dict(zip("一二三四五六七", CONDITIONS, strict=True))


def _given(scene: Scene, name: str) -> dict[str, Any]:
    known = {**data("evidence")["registration"], "name": name}
    known["credit_code"] += check_sign(known["credit_code"])
    registered = [one.credit_code for one in scene.office.office.parties.organisations() if one.name == name]
    return known | ({"credit_code": registered[0]} if registered else {})


@when(said("“{name}”申请注册"))
def registers(scene: Scene, name: str) -> None:
    registers_with(scene, _given(scene, name)["credit_code"], name)


@when(said("代码“{code}”的“{name}”申请注册"))
def registers_with(scene: Scene, code: str, name: str) -> None:
    desk = scene.office.office.registrations

    def act() -> None:
        row = desk.begin({**_given(scene, name), "credit_code": code}, PASSWORD, address="")
        for condition in CONDITIONS[:-1]:
            desk.attach(row.id, condition, [sheet(condition)], f"{condition}.pdf")
        sent = desk.send(row.id)
        scene.notes["registration"], scene.office.situation.case_key = sent.id, sent.process_key or 0

    scene.attempt(act)


@when(said("便民服务中心核验，第{condition}项“{finding}”，理由是“{reason}”"))
def checks(scene: Scene, condition: str, finding: str, reason: str) -> None:
    group = next(label for label in GROUPS if f"（{condition}）" in label)
    hand_in(scene, "便民服务中心", "核验注册申请", {f"{group}／结论": finding, f"{group}／理由或需补正的内容": reason})


GROUPS = (
    "（一）依法设立，能独立承担民事责任",
    "（二）治理结构健全，内部管理和监督制度完善",
    "（三）独立的财务管理、核算和资产管理制度",
    "（四）必需的设备和专业技术能力",
    "（五）依法缴纳税收和社会保障资金的良好记录",
    "（六）前三年内无重大违法违纪，年检合格，信誉良好",
    "（七）法律、法规规定的其他条件",
)


@when(said("“{name}”补正“{note}”"))
def supplements(scene: Scene, name: str, note: str) -> None:
    scene.attempt(lambda: scene.office.office.registrations.supplement(scene.notes["registration"], note))


@when(said("“{name}”撤回注册，理由是“{reason}”"))
def withdraws(scene: Scene, name: str, reason: str) -> None:
    scene.attempt(lambda: scene.office.office.registrations.withdraw(scene.notes["registration"], reason))


@when(said("便民服务中心自行登记“{name}”"))
def centre_registers(scene: Scene, name: str) -> None:
    office = scene.office
    given_ = _given(scene, name)
    names = ("name", "kind", "credit_code", "registration_authority", "registered_on", "scope", "legal_representative")
    values = {key: given_[key] for key in names}
    office.office.parties.save_organisation("org-90", values, actor=office.person("便民服务中心"))


def _row(scene: Scene) -> Registration:
    return scene.office.office.registrations.get(scene.notes["registration"])


@then(said("“{name}”的注册“{state}”"))
def stands(scene: Scene, name: str, state: str) -> None:
    row = _row(scene)
    assert (row.name, row.status) == (name, STATES[state])


@then(said("“{name}”的注册“{state}”，理由里有“{reason}”"))
def stands_because(scene: Scene, name: str, state: str, reason: str) -> None:
    stands(scene, name, state)
    assert reason in _row(scene).reason, _row(scene).reason


@then(said("“{name}”的账号只是社会组织，证明材料都核验过"))
def account_lives(scene: Scene, name: str) -> None:
    row, office = _row(scene), scene.office.office
    user = office.accounts.log_in(row.login, PASSWORD)
    assert (user.roles, user.groups, user.unit) == (["organisation"], [f"organisation:{row.organisation_id}"], name)
    kept = office.evidence.of(row.organisation_id or "", actor=office.actor_of(user))
    assert [one.row.conclusion for one in kept if one.row] == ["met"] * 6


@then(said("登记簿里没有“{name}”"))
def not_registered(scene: Scene, name: str) -> None:
    assert name not in [one.name for one in scene.office.office.parties.organisations()]


def _request(scene: Scene) -> SupplementRequest:
    return scene.office.office.registrations.supplements(scene.notes["registration"])[-1]


@then(said("核验停走了 {days} 个工作日，从 {before} 顺延到 {after}"))
def stood_still(scene: Scene, days: str, before: str, after: str) -> None:
    asked = _request(scene)
    moved = (dt.date.fromisoformat(before), dt.date.fromisoformat(after))
    assert (asked.stopped_days, (asked.check_due_before, asked.check_due_after)) == (int(days), moved)


# what organisations keep, and applications taken back


@given(said("“{name}”登记了证明材料，第{condition}项有效至 {day}"))
@when(said("“{name}”登记了证明材料，第{condition}项有效至 {day}"))
def keeps(scene: Scene, name: str, condition: str, day: str) -> None:
    office = scene.office
    actor, own = office.person(name), office.organisation_id(name)
    for one in CONDITIONS[:-1]:
        paper = office.office.files.upload(
            [sheet(f"{own} {one}")], f"{one}.pdf", actor=actor, party=f"organisation:{own}", visibility="party"
        )
        until = dt.date.fromisoformat(day) if one == ORDER[condition] else None
        office.office.evidence.hand_in(own, one, note="见附件", files=[paper.as_variable()], valid_until=until, actor=actor)


@when(said("“{name}”报名，六项沿用已登记的材料"))
def applies_with_kept(scene: Scene, name: str) -> None:
    office = scene.office
    own = office.organisation_id(name)
    conditions: dict[str, Any] = {one: {"reuse": True} for one in CONDITIONS[:-1]}
    application = {"contact": "联系人", "phone": "028-80000000", "conditions": conditions, "files": [], "promise": True}
    portal = office.office.portal
    scene.attempt(lambda: portal.apply(office.situation.purchase_id, own, application, actor=office.person(name)))


@when(said("“{name}”撤回报名，理由是“{reason}”"))
def takes_back(scene: Scene, name: str, reason: str) -> None:
    office = scene.office
    portal, own = office.office.portal, office.organisation_id(name)
    scene.attempt(lambda: portal.withdraw_application(office.situation.purchase_id, own, reason, actor=office.person(name)))


@then(said("“{name}”的第{condition}项证明材料核验为“{finding}”，来源里有“{source}”"))
def verified(scene: Scene, name: str, condition: str, finding: str, source: str) -> None:
    office = scene.office
    kept = office.office.evidence.of(office.organisation_id(name), actor=office.person(name))
    row = next(one.row for one in kept if one.condition == ORDER[condition])
    assert row is not None
    assert row.conclusion == {"符合": "met", "不符合": "unmet", "需要补正": "supplement"}[finding]
    assert source in row.source


@then(said("“{name}”的初审停走了 {days} 个工作日"))
def first_check_stood_still(scene: Scene, name: str, days: str) -> None:
    office = scene.office
    own = office.office.portal.purchase(office.situation.purchase_id, office.organisation_id(name), actor=office.person(name))
    assert own.supplements[-1].stopped_days == int(days)
