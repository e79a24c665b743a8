"""What people see afterwards: whose turn it is, what a page says, what was refused and why."""

from __future__ import annotations

import re

from pytest_bdd import then

from engine import json_codec
from engine.errors import Conflict, InvalidInput, NotPermitted
from features.steps.scene import Scene
from features.steps.words import ROUTES, STATUSES, STEPS, Table, said


def plain(text: str) -> str:
    """A page without its markup and layout."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text))


@then(said("轮到{who}办理“{task}”"))
def turn_of(scene: Scene, who: str, task: str) -> None:
    actor = scene.office.person(who)
    found = scene.office.task(task, actor)
    assert actor.may_work_on(found), f"“{task}”该由 {found.candidate_groups} {found.assignee} 办"
    inbox = scene.office.engine.tasks(visible_to=actor, root_key=scene.office.root_key, limit=None).items
    assert found.key in [one.key for one in inbox]


@then(said("有 {number} 件“{task}”要办"))
def so_many(scene: Scene, number: str, task: str) -> None:
    assert len(scene.office.open_tasks(task)) == int(number)


@then(said("没有“{task}”要办"))
def nothing_called(scene: Scene, task: str) -> None:
    assert not scene.office.open_tasks(task)


@then("没有任何事要办")
def nothing_open(scene: Scene) -> None:
    assert not scene.office.open_tasks()


@then(said("{who}的待办里没有“{task}”"))
def not_in_inbox(scene: Scene, who: str, task: str) -> None:
    inbox = scene.office.engine.tasks(visible_to=scene.office.person(who), limit=None).items
    assert task not in [one.name for one in inbox]


@then(said("{who}打开“{task}”看到“{text}”"))
def sees(scene: Scene, who: str, task: str, text: str) -> None:
    actor = scene.office.person(who)
    page = plain(scene.office.page(scene.office.task(task, actor), actor))
    assert plain(text) in page, page


@then(said("{who}打开“{task}”看不到“{text}”"))
def does_not_see(scene: Scene, who: str, task: str, text: str) -> None:
    actor = scene.office.person(who)
    assert plain(text) not in plain(scene.office.page(scene.office.task(task, actor), actor))


@then(said("{who}打开“{task}”时，“{label}”里已有“{text}”"))
def is_filled_in(scene: Scene, who: str, task: str, label: str, text: str) -> None:
    office = scene.office
    actor = office.person(who)
    form = office.engine.task_form(office.task(task, actor).key, actor=actor)
    state = form.form.state(form.context, form.values or None, now=office.clock.now())
    shown = [str(s.value) for s in state.walk() if s.label == label and s.value is not None]
    assert any(text in value for value in shown), shown


# refusals


@then(said("表单在“{label}”处提示“{text}”"))
def advice_beside(scene: Scene, label: str, text: str) -> None:
    beside = scene.beside(scene.refusal())
    assert text in beside.get(label, ""), beside


@then("表单指出：")
def advice(scene: Scene, datatable: Table) -> None:
    beside = scene.beside(scene.refusal())
    for label, text in datatable:
        assert text in beside.get(label, ""), beside


@then(said("不受理，说明是“{text}”"))
def refused(scene: Scene, text: str) -> None:
    said_ = scene.sentence(scene.refusal())
    assert text in said_, said_


@then("无权办理")
def not_permitted(scene: Scene) -> None:
    refusal = scene.refusal()
    assert isinstance(refusal, NotPermitted), scene.sentence(refusal)


@then(said("无权办理，说明是“{text}”"))
def not_permitted_because(scene: Scene, text: str) -> None:
    refusal = scene.refusal()
    assert isinstance(refusal, NotPermitted), scene.sentence(refusal)
    assert text in scene.sentence(refusal), scene.sentence(refusal)


@then(said("来晚了，说明是“{text}”"))
def too_late(scene: Scene, text: str) -> None:
    refusal = scene.refusal()
    assert isinstance(refusal, Conflict), scene.sentence(refusal)
    assert text in scene.sentence(refusal), scene.sentence(refusal)


@then(said("填写的内容不能接受，说明是“{text}”"))
def invalid(scene: Scene, text: str) -> None:
    refusal = scene.refusal()
    assert isinstance(refusal, InvalidInput), scene.sentence(refusal)
    assert text in scene.sentence(refusal), scene.sentence(refusal)


# the purchase


@then(said("采购状态是“{status}”"))
def status_is(scene: Scene, status: str) -> None:
    assert scene.office.purchase.status == STATUSES[status], scene.office.purchase.status


@then(said("采购状态是“{status}”，原因写着“{reason}”"))
def status_because(scene: Scene, status: str, reason: str) -> None:
    purchase = scene.office.purchase
    assert purchase.status == STATUSES[status], purchase.status
    assert reason in purchase.status_reason, purchase.status_reason


@then(said("采购在“{step}”这一步"))
def step_is(scene: Scene, step: str) -> None:
    assert scene.office.purchase.step == STEPS[step], scene.office.purchase.step


@then(said("采购方式是“{route}”"))
def route_is(scene: Scene, route: str) -> None:
    assert scene.office.purchase.route == ROUTES[route], scene.office.purchase.route


@then(said("采购已经结束"))
def is_over(scene: Scene) -> None:
    office = scene.office
    assert office.engine.instance(office.root_key).state == "completed"
    assert not office.open_tasks()


@then(said("“为什么在这里”写明“{text}”"))
def explained(scene: Scene, text: str) -> None:
    entries = scene.office.engine.decisions_of(scene.office.root_key)
    assert any(text in json_codec.dumps(entry.data) for entry in entries)


@then(said("办理记录里有{who}办的“{task}”，写着“{text}”"))
def recorded(scene: Scene, who: str, task: str, text: str) -> None:
    office = scene.office
    entries = office.engine.history(office.root_key, kinds=("user_task_completed", "user_task_returned"))
    user = office.person(who).user_id
    mine = [json_codec.dumps(e.data) for e in entries if e.actor == user and e.data.get("name") == task]
    assert any(text in one for one in mine), mine


@then("全部办理记录环环相扣，没有被改动")
def sound(scene: Scene) -> None:
    report = scene.office.engine.verify(scene.office.root_key)
    assert report.sound
    assert report.entries > 0


@then(said("{who}在“{task}”的“{label}”里选得到“{yes}”，选不到“{no}”"))
def offered(scene: Scene, who: str, task: str, label: str, yes: str, no: str) -> None:
    office = scene.office
    actor = office.person(who)
    found = office.open_sheet(office.task(task, actor), actor).options(label)
    assert any(yes in option for option in found), found
    assert not any(no in option for option in found), found


@then(said("没有办理过“{task}”"))
def never_done(scene: Scene, task: str) -> None:
    office = scene.office
    ever = office.engine.tasks(state="completed", root_key=office.root_key, limit=None).items
    assert task not in [one.name for one in ever]
