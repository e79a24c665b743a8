"""The demo's case files: built while its past is played, without PDF, which would take minutes and needs Pango."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from procurement.archive.building import Stand
from procurement.archive.effect import EFFECT, archiving
from procurement.effects import effects
from procurement.office import Office


class Archives:
    def __init__(self, office: Office) -> None:
        self._office = office

    @contextmanager
    def unprinted(self) -> Iterator[None]:
        """Archives made meanwhile have no PDF."""
        desk = self._office.desk
        desk.engine.take_on({EFFECT: archiving(Stand(desk.database, desk.engine, desk.files, printed=False), desk.now)})
        try:
            yield
        finally:
            desk.engine.take_on(effects(desk))
