"""Another version for a running instance: what would be wrong with it, and doing it.

``judge`` compares two models for one live instance and says in words what is safe, what needs a mapping and what is not
sound; ``move`` puts the instance on the other model. Nothing here does any I/O.
"""

from engine.spiff.migration.judging import Judgement, judge
from engine.spiff.migration.moving import CannotMove, move, put_back, run_on
from engine.spiff.migration.versions import Versions

__all__ = ["CannotMove", "Judgement", "Versions", "judge", "move", "put_back", "run_on"]
