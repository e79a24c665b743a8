"""Anybody at their own desk: open a task, fill in its form by the words on the page, hand it in."""

from __future__ import annotations

from pytest_bdd import then, when

from features.steps.scene import Scene
from features.steps.words import Table, pairs, records, said


def hand_in(
    scene: Scene, who: str, task: str, written: dict[str, str], rows: dict[str, list[dict[str, str]]] | None = None
) -> None:
    office = scene.office
    actor = office.person(who)
    found = office.task(task, actor)
    sheet = scene.sheet = office.open_sheet(found, actor)
    for label, of in (rows or {}).items():
        sheet.write_rows(label, of)
    for label, words in written.items():
        sheet.write(label, words)
    scene.attempt(lambda: office.complete(found, sheet.values, actor))


@when(said("{who}办理“{task}”"))
def does(scene: Scene, who: str, task: str) -> None:
    hand_in(scene, who, task, {})


@when(said("{who}办理“{task}”："))
def does_with(scene: Scene, who: str, task: str, datatable: Table) -> None:
    hand_in(scene, who, task, pairs(datatable))


@when(said("{who}办理“{task}”，“{label}”填“{words}”"))
def does_one(scene: Scene, who: str, task: str, label: str, words: str) -> None:
    hand_in(scene, who, task, {label: words})


@when(said("{who}办理“{task}”，“{label}”如下："))
def does_rows(scene: Scene, who: str, task: str, label: str, datatable: Table) -> None:
    hand_in(scene, who, task, {}, {label: records(datatable)})


@when(said("{who}办理“{task}”，“{label}”填“{words}”，“{rows}”如下："))
def does_one_and_rows(scene: Scene, who: str, task: str, label: str, words: str, rows: str, datatable: Table) -> None:
    hand_in(scene, who, task, {label: words}, {rows: records(datatable)})


@when(said("{who}同意“{task}”"))
def agrees(scene: Scene, who: str, task: str) -> None:
    hand_in(scene, who, task, {})


@when(said("{who}领取“{task}”"))
def claims(scene: Scene, who: str, task: str) -> None:
    actor = scene.office.person(who)
    found = scene.office.task(task, actor)
    scene.attempt(lambda: scene.office.engine.claim_task(found.key, actor=actor))


@when(said("{who}放回“{task}”"))
def releases(scene: Scene, who: str, task: str) -> None:
    actor = scene.office.person(who)
    found = scene.office.task(task, actor)
    scene.attempt(lambda: scene.office.engine.unclaim_task(found.key, actor=actor))


@when(said("{who}把“{task}”退回到“{target}”，理由是“{reason}”"))
def returns(scene: Scene, who: str, task: str, target: str, reason: str) -> None:
    office = scene.office
    actor = office.person(who)
    found = office.task(task, actor)
    model = office.engine.process_model(found.definition_key)
    element = next(e.id for e in model.elements.values() if e.name == target)
    scene.attempt(lambda: office.engine.return_task(found.key, element, reason, actor=actor))


@when(said("{who}把“{task}”填了一半，“{label}”写着“{words}”"))
def drafts(scene: Scene, who: str, task: str, label: str, words: str) -> None:
    office = scene.office
    actor = office.person(who)
    found = office.task(task, actor)
    sheet = office.open_sheet(found, actor)
    sheet.values.clear()
    sheet.write(label, words)
    office.engine.save_draft(found.key, sheet.values, actor=actor)


@then(said("{who}再打开“{task}”时，“{label}”还是“{words}”"))
def draft_is_kept(scene: Scene, who: str, task: str, label: str, words: str) -> None:
    office = scene.office
    actor = office.person(who)
    form = office.engine.task_form(office.task(task, actor).key, actor=actor)
    state = form.form.state(form.context, form.values, now=office.clock.now())
    assert [str(s.value) for s in state.walk() if s.label == label] == [words]


@when("同一份提交又送来一次")
def sent_twice(scene: Scene) -> None:
    office = scene.office
    scene.notes["before"] = len(office.engine.history(office.root_key))
    scene.attempt(office.send_again)


@when("同一个任务换一份内容再提交一次")
def sent_again_differently(scene: Scene) -> None:
    office = scene.office
    again = {**office.last_command, "command_id": "another"}
    scene.attempt(lambda: office.engine.complete_task(**again))


@then("只办了一次")
def happened_once(scene: Scene) -> None:
    office = scene.office
    assert len(office.engine.history(office.root_key)) == scene.notes["before"]
