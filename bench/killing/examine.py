"""Whether everything agrees afterwards; each thing that does not, in a sentence."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import text

from bench.killing.diagram import STEPS
from bench.killing.outside import Outside
from engine.model import ProcessInstance
from web.composition import Services


def examine(services: Services, outside: Outside, cases: int) -> list[str]:
    found = services.engine.instances(process_id="killed", limit=None).items
    names = sorted(one.business_key for one in found)
    expected = sorted(f"case-{number}" for number in range(cases))
    wrong = [] if names == expected else [f"{len(found)} cases instead of {cases}, {len(set(names))} different ones"]
    for one in found:
        wrong += [f"{one.business_key}: {sentence}" for sentence in _of_case(services, one)]
    wrong += _registers(services, expected)
    wrong += _outside(services, outside, cases)
    wrong += [f"file {name} is recorded but not there" for _, name in services.office.files.missing()]
    wrong += [str(broken) for broken in services.engine.verify().broken]
    return wrong


def _of_case(services: Services, case: ProcessInstance) -> Iterator[str]:
    """Variables, tasks and history of one case say the same."""
    engine = services.engine
    if case.state != "completed":
        yield f"is {case.state}"
    history = engine.history(case.key)
    path = [entry.element_id for entry in history if entry.kind == "element_completed"]
    if path != STEPS:
        yield f"went {path}"
    values = {v.name: v.value for v in engine.variables(case.key, scope_key=case.key)}
    if (values.get("answer_first"), values.get("answer_third"), values.get("said")) != (case.business_key,) * 3:
        yield f"its variables are {values}"
    if len(values.get("papers") or []) != 1:
        yield f"its papers are {values.get('papers')}"
    if sum(entry.kind == "user_task_completed" for entry in history) != 3:
        yield "not every task was completed once"
    if sum(entry.kind == "timer_fired" for entry in history) != 1:
        yield "its timer did not fire once"
    if (
        engine.timers(case.key)
        or engine.tasks(root_key=case.key).items
        or engine.incidents(root_key=case.key, state="active").items
    ):
        yield "something still waits in it"
    if [job.state for job in engine.jobs(root_key=case.key).items] != ["completed"]:
        yield "its job is not completed"


def _registers(services: Services, names: list[str]) -> Iterator[str]:
    with services.database.engine.connect() as connection:
        booked = Counter(connection.execute(text("select purchase_id from case_files")).scalars())
        numbers = connection.execute(text("select count(distinct id) from case_files")).scalar()
    if sorted(booked.elements()) != names or numbers != len(names):
        yield f"the register of case files has {booked.total()} rows of {len(booked)} cases with {numbers} numbers"


def _outside(services: Services, outside: Outside, cases: int) -> Iterator[str]:
    if len(outside.happened) != cases or outside.refused:
        yield f"the outside did {len(outside.happened)} things instead of {cases}; {len(outside.refused)} keys came with two payloads"
    if sorted(payload["number"] for payload in outside.happened.values()) != list(range(cases)):
        yield "the outside was told the wrong things"
    keys = {f"effect-{job.key}" for job in services.engine.jobs(type="tell", limit=None).items}
    if keys != set(outside.happened):
        yield "the keys the outside saw are not those of the jobs"


def slowest(services: Services) -> dict[str, float]:
    """Seconds from when a timer was due, and from when an effect was asked for, until it was done: the slowest of each."""
    late = {"timer": 0.0, "effect": 0.0}
    for case in services.engine.instances(process_id="killed", limit=None).items:
        begun: dict[str, dt.datetime] = {}
        for entry in services.engine.history(case.key):
            if entry.kind == "timer_scheduled":
                begun["timer"] = dt.datetime.fromisoformat(str(entry.data["due_at"]))
            elif entry.kind == "job_created":
                begun["effect"] = entry.at
            elif entry.kind in {"timer_fired", "job_completed"}:
                what = "timer" if entry.kind == "timer_fired" else "effect"
                late[what] = max(late[what], (entry.at - begun[what]).total_seconds())
    return late
