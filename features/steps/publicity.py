"""After a notice is out: changes of it, objections and appeals, the clock of publicity, the ledger of discretion."""

from __future__ import annotations

import datetime as dt

from pytest_bdd import given, then, when

from features.steps import messaging
from features.steps.scene import Scene
from features.steps.words import NOTICES, Table, said
from procurement.registers.comparison import Objection
from procurement.registers.publicity import Appeal

ABOUT = {"比选文件": "documents", "比选过程": "process", "比选结果": "result"}
AGAINST = {"第三方支持机构": "agency", "街道": "street", "评审专家": "panel", "其他申请人": "bidder"}
STATES = {"公示中": "running", "停走": "stopped", "期满": "over", "已撤下": "withdrawn"}


@given(said("“{name}”对{about}提出异议，涉及{against}，请求“{request_}”"))
@when(said("“{name}”对{about}提出异议，涉及{against}，请求“{request_}”"))
def objects_to(scene: Scene, name: str, about: str, against: str, request_: str) -> None:
    office = scene.office
    organisation_id = office.organisation_id(name)
    row = scene.attempt(
        lambda: office.office.voices.object(
            office.situation.purchase_id,
            name=name,
            contact="028-80000000",
            request=request_,
            facts=f"{request_}的事实和理由",
            organisation_id=organisation_id,
            about=ABOUT[about],
            against=AGAINST[against],
            actor=office.person(name),
        )
    )
    scene.notes["objection"] = row.id if row else None


def newest(scene: Scene) -> Objection:
    rows = scene.office.office.voices.objections(scene.office.situation.purchase_id)
    return rows[-1]


@when(said("“{name}”补正异议“{text}”"))
def supplements(scene: Scene, name: str, text: str) -> None:
    office = scene.office
    scene.attempt(lambda: office.office.objections.supplement(newest(scene).id, text, actor=office.person(name)))


@when(said("“{name}”撤回异议"))
def takes_objection_back(scene: Scene, name: str) -> None:
    office = scene.office
    scene.attempt(lambda: office.office.objections.withdraw(newest(scene).id, "已经清楚", actor=office.person(name)))


@then(said("最近一份异议“{status}”，答复期限是 {days} 个工作日后"))
def answer_due(scene: Scene, status: str, days: str) -> None:
    row = newest(scene)
    assert row.status == {"正在核查": "raised", "等待补正": "supplementing"}[status]
    calendar = scene.office.office.planning.calendar()
    assert row.answer_due_on == calendar.after(row.raised_at.date(), int(days))


@then(said("全部异议都登记为“{status}”"))
def all_are(scene: Scene, status: str) -> None:
    wanted = {"不成立": "rejected", "成立": "upheld", "已撤回": "withdrawn", "不予受理": "refused"}[status]
    rows = scene.office.office.voices.objections(scene.office.situation.purchase_id)
    assert [row.status for row in rows] == [wanted] * len(rows)


@then(said("“{name}”收到消息“{text}”"))
def is_told(scene: Scene, name: str, text: str) -> None:
    actor = scene.office.person(name)
    if "duties" in scene.notes:  # what no diagram says, the worker tells
        messaging.work(scene)
    found, _ = scene.office.office.messages.page(actor.user_id, "zh_Hans")
    assert any(text in one.subject for one in found), [one.subject for one in found]


# the clock


@then(said("公示“{state}”，还剩 {days} 个工作日"))
def clock_says(scene: Scene, state: str, days: str) -> None:
    shown = scene.office.office.publicity.public(scene.office.situation.purchase_id)
    assert shown is not None
    assert (shown.state, shown.days_left) == (STATES[state], int(days))


@then("公示逐日数得清，当日不算，停走的日子不算")
def counted_day_by_day(scene: Scene) -> None:
    shown = scene.office.office.publicity.public(scene.office.situation.purchase_id)
    assert shown is not None
    assert shown.days[0].counted is None
    counted = [day for day in shown.days if day.counted]
    assert [day.counted for day in counted] == list(range(1, len(counted) + 1))
    assert all(day.working and not day.stopped for day in counted)


@then("公示写明办法要求的各项内容")
def contents_are_there(scene: Scene) -> None:
    shown = scene.office.office.publicity.public(scene.office.situation.purchase_id)
    assert shown is not None
    assert shown.contents
    assert not [one.label for one in shown.contents if not one.present]


# changes of a running notice


@when(said("{who}申请变更公告，理由是“{reason}”"))
def asks_for_change(scene: Scene, who: str, reason: str) -> None:
    office = scene.office
    scene.attempt(lambda: office.office.publicity.request_change(office.situation.purchase_id, reason, actor=office.person(who)))


@then(said("递交截止改到了 {days} 天以后"))
def bids_due_moved(scene: Scene, days: str) -> None:
    until = scene.notes["bid_until"] + dt.timedelta(days=int(days))
    assert scene.office.purchase.bid_until == until
    due = {timer.element_id: timer.due_at for timer in scene.office.timers()}
    assert dt.timedelta(0) <= due["bids_closed"] - until <= dt.timedelta(seconds=1), due  # the last second still counts


@when(said("{who}把递交截止往后推 {days} 天"))
def moves_bids(scene: Scene, who: str, days: str) -> None:
    office = scene.office
    scene.notes["bid_until"] = office.purchase.bid_until
    new = office.purchase.bid_until + dt.timedelta(days=int(days))
    values = {"change_kind": "extension", "new_bids_due_at": new.isoformat(), "change_reason": "来不及准备"}
    actor = office.person(who)
    office.complete(office.task("拟定变更公告", actor), values, actor)


@when(said("{who}更正“{item}”，从“{before}”改为“{after}”，影响参选文件"))
def corrects(scene: Scene, who: str, item: str, before: str, after: str) -> None:
    office = scene.office
    values = {
        "change_kind": "correction",
        "changes": [{"item": item, "before": before, "after": after}],
        "change_affects_bids": True,
        "change_reason": "写错了",
        **scene.notes.get("lead_reason", {}),
    }
    actor = office.person(who)
    scene.attempt(lambda: office.complete(office.task("拟定变更公告", actor), values, actor))


@when(said("不顺延的理由写“{reason}”"))
def lead_reason(scene: Scene, reason: str) -> None:
    scene.notes["lead_reason"] = {"lead_reason": reason}


@when(said("{who}提议终止，理由是“{reason}”"))
def proposes_end(scene: Scene, who: str, reason: str) -> None:
    office = scene.office
    values = {"change_kind": "termination", "cancellation_ground": "因重大变故，采购任务取消", "cancellation_reason": reason}
    actor = office.person(who)
    office.complete(office.task("拟定变更公告", actor), values, actor)


@given(said("到了递交截止前 {days} 个工作日"))
def shortly_before_bids_close(scene: Scene, days: str) -> None:
    until = scene.office.purchase.bid_until
    assert until is not None
    day = scene.office.office.planning.calendar().after(until.date(), -int(days))
    scene.office.move_to(dt.datetime.combine(day, dt.time(9), until.tzinfo))


@then(said("“{kind}”还在公告栏"))
def still_published(scene: Scene, kind: str) -> None:
    notices = scene.office.dossier().notices
    assert any(NOTICES[kind] == notice.kind and notice.closed_at is None for notice in notices)


@then("没有人看过参选文件")
def nobody_read_bids(scene: Scene) -> None:
    assert all(bid.opened_at is None for bid in scene.office.dossier().bids)


# appeals: a case of its own


@when(said("“{name}”投诉，请求“{request_}”"))
def appeals(scene: Scene, name: str, request_: str) -> None:
    office = scene.office
    row: Appeal | None = scene.attempt(
        lambda: office.office.appeals.raise_(
            newest(scene).id, request=request_, facts=f"{request_}的事实", contact="028-80000000", actor=office.person(name)
        )
    )
    if row is not None:
        scene.notes["appeal"] = row.id
        cases = office.engine.instances(process_id="appeal_handling", limit=50).items
        office.situation.case_key = max(case.key for case in cases)


@when("回到采购本身")
def back_to_the_purchase(scene: Scene) -> None:
    scene.notes["appeal_case"] = scene.office.situation.case_key
    scene.office.situation.case_key = 0


@when("回到投诉")
def back_to_the_appeal(scene: Scene) -> None:
    scene.office.situation.case_key = scene.notes["appeal_case"]


def the_appeal(scene: Scene) -> Appeal:
    return scene.office.office.appeals.one(scene.notes["appeal"], actor=scene.office.person("纪检"))


@when(said("“{name}”补正投诉“{text}”"))
def supplements_appeal(scene: Scene, name: str, text: str) -> None:
    office = scene.office
    scene.attempt(lambda: office.office.appeals.supplement(scene.notes["appeal"], text, actor=office.person(name)))


@then(said("投诉“{status}”"))
def appeal_is(scene: Scene, status: str) -> None:
    wanted = {"不予受理": "refused", "已受理": "accepted", "不成立": "rejected", "成立": "upheld", "等待补正": "supplementing"}[
        status
    ]
    assert the_appeal(scene).status == wanted


@then(said("投诉在受理后 {days} 个工作日内决定，另有 {stopped} 个工作日不计"))
def appeal_due(scene: Scene, days: str, stopped: str) -> None:
    row = the_appeal(scene)
    assert row.accepted_at is not None
    calendar = scene.office.office.planning.calendar()
    assert row.due_on == calendar.after(row.accepted_at.date(), int(days) + int(stopped))
    assert row.days_not_counted >= int(stopped)


@then(said("采购活动暂停 {days} 天"))
def is_suspended(scene: Scene, days: str) -> None:
    row = the_appeal(scene)
    assert row.suspended_on is not None
    assert row.suspended_until == row.suspended_on + dt.timedelta(days=int(days))


@then("暂停已经解除")
def suspension_lifted(scene: Scene) -> None:
    assert the_appeal(scene).suspension_lifted_on is not None


# the ledger


@then("裁量台账里有：")
def ledger_has(scene: Scene, datatable: Table) -> None:
    office = scene.office
    rows = office.office.discretion.ledger(actor=office.person("纪检")).items
    heading, *lines = datatable
    called = {user.login: user.name for user in office.users}
    found = [
        {
            "规则": row.rule_id,
            "规则的值": row.default,
            "所用的值": row.chosen,
            "理由": row.reason,
            "决定人": called.get(row.decided_by, row.decided_by),
            "批准人": called.get(row.approver, row.approver),
        }
        for row in reversed(rows)
    ]
    assert [[one[name] for name in heading] for one in found] == [list(line) for line in lines], found


@then("裁量台账是空的")
def ledger_is_empty(scene: Scene) -> None:
    assert not scene.office.office.discretion.ledger(actor=scene.office.person("纪检")).items


@then(said("{who}看不到裁量台账"))
def may_not_read_ledger(scene: Scene, who: str) -> None:
    scene.attempt(lambda: scene.office.office.discretion.ledger(actor=scene.office.person(who)))
    scene.refusal()


@then(said("台账按人统计，{who}占 {share}"))
def share_of(scene: Scene, who: str, share: str) -> None:
    office = scene.office
    found = {one.key: one.share for one in office.office.discretion.shares("person", actor=office.person("审计"))}
    assert f"{found[office.person(who).user_id]:.0%}" == share
