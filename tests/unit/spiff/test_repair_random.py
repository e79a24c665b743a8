"""Random processes that are sent back or changed by hand at random: what is allowed still runs to its end, without an incident."""

from __future__ import annotations

import os
import random
from collections import Counter

from engine.events import ConditionAwaited, TimerScheduled
from engine.model import Activate, Move, Skip, Terminate
from engine.spiff import CannotModify, CannotReturn, Execution
from tests.support.oracle.blocks import VARIABLES, Growth
from tests.support.oracle.drawing import Drawing
from tests.unit.spiff.office import Case, Office

RUNS = int(os.environ.get("BIXUAN_FUZZ", "150"))
# what cannot be asked of a case that was changed: to end after one turn of a loop, or to know what its conditions read
KINDS = (
    "sequence",
    "sequence",
    "choice",
    "inclusive",
    "parallel",
    "wrap",
    "each",
    "call",
    "guarded",
    "catching",
    "stopping",
    "listening",
    "undone",
)
STEPS = 300


class Repaired:
    def __init__(self, seed: int, seen: Counter[str]) -> None:
        self.seed, self.seen, self.dice = seed, seen, random.Random(f"repair {seed}")
        self.office = Office()
        for file in Drawing(Growth(seed, KINDS).process(self.dice.randint(8, 40))).files():
            self.office.deploy(file)
        self.case = Case(self.office, stored=seed % 2 == 0).start("p", None, **dict.fromkeys(VARIABLES, 3))

    def run(self) -> None:
        repairs = set(self.dice.sample(range(1, 12), 3))
        for step in range(STEPS):
            if self.case.state != "active":
                break
            assert not self.case.incidents, f"seed {self.seed}: {self.case.incidents}"
            if step in repairs:
                self.dice.choice([self.send_back, self.change])()
            self.go_on()
        assert self.case.state == "completed", f"seed {self.seed}, step {step}: {self.case.execution.waiting_tokens()}"

    def go_on(self) -> None:
        """A task, or what the case waits for when there is none."""
        if self.case.state != "active":
            return
        if self.case.tasks:
            key = self.dice.choice(list(self.case.tasks))
            values = dict.fromkeys((*VARIABLES, "got"), self.dice.randint(0, 5))
            self.case.do(lambda run: run.complete_user_task(key, values))
            return
        waits = [(key, wait) for key, wait in self.case.waits.items() if not isinstance(wait, ConditionAwaited)]
        key, wait = self.dice.choice(waits)
        self.case.do(lambda run: run.fire_timer(key) if isinstance(wait, TimerScheduled) else self._deliver(run, key))

    @staticmethod
    def _deliver(run: Execution, key: int) -> None:
        try:
            run.deliver_message(key, {})
        except Exception:  # noqa: BLE001 - it is a signal then
            run.deliver_signal(key, {})

    def send_back(self) -> None:
        if not self.case.tasks:
            return
        key = self.dice.choice(list(self.case.tasks))
        ways = self.case.execution.ways_back(key)
        if not ways:
            self.seen["no way back"] += 1
            return
        target = self.dice.choice(ways).element_id
        try:
            self.case.do(lambda run: run.return_to(key, target, "again"))
            self.seen["sent back"] += 1
        except CannotReturn:
            self.seen["refused"] += 1

    def change(self) -> None:
        """One or two changes anywhere; a refusal leaves the case as it was."""
        places = list(self.case.execution.places(self.case.execution.root_key))
        names = list(self.case.execution._runner.tokens[self.case.execution.root_key].workflow.model.entries)
        made = []
        for _ in range(self.dice.randint(1, 2)):
            key, name = self.dice.choice(places), self.dice.choice(names)
            made.append(self.dice.choice([Activate(name), Terminate(key), Move(key, name), Skip(key, {"got": 1}), Skip(key)]))
        trial = Execution.load(self.office, self.case.execution.snapshot())
        try:
            trial.modify(trial.root_key, made, "by hand")
        except CannotModify:
            self.seen["change refused"] += 1
            return
        self.case.do(lambda run: run.modify(run.root_key, made, "by hand"))
        self.seen["changed"] += 1


def test_what_is_allowed_runs_to_its_end():
    seen: Counter[str] = Counter()
    for seed in range(RUNS):
        Repaired(seed, seen).run()
    assert seen["sent back"] > RUNS / 4, seen
    assert seen["changed"] > RUNS / 10, seen
    assert seen["change refused"] > RUNS / 10, seen
