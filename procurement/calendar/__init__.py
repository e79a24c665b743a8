"""Chinese working days as versioned data, and the FEEL functions that count with them."""

from procurement.calendar.feel import EXTENSIONS, extensions
from procurement.calendar.working_days import UnknownCalendarYear, WorkingCalendar
from procurement.calendar.years import YearTable

__all__ = ["EXTENSIONS", "UnknownCalendarYear", "WorkingCalendar", "YearTable", "extensions"]
