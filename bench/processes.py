"""What other processes use, read from /proc, how they are ended, and how a measured process keeps silent."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path
from typing import Any

import structlog

TICKS = os.sysconf("SC_CLK_TCK")


def quiet() -> None:
    """Only warnings: a line for each of a hundred thousand commands would be in the way."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def end(process: Any, seconds: float = 30) -> None:
    """A multiprocessing.Process: asked first, killed when it does not listen."""
    if process.is_alive():
        os.kill(process.pid, signal.SIGTERM)
        process.join(timeout=seconds)
    if process.is_alive():
        process.kill()
        process.join()


def cpu_seconds(pid: int, *, with_ended_children: bool = False) -> float:
    """0 for a process that is gone."""
    try:
        fields = (Path("/proc") / str(pid) / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return sum(int(field) for field in fields[11 : 15 if with_ended_children else 13]) / TICKS


def children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(text.rsplit(")", 1)[1].split()[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def parent(pid: int) -> int:
    return int((Path("/proc") / str(pid) / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[1])


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident and proportional size: what the process holds, and the same with shared pages divided among their users."""
    sizes = {}
    for line in (Path("/proc") / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines():
        name, _, rest = line.partition(":")
        if name in {"Rss", "Pss"}:
            sizes[name] = int(rest.split()[0]) / 1024
    return sizes["Rss"], sizes["Pss"]


class CpuTime:
    """Processor seconds since it was made: of ``pids``, and of a server with its children."""

    def __init__(self, pids: list[int], server: int) -> None:
        self._pids, self._server = pids, server
        self._began = self._now()

    def since_then(self) -> tuple[float, float]:
        return tuple(now - before for now, before in zip(self._now(), self._began, strict=True))  # type: ignore[return-value]

    def _now(self) -> tuple[float, float]:
        of_server = cpu_seconds(self._server, with_ended_children=True) + sum(map(cpu_seconds, children(self._server)))
        return sum(map(cpu_seconds, self._pids)), of_server
