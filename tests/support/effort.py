"""How much work something is, told so that neither a slow machine nor a busy one changes the answer.

Only the processor time of this program counts, and it is compared with other work measured in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def effort(call: Callable[[], object], rounds: int = 3) -> float:
    """Processor time of one call, the least of some rounds."""
    return min(_once(call) for _ in range(rounds))


@contextmanager
def at_most(yardsticks: float) -> Iterator[None]:
    """Fails when the block takes more than so many times as long as the yardstick: ten thousand squares summed up."""
    began = time.process_time()
    yield
    spent = (time.process_time() - began) / effort(_yardstick)
    assert spent < yardsticks, f"{spent:.0f} yardsticks of work, no more than {yardsticks:.0f} are expected"


def _yardstick() -> int:
    return sum(n * n for n in range(10_000))


def _once(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began
