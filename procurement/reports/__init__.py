"""The figures of the office: counted in the database, each number with the list of the cases it counts.

A figure is data (``figures.yaml``, or ``figures`` with ``dashboards`` of a ledger): which rows, grouped by what, adding up what.
"""

from procurement.reports.counting import Cell, Counted, cases, count
from procurement.reports.definitions import BOARDS, Board, Figure, of_ledger, shipped
from procurement.reports.scope import Scope
from procurement.reports.source import Source
from procurement.reports.sources import SOURCES

__all__ = ["BOARDS", "SOURCES", "Board", "Cell", "Counted", "Figure", "Scope", "Source", "cases", "count", "of_ledger", "shipped"]
