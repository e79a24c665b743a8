"""Random nested processes, driven at random, against an oracle that knows nothing of the engine (tests.support.oracle).

Each runs twice: once in memory, once stored and loaded before every step. ``python -m bench.fuzz`` runs any number of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from engine.spiff.runner import compensation, conditions, scopes, snapshot
from engine.spiff.specs import events, multi_instance, standard_loop
from engine.spiff.specs.element import Element
from engine.spiff.specs.gateways import InclusiveGateway
from tests.support.oracle.blocks import KINDS, Growth
from tests.support.oracle.driving import Drive

CHUNKS = 6
SEEDS = 30  # in each chunk
BREAKING = 400  # a broken engine must be noticed within so many processes


@pytest.mark.parametrize("stored", [False, True], ids=["in memory", "stored between steps"])
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_processes_do_what_the_oracle_says(chunk: int, stored: bool):
    for seed in range(chunk * SEEDS, (chunk + 1) * SEEDS):
        Drive(seed, stored).run()


@pytest.mark.parametrize("kind", sorted(set(KINDS)))
def test_every_kind_of_block_is_mixed_with_tasks_alone(kind: str):
    for seed in range(8):
        Drive(seed, seed % 2 == 1, (kind, "sequence"), 12).run()


def test_the_processes_hold_every_kind_of_block_many_times():
    found = Counter(block.kind for seed in range(CHUNKS * SEEDS) for block in Growth(seed).process().every())
    assert set(found) == {*KINDS, "task", "calculate", "throw", "back"} - {
        "undone"
    }  # which is a sub-process with undoable things
    assert min(found.values()) >= 100, found


def _writes_to_the_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    def propagate(token, variables, source=None):
        for name, value in variables.items():
            scopes.write_local(token.workflow.root, name, value, source or token)

    monkeypatch.setattr(scopes, "propagate", propagate)


def _forgets_what_a_token_remembers(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = snapshot._token
    kept = ("key", "instance", "state", "spec", "scope", "variables", "result")
    monkeypatch.setattr(snapshot, "_token", lambda token: {k: v for k, v in whole(token).items() if k in kept})


def _undoes_the_first_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def last(records, until, node):
        return next((place for place, one in enumerate(records) if one["number"] <= until), None)

    monkeypatch.setattr(compensation, "_last_of", last)


BROKEN: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "inclusive joins do not wait": lambda patch: patch.setattr(InclusiveGateway, "may_go_on", lambda *_: True),
    "events come once only": lambda patch: patch.setattr(events, "used_up", lambda _: True),
    "a timer never stops": lambda patch: patch.setattr(events, "used_up", lambda _: False),
    "nothing is terminated": lambda patch: patch.setattr(events.EndEvent, "leave", Element.leave),
    "variables go to the instance": _writes_to_the_instance,
    "all children are waited for": lambda patch: patch.setattr(
        multi_instance.MultiInstanceBody, "counters", lambda *_: {"numberOfCompletedInstances": 0}
    ),
    "the first is undone first": _undoes_the_first_first,
    "a condition holds once only": lambda patch: patch.setattr(conditions, "look_again", lambda runner: runner.alerts.clear()),
    "a turn more than the marker says": lambda patch: patch.setattr(
        standard_loop.StandardLoopBody, "_goes_on", lambda _, body, *__: body.memo["turns"] < 3
    ),
    "what a token remembers is not stored": _forgets_what_a_token_remembers,
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_engine_is_noticed(fault: str, monkeypatch: pytest.MonkeyPatch):
    """The oracle would not be worth much if it agreed with everything."""
    BROKEN[fault](monkeypatch)
    with pytest.raises((AssertionError, KeyError, ValueError, AttributeError)):
        for seed in range(BREAKING):
            Drive(seed, True).run()
