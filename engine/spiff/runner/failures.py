"""How a step that cannot go on tells why: it becomes an incident, and the token stays where it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import EngineError, ExecutionFailed


class StepFailed(ExecutionFailed):
    """{cause}"""

    def __init__(self, kind: str, cause: str) -> None:
        super().__init__(cause=cause)
        self.kind = kind


@contextmanager
def failing(kind: str) -> Iterator[None]:
    """Give any engine error inside the block the incident kind ``kind``."""
    try:
        yield
    except StepFailed:
        raise
    except EngineError as error:
        raise StepFailed(kind, str(error)) from error
