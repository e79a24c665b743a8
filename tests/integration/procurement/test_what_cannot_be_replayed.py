"""Cases that cannot run again by themselves are listed with the reason, and what is odd about a draft is said, never swallowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from engine.model import SYSTEM, Actor, Resource
from procurement.studio.replay.model import IMPOSSIBLE, OPEN, Outcome
from procurement.studio.studio import Studio
from tests.support import past_cases as played
from tests.support.legal_review import GOALS, higher_limit
from tests.support.purchases import Offices, StreetOffice

FINANCE = Actor("czs", groups=frozenset({"finance"}))
INITIATOR = Actor("ylfw", groups=frozenset({"department"}))


@pytest.fixture
def office(new_database: Callable[..., str]) -> Iterator[StreetOffice]:
    office = Offices(new_database).fresh()
    yield office
    office.close()


@pytest.fixture
def studio(office: StreetOffice) -> Studio:
    return Studio(office.database, office.engine, office.clock, office._feel, dict)


def one_case(office: StreetOffice, amount: str = "60000", prefix: str = "CG-2025") -> None:
    played.past_cases(office.office, office.engine, [Decimal(amount)], prefix=prefix)


def replayed(studio: Studio, files: dict[str, bytes] | None = None) -> Outcome:
    [recording] = studio.engine.recordings("goal_setting", limit=1)
    [outcome] = studio.replay.run([recording], files or dict(studio.shelf.files()))
    return outcome


def test_a_case_that_was_sent_back_by_hand(office: StreetOffice, studio: Studio) -> None:
    played._plenty(office.office)
    started = office.engine.start_process(
        "goal_setting", played._variables("CG-1", Decimal(60000)), actor=INITIATOR, business_key="CG-1"
    )
    is_sent_back = False
    while tasks := office.engine.tasks(root_key=started.root_key, limit=1).items:
        task = tasks[0]
        if task.element_id == "review_budget" and not is_sent_back:
            is_sent_back = True
            office.engine.return_task(task.key, "draft_budget", "明细不全", actor=FINANCE)
            continue
        office.engine.complete_task(task.key, played._values(task.element_id, Decimal(60000)), actor=played._worker(task))
    outcome = replayed(studio)
    assert outcome.status == IMPOSSIBLE
    assert outcome.why.startswith("A task of this case was sent back by hand")


def test_a_case_is_replayed_on_the_version_it_ran_on_not_on_the_newest(office: StreetOffice, studio: Studio) -> None:
    one_case(office)
    changed = higher_limit(studio.shelf.files())
    office.engine.deploy([Resource(path, content) for path, content in changed.items()], actor=SYSTEM)
    outcome = replayed(studio)
    assert outcome.why == ""
    assert [(one.kind, one.id, one.before, one.after) for one in outcome.reasons] == [
        ("rule", "method_route", "method_route_comparison", "method_route_small")
    ]


def test_a_table_that_was_always_the_newest_is_the_one_that_decided_then(office: StreetOffice, studio: Studio) -> None:
    """The limit was raised after the process was deployed and before the case began."""
    changed = higher_limit(studio.shelf.files())
    office.engine.deploy([Resource(path, content) for path, content in changed.items()], actor=SYSTEM)
    one_case(office)
    outcome = replayed(studio)
    assert (outcome.status, outcome.why) == ("same", "")


def test_a_canceled_case_is_replayed_as_far_as_it_went(office: StreetOffice, studio: Studio) -> None:
    started = office.engine.start_process(
        "goal_setting", played._variables("CG-1", Decimal(60000)), actor=INITIATOR, business_key="CG-1"
    )
    office.engine.cancel_instance(started.key, actor=Actor("ywgl", groups=frozenset({"operator"})), reason="重复立项")
    assert replayed(studio).status == "same"


def test_a_draft_that_cannot_run_says_why(office: StreetOffice, studio: Studio) -> None:
    one_case(office)
    files = dict(studio.shelf.files())
    files[GOALS] = files[GOALS].replace(b'decisionId="method_route"', b'decisionId="no_such_table"')
    outcome = replayed(studio, files)
    assert outcome.status in {OPEN, "elsewhere"}
    assert outcome.why or outcome.reasons


def test_a_draft_whose_file_is_broken_says_why(office: StreetOffice, studio: Studio) -> None:
    one_case(office)
    files = dict(studio.shelf.files())
    files[GOALS] = files[GOALS][:-200]
    outcome = replayed(studio, files)
    assert outcome.status == OPEN
    assert outcome.why


def test_a_task_whose_answer_the_form_no_longer_takes_is_said(office: StreetOffice, studio: Studio) -> None:
    one_case(office)
    files = dict(studio.shelf.files())
    path = "forms/goal_setting/review_budget.form"
    files[path] = files[path].replace(b'"value": "agree"', b'"value": "yes"')
    outcome = replayed(studio, files)
    assert outcome.status == OPEN
    assert "refuses what was entered" in outcome.why
