"""Builds the archive of a purchase out of the registers, the file store and the engine's history."""

from procurement.archive.building.build import Built, build
from procurement.archive.building.stand import Stand

__all__ = ["Built", "Stand", "build"]
