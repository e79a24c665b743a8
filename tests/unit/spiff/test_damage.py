"""Damaged diagrams are read or refused with sentences; they never break the parser, and what is read never breaks the runner."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from lxml import etree

from engine.errors import DefinitionInvalid, EngineError
from engine.spiff import ProcessModel, parse
from tests.unit.spiff.office import FEEL, Case, Office

SEEDS = sorted((Path(__file__).parent / "data").glob("*.bpmn"))
VALUES = ["", "=", "=1 +", "a b", "true", "false", "=x", "P1D", "R/P1D", "0", "汉字", "99999999999999999999"]


def damage(root: etree._Element, dice: random.Random) -> None:
    elements = list(root.iter("*"))
    one, other = dice.choice(elements), dice.choice(elements)
    what = dice.randrange(6)
    if what == 0 and one.getparent() is not None:
        one.getparent().remove(one)
    elif what == 1 and one.attrib:
        one.attrib.pop(dice.choice(list(one.attrib)))
    elif what == 2 and one.attrib:
        one.set(dice.choice(list(one.attrib)), dice.choice([*VALUES, other.get("id") or ""]))
    elif what == 3:
        one.text = dice.choice(VALUES)
    elif what == 4:
        other.append(etree.fromstring(etree.tostring(one)))
    else:
        one.tag = other.tag


def poke(models: list[ProcessModel], dice: random.Random) -> None:
    """Start it and do whatever can be done, forty times."""
    office = Office()
    for model in models:
        model.definition_key = len(office.deployed) + 1
        office.deployed[model.definition_key] = model
        office.latest[model.id] = model.definition_key
    case = Case(office, dice.random() < 0.5).start(models[0].id, models[0].start_events[0].element_id, key="k", people=["a"])
    for _ in range(40):
        choices = [*case.tasks, *case.waits, *case.jobs, *case.incidents]
        if case.state != "active" or not choices:
            return
        key = dice.choice(choices)
        wait = type(case.waits.get(key)).__name__
        steps = {
            "TimerScheduled": lambda run, key=key: run.fire_timer(key),
            "MessageAwaited": lambda run, key=key: run.deliver_message(key, {"m": 1}),
            "SignalAwaited": lambda run, key=key: run.deliver_signal(key, {}),
        }
        incident = key in case.incidents
        otherwise = (
            (lambda run, key=key: run.retry(key)) if incident else (lambda run, key=key: run.complete_user_task(key, {"vote": 1}))
        )
        try:
            case.do(steps.get(wait, otherwise))
        except EngineError:
            continue


@pytest.mark.parametrize("chunk", range(4))
def test_damaged_diagrams_never_break_anything(chunk):
    for seed in range(chunk, 400, 4):
        dice = random.Random(seed)
        root = etree.fromstring(dice.choice(SEEDS).read_bytes())
        for _ in range(dice.randint(1, 3)):
            damage(root, dice)
        try:
            models = parse(etree.tostring(root), file="damaged.bpmn", feel=FEEL)
        except DefinitionInvalid as refused:
            assert all(problem.message for problem in refused.problems)
            continue
        poke(models, dice)
