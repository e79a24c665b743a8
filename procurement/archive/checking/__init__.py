"""Checks an archive where there is nothing else: no database, no settings, no network."""

from procurement.archive.checking.archive import Check, Report, check
from procurement.archive.checking.opened import NotAnArchive, Opened

__all__ = ["Check", "NotAnArchive", "Opened", "Report", "check"]
