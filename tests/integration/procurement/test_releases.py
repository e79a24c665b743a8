"""A draft becomes rules only when somebody else agreed to exactly what comes into force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from engine.errors import InvalidInput, NotPermitted
from engine.model import SYSTEM, Actor, Move
from procurement.studio.contents import digest
from procurement.studio.model import DISCARDED, IN_REVIEW, OPEN, RELEASED, DraftClosed
from procurement.studio.permissions import FolderClosed
from procurement.studio.release.model import CannotRollBack, NotIndependent, NotReady, ReleaseClosed
from procurement.studio.studio import Studio
from tests.integration.procurement.releasing import (
    BOSS,
    DIAGRAM,
    FORM,
    HE,
    LEADER,
    LIN,
    README,
    changed,
    introduce,
    move,
    sign,
    submitted,
    task,
)
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings


@pytest.fixture(scope="module")
def office(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    composed = compose(Settings.for_demo(new_database(), str(tmp_path_factory.mktemp("files"))))
    composed.migrate()
    composed.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="tests")
    introduce(composed)
    composed.clock.set(dt.datetime(2026, 5, 11, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))))  # type: ignore[attr-defined]
    yield composed
    composed.close()


@pytest.fixture
def services(office: Services) -> Iterator[Services]:
    yield office
    for release in office.studio.releases.newest(states=("submitted", "approved")):
        office.studio.releases.take_back(release.number, actor=BOSS)


@pytest.fixture
def studio(services: Services) -> Studio:
    return services.studio


def spaced(services: Services, times: int = 1, path: str = FORM, *, by: Actor = LIN, title: str = "改一处") -> int:
    """A draft with so many empty lines at the end of a form: another version of it, and of the diagram bound to it."""
    studio = services.studio
    draft = studio.drafts.begin("goal_setting", title, "办公会", actor=by)
    before = studio.shelf.content(path)
    studio.drafts.save(draft.key, path, before.rstrip() + b"\n" * (times + 1), base=digest(before), actor=by)
    return draft.key


def versions(services: Services, *ids: str) -> list[int]:
    return [services.engine.definitions(id=id_, latest=True).items[0].version for id_ in ids]


def refusal(services: Services, number: str) -> str:
    return services.studio.releases.release(number).note


def test_a_second_person_agrees_and_everything_bound_together_gets_a_version(services: Services, studio: Studio):
    before = versions(services, "set_objectives", "goal_setting", "draft_budget")
    draft = spaced(services, 1)
    release = submitted(services, draft)
    assert studio.drafts.draft(draft).state == IN_REVIEW
    assert task(services, release).candidate_users == ("boss", "he") or set(task(services, release).candidate_users) == {
        "boss",
        "he",
    }
    sign(services, release)
    done = studio.releases.release(release.number)
    assert (done.state, done.reviewed, done.approved_by, studio.drafts.draft(draft).state) == ("released", True, "he", RELEASED)
    assert versions(services, "set_objectives", "goal_setting", "draft_budget") == [before[0] + 1, before[1] + 1, before[2]]
    assert set(done.made) == {f"form set_objectives {before[0] + 1}", f"process goal_setting {before[1] + 1}"}
    assert studio.shelf.content(FORM) == studio.drafts.content(draft, FORM)
    assert services.engine.instances(business_key=release.number).items[0].state == "completed"
    assert "FB-" in services.engine.history(0)[-1].data["note"]


def test_it_comes_into_force_at_the_moment_that_was_chosen(services: Services, studio: Studio):
    moment = services.clock.now() + dt.timedelta(days=3)
    release = submitted(services, spaced(services, 2), at=moment)
    sign(services, release)
    assert studio.releases.release(release.number).state == "approved"
    before = versions(services, "set_objectives")
    move(services, moment - dt.timedelta(minutes=1))
    assert versions(services, "set_objectives") == before
    move(services, moment)
    assert versions(services, "set_objectives") == [before[0] + 1]
    released_at = studio.releases.release(release.number).released_at
    assert released_at is not None
    assert abs(released_at - moment) < dt.timedelta(seconds=2)


def test_readmes_and_cases_come_into_force_too(services: Services, studio: Studio):
    draft = changed(services, README, "目标".encode(), "目标（新）".encode())
    studio.drafts.save(
        draft,
        "processes/goal_setting/cases/new.yaml",
        studio.shelf.content("processes/goal_setting/cases/below_limit.yaml"),
        base=None,
        actor=LIN,
    )
    release = submitted(services, draft)
    sign(services, release)
    assert studio.releases.release(release.number).state == "released"
    assert "目标（新）".encode() in studio.shelf.content(README)
    assert "processes/goal_setting/cases/new.yaml" in studio.shelf.files()


@pytest.mark.parametrize(
    "who", [LIN, replace(LIN, groups=frozenset({"designer", "admin"}))], ids=["as designer", "as administrator too"]
)
def test_who_edited_cannot_sign_whatever_roles_they_have(services: Services, studio: Studio, who: Actor):
    release = submitted(services, spaced(services, 3))
    with pytest.raises(NotPermitted):
        services.engine.complete_task(task(services, release).key, {"review_change_opinion": "agree"}, actor=who)
    services.engine.assign_task(task(services, release).key, "lin", actor=BOSS)  # an administrator hands it to them
    services.engine.complete_task(task(services, release).key, {"review_change_opinion": "agree"}, actor=who)
    assert studio.releases.release(release.number).state == "submitted"
    assert task(services, release).key  # it is open again, for others
    with pytest.raises(NotIndependent):
        studio.releases.require_signer(release.number, who)


def test_an_administrator_who_edited_or_submitted_is_no_exception(services: Services, studio: Studio):
    draft = spaced(services, 4)
    studio.drafts.save(draft, README, b"# x", base=digest(studio.shelf.content(README)), actor=BOSS)
    studio.drafts.revert(draft, README, actor=BOSS)  # nothing of it is left; it was edited all the same
    release = submitted(services, draft)
    assert set(task(services, release).candidate_users) == {"he"}
    services.engine.assign_task(task(services, release).key, "boss", actor=BOSS)
    services.engine.complete_task(task(services, release).key, {"review_change_opinion": "agree"}, actor=BOSS)
    assert studio.releases.release(release.number).state == "submitted"


def test_who_submitted_what_others_wrote_cannot_sign_it(services: Services, studio: Studio):
    release = submitted(services, spaced(services, 5), by=HE)
    assert set(task(services, release).candidate_users) == {"boss"}
    with pytest.raises(NotIndependent):
        studio.releases.require_signer(release.number, HE)


def test_the_release_step_cannot_be_reached_round_the_signature(services: Services, studio: Studio):
    """An administrator moves the token by hand, sets the variables as if somebody had agreed: the step refuses all the same."""
    release = submitted(services, spaced(services, 6))
    before = versions(services, "set_objectives")
    instance = services.engine.instances(business_key=release.number).items[0].key
    review = task(services, release)
    services.engine.set_variables(instance, {"opinion": "agree", "reviewers": ["lin"]}, actor=BOSS)
    services.engine.modify_instance(instance, [Move(review.key, "release_change")], actor=BOSS, reason="hurry")
    assert versions(services, "set_objectives") == before
    assert "第二个人" in refusal(services, release.number)
    assert studio.releases.release(release.number).state == "not_applied"


def test_moved_to_the_signature_it_is_the_name_of_who_moved_it_that_is_asked(services: Services, studio: Studio):
    draft = spaced(services, 7, by=BOSS)
    release = submitted(services, draft, by=BOSS)
    instance = services.engine.instances(business_key=release.number).items[0].key
    services.engine.set_variables(instance, {"opinion": "agree", "review_reason": ""}, actor=BOSS)
    services.engine.modify_instance(instance, [Move(task(services, release).key, "sign_change")], actor=BOSS, reason="hurry")
    assert studio.releases.release(release.number).state == "submitted"
    assert not studio.releases.release(release.number).signatures


def test_without_the_right_nobody_signs(services: Services, studio: Studio):
    release = submitted(services, spaced(services, 8))
    services.engine.assign_task(task(services, release).key, "leader", actor=BOSS)
    services.engine.complete_task(task(services, release).key, {"review_change_opinion": "agree"}, actor=LEADER)
    assert studio.releases.release(release.number).state == "submitted"


def test_a_draft_in_review_cannot_be_changed_and_goes_on_after_it_was_returned(services: Services, studio: Studio):
    draft = spaced(services, 9)
    release = submitted(services, draft)
    with pytest.raises(DraftClosed):
        studio.drafts.save(draft, README, b"# x", base=digest(studio.shelf.content(README)), actor=LIN)
    with pytest.raises(DraftClosed):
        studio.drafts.discard(draft, actor=LIN)
    sign(services, release, opinion="return", reason="没有写依据")
    assert (studio.releases.release(release.number).state, refusal(services, release.number)) == ("returned", "没有写依据")
    assert studio.drafts.draft(draft).state == OPEN
    again = submitted(services, draft)
    assert again.number != release.number
    sign(services, again, opinion="refuse", reason="违反办法")
    assert studio.drafts.draft(draft).state == DISCARDED


def test_the_submitter_takes_it_back_before_and_after_the_signature(services: Services, studio: Studio):
    draft = spaced(services, 10)
    studio.releases.take_back(submitted(services, draft).number, actor=LIN)
    assert studio.drafts.draft(draft).state == OPEN
    release = submitted(services, draft, at=services.clock.now() + dt.timedelta(days=2))
    sign(services, release)
    with pytest.raises(NotPermitted):
        studio.releases.take_back(release.number, actor=HE)
    studio.releases.take_back(release.number, actor=LIN)
    assert (studio.releases.release(release.number).state, studio.drafts.draft(draft).state) == ("withdrawn", OPEN)
    with pytest.raises(ReleaseClosed):
        studio.releases.take_back(release.number, actor=LIN)


def test_sent_twice_it_is_submitted_once(services: Services):
    draft = spaced(services, 11)
    assert submitted(services, draft).number == submitted(services, draft).number


def test_what_does_not_pass_is_not_submitted_and_every_reason_is_told(services: Services, studio: Studio):
    draft = changed(services, DIAGRAM, b"</bpmn:process>", b"<bpmn:complexGateway id='no'/></bpmn:process>")
    with pytest.raises(NotReady) as told:
        submitted(services, draft)
    assert any("errors" in field.template for field in told.value.fields)
    assert studio.drafts.draft(draft).state == OPEN
    wrong = changed(services, "processes/goal_setting/cases/below_limit.yaml", b"end: goals_approved", b"end: goals_dropped")
    with pytest.raises(NotReady) as told:
        submitted(services, wrong)
    assert "cases" in told.value.fields[0].template
    with pytest.raises(NotReady):
        submitted(services, studio.drafts.begin("goal_setting", "empty", "", actor=LIN).key)
    with pytest.raises(InvalidInput):
        studio.releases.submit(spaced(services, 12), reason=" ", release_at=None, trial_until=dt.date(2020, 1, 1), actor=LIN)


def test_of_two_releases_of_the_same_file_the_second_is_told_and_loses_nothing(services: Services, studio: Studio):
    moment = services.clock.now() + dt.timedelta(days=1)
    first, second = spaced(services, 20), spaced(services, 30, title="另一处")
    one, two = submitted(services, first, at=moment), submitted(services, second, at=moment + dt.timedelta(hours=1))
    assert [other.number for other in studio.releases.others(second, ("goal_setting",))] == [one.number]
    sign(services, one)
    sign(services, two)
    move(services, moment + dt.timedelta(hours=2))
    assert [studio.releases.release(release.number).state for release in (one, two)] == ["released", "not_applied"]
    assert "已经变了" in refusal(services, two.number)
    assert studio.drafts.draft(second).state == OPEN
    assert studio.drafts.file(second, FORM).shelf_moved
    with pytest.raises(NotReady):
        submitted(services, second)
    studio.drafts.keep_mine(second, FORM, actor=LIN)
    again = submitted(services, second)
    sign(services, again)
    assert studio.releases.release(again.number).state == "released"


def test_after_a_trial_the_earlier_rules_come_back_unless_somebody_keeps_them(services: Services, studio: Studio):
    before = studio.shelf.content(FORM)
    until = (services.clock.now() + dt.timedelta(days=30)).date()
    release = submitted(services, spaced(services, 40), trial=until)
    sign(services, release)
    assert studio.shelf.content(FORM) != before
    move(services, services.clock.now() + dt.timedelta(days=25))
    assert task(services, release, "decide_after_trial").candidate_users == ("boss",)
    move(services, services.clock.now() + dt.timedelta(days=7))
    assert studio.shelf.content(FORM) == before
    done = studio.releases.release(release.number)
    assert done.state == "rolled_back"
    end = studio.releases.release(str(done.rolled_back_by))
    assert (end.kind, end.returns, end.reviewed, end.state) == ("trial_end", release.number, True, "released")


def test_a_kept_trial_stays(services: Services, studio: Studio):
    release = submitted(services, spaced(services, 41), trial=(services.clock.now() + dt.timedelta(days=30)).date())
    sign(services, release)
    move(services, services.clock.now() + dt.timedelta(days=25))
    values = {"decide_after_trial_decision": "keep", "decide_after_trial_reason": "好"}
    services.engine.complete_task(task(services, release, "decide_after_trial").key, values, actor=BOSS)
    assert studio.releases.release(release.number).state == "released"


def test_a_roll_back_is_a_draft_that_is_reviewed_like_any_other(services: Services, studio: Studio):
    before = studio.shelf.content(FORM)
    release = submitted(services, spaced(services, 50))
    sign(services, release)
    draft = studio.roll_backs.begin_return(release.number, actor=LIN)
    assert studio.drafts.content(draft.key, FORM) == before
    back = submitted(services, draft.key)
    assert back.returns == release.number
    sign(services, back)
    assert studio.shelf.content(FORM) == before
    assert studio.releases.release(release.number).rolled_back_by == back.number


def test_in_an_emergency_who_may_release_goes_back_at_once_and_it_is_marked(services: Services, studio: Studio):
    before, number = studio.shelf.content(FORM), versions(services, "set_objectives")[0]
    release = submitted(services, spaced(services, 51))
    sign(services, release)
    with pytest.raises(FolderClosed):
        studio.roll_backs.return_now(release.number, reason="系统出错", actor=LIN)
    with pytest.raises(InvalidInput):
        studio.roll_backs.return_now(release.number, reason=" ", actor=BOSS)
    back = studio.roll_backs.return_now(release.number, reason="表单打不开", actor=BOSS)
    assert (back.kind, back.reviewed, back.state, back.submitted_by) == ("urgent", False, "released", "boss")
    assert studio.shelf.content(FORM) == before
    assert versions(services, "set_objectives") == [number + 2]  # history goes forward only
    with pytest.raises(ReleaseClosed):
        studio.roll_backs.return_now(release.number, reason="again", actor=BOSS)


def test_what_changed_again_is_not_rolled_back(services: Services, studio: Studio):
    release = submitted(services, spaced(services, 52))
    sign(services, release)
    later = submitted(services, spaced(services, 1))
    sign(services, later)
    with pytest.raises(CannotRollBack):
        studio.roll_backs.begin_return(release.number, actor=LIN)


def test_rights_of_a_folder_take_the_place_of_those_of_all_and_are_kept(services: Services, studio: Studio):
    with pytest.raises(NotPermitted):
        studio.permissions.grant("goal_setting", "review", ["leader"], actor=LIN)
    with pytest.raises(InvalidInput):
        studio.permissions.grant("goal_setting", "review", ["nobody", "role:wizard"], actor=BOSS)
    studio.permissions.grant("goal_setting", "review", ["leader"], actor=BOSS)
    try:
        release = submitted(services, spaced(services, 60))
        assert task(services, release).candidate_users == ("leader",)
        sign(services, release, by=LEADER)
        assert studio.releases.release(release.number).approved_by == "leader"
        assert studio.permissions.history()[0].editor == "boss"
    finally:
        studio.permissions.grant("goal_setting", "review", [], actor=BOSS)
    assert [one.inherited for one in studio.permissions.table(["goal_setting"])][3:] == [True, True, True]
    studio.permissions.grant("goal_setting", "edit", ["he"], actor=BOSS)
    try:
        with pytest.raises(FolderClosed):
            spaced(services, 61)
    finally:
        studio.permissions.grant("goal_setting", "edit", [], actor=BOSS)


def test_a_restart_between_the_signature_and_the_moment_changes_nothing(services: Services, studio: Studio):
    moment = services.clock.now() + dt.timedelta(days=1)
    release = submitted(services, spaced(services, 70), at=moment)
    sign(services, release)
    services.engine._workshop.cases.forget()
    again = compose(services.settings)
    move(again, moment)
    assert again.studio.releases.release(release.number).state == "released"
    assert again.studio.shelf.content(FORM) == studio.shelf.content(FORM)
    again.close()


def test_two_workers_that_release_the_same_file_at_once_take_turns(services: Services, studio: Studio):
    moment = services.clock.now() + dt.timedelta(hours=1)
    drafts = [spaced(services, times) for times in (80, 90)]
    releases = [submitted(services, draft, at=moment) for draft in drafts]
    for release in releases:
        sign(services, release)
    before = versions(services, "set_objectives")[0]
    services.clock.set(moment + dt.timedelta(minutes=1))  # type: ignore[attr-defined]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(services.engine.fire_due_timers) for _ in range(2)]:
            done.result()
    services.engine.fire_due_timers()  # who found the other one busy comes again
    states = sorted(studio.releases.release(release.number).state for release in releases)
    assert states == ["not_applied", "released"]
    assert versions(services, "set_objectives") == [before + 1]
    assert sorted(studio.drafts.draft(draft).state for draft in drafts) == [OPEN, RELEASED]


def test_a_problem_the_office_takes_for_an_error_keeps_a_draft_back(services: Services, studio: Studio) -> None:
    told = "每个目标都要有可衡量的指标与目标值，注重绩效。《办法》第四条(四)、第九条(一)。"
    draft = changed(services, DIAGRAM, told.encode(), "写明目标。".encode())
    verdict = studio.releases.judge(draft)
    assert (verdict.errors, verdict.ok) == (0, True)
    assert verdict.warnings >= 1
    rule = next(
        one.finding.rule
        for one in studio.checks.problems(studio.drafts.workspace(draft), {DIAGRAM}, folder="goal_setting")
        if one.finding.element == "set_objectives" and one.counts
    )
    studio.checks.severities.set(rule, "error", "没有条款的一律不发布", actor=BOSS)
    try:
        assert studio.releases.judge(draft).errors >= 1
        with pytest.raises(NotReady):
            submitted(services, draft)
    finally:
        studio.checks.severities.set(rule, None, "照旧", actor=BOSS)
