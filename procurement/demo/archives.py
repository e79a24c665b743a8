"""The demo's papers: made while its past is played, without PDF, which would take minutes and needs Pango."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from procurement.effects import effects
from procurement.office import Office


class Archives:
    def __init__(self, office: Office) -> None:
        self._office = office

    @contextmanager
    def unprinted(self) -> Iterator[None]:
        """Case files and contracts made meanwhile have no PDF."""
        desk = self._office.desk
        desk.engine.take_on(effects(desk, printed=False))
        try:
            yield
        finally:
            desk.engine.take_on(effects(desk, printed=None))
