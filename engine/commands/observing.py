"""Every command is timed, and its log lines carry which command it was, on which case, by whom."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from structlog.contextvars import bind_contextvars, bound_contextvars

from engine.commands.answers import Command
from engine.errors import EngineError
from engine.model import Actor

DONE, FAILED = "done", "failed"
Watch = Callable[[str, str, float], None]  # kind of command; done, failed or the code of the error; seconds


@contextmanager
def observing(watch: Watch | None, command: Command, actor: Actor) -> Iterator[None]:
    """Around one command, with everything it repeats."""
    began, outcome = time.perf_counter(), FAILED
    with bound_contextvars(command=command.kind, actor=actor.user_id, instance=None):
        try:
            yield
            outcome = DONE
        except EngineError as error:
            outcome = error.code
            raise
        finally:
            if watch is not None:
                watch(command.kind, outcome, time.perf_counter() - began)


def on_instance(root_key: int) -> None:
    """Name the case in the log lines of the command in hand."""
    bind_contextvars(instance=root_key)
