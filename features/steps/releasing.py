"""Submitting, signing, waiting, going back: the release of a draft as people do it."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_bdd import given, then, when

from engine.model import SYSTEM, Resource, UserTask
from features.steps.designer import Desk
from features.steps.scene import Scene
from features.steps.words import said
from procurement.operations.releases import TOOL
from procurement.studio.contents import digest
from procurement.studio.release.model import PROCESS, NotIndependent, Release

OPINIONS = {"同意发布": "agree", "退回修改": "return", "不同意": "refuse"}
README = "processes/goal_setting/README.md"


@pytest.fixture
def releasing(desk: Desk) -> Desk:
    """The desk, with an engine whose operations know the studio."""
    desk.studio.engine._workshop.tools[TOOL] = desk.studio.releases.steps  # type: ignore[index]  # noqa: SLF001 - as web.composition hands it over
    return desk


def path_of(form: str) -> str:
    return f"forms/goal_setting/{form}.form"


def current(desk: Desk) -> Release:
    found = desk.studio.releases.current(desk.draft)
    assert found is not None, "没有提交过"
    return found


@given(said("{who}改了表单“{form}”"))
def change_form(scene: Scene, releasing: Desk, who: str, form: str) -> None:
    path = path_of(form)
    before = releasing.studio.shelf.content(path)
    scene.notes["before"] = before
    actor = scene.office.person(who)
    releasing.studio.drafts.save(releasing.draft, path, before + b"\n", base=digest(before), actor=actor)


@when(said("{who}也改了草稿"))
def change_too(scene: Scene, releasing: Desk, who: str) -> None:
    before = releasing.studio.shelf.content(README)
    actor = scene.office.person(who)
    releasing.studio.drafts.save(releasing.draft, README, before + b"\n", base=digest(before), actor=actor)


@when(said("{who}提交复核"))
def submit(scene: Scene, releasing: Desk, who: str) -> None:
    _submit(scene, releasing, who)


@when(said("{who}提交复核，{days} 天以后发布"))
def submit_for_later(scene: Scene, releasing: Desk, who: str, days: str) -> None:
    _submit(scene, releasing, who, at=scene.office.clock.now() + dt.timedelta(days=int(days)))


@when(said("{who}提交复核，试行 {days} 天"))
def submit_on_trial(scene: Scene, releasing: Desk, who: str, days: str) -> None:
    _submit(scene, releasing, who, trial=(scene.office.clock.now() + dt.timedelta(days=int(days))).date())


@when(said("{who}复核“{opinion}”"))
def sign(scene: Scene, releasing: Desk, who: str, opinion: str) -> None:
    _sign(scene, releasing, who, {"review_change_opinion": OPINIONS[opinion]})


@when(said("{who}复核“{opinion}”，理由“{reason}”"))
def sign_with_reason(scene: Scene, releasing: Desk, who: str, opinion: str, reason: str) -> None:
    _sign(scene, releasing, who, {"review_change_opinion": OPINIONS[opinion], "review_change_reason": reason})


@when(said("{days} 天过去"))
def days_pass(scene: Scene, days: str) -> None:
    _live(scene, scene.office.clock.now() + dt.timedelta(days=int(days)))


@when(said("{who}撤回发布"))
def take_back(scene: Scene, releasing: Desk, who: str) -> None:
    releasing.studio.releases.take_back(current(releasing).number, actor=scene.office.person(who))


@when(said("别人先发布了表单“{form}”"))
def overtaken(releasing: Desk, form: str) -> None:
    path = path_of(form)
    content = releasing.studio.shelf.content(path) + b" \n"
    diagram = "processes/goal_setting/goal_setting.bpmn"
    files = {**releasing.studio.shelf.files(), path: content}
    assert diagram in files
    deployed = [Resource(name, one) for name, one in files.items() if name.endswith((".bpmn", ".dmn", ".form"))]
    releasing.studio.engine.deploy(deployed, actor=SYSTEM)


@when(said("{who}紧急回退，理由“{reason}”"))
def return_now(scene: Scene, releasing: Desk, who: str, reason: str) -> None:
    scene.notes["back"] = releasing.studio.roll_backs.return_now(
        current(releasing).number, reason=reason, actor=scene.office.person(who)
    )


@then(said("发布的状态是“{state}”"))
def is_state(releasing: Desk, state: str) -> None:
    found = current(releasing)
    assert found.state == state, f"{found.state}：{found.note}"


@then(said("{kind}“{id_}”是第 {number} 版"))
def is_version(releasing: Desk, kind: str, id_: str, number: str) -> None:
    kinds = {"表单": "form", "流程": "process"}
    assert releasing.studio.engine.definitions(kind=kinds[kind], id=id_, latest=True).items[0].version == int(number)


@then(said("表单“{form}”和原来{same}"))
def is_as_before(scene: Scene, releasing: Desk, form: str, same: str) -> None:
    assert (releasing.studio.shelf.content(path_of(form)) == scene.notes["before"]) is (same == "一样")


@then(said("可以复核的只有“{who}”"))
def only_reviewer(scene: Scene, releasing: Desk, who: str) -> None:
    assert _task(releasing).candidate_users == (scene.office.person(who).user_id,)


@then(said("{who}签不成"))
def cannot_sign(scene: Scene, releasing: Desk, who: str) -> None:
    actor = scene.office.person(who)
    with pytest.raises(NotIndependent):
        releasing.studio.releases.require_signer(current(releasing).number, actor)
    releasing.studio.engine.assign_task(_task(releasing).key, actor.user_id, actor=scene.office.person("管理员"))
    releasing.studio.engine.complete_task(_task(releasing).key, {"review_change_opinion": "agree"}, actor=actor)
    assert current(releasing).state == "submitted"


@then(said("草稿可以再改"))
def can_go_on(releasing: Desk) -> None:
    assert releasing.studio.drafts.draft(releasing.draft).is_open


@then(said("最近一次发布未经复核"))
def not_reviewed(scene: Scene, releasing: Desk) -> None:
    assert not releasing.studio.releases.newest(1)[0].reviewed
    assert scene.notes["back"].kind == "urgent"


def _submit(scene: Scene, desk: Desk, who: str, *, at: dt.datetime | None = None, trial: dt.date | None = None) -> None:
    desk.studio.releases.submit(
        desk.draft, reason="街道办公会决定", release_at=at, trial_until=trial, actor=scene.office.person(who)
    )


def _sign(scene: Scene, desk: Desk, who: str, values: dict[str, str]) -> None:
    desk.studio.engine.complete_task(_task(desk).key, values, actor=scene.office.person(who))
    _live(scene, scene.office.clock.now())


def _live(scene: Scene, until: dt.datetime) -> None:
    """What is due happens at its own moment."""
    office = scene.office
    while due := [timer.due_at for timer in office.engine.waiting_timers().items if timer.due_at <= until]:
        office.clock.moment = max(office.clock.moment, min(due))
        office.engine.fire_due_timers()
    office.clock.moment = max(office.clock.moment, until)


def _task(desk: Desk) -> UserTask:
    [found] = desk.studio.engine.tasks(business_key=current(desk).number, process_id=PROCESS, element_id="review_change").items
    return found
