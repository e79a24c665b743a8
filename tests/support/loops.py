"""Coroutines in tests that are ordinary functions."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def in_a_loop(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What ``work`` gives. In a thread of its own: the browser of other tests has a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
