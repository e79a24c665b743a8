"""What goes into every archive as it is: the program that checks it with nothing but Python, and what to read first."""

from __future__ import annotations

from importlib import resources


def shipped(name: str) -> bytes:
    """The text as this version puts it into an archive."""
    return resources.files(__name__).joinpath(name).read_bytes()


def ever_shipped(name: str) -> frozenset[str]:
    """SHA-256 of the text in this and in every earlier version: older archives stay sound."""
    lines = (line.split("  ") for line in shipped("EVER_SHIPPED").decode().splitlines())
    return frozenset(digest for digest, path in lines if path == name)
