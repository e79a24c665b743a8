"""Recorded cases again: as they went over the same files, elsewhere or with a question over others."""

from __future__ import annotations

import datetime as dt

from engine.sandbox import Entry, Script
from engine.sandbox.case import MORNING
from tests.unit.sandbox.drawing import END, START, call, line, sandbox, service, user_task

DAY = dt.timedelta(days=1)


def task(element, day, **values):
    return Entry(MORNING + day * DAY, "task", element, values)


def script(*entries, **more):
    return Script("p", MORNING, entries=entries, **more)


def test_a_recording_goes_as_it_went():
    played = sandbox(("p", line(START, user_task("a"), user_task("b"), END))).follow(script(task("a", 1, x=1), task("b", 3, y=2)))
    assert (played.stop, played.state, played.variables) == (None, "completed", {"x": 1, "y": 2})
    assert [one.ended_at - MORNING for one in played.tasks] == [DAY, 3 * DAY]


def test_answers_wait_until_their_element_asks():
    swapped = sandbox(("p", line(START, user_task("b"), user_task("a"), END)))
    played = swapped.follow(script(task("a", 1, x=1), task("b", 3, y=2)))
    assert (played.stop, played.state) == (None, "completed")
    assert [one.element_id for one in played.tasks] == ["b", "a"]


def test_a_new_task_asks_for_what_is_entered_there():
    drawn = ("p", line(START, user_task("a"), user_task("legal"), user_task("b"), END))
    entries = (task("a", 1), task("b", 3))
    stop = sandbox(drawn).follow(script(*entries)).stop
    assert (stop.kind, stop.element) == ("new_task", "legal")
    played = sandbox(drawn).follow(script(*entries, assumed={"legal": {"ok": True}}))
    assert (played.stop, played.state, played.variables) == (None, "completed", {"ok": True})


def test_a_task_that_was_open_then_may_be_open_now():
    drawn = ("p", line(START, user_task("a"), user_task("b"), END))
    played = sandbox(drawn).follow(script(task("a", 1), open=("b",), until=MORNING + 9 * DAY))
    assert (played.stop, played.waiting, played.now) == (None, ["b"], MORNING + 9 * DAY)


def test_a_task_that_opens_more_often_than_recorded_asks():
    stop = sandbox(("p", line(START, user_task("a"), user_task("b"), END))).follow(script(task("a", 1), task("b", 2))).stop
    assert stop is None
    twice = line(START, user_task("a"), user_task("c"), END)
    stop = sandbox(("p", twice)).follow(script(task("a", 1), task("a", 2))).stop
    assert (stop.kind, stop.element) == ("new_task", "c")


def test_operations_and_called_processes_answer_as_recorded():
    drawn = ("p", line(START, service("buy", "shop.buy"), call("do", "q"), END))
    shop = sandbox(drawn, ("q", line(START, user_task("inner"), END)), answers={"shop.buy": {"n": 0}})
    played = shop.follow(script(answers={"buy": ({"n": 5},)}, stubs={"q": {"done": True}}))
    assert played.variables == {"n": 5, "done": True}
    waits = script(Entry(MORNING + DAY, "job", "q", {"done": 1}), answers={"buy": ({},)}, stubs={"q": "waits"})
    assert shop.follow(waits).variables == {"done": 1}
    assert shop.follow(script(stubs={"q": {}})).stop.kind == "answer"
