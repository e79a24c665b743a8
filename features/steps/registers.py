"""What the registers and the public pages show."""

from __future__ import annotations

from typing import Any

from pytest_bdd import then

from features.steps.scene import Scene
from features.steps.words import APPLICATIONS, CONTRACTS, CREDITS, NOTICES, ROUTES, Table, money, pairs, records, said


def notices(scene: Scene, kind: str) -> list[Any]:
    found = scene.office.office.public.notices(kinds=[NOTICES[kind]]).items
    return [n for n in found if n.purchase_id == scene.office.situation.purchase_id]


@then(said("公告栏公布了“{kind}”"))
def published(scene: Scene, kind: str) -> None:
    assert notices(scene, kind)


@then(said("公告栏公布了“{kind}”，里面有“{text}”"))
def published_saying(scene: Scene, kind: str, text: str) -> None:
    shown = [f"{n.title} {n.content}" for n in notices(scene, kind)]
    assert any(text in one for one in shown), shown


@then(said("公告栏没有“{kind}”"))
def not_published(scene: Scene, kind: str) -> None:
    assert not notices(scene, kind)


@then(said("“{kind}”已经撤下"))
def taken_down(scene: Scene, kind: str) -> None:
    assert all(n.closed_at is not None for n in notices(scene, kind))
    assert notices(scene, kind)


@then(said("预算“{name}”预留 {reserved} 元，支出承诺 {committed} 元"))
def budget_stands(scene: Scene, name: str, reserved: str, committed: str) -> None:
    budget = next(b for b in scene.office.office.planning.budgets(2026) if b.name == name)
    assert (budget.reserved, budget.committed) == (money(reserved), money(committed))


@then(said("中选的是“{name}”，金额 {amount} 元，方式是“{route}”"))
def awarded(scene: Scene, name: str, amount: str, route: str) -> None:
    (award,) = [a for a in scene.office.dossier().awards if a.status == "valid"]
    assert award.organisation_id == scene.office.organisation_id(name), award.organisation_id
    assert (award.amount, award.method) == (money(amount), ROUTES[route])
    shown = scene.office.office.public.purchase(scene.office.situation.purchase_id)
    assert shown.organisation is not None
    assert shown.organisation.name == name


@then("没有中选记录")
def nobody_awarded(scene: Scene) -> None:
    assert not scene.office.dossier().awards


@then(said("“{name}”的报名“{status}”"))
def application_stands(scene: Scene, name: str, status: str) -> None:
    found = [a for a in scene.office.dossier().applications if a.name == name]
    assert [a.status for a in found][-1:] == [APPLICATIONS[status]], [(a.name, a.status) for a in found]


@then(said("“{name}”的报名“{status}”，理由里有“{reason}”"))
def application_because(scene: Scene, name: str, status: str, reason: str) -> None:
    found = [a for a in scene.office.dossier().applications if a.name == name][-1]
    assert found.status == APPLICATIONS[status], found.status
    assert reason in f"{found.first_reason} {found.confirm_reason}", (found.first_reason, found.confirm_reason)


@then(said("报名登记簿里有 {number} 份报名"))
def so_many_applications(scene: Scene, number: str) -> None:
    assert len(scene.office.dossier().applications) == int(number)


@then(said("收到 {number} 份参选文件，拆封前谁也看不到报价"))
def sealed(scene: Scene, number: str) -> None:
    bids = scene.office.dossier().bids
    assert len(bids) == int(number)
    assert not any(hasattr(bid, "price") or hasattr(bid, "content") for bid in bids)
    assert all(bid.opened_at is None for bid in bids)


@then(said("抽取了 {number} 名专家，其中没有“{name}”"))
def drawn_without(scene: Scene, number: str, name: str) -> None:
    draw = scene.office.dossier().draws[-1]
    excluded = next(e.id for e in scene.office.office.parties.experts() if e.name == name)
    assert len(draw.chosen) == int(number)
    assert excluded not in draw.chosen
    assert draw.seed


@then("评审排序是：")
def ranked(scene: Scene, datatable: Table) -> None:
    ranking = scene.office.dossier().evaluations[-1].ranking
    for expected, found in zip(records(datatable), ranking, strict=True):
        assert expected["名次"] == str(found["rank"]), ranking
        assert expected["社会组织"] == found["name"], ranking
        if "并列说明" in expected:
            assert expected["并列说明"] in found["tie_note"], ranking


@then(said("异议登记为“{status}”"))
def objection_stands(scene: Scene, status: str) -> None:
    words = {"已收到": "raised", "成立": "upheld", "不成立": "rejected"}
    assert scene.office.dossier().objections[-1].status == words[status]


@then("公开的问答里有这个答复，没有提问人的名字")
def answer_is_public(scene: Scene) -> None:
    (question,) = scene.office.office.public.purchase(scene.office.situation.purchase_id).questions
    assert question.answer


@then(said("合同“{status}”，金额 {amount} 元"))
def contract_stands(scene: Scene, status: str, amount: str) -> None:
    contract = scene.office.dossier().contracts[-1]
    assert contract.status == CONTRACTS[status], contract.status
    assert contract.amount == money(amount)


@then("合同写明六类条款：")
def clauses(scene: Scene, datatable: Table) -> None:
    found = scene.office.dossier().contracts[-1].clauses
    assert len(found) == len(datatable) == 6
    assert all(found.values())


@then(said("合同“{status}”"))
def contract_is(scene: Scene, status: str) -> None:
    assert scene.office.dossier().contracts[-1].status == CONTRACTS[status]


@then("还没有合同")
def no_contract(scene: Scene) -> None:
    assert not scene.office.dossier().contracts


@then(said("付款合计 {amount} 元"))
def paid(scene: Scene, amount: str) -> None:
    assert sum(p.amount for p in scene.office.dossier().payments) == money(amount)


@then("付款合计等于合同金额")
def paid_in_full(scene: Scene) -> None:
    dossier = scene.office.dossier()
    assert sum(p.amount for p in dossier.payments) == dossier.contracts[-1].amount


@then(said("监测台账里记着“{text}”"))
def monitored(scene: Scene, text: str) -> None:
    records_ = [f"{r.findings} {r.data}" for r in scene.office.dossier().monitoring]
    assert any(text in record for record in records_), records_


@then(said("“{name}”的信用记录新添一条“{kind}”"))
def credited(scene: Scene, name: str, kind: str) -> None:
    credit = scene.office.office.parties.credit(scene.office.organisation_id(name))
    mine = [c for c in credit if c.purchase_id == scene.office.situation.purchase_id]
    assert [c.kind for c in mine] == [CREDITS[kind]]


@then(said("“{name}”的信用记录没有变化"))
def not_credited(scene: Scene, name: str) -> None:
    credit = scene.office.office.parties.credit(scene.office.organisation_id(name))
    assert not [c for c in credit if c.purchase_id == scene.office.situation.purchase_id]


@then("卷宗已经归档，每一项都有指纹")
def archived(scene: Scene) -> None:
    case_file = scene.office.dossier().case_files[0]
    assert case_file.id
    assert len(case_file.manifest) > 5
    assert [entry["n"] for entry in case_file.manifest] == list(range(1, len(case_file.manifest) + 1))
    assert all(len(entry["sha256"]) == 64 and entry["title"] for entry in case_file.manifest)
    assert len(case_file.sha256) == 64


@then("卷宗保存十五年")
def kept_fifteen_years(scene: Scene) -> None:
    case_file = scene.office.dossier().case_files[0]
    assert case_file.keep_until.year - case_file.assembled_at.year == 15


@then(said("付款合计比合同金额少 {amount} 元"))
def paid_less(scene: Scene, amount: str) -> None:
    dossier = scene.office.dossier()
    assert dossier.contracts[-1].amount - sum(p.amount for p in dossier.payments) == money(amount)


@then(said("预算“{name}”没有预留，支出承诺等于合同金额"))
def budget_is_bound(scene: Scene, name: str) -> None:
    budget = next(b for b in scene.office.office.planning.budgets(2026) if b.name == name)
    assert (budget.reserved, budget.committed) == (0, scene.office.dossier().contracts[-1].amount)


@then(said("“{name}”被禁止参加三年"))
def barred_for_three_years(scene: Scene, name: str) -> None:
    (entry,) = [e for e in scene.office.office.parties.negative_list() if e.organisation_id == scene.office.organisation_id(name)]
    today = scene.office.clock.now().date()
    assert entry.starts_on == today
    assert entry.ends_on is not None
    assert (entry.ends_on - today).days in (1094, 1095, 1096)


@then(said("后续需求里有“{title}”"))
def proposed(scene: Scene, title: str) -> None:
    assert title in [p.title for p in scene.office.office.purchases.open_proposals()]


@then("登记簿里这个采购写着：")
def register_row(scene: Scene, datatable: Table) -> None:
    purchase = scene.office.purchase
    found = {
        "项目名称": purchase.title,
        "发起单位": purchase.unit,
        "受益人数": str(purchase.beneficiary_count),
        "批准金额": f"{purchase.amount:,.2f}" if purchase.amount is not None else "",
        "满意率": f"{purchase.satisfaction:.1f}%" if purchase.satisfaction is not None else "",
    }
    for label, words in pairs(datatable).items():
        assert found[label] == words, found
