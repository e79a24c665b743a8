"""What is in force and which versions of processes are in use, as the checks want them."""

from __future__ import annotations

from engine.checks import InForce, InUse
from engine.facade import ProcessEngine
from engine.kept import Kept
from engine.model.operating import VersionInUse
from procurement.studio.shelf import Shelf

_KEPT = 1_000  # versions; one office has some hundred in use


class InForceNow:
    """The files a version was in force with do not change for it, so they are gathered once."""

    def __init__(self, engine: ProcessEngine, shelf: Shelf) -> None:
        self._engine = engine
        self._shelf = shelf
        self._versions = Kept(_KEPT)

    def now(self) -> InForce:
        files = self._shelf.files()
        found = (self._version(one) for one in self._engine.versions_in_use())
        return InForce(files, tuple(one for one in found if one is not None))

    def _version(self, one: VersionInUse) -> InUse | None:
        kept = self._versions.once((one.definition_key, one.is_newest), lambda: self._shelf.version(one.definition_key))
        if kept is None:
            return None
        path, files = kept
        return InUse(one.process_id, one.version, one.running, path, files)
