"""The instances that answers name: read once for a whole page of them."""

from __future__ import annotations

from collections.abc import Iterable

from engine.facade import ProcessEngine
from engine.model import Comparisons, ProcessInstance


def instances_by_key(engine: ProcessEngine, keys: Iterable[int]) -> dict[int, ProcessInstance]:
    wanted = tuple(set(keys))
    return {one.key: one for one in engine.instances(key=Comparisons((("in", wanted),)), limit=None)} if wanted else {}
