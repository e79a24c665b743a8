"""The working days the demo office knows: those published, and 2027, which is a labelled assumption of its own."""

from __future__ import annotations

from procurement.calendar import WorkingCalendar, YearTable
from procurement.demo.reading import data


def office_calendar() -> WorkingCalendar:
    return WorkingCalendar.published(
        *(YearTable(y["year"], frozenset(y["holidays"]), frozenset(y["make_up_days"]), y["source"]) for y in data("calendar"))
    )
