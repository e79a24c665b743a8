"""The contents list of a case file."""

from procurement.archive.manifest import Document, keep_until, listed, sealed

__all__ = ["Document", "keep_until", "listed", "sealed"]
