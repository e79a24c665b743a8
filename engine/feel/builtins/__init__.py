"""Every function of the standard. Importing a family registers its functions."""

from engine.feel.builtins import calendar, contexts, conversion, intervals, lists, logic, numbers, statistics, strings
from engine.feel.builtins.registry import Builtin, registered

FAMILIES = (conversion, logic, strings, numbers, lists, statistics, contexts, calendar, intervals)
BUILTINS = registered()

__all__ = ["BUILTINS", "FAMILIES", "Builtin"]
