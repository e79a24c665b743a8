"""Workers that wait for jobs: however many they are, this process asks the database about all of them at once.

A worker whose type has a job is called in; when it got some, the next one of its type is called in too. A worker that came
for nothing takes its place at the head of the line again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence

import anyio
import structlog

from engine.model import Job

LOOK_EVERY_S = 0.25
PAUSE_AFTER_TROUBLE_S = 2.0
log = structlog.get_logger(__name__)
Take = Callable[[], Awaitable[Sequence[Job]]]


class WaitingRoom:
    """One for each event loop. ``look`` asks which of the types have jobs; it runs in a thread.

    ``is_closing``: nobody is kept waiting any more, so that the process can stop; they ask again elsewhere.
    """

    def __init__(self, look: Callable[[Collection[str]], Collection[str]], is_closing: Callable[[], bool] = bool) -> None:
        self._look = look
        self._is_closing = is_closing
        self._lines: defaultdict[str, deque[asyncio.Event]] = defaultdict(deque)
        self._looking: asyncio.Task[None] | None = None

    async def jobs(self, job_type: str, take: Take, seconds: float) -> Sequence[Job]:
        """What ``take`` gives as soon as it gives something; nothing when the time is up or ``take`` raises TimeoutError."""
        found: Sequence[Job] = ()
        until = asyncio.get_running_loop().time() + seconds
        with contextlib.suppress(TimeoutError):
            first = False
            while not found and not self._is_closing():
                with self._place(job_type, first=first) as called:
                    async with asyncio.timeout_at(until):  # the wait only: what is being taken must reach the answer
                        await called.wait()
                found = await take()
                first = True
        if found:
            self._call(job_type)
        return found

    @contextlib.contextmanager
    def _place(self, job_type: str, *, first: bool) -> Iterator[asyncio.Event]:
        called, line = asyncio.Event(), self._lines[job_type]
        line.appendleft(called) if first else line.append(called)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._keep_looking(), name="jobs-waited-for")
        try:
            yield called
        finally:
            if not called.is_set():  # else it was taken out of the line when it was called
                line.remove(called)
            if not line and self._lines.get(job_type) is line:  # a new line may have begun meanwhile
                del self._lines[job_type]

    async def _keep_looking(self) -> None:
        while self._lines:
            await asyncio.sleep(LOOK_EVERY_S)
            if self._is_closing():
                for job_type, line in list(self._lines.items()):
                    for _ in range(len(line)):
                        self._call(job_type)
                return
            try:
                for job_type in await anyio.to_thread.run_sync(self._look, tuple(self._lines)):
                    self._call(job_type)
            except Exception:  # the database may be away for a moment: nobody who waits should hear of it
                log.exception("looking_for_jobs_failed")
                await asyncio.sleep(PAUSE_AFTER_TROUBLE_S)

    def _call(self, job_type: str) -> None:
        line = self._lines.get(job_type)
        if line:
            line.popleft().set()
