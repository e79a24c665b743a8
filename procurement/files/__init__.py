"""Uploaded files by their hash."""

from procurement.files.store import FileReference, FileStore, FileTooLarge, open_store
from procurement.files.types import FileTypeRefused

__all__ = ["FileReference", "FileStore", "FileTooLarge", "FileTypeRefused", "open_store"]
