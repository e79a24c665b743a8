"""Pages of the dashboards and of the yearly report. Which dashboard somebody has is asked again inside."""

from __future__ import annotations

from web.auth.audiences import DASHBOARD_READERS

PAGES: dict[str, frozenset[str]] = {
    "dashboards.index": DASHBOARD_READERS,
    "dashboards.reports": DASHBOARD_READERS - {"agency"},
    "dashboards.board": DASHBOARD_READERS,
    "dashboards.book": DASHBOARD_READERS,
    "dashboards.figure_table": DASHBOARD_READERS,
    "dashboards.cases": DASHBOARD_READERS,
    "dashboards.cases_table": DASHBOARD_READERS,
}
