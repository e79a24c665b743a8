"""The studio: the one door through which pages, the API and commands reach drafts and what is done with them."""

from __future__ import annotations

from collections.abc import Callable

from engine.facade import Database, ProcessEngine
from engine.feel import Feel
from engine.ports import Clock
from procurement.studio.checks import Checks
from procurement.studio.comparing import Comparisons
from procurement.studio.drafts import Drafts
from procurement.studio.in_force import InForceNow
from procurement.studio.looked import Looked
from procurement.studio.model import Files
from procurement.studio.permissions import Permissions
from procurement.studio.presence import Presence
from procurement.studio.release.direct import DirectDeployments
from procurement.studio.release.gate import Gate
from procurement.studio.release.rolling_back import RollBacks
from procurement.studio.releasing import Releases
from procurement.studio.replaying import Replays
from procurement.studio.rights import Rights
from procurement.studio.shelf import Shelf
from procurement.studio.shipping import Shipping


class Studio:
    """One part per thing a designer does. ``shipped``: READMEs and cases the installation came with, by layout path.

    A part that costs something to make is a ``cached_property`` below.
    """

    def __init__(self, database: Database, engine: ProcessEngine, clock: Clock, feel: Feel, shipped: Callable[[], Files]) -> None:
        self.database = database
        self.engine = engine
        self.clock = clock
        self.feel = feel
        self.permissions = Permissions(database, clock)
        self.rights: Rights = self.permissions
        self.shelf = Shelf(database, engine, shipped)
        self.drafts = Drafts(database, clock, self.shelf, self.rights)
        self.presence = Presence(database, clock)
        self.looked = Looked(database, clock)
        self.gate = Gate(self)
        self.releases = Releases(self)
        self.roll_backs = RollBacks(self)
        self.direct = DirectDeployments(self)
        self.shipping = Shipping(self)
        self.compare = Comparisons(self)
        self.replay = Replays(self)
        self.in_force = InForceNow(engine, self.shelf)
        self.checks = Checks(database, clock, feel, self.drafts, self._is_deployed, self.in_force.now)

    def _is_deployed(self, kind: str, id_: str, version_tag: str) -> bool:
        """Whether a version (with that tag, when one is given) was ever deployed; asked only for what no file of a draft has."""
        found = (one.definition for one in self.engine.deployed())
        return any(one.kind == kind and one.id == id_ and version_tag in {"", one.version_tag} for one in found)
