"""What the studio looks for: the engine's checks with the office's facts, and what only purchasing knows."""

from __future__ import annotations

from procurement.studio.checks.catalogue import CATALOGUE
from procurement.studio.checks.service import Checks, NotSilenced, Problem

__all__ = ["CATALOGUE", "Checks", "NotSilenced", "Problem"]
