"""Playing a draft, and its cases, in the words of purchasing."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from pytest_bdd import given, then, when

from engine.sandbox import Played, Sandbox
from engine.sandbox.case_writer import raw_of
from features.steps.designer import Desk
from features.steps.scene import Scene
from features.steps.words import said
from procurement.studio import runs, saving
from procurement.studio.case_runs import reach
from procurement.studio.contents import digest
from procurement.studio.outcomes import Keeper, Outcome, Outcomes
from procurement.studio.playing import sandbox
from procurement.studio.proposals import expectations, touched

HOLDERS = {"财政所": "finance"}


@dataclass
class Play:
    """The run as the page would keep it. ``case``: the one it began like."""

    desk: Desk
    sheet: runs.Sheet = field(default_factory=dict)
    steps: list = field(default_factory=list)

    @property
    def sandbox(self) -> Sandbox:
        return sandbox(self.desk.studio.drafts.workspace(self.desk.draft), self.desk.studio.feel)

    @property
    def played(self) -> Played:
        return self.sandbox.play(runs.case_of(self.sheet))

    def go_on(self, count: int) -> None:
        for step in self.steps[:count]:
            self.sheet = runs.with_step(self.sheet, step)

    def outcomes(self) -> Outcomes:
        """All cases the draft concerns, as its page runs them."""
        sandbox_, studio = self.sandbox, self.desk.studio
        folders = touched(sandbox_.project, set(studio.drafts.changes(self.desk.draft)), self.draft.folder)
        paths = [path for folder in sorted(folders) for path in sandbox_.project.case_files(folder)]
        return Keeper().run(sandbox_, paths, seconds=120)

    @property
    def draft(self):
        return self.desk.studio.drafts.draft(self.desk.draft)

    def outcome(self, name: str) -> Outcome:
        return next(one for one in self.outcomes().outcomes if one.case.name == name)


@pytest.fixture
def play(desk: Desk) -> Play:
    return Play(desk)


@given(said("试走照案例“{name}”那样开始"))
def begin_like(play: Play, name: str) -> None:
    case = next(one for one in play.sandbox.project.cases(play.draft.folder) if one.name == name)
    play.steps = list(case.steps)
    play.sheet = runs.first_steps(raw_of(case), 0)


@when(said("试走照案例走 {count} 步"))
def some_steps(play: Play, count: str) -> None:
    play.go_on(int(count))


@when(said("试走照案例走完"))
def all_steps(play: Play) -> None:
    play.go_on(len(play.steps))


@when(said("试走时空着办结“{task}”"))
def complete_empty(play: Play, task: str) -> None:
    open_task = next(one for one in play.played.open_tasks if one.name == task)
    play.sheet = runs.with_step(play.sheet, {"task": open_task.element_id, "values": {}})


@when(said("试走把时钟拨过 {days} 天"))
def move_clock(play: Play, days: str) -> None:
    play.sheet = runs.with_step(play.sheet, {"clock": f"+P{days}D"})


@when(said("试走里“{operation}”改答 {name} 为 false"))
def another_answer(play: Play, operation: str, name: str) -> None:
    call = next(one for _, one in play.played.calls if one.operation == operation)
    play.sheet = runs.with_answer(play.sheet, call, {**call.answer, name: False})


@when(said("试走退回 {count} 步"))
def take_back(play: Play, count: str) -> None:
    play.sheet = runs.first_steps(play.sheet, len(play.sheet["steps"]) - int(count))


@when(said("{who}把试走存成案例“{name}”"))
def save_case(scene: Scene, play: Play, who: str, name: str) -> None:
    sheet = play.sheet | {"name": name, "expect": expectations(play.played, play.sandbox.project)}
    who_saves = scene.office.person(who)
    saving.add_case(play.desk.studio, play.draft, play.sandbox.project, runs.case_of(sheet), "played", who_saves)


@when(said("{who}接受案例“{name}”的新结果"))
def accept(scene: Scene, play: Play, who: str, name: str) -> None:
    found = play.outcome(name)
    result = play.sandbox.check(found.case)
    before, after = saving.accepted(play.sandbox.project, found.path, found.number, result)
    base = digest(before.encode())
    play.desk.studio.drafts.save(play.desk.draft, found.path, after.encode(), base=base, actor=scene.office.person(who))


@when(said("{who}删去案例“{name}”"))
def delete_case(scene: Scene, play: Play, who: str, name: str) -> None:
    path = play.outcome(name).path
    base = play.desk.studio.drafts.file(play.desk.draft, path).sha256
    play.desk.studio.drafts.save(play.desk.draft, path, None, base=base, actor=scene.office.person(who))


@then(said("试走还停在“{task}”，因为表单没有通过"))
def refused(play: Play, task: str) -> None:
    stop = play.played.stop
    assert stop is not None
    assert stop.template == "The form of {task} refuses {fields}: {reason}"
    assert [one.name for one in play.played.open_tasks] == [task]


@then(said("试走停在“{task}”，由“{holder}”办理"))
def stands_at(play: Play, task: str, holder: str) -> None:
    [found] = play.played.open_tasks
    assert found.name == task
    if holder == "发起人":
        assert found.assignee == play.sheet["variables"]["initiator"]
    else:
        assert HOLDERS[holder] in found.candidate_groups


@then(said("试走里的“{task}”已经逾期"))
def is_late(play: Play, task: str) -> None:
    [found] = play.played.open_tasks
    assert found.name == task
    assert found.due is not None
    assert found.due < play.played.now


@then(said("试走结束在“{end}”"))
def ended(play: Play, end: str) -> None:
    assert play.played.state == "completed"
    names = {visit.element_id: visit.name for visit in play.played.visits}
    assert end in [names[one] for one in play.played.ends]


@then(said("试走里“{name}”命中的一行写着“{text}”"))
def matched_row(play: Play, name: str, text: str) -> None:
    ids = {visit.element_id for visit in play.played.visits if visit.name == name}
    notes = [
        note
        for decided in play.played.decisions
        if decided.element_id in ids
        for table in decided.explanation["tables"]
        for rule in table["matched"]
        for note in [*rule["annotations"].values(), *map(str, rule["outputs"].values())]
    ]
    assert any(text in note for note in notes), notes


@then(said("草稿的全部案例都如所写，其中有“{name}”"))
def all_right(play: Play, name: str) -> None:
    outcomes = play.outcomes()
    assert not outcomes.wrong
    assert name in [one.case.name for one in outcomes.outcomes]


@then(said("草稿里不如所写的案例有“{name}”"))
def is_wrong(play: Play, name: str) -> None:
    assert not play.outcome(name).ok


@then(said("草稿里如所写的案例有“{name}”"))
def is_right(play: Play, name: str) -> None:
    assert play.outcome(name).ok, play.outcome(name).differences


@then(said("那个案例应当经过的没有变，采购方式改为“{route}”"))
def only_what_differs(play: Play, route: str) -> None:
    before = next(
        one
        for one in sandbox(play.desk.studio.shelf.files(), play.desk.studio.feel).project.cases("goal_setting")
        if one.name == "五万元零一分走公开比选"
    )
    after = play.outcome("五万元零一分走公开比选").case
    assert after.expect["path"] == before.expect["path"]
    assert (before.expect["variables"]["route"], after.expect["variables"]["route"]) == ("open_comparison", route)


@then(said("草稿里没有案例走过的连线有 {count} 条"))
def uncovered(play: Play, count: str) -> None:
    reached = reach(play.sandbox.project, play.outcomes().coverage, [play.draft.folder])
    assert len(reached.uncovered) == int(count), reached.uncovered
