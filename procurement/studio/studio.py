"""The studio: the one door through which pages, the API and commands reach drafts and what is done with them."""

from __future__ import annotations

from collections.abc import Callable

from engine.facade import Database, ProcessEngine
from engine.feel import Feel
from engine.ports import Clock
from procurement.studio.drafts import Drafts
from procurement.studio.model import Files
from procurement.studio.presence import Presence
from procurement.studio.rights import EveryDesigner, Rights
from procurement.studio.shelf import Shelf


class Studio:
    """One part per thing a designer does. ``shipped``: READMEs and cases the installation came with, by layout path.

    A part that costs something to make is a ``cached_property`` below.
    """

    def __init__(self, database: Database, engine: ProcessEngine, clock: Clock, feel: Feel, shipped: Callable[[], Files]) -> None:
        self.database = database
        self.engine = engine
        self.clock = clock
        self.feel = feel
        self.rights: Rights = EveryDesigner()
        self.shelf = Shelf(database, engine, shipped)
        self.drafts = Drafts(database, clock, self.shelf, self.rights)
        self.presence = Presence(database, clock)
