"""Every command is timed, and its log lines carry which command it was, on which case, by whom."""

from __future__ import annotations

import time
from collections.abc import Callable, MutableMapping
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, TypeAlias

from engine.commands.answers import Command
from engine.errors import EngineError
from engine.model import Actor

DONE, FAILED = "done", "failed"
Watch = Callable[[str, str, float], None]  # kind of command; done, failed or the code of the error; seconds

_InHand: TypeAlias = dict[str, Any]
_in_hand: ContextVar[_InHand | None] = ContextVar("command_in_hand", default=None)


class observing:  # noqa: N801 - reads as a verb where it is used, and a class costs each command less than a generator
    """Around one command, with everything it repeats."""

    def __init__(self, watch: Watch | None, command: Command, actor: Actor) -> None:
        self._watch = watch
        self._said: _InHand = {"command": command.kind, "actor": actor.user_id}
        self._began = 0.0
        self._token: Token[_InHand | None] | None = None

    def __enter__(self) -> None:
        self._token = _in_hand.set(self._said)
        self._began = time.perf_counter()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        took = time.perf_counter() - self._began
        if self._watch is not None:
            outcome = DONE if error is None else error.code if isinstance(error, EngineError) else FAILED
            self._watch(self._said["command"], outcome, took)
        if self._token is not None:
            _in_hand.reset(self._token)


def on_instance(root_key: int) -> None:
    """Name the case in the log lines of the command in hand."""
    said = _in_hand.get()
    if said is not None:
        said["instance"] = root_key


def into_line(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What structlog asks of each line: the command in hand, if there is one."""
    for name, value in (_in_hand.get() or {}).items():
        event.setdefault(name, value)
    return event
