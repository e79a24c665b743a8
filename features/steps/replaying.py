"""Past cases replayed on a draft, and the draft compared with what is in force."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from pytest_bdd import given, then, when

from engine.comparing import tables
from features.steps.designer import Desk
from features.steps.scene import Scene
from features.steps.words import money, said
from procurement.studio.replay.model import ELSEWHERE, Choice, Outcome, Replay
from tests.support.legal_review import GOALS, RULES, legal_review
from tests.support.past_cases import PROCESS, past_cases

ROUTES = "processes/goal_setting/method_route.dmn"


@dataclass
class Past:
    """``replay``: the last one, with what came out for each case by its business key."""

    amounts: dict[str, str] = field(default_factory=dict)
    replay: Replay | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def of(self, amount: str) -> Outcome:
        return self.outcomes[self.amounts[str(money(amount))]]


@pytest.fixture
def past() -> Past:
    return Past()


@given(said("往年办结过 {amounts} 元的项目"))
def happened(scene: Scene, past: Past, amounts: str) -> None:
    office = scene.office
    done = past_cases(
        office.office, office.engine, map(money, amounts.split("、")), set_clock=lambda at: setattr(office.clock, "moment", at)
    )
    past.amounts = {str(case.amount): case.business_key for case in done}


@when(said("{who}在草稿里把小额限额改为 {limit} 元"))
def raise_limit(scene: Scene, desk: Desk, who: str, limit: str) -> None:
    old, new = "<text>50000</text>", f"<text>{money(limit)}</text>"
    _change(scene, desk, who, RULES, desk.studio.drafts.content(desk.draft, RULES).decode().replace(old, new, 1))


@when(said("{who}在草稿里加上三十万元以上的合法性审核"))
def add_review(scene: Scene, desk: Desk, who: str) -> None:
    for path, content in legal_review(desk.studio.shelf.files()).items():
        _change(scene, desk, who, path, content.decode())


@when(said("{who}在草稿里把审查资金的期限改为 {days} 个工作日"))
def other_deadline(scene: Scene, desk: Desk, who: str, days: str) -> None:
    text = desk.studio.drafts.content(desk.draft, GOALS).decode()
    before, task, rest = text.partition('<bpmn:userTask id="review_budget"')
    _change(scene, desk, who, GOALS, before + task + rest.replace("after(now(), 3)", f"after(now(), {days})", 1))


@when(said("{who}重算往年的案件"))
def replay(scene: Scene, desk: Desk, past: Past, who: str) -> None:
    replays = desk.studio.replay
    run = replays.begin(desk.draft, Choice(PROCESS), actor=scene.office.person(who))
    while run.is_running:
        run = replays.go_on(run.key)
    past.replay = run
    past.outcomes = {one.business_key: one for one in replays.outcomes(run.key)}
    assert past.outcomes.keys() == set(past.amounts.values()), "有的案件没有说"


@then(said("没有一件走到别处"))
def nobody(past: Past) -> None:
    assert [one for one in past.outcomes.values() if one.status == ELSEWHERE or one.why] == []


@then(said("走到别处的只有 {amounts} 元的项目"))
def exactly(past: Past, amounts: str) -> None:
    found = {key for key, one in past.outcomes.items() if one.status == ELSEWHERE}
    assert found == {past.amounts[str(money(amount))] for amount in amounts.split("、")}


@then(said("{amount} 元的项目走法相同"))
def same_way(past: Past, amount: str) -> None:
    assert past.of(amount).status == "details"


@then(said("{amount} 元的项目由“{before}”改走“{after}”"))
def by_rule(desk: Desk, past: Past, amount: str, before: str, after: str) -> None:
    model = tables.read(desk.studio.drafts.content(desk.draft, ROUTES))
    assert model is not None
    names = {rule.id: rule.name for table in model.tables.values() for rule in table.rules.values()}
    reason = next(one for one in past.of(amount).reasons if one.kind == "rule")
    assert (names[reason.before], names[reason.after]) == (before, after)


@then(said("{amount} 元的项目多了“合法性审核”"))
def one_more(past: Past, amount: str) -> None:
    assert "review_legality" in {one.id for one in past.of(amount).reasons if one.kind == "new"}


@then(said("合法性审核的工作量多了 {count} 件"))
def more_work(past: Past, count: str) -> None:
    work = [one.after.load["legal"].tasks for one in past.outcomes.values() if "legal" in one.after.load]
    assert sum(work) == int(count)


@then(said("“合法性审核”假定的审核意见是“{word}”"))
def assumed(past: Past, word: str) -> None:
    assert past.replay is not None
    values = past.replay.assumed["review_legality"].values
    assert {"同意": "agree", "不同意": "refuse"}[word] == values["review_legality_decision"]


@then(said("审查资金的期限推后 {days} 个工作日"))
def later(past: Past, days: str) -> None:
    found = {(one.id, one.days) for outcome in past.outcomes.values() for one in outcome.reasons if one.kind == "due"}
    assert found == {("review_budget", int(days))}


@then(said("对比里“{rule}”的“{column}”由“{before}”改为“{after}”"))
def compared(desk: Desk, rule: str, column: str, before: str, after: str) -> None:
    comparison = desk.studio.compare.of_draft(desk.draft)
    [change] = [change for file in comparison.files for change in file.changes if change.name == rule]
    [difference] = change.differences
    assert (difference.detail, difference.before, difference.after) == (column, before, after)


def _change(scene: Scene, desk: Desk, who: str, path: str, text: str) -> None:
    known = desk.studio.shelf.digests().get(path)
    desk.studio.drafts.save(desk.draft, path, text.encode(), base=known, actor=scene.office.person(who))
