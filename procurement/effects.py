"""Effects on the outside (mail, archives, PDF), run by the worker after the commit that asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.ports import Effect
from procurement.archive import effect as archive
from procurement.archive.building import Stand
from procurement.papers import effect as contracts
from procurement.papers import report, yearly
from procurement.papers.effect import Press
from procurement.papers.yearly import Counted

if TYPE_CHECKING:
    from procurement.office.desk import Desk  # the office imports this module

EFFECTS: Mapping[str, Effect] = {}  # what needs no office


def effects(
    desk: Desk,
    office: str = "街道办事处",
    templates: Path | None = None,
    *,
    printed: bool | None = True,
    address: str = "",
    counted: Counted | None = None,
) -> dict[str, Effect]:
    """The effects that need the office's desk; the office gives them to the engine.

    ``counted``: the figures of a year; ``templates``: the office's own Word templates. ``printed``: with PDF; None: where this machine can.
    """
    stand = Stand(desk.database, desk.engine, desk.files, printed, office, templates)
    press = Press(desk.database, desk.files, office, templates, printed, address)
    return {
        archive.EFFECT: archive.archiving(stand, desk.now),
        contracts.EFFECT: contracts.printing_contracts(press, desk.now),
        report.EFFECT: report.printing_reports(press, desk.now),
        **({} if counted is None else {yearly.EFFECT: yearly.printing_years(press, counted, desk.now)}),
    }
