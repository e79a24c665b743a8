"""Two hundred past cases replayed on a draft: exactly those go elsewhere whom the change concerns, and nobody is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from engine.facade import ProcessEngine
from engine.model import Actor
from procurement.studio.replay.model import ELSEWHERE, FINISHED, Assumed, Choice, Outcome, Replay
from procurement.studio.studio import Studio
from tests.support.legal_review import FORM, GOALS, higher_limit, legal_review
from tests.support.past_cases import PastCase, amounts, past_cases
from tests.support.purchases import Offices, StreetOffice

DESIGNER = Actor("lcsj", groups=frozenset({"designer"}))
CASES = 200


@pytest.fixture(scope="module")
def office(new_database: Callable[..., str]) -> Iterator[StreetOffice]:
    office = Offices(new_database).fresh()
    yield office
    office.close()


@pytest.fixture(scope="module")
def past(office: StreetOffice) -> list[PastCase]:
    return past_cases(office.office, office.engine, amounts(CASES), set_clock=lambda at: setattr(office.clock, "moment", at))


@pytest.fixture(scope="module")
def studio(office: StreetOffice, past: list[PastCase]) -> Studio:
    return Studio(office.database, office.engine, office.clock, office._feel, dict)


@pytest.fixture(scope="module")
def draft(studio: Studio) -> int:
    made = studio.drafts.begin("goal_setting", "限额提高到十万元", "三十万以上先作合法性审核", actor=DESIGNER)
    files = studio.shelf.files()
    for path, content in {**higher_limit(files), **legal_review(files)}.items():
        known = studio.shelf.digests().get(path)
        studio.drafts.save(made.key, path, content, base=known, actor=DESIGNER)
    return made.key


@pytest.fixture(scope="module")
def replay(studio: Studio, draft: int, past: list[PastCase]) -> Replay:
    begun = studio.replay.begin(draft, Choice("goal_setting", number=CASES), actor=DESIGNER)
    return to_the_end(studio, begun)


@pytest.fixture(scope="module")
def outcomes(studio: Studio, replay: Replay) -> dict[str, Outcome]:
    return {one.business_key: one for one in studio.replay.outcomes(replay.key)}


def to_the_end(studio: Studio, replay: Replay) -> Replay:
    while replay.is_running:
        replay = studio.replay.go_on(replay.key)
    return replay


def test_every_case_is_told_once(replay: Replay, outcomes: dict[str, Outcome], past: list[PastCase]) -> None:
    assert (replay.state, replay.done, replay.total) == (FINISHED, CASES, CASES)
    assert outcomes.keys() == {case.business_key for case in past}


def test_all_cases_go_their_recorded_way_on_the_version_they_ran_on(outcomes: dict[str, Outcome]) -> None:
    assert [one.why for one in outcomes.values() if one.why] == []


def test_exactly_those_between_the_limits_and_above_the_review_go_elsewhere(
    outcomes: dict[str, Outcome], past: list[PastCase]
) -> None:
    between = {case.business_key for case in past if Decimal(50000) < case.amount <= Decimal(100000)}
    above = {case.business_key for case in past if case.amount > 300_000}
    elsewhere = {key for key, one in outcomes.items() if one.status == ELSEWHERE}
    assert len(between) > 10
    assert len(above) > 10
    assert elsewhere == between | above


def test_it_is_said_by_which_rule_or_step(outcomes: dict[str, Outcome], past: list[PastCase]) -> None:
    for case in past:
        told = {(reason.kind, reason.id) for reason in outcomes[case.business_key].reasons}
        expected = {("rule", "method_route")} if Decimal(50000) < case.amount <= Decimal(100000) else set()
        expected |= {("new", "review_legality")} if case.amount > 300_000 else set()
        expected |= {("same_result", "method_route")} if case.amount == Decimal(50000) else set()
        assert told == expected, (case, told)


def test_the_rule_before_and_after_is_named(outcomes: dict[str, Outcome], past: list[PastCase]) -> None:
    case = next(case for case in past if Decimal(50000) < case.amount < Decimal(100000))
    [reason] = outcomes[case.business_key].reasons
    assert (reason.before, reason.after) == ("method_route_comparison", "method_route_small")
    at_the_limit = next(case for case in past if case.amount == Decimal(100000))
    assert outcomes[at_the_limit.business_key].reasons[0].after == "method_route_equal_committee"


def test_the_new_task_is_answered_by_an_assumption_that_is_shown(replay: Replay) -> None:
    assert set(replay.assumed) == {"review_legality"}
    assumed = replay.assumed["review_legality"]
    assert assumed.values["review_legality_decision"] == "agree"
    assert not assumed.chosen


def test_another_assumption_leads_on(studio: Studio, draft: int, past: list[PastCase]) -> None:
    said = {"review_legality": Assumed({"review_legality_decision": "refuse", "review_legality_opinion": "无"}, chosen=True)}
    replay = to_the_end(studio, studio.replay.begin(draft, Choice("goal_setting", number=20), said, actor=DESIGNER))
    assert replay.assumed["review_legality"].values["review_legality_decision"] == "refuse"


def test_the_load_of_each_role_is_counted_before_and_after(outcomes: dict[str, Outcome], past: list[PastCase]) -> None:
    above = sum(case.amount > 300_000 for case in past)
    before, after = Counter[str](), Counter[str]()
    for one in outcomes.values():
        before.update({role: work.tasks for role, work in one.before.load.items()})
        after.update({role: work.tasks for role, work in one.after.load.items()})
    assert before["finance"] == after["finance"] == CASES
    assert (before["legal"], after["legal"]) == (0, above)


def test_a_longer_deadline_moves_by_working_days_and_nobody_goes_elsewhere(
    studio: Studio, office: StreetOffice, past: list[PastCase]
) -> None:
    files = dict(studio.shelf.files())
    text = files[GOALS].decode()
    place = text.index('id="review_budget"')
    files[GOALS] = (
        text[:place] + text[place:].replace("working days after(now(), 3)", "working days after(now(), 5)", 1)
    ).encode()
    recordings = list(office.engine.recordings("goal_setting", limit=10))
    for one in studio.replay.run(recordings, files):
        assert one.status == "details"
        assert [(reason.kind, reason.id, reason.days) for reason in one.reasons] == [("due", "review_budget", 2)]


def test_no_difference_on_the_files_in_force(studio: Studio, office: StreetOffice, past: list[PastCase]) -> None:
    recordings = list(office.engine.recordings("goal_setting", limit=10))
    assert {one.status for one in studio.replay.run(recordings, studio.shelf.files())} == {"same"}


def test_a_recording_tells_what_came_from_outside(office: StreetOffice, past: list[PastCase]) -> None:
    [recording] = office.engine.recordings("goal_setting", business_key=past[3].business_key)
    assert recording.variables["purchase_id"] == past[3].business_key
    assert [one.element for one in recording.inputs] == ["set_objectives", "draft_budget", "review_budget", "approve_purchase"]
    assert [len(given) for given in recording.answers.values()] == [1, 1, 1, 1]
    assert recording.path[-1] == "goals_approved"
    assert recording.outcome == "completed"


def test_the_filter_by_day_number_and_business_key(office: StreetOffice, past: list[PastCase]) -> None:
    engine: ProcessEngine = office.engine
    assert engine.recorded("goal_setting") == CASES
    assert engine.recorded("goal_setting", since=office.clock.now()) == 0
    assert engine.recorded("goal_setting", business_key="0007") == 1
    first = engine.recordings("goal_setting", limit=3)
    rest = engine.recordings("goal_setting", limit=3, after=first.after)
    assert not {one.instance_key for one in first} & {one.instance_key for one in rest}


def test_a_form_that_wants_more_than_was_entered_gets_an_assumed_value(
    studio: Studio, office: StreetOffice, past: list[PastCase]
) -> None:
    files = dict(studio.shelf.files())
    path = "forms/goal_setting/review_budget.form"
    field = b'{"type": "textfield", "key": "fund_source", "label": "\xe8\xb5\x84\xe9\x87\x91\xe6\x9d\xa5\xe6\xba\x90", "id": "fund_source", "validate": {"required": true}}'
    files[path] = files[path].replace(b'"components": [', b'"components": [' + field + b",", 1)
    assumed: dict[str, Assumed] = {}
    [one] = studio.replay.run(list(office.engine.recordings("goal_setting", limit=1)), files, assumed)
    assert one.status == "same"
    assert set(assumed["review_budget"].values) == {"fund_source"}


def test_the_form_of_the_new_step_is_in_the_draft(studio: Studio, draft: int) -> None:
    assert FORM in studio.drafts.workspace(draft)
