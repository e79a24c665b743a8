"""What one step of the runner costs at the 10th, 600th and 5,000th task of one case, in memory, and how big the stored state is.

    python -m bench.runner

Figures move from machine to machine: read the ratios. A step is ``complete_user_task`` until everything waits again.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from engine.spiff import Execution
from tests.unit.spiff.diagrams import diagram, loop, user
from tests.unit.spiff.office import Office

MARKS = (10, 600, 5000)
WINDOW = 100


def main() -> None:
    office = Office()
    office.deploy(diagram("s -> x1 -> u1 -> x2\nx2 -> x1 : =again\nx2 -> e : default", process_id="loop"))
    office.deploy(diagram("s -> x1 -> u1 -> p1 -> a -> p2 -> x1\np1 -> b -> p2", user("a") + user("b"), process_id="branches"))
    office.deploy(diagram("s -> vote -> e", user("vote", inside=loop("people", "person")), process_id="votes"))
    print("one user task in a loop, with two gateways and a FEEL condition")
    report(office, "loop", {}, {"again": True})
    print("a loop round two parallel branches, three user tasks a turn")
    report(office, "branches", {}, {})
    for count in (100, 1000):
        multi_instance(office, count)


def report(office: Office, process: str, start: dict[str, object], values: dict[str, object]) -> None:
    execution = Execution.start(office, office.latest[process], start)
    times: list[float] = []
    sizes: dict[int, int] = {}
    for number in range(1, MARKS[-1] + WINDOW + 1):
        (key, *_) = (place[0] for place in execution.waiting_tokens() if place[1] in {"u1", "a", "b"})
        execution.drain()
        times.append(timed(lambda key=key: execution.complete_user_task(key, values)))
        if number in MARKS:
            sizes[number] = len(execution.snapshot())
    first = window(times, MARKS[0])
    for mark in MARKS:
        took = window(times, mark)
        print(f"  task {mark:>5}: {took:6.1f} µs a step, ratio {took / first:4.2f}, state {sizes[mark]} bytes")
    load = timed(lambda: Execution.load(office, execution.snapshot()))
    print(f"  save and load: {load:6.1f} µs")


def multi_instance(office: Office, count: int) -> None:
    execution = Execution.start(office, office.latest["votes"], {"people": [f"p{n}" for n in range(count)]})
    size = len(execution.snapshot())
    took = timed(lambda: Execution.load(office, execution.snapshot()))
    print(f"{count} waiting instances of one task: state {size} bytes, save and load {took / 1000:.1f} ms")


def window(times: list[float], mark: int) -> float:
    """Median of the steps round the ``mark``-th."""
    return statistics.median(times[max(0, mark - 5) : mark + WINDOW])


def timed(step: Callable[[], object]) -> float:
    """Microseconds."""
    started = time.perf_counter()
    step()
    return (time.perf_counter() - started) * 1e6


if __name__ == "__main__":
    main()
