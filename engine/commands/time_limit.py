"""Waiting for other people's Python no longer than agreed.

Python has no way to end a call that hangs. So the call runs in a thread of its own, and whoever waits for it stops waiting:
first the thread is asked to end (``ask``, then an exception thrown into it), and when it does not listen because it hangs
inside the operating system, it is left behind as a daemon thread and whatever it still gives is thrown away.
"""

from __future__ import annotations

import contextlib
import contextvars
import ctypes
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from engine.errors import EngineError

Answer = TypeVar("Answer")

GRACE_S = 1.0  # how long a call that was asked to end may take to do so


class TookTooLong(EngineError):
    """It took longer than {limit} seconds"""

    def __init__(self, limit: float, *, ended: bool) -> None:
        super().__init__(limit=f"{limit:g}")
        self.ended = ended  # False: the thread still hangs somewhere


class _Interrupted(BaseException):
    """Thrown into a thread nobody waits for any more; no ``except Exception`` of its own keeps it."""


class _Hand:
    """A daemon thread that does one call after the other: beginning a thread for each would cost more than most calls."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="time-limit", daemon=True)
        self._thread.start()

    def begin(self, call: Callable[[], Answer]) -> Future[Answer]:
        future: Future[Answer] = Future()
        context = contextvars.copy_context()
        self._calls.put((future, lambda: context.run(call)))
        return future

    def interrupt(self) -> None:
        """Takes effect when the thread next runs Python; a call that hangs in the operating system is not reached."""
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread.ident or 0), ctypes.py_object(_Interrupted))

    def _work(self) -> None:
        with contextlib.suppress(_Interrupted):  # late, after the call itself had ended
            while True:
                _settle(*self._calls.get())


def _settle(future: Future[Any], call: Callable[[], Any]) -> None:
    try:
        answer = call()
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits
        future.set_exception(error)
    else:
        future.set_result(answer)


_resting: list[_Hand] = []


def within(seconds: float, call: Callable[[], Answer], *, ask: Callable[[], object] = lambda: None) -> Answer:
    """What ``call`` gives or raises. Raises TookTooLong after ``seconds`` (and up to two graces more).

    ``ask`` is called first when the time is up, to end what the call waits for, such as a statement of the database.
    """
    hand = _resting.pop() if _resting else _Hand()
    future = hand.begin(call)
    if _ended(future, seconds):
        _resting.append(hand)
        return future.result()
    ask()
    if not _ended(future, GRACE_S):
        hand.interrupt()
    raise TookTooLong(seconds, ended=_ended(future, GRACE_S))


def _ended(future: Future[Any], seconds: float) -> bool:
    """Whether the call has ended, in whatever way, within ``seconds``."""
    try:
        future.exception(timeout=seconds)
    except TimeoutError:
        return future.done()
    return True
