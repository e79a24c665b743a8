"""The worker: timers, effects, and what dead processes left behind. Any number of them may run, on any machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import structlog

from engine.facade import ProcessEngine
from engine.jobs import effects

log = structlog.get_logger(__name__)

TIMERS_EVERY_S = 1.0  # a timer that was set meanwhile, perhaps on another machine, waits no longer than this to be seen
THREADS = 4  # cases whose timers fire side by side; most of a firing is waiting for the database
LEFT_OVER_EVERY_S = 5.0
FORGET_EVERY_S = 600.0
PAUSE_AFTER_TROUBLE_S = 2.0  # the database may be away; going on at once would only fill the log


Duty = tuple[float, Callable[[], object]]  # every so many seconds, and what is done then


class Worker:
    """``run`` in the foreground, or in a thread beside a web server.

    ``duties``: what the application has done again and again beside the engine's own work, by name. Each has a thread.
    """

    def __init__(self, engine: ProcessEngine, *, threads: int = THREADS, duties: Mapping[str, Duty] | None = None) -> None:
        self._engine = engine
        self._threads = threads
        self._duties = dict(duties or {})

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set; returns when everything has ended in order."""
        routines: dict[str, Callable[[threading.Event], None]] = {
            "timers": self._fire_timers,
            "effects": self._run_effects,
            "left-over": self._every(LEFT_OVER_EVERY_S, lambda: self._engine.deliver_left_over()),
            "forget": self._every(FORGET_EVERY_S, self._engine.forget_expired),
            **{name: self._every(seconds, action) for name, (seconds, action) in self._duties.items()},
        }
        threads = [
            threading.Thread(target=self._steadily, args=(name, routine, stop), name=f"worker-{name}", daemon=True)
            for name, routine in routines.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _steadily(self, name: str, routine: Callable[[threading.Event], None], stop: threading.Event) -> None:
        """Whatever happens, go on: a worker that stops quietly is noticed only when deadlines have passed."""
        while not stop.is_set():
            try:
                routine(stop)
            except Exception:
                log.exception("worker_trouble", routine=name)
                stop.wait(PAUSE_AFTER_TROUBLE_S)

    def _fire_timers(self, stop: threading.Event) -> None:
        with ThreadPoolExecutor(self._threads, thread_name_prefix="timers") as pool:
            while not stop.is_set():
                stop.wait(self._engine.attend_timers(ahead_s=TIMERS_EVERY_S, spread=pool.map))

    def _run_effects(self, stop: threading.Event) -> None:
        asyncio.run(effects.work(self._engine, stop))

    @staticmethod
    def _every(seconds: float, action: Callable[[], object]) -> Callable[[threading.Event], None]:
        def routine(stop: threading.Event) -> None:
            while not stop.is_set():
                action()
                stop.wait(seconds)

        return routine
