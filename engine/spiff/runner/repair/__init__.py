"""Changing by hand where a case stands."""

from engine.spiff.runner.repair.modifying import CannotModify, modify
from engine.spiff.runner.repair.returning import CannotReturn, WayBack, plan, return_to, ways_back

__all__ = ["CannotModify", "CannotReturn", "WayBack", "modify", "plan", "return_to", "ways_back"]
