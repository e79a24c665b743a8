"""The version of this installation, as the package says it."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("bixuan")
