"""Running cases in memory: the files of a folder as they would be deployed, answers instead of registers, a clock by hand."""

from __future__ import annotations
