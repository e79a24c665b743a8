"""What a figure is, read from ``figures.yaml`` and from the ledgers that say on which dashboards theirs stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

from procurement.ledgers.definitions import Ledger
from procurement.reports.sources import SOURCES

LEDGER = "ledger:"  # before the id of a ledger, where the rows of a figure are its entries
LEDGERS = "监督台账"  # the chapter of the yearly report their figures stand in
BAR, LINE, PIE = "bar", "line", "pie"
SHAPES = (BAR, LINE, PIE)


@dataclass(frozen=True)
class Board:
    """A dashboard, for whom it is, and what it is called."""

    id: str
    title: str
    about: str
    roles: frozenset[str]


BOARDS = {
    one.id: one
    for one in (
        Board(
            "leader",
            "领导看板",
            "全街道采购的规模、进度和期限。",
            frozenset({"street_leader", "committee", "committee_secretary", "procurement_officer"}),
        ),
        Board(
            "finance",
            "财政看板",
            "预算、合同和付款。",
            frozenset({"finance", "street_leader", "procurement_officer", "auditor"}),
        ),
        Board(
            "agency",
            "机构看板",
            "第三方支持机构承办的项目；机构只看得到自己承办的。",
            frozenset({"agency", "procurement_officer", "street_leader"}),
        ),
        Board(
            "audit",
            "监督看板",
            "期限、裁量、异议、红旗、信用和监测。",
            frozenset({"discipline", "auditor", "street_leader", "procurement_officer"}),
        ),
    )
}


@dataclass(frozen=True)
class Figure:
    """``by``: a dimension of the source, one row each; ``split``: a second one, one column each.

    ``sums``: amounts that are added up (none: the rows are counted). ``where``: dimension → values that count. ``ledger``: the
    title of the ledger whose entries are counted.
    """

    id: str
    title: str
    source: str
    by: str
    split: str = ""
    sums: tuple[str, ...] = ()
    shape: str = BAR
    boards: tuple[str, ...] = ()
    where: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    ledger: str = ""
    tile: str = ""  # what the figure's total is called at the head of a dashboard; empty: it does not stand there
    stacked: bool = False  # the columns of a row are parts of a whole
    chapter: str = ""  # of the yearly report; empty: it does not stand there


class FigureUnfit(ValueError):
    """A figure that names what there is not."""


@cache
def shipped() -> tuple[Figure, ...]:
    """The figures this version came with. Raises FigureUnfit."""
    text = resources.files("procurement.reports").joinpath("figures.yaml").read_text(encoding="utf-8")
    return tuple(_figure(one) for one in yaml.safe_load(text))


def of_ledger(ledger: Ledger) -> Iterable[Figure]:
    """Those of the ledger's figures that stand on a dashboard."""
    for number, one in enumerate(ledger.figures, 1):
        if one.dashboards:
            title = f"{ledger.title}：{one.title}"
            sums = (one.sum,) if one.sum else ()
            yield Figure(
                f"{ledger.id}-{number}",
                title,
                LEDGER + ledger.id,
                one.by,
                "",
                sums,
                BAR,
                one.dashboards,
                {},
                ledger.title,
                chapter=LEDGERS,
            )


def _figure(raw: dict[str, Any]) -> Figure:
    sums = raw.get("sum") or ()
    made = Figure(
        id=raw["figure"],
        title=raw["title"],
        source=raw["source"],
        by=raw["by"],
        split=raw.get("split", ""),
        sums=(sums,) if isinstance(sums, str) else tuple(sums),
        shape=raw.get("shape", BAR),
        boards=tuple(raw["dashboards"]),
        tile=raw.get("tile", ""),
        chapter=raw.get("chapter", ""),
        stacked=bool(raw.get("split")) or raw.get("stacked", False),
        where={name: tuple(map(str, values)) for name, values in (raw.get("where") or {}).items()},
    )
    source = SOURCES.get(made.source)
    if source is None or made.shape not in SHAPES or set(made.boards) - BOARDS.keys():
        raise FigureUnfit(made.id)
    named = {made.by, *([made.split] if made.split else []), *made.where}
    if named - source.dimensions.keys() or set(made.sums) - source.amounts.keys():
        raise FigureUnfit(made.id)
    return made
