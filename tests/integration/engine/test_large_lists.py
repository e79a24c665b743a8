"""What keeps lists and timers quick when there are many, and right all the same."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.model import Actor
from engine.queries import paging
from tests.integration.engine.office import CLERK, Office
from tests.unit.spiff.diagrams import timer, user

PAUSE = f'<intermediateCatchEvent id="pause">{timer("duration", "PT10S")}</intermediateCatchEvent>'
TEAM = 'candidateGroups="team-n"'
KINDS = ("user_task_completed", "user_task_created", "instance_started")


def test_a_total_is_counted_up_to_a_limit_and_says_so(office: Office, monkeypatch: pytest.MonkeyPatch):
    process = office.deploy("s -> u1 -> e", user("u1"))
    for _ in range(6):
        office.start(process)
    monkeypatch.setattr(paging, "COUNTED_UP_TO", 4)
    some = office.engine.tasks(process_id=process, limit=2)
    assert (some.total, some.is_least) == (4, True)
    monkeypatch.setattr(paging, "COUNTED_UP_TO", 100)
    assert (office.engine.tasks(process_id=process, limit=2).total, office.engine.tasks(process_id=process).total) == (6, 6)
    uncounted = office.engine.tasks(process_id=process, limit=2, counted=False)
    assert (uncounted.total, uncounted.is_least, len(uncounted)) == (2, True, 2)


@pytest.mark.parametrize("name", ["o'brien", "100%", "a:b", "%(x)s", 'say "so"', "back\\slash", "办公室", "{curly,comma}"])
def test_a_name_of_any_letters_finds_its_tasks_and_nothing_else(office: Office, name: str):
    process = office.deploy("s -> u1 -> e", user("u1", people='candidateGroups="=team"'))
    case = office.start(process, team=[name])
    assert [task.root_key for task in office.engine.tasks(candidate_of=Actor("x", frozenset({name})), process_id=process)] == [
        case.key
    ]
    assert office.engine.tasks(candidate_group=name, process_id=process).total == 1
    assert office.engine.tasks(candidate_of=Actor(name, frozenset({"other"})), process_id=process).total == 0
    assert office.engine.task_counts(Actor("x", frozenset({name}))).all >= 1


def test_the_numbers_above_an_inbox_are_those_of_the_list(office: Office):
    process = office.deploy("s -> p1 -> u1 -> p2 -> e\np1 -> u2 -> p2", user("u1", people=TEAM) + user("u2", people=TEAM))
    reader = Actor("n1", frozenset({"team-n"}))
    cases = [office.start(process) for _ in range(3)]
    office.engine.claim_task(office.task(cases[0].key, "u1").key, actor=reader)
    office.engine.claim_task(office.task(cases[1].key, "u1").key, actor=Actor("n2", frozenset({"team-n"})))
    counts = office.engine.task_counts(reader)
    assert counts.all == office.engine.tasks(candidate_of=reader).total == 5
    assert counts.mine == 1
    assert [element for element, _ in counts.steps] == ["u1", "u2"]
    assert [process_id for process_id, _ in counts.processes] == [process]


def test_the_end_of_a_history_is_read_backwards_in_pages(office: Office):
    process = office.deploy("s -> u1 -> u2 -> u3 -> e", user("u1") + user("u2") + user("u3"))
    case = office.start(process)
    for _ in range(3):
        office.clock.move(minutes=1)
        office.complete(case.key)
    whole = office.engine.history(case.key)
    read, before = [], None
    while some := office.engine.newest_history(case.key, limit=4, before_seq=before):
        read += some
        before = some[-1].seq
    assert read == whole[::-1]
    completed = office.engine.newest_history(case.key, limit=2, kinds=("user_task_completed",))
    assert [entry.element_id for entry in completed] == ["u3", "u2"]


def test_what_happened_at_a_moment_is_read_for_many_cases_at_once(office: Office):
    process = office.deploy("s -> u1 -> u2 -> e", user("u1") + user("u2"))
    cases = [office.start(process).key for _ in range(3)]
    for case in cases[1:]:
        office.clock.move(minutes=1)
        office.complete(case)
    tasks = [office.task(case) for case in cases]
    found = office.engine.histories_at([(task.root_key, task.created_at) for task in tasks], KINDS)
    told = {case: [entry.kind for entry in found[case, task.created_at]] for case, task in zip(cases, tasks, strict=True)}
    assert told == {
        cases[0]: ["instance_started", "user_task_created"],
        cases[1]: ["user_task_completed", "user_task_created"],
        cases[2]: ["user_task_completed", "user_task_created"],
    }
    twice = office.engine.histories_at([(tasks[0].root_key, tasks[0].created_at)] * 2, KINDS)
    assert len(twice[cases[0], tasks[0].created_at]) == 2, "what one command did is told once, however many tasks came of it"
    assert office.engine.histories_at([(cases[0], tasks[0].created_at - dt.timedelta(days=1))], KINDS) == {}


def test_a_round_of_the_timers_says_when_to_look_again(office: Office):
    process = office.deploy("s -> pause -> u1 -> e", PAUSE + user("u1"))
    cases = [office.start(process).key for _ in range(5)]
    assert office.engine.attend_timers(ahead_s=1) == 1
    office.clock.move(seconds=9)
    assert office.engine.attend_timers(ahead_s=2) == 1
    office.clock.move(seconds=1)
    with ThreadPoolExecutor(3) as pool:
        assert office.engine.attend_timers(ahead_s=1, spread=pool.map) == 1
    assert all(office.open(case) == ["u1"] for case in cases)


def test_a_case_read_again_is_the_case_that_memory_had(office: Office):
    process = office.deploy("s -> p1 -> u1 -> p2 -> e\np1 -> u2 -> p2", user("u1") + user("u2"))
    case = office.start(process, business_key="b 1").key
    office.engine.claim_task(office.task(case, "u1").key, actor=CLERK)
    workshop = office.engine._workshop
    (held,) = [live.case for live in workshop.cases._cases.values() if live.case.root_key == case]
    office.forget()
    office.engine.unclaim_task(office.task(case, "u1").key, actor=CLERK)
    office.engine.claim_task(office.task(case, "u1").key, actor=CLERK)
    (again,) = [live.case for live in workshop.cases._cases.values() if live.case.root_key == case]
    assert (again.tasks, again.instances, again.incidents, again.business_key, again.state) == (
        held.tasks,
        held.instances,
        held.incidents,
        "b 1",
        "active",
    )
