"""Everything that can be counted, by its id; the entries of ledgers are added where they are asked for (entries.py)."""

from __future__ import annotations

from collections.abc import Mapping

from procurement.reports.purchasing import of_purchases
from procurement.reports.source import Source
from procurement.reports.supervising import of_supervision

SOURCES: Mapping[str, Source] = {one.id: one for one in (*of_purchases(), *of_supervision())}
