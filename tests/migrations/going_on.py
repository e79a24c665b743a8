"""Drives the cases of a golden file to their end: people answer, workers work, time passes, failures are mended."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from engine.commands.messages import NobodyWaits
from engine.facade import ProcessEngine
from engine.model import SYSTEM, Actor, UserTask
from tests.support.golden.scene import HandClock

CLERK = Actor("clerk", frozenset({"office", "leaders"}))
DAYS = 60  # longer than the longest wait of the scene
LATE = {"work": 4}  # tasks that are left alone for some days, so that what repeats beside them repeats


def finish(engine: ProcessEngine, clock: HandClock, cases: dict[str, int]) -> None:
    """Day by day, until none of ``cases`` is open."""
    for day in range(DAYS):
        running = {name: key for name, key in cases.items() if engine.instance(key).ended_at is None}
        if not running:
            return
        engine.broadcast_signal("golden_bell", {}, actor=SYSTEM)
        for name, key in running.items():
            if getattr(engine.instance(key), "suspended", False):
                engine.resume_instance(key, actor=SYSTEM, reason="go on")
            _mend(engine, key)
            _answer(engine, key, day)
            _tell(engine, name, key)
        _work(engine)
        clock.set(clock.now() + dt.timedelta(days=1))
        while engine.fire_due_timers():
            pass


def _answer(engine: ProcessEngine, root_key: int, day: int) -> None:
    while tasks := [task for task in engine.tasks(root_key=root_key) if LATE.get(task.element_id, 0) <= day]:
        task: UserTask = tasks[0]
        if task.assignee not in {None, CLERK.user_id}:
            engine.assign_task(task.key, CLERK.user_id, actor=SYSTEM)
        engine.complete_task(task.key, {"note": f"after {task.element_id}", "vote": "yes"}, actor=CLERK)


def _mend(engine: ProcessEngine, root_key: int) -> None:
    for incident in engine.incidents(root_key=root_key):
        engine.set_variables(root_key, {"mended": 1}, actor=SYSTEM)
        if incident.job_key is not None:
            engine.update_job(incident.job_key, retries=1, actor=SYSTEM)
        engine.resolve_incident(incident.key, actor=SYSTEM)


def _tell(engine: ProcessEngine, name: str, root_key: int) -> None:
    if name == "condition":
        engine.set_variables(root_key, {"mended": 1}, actor=SYSTEM)
    key = engine.variables(root_key, name="key").items
    if name.startswith("outside") and key:
        with suppress(NobodyWaits):
            engine.correlate_message("golden_news", key[0].value, {"came": True}, actor=CLERK)


def _work(engine: ProcessEngine) -> None:
    for job in engine.activate_jobs("golden_paint", "another", timeout=dt.timedelta(minutes=5), max_jobs=10):
        engine.complete_job(job.key, {"painted": job.headers["colour"]}, actor=SYSTEM)


def done(engine: ProcessEngine, root_key: int) -> list[str]:
    """The user tasks that were completed, in their order."""
    return [entry.element_id for entry in engine.history(root_key, kinds=["user_task_completed"])]


def value(engine: ProcessEngine, root_key: int, name: str) -> Any:
    """The variable ``name`` of the root instance itself."""
    (found,) = engine.variables(root_key, name=name, scope_key=root_key)
    return found.value
