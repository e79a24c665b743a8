"""Playing a draft: the sandbox as this office needs it, with its operations and their usual answers."""

from __future__ import annotations

from functools import cache

from engine.feel import Feel
from engine.sandbox import Files, Limits, Sandbox
from procurement.calendar import WorkingCalendar, YearTable, extensions
from procurement.demo.reading import data
from procurement.operations.described import DESCRIBED
from procurement.studio.answers import ANSWERS


def sandbox(files: Files, feel: Feel, limits: Limits | None = None) -> Sandbox:
    """Over ``files``; nothing of it is stored and nobody outside hears of it."""
    return Sandbox(files, feel, ANSWERS, DESCRIBED, limits)


@cache
def feel_without_office() -> Feel:
    """FEEL with the working days the demo office knows: for cases that run where there is no database."""
    years = (YearTable(y["year"], frozenset(y["holidays"]), frozenset(y["make_up_days"]), y["source"]) for y in data("calendar"))
    return Feel(extensions(WorkingCalendar.published(*years)))
