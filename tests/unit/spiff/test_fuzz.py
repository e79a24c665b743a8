"""Random nested processes, driven at random, against the oracle of blocks.py; with the state stored before every step."""

from __future__ import annotations

import os
import random

import pytest

from engine.events import TimerScheduled
from tests.unit.spiff.blocks import Block, Drawing, Path, World
from tests.unit.spiff.diagrams import HEAD
from tests.unit.spiff.office import Case, Office

RUNS = int(os.environ.get("BIXUAN_FUZZ", "120"))
KINDS = ["sequence", "sequence", "choice", "parallel", "inclusive", "repeat", "each", "guarded", "beside", "failing"]


def grow(dice: random.Random, size: int) -> Block:
    if size <= 1:
        return Block("task")
    kind = dice.choice(KINDS)
    count = {"sequence": 2, "guarded": 2, "beside": 2, "failing": 3, "repeat": 1, "each": 1}.get(kind, dice.randint(2, 3))
    parts = [grow(dice, size // count if count > 1 else size - 1) for _ in range(count)]
    flags = [dice.random() < 0.5 for _ in range(count - 1)] or [dice.random() < 0.5]
    return Block(kind, parts, flags, dice.randint(0 if kind == "each" else 1, 3))


def where(case: Case, items: list[str], key: int) -> Path:
    visible = case.execution.variables(key)
    return tuple(visible[item] for item in items if item in visible)


def drive(seed: int, stored: bool) -> None:
    dice = random.Random(seed)
    block = grow(dice, dice.randint(3, 14))
    drawing = Drawing()
    xml = HEAD + drawing.process(block) + '<error id="err" errorCode="BAD"/></definitions>'
    office = Office()
    office.deploy(xml.encode())

    items = [b.item for b in every(block) if b.item]
    world = World(block)
    world.settle()
    case = Case(office, stored).start("p", None, **drawing.variables)
    for step in range(400):
        open_tasks = [(task.element_id, where(case, items, key)) for key, task in case.tasks.items()]
        expected = [(task.block.name, task.path) for task in world.tasks()]
        assert sorted(open_tasks) == sorted(expected), f"seed {seed}, step {step}"
        waits = {(w.element_id, where(case, items, key)): key for key, w in case.waits.items() if isinstance(w, TimerScheduled)}
        timers = world.timers()
        assert sorted(waits) == sorted({(timer.block.event, timer.path) for timer in timers}), f"seed {seed}, step {step}"
        assert not case.incidents
        if not expected:
            break
        single = [timer for timer in timers if [t.block.event for t in timers].count(timer.block.event) == 1]
        if single and dice.random() < 0.25:
            timer = dice.choice(single)
            case.do(lambda run, key=waits[timer.block.event, timer.path]: run.fire_timer(key))
            timer.fire()
        else:
            task = dice.choice(world.tasks())
            mark = (task.block.name, task.path)
            nth = [other for other in world.tasks() if (other.block.name, other.path) == mark].index(task)
            key = [key for key, found in zip(case.tasks, open_tasks, strict=True) if found == mark][nth]
            values = {f"done_{task.block.name}": step}
            case.do(lambda run, key=key, values=values: run.complete_user_task(key, values))
            task.complete(step)
        world.settle()
    assert case.state == "completed"
    assert {name: value for name, value in case.variables.items() if not name.startswith("flag")} == world.written


def every(block: Block):
    yield block
    for part in block.parts:
        yield from every(part)


@pytest.mark.parametrize("stored", [False, True], ids=["in memory", "stored between steps"])
@pytest.mark.parametrize("chunk", range(4))
def test_random_processes_do_what_the_oracle_says(chunk, stored):
    for seed in range(chunk, RUNS, 4):
        drive(seed, stored)
