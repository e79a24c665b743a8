"""One version of a process: what stands where now, how long it has been there, and how long each element usually takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import jsonify, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.model.operating import ElementDuration, ElementWaiting
from engine.spiff import ProcessModel
from web.pages.operate.frame import DAY, HOUR, WINDOWS, blueprint, case_addresses, lasted, page, since, window
from web.pages.operate.overview import versions_of
from web.pages.services import engine

PAGE_SIZE = 40
STANDING, LASTING, WAITING = "standing", "lasting", "waiting"
VIEWS = ((STANDING, _l("现在停在哪里")), (LASTING, _l("平常要多久")), (WAITING, _l("已经等了多久")))
# from so many seconds on an element has that warmth; the words stand in the legend and in the table
LEVELS = (
    (0.0, _l("不到 1 小时")),
    (HOUR, _l("1 小时至 1 天")),
    (DAY, _l("1 至 3 天")),
    (3 * DAY, _l("3 至 10 天")),
    (10 * DAY, _l("10 天以上")),
)
INSTANT = 1.0  # seconds; gateways and the like, which nobody waits at


@dataclass(frozen=True)
class Row:
    """What is known of one element; None where nothing ever stood or passed."""

    element_id: str
    name: str
    type: str
    waiting: ElementWaiting | None
    duration: ElementDuration | None

    def seconds(self, view: str) -> float | None:
        """What the heat of this view goes by."""
        if view == LASTING:
            return self.duration.median if self.duration and self.duration.longest >= INSTANT else None
        return self.waiting.longest if view == WAITING and self.waiting else None

    def level(self, view: str) -> int | None:
        """1 (cool) to 5 (hot); None without heat."""
        seconds = self.seconds(view)
        return None if seconds is None else sum(seconds >= least for least, _words in LEVELS)


@blueprint.get("/processes/<int:key>")
def process(key: int) -> str:
    found = engine().definition(key)
    if found.kind != "process":
        raise NotFound(kind="Process definition", key=key)
    view, days = _view(), window()
    rows = _rows(key, days)
    return page(
        "operate.processes",
        "operate/process.html",
        it=found,
        versions=list(versions_of(found.id)),
        rows=[row for row in rows if row.waiting or (row.duration and row.duration.longest >= INSTANT)],
        quiet=sum(1 for row in rows if not row.waiting and not row.duration),
        view=view,
        views=VIEWS,
        days=days,
        windows=WINDOWS,
        levels=LEVELS,
    )


@blueprint.get("/processes/<int:key>/marks")
def process_marks(key: int) -> Response:
    """JSON for static/diagram.js: heat, counts, incidents and addresses by element id."""
    view = _view()
    marks: dict[str, Any] = {"heat": {}, "tokens": {}, "incidents": {}, "texts": {}, "links": {}}
    for row in _rows(key, window()):
        level = row.level(view)
        if level:
            marks["heat"][row.element_id] = level
            marks["texts"][row.element_id] = lasted(row.seconds(view))
        if row.waiting:
            marks["tokens"][row.element_id] = row.waiting.count
            marks["links"][row.element_id] = url_for("operate.element", key=key, element_id=row.element_id)
            if row.waiting.incidents:
                marks["incidents"][row.element_id] = row.waiting.incidents
    return jsonify(marks)


@blueprint.get("/processes/<int:key>/elements/<element_id>")
def element(key: int, element_id: str) -> str:
    """The cases that stand at one element."""
    definition = engine().definition(key)
    model = engine().process_model(key)
    if element_id not in model.elements:
        raise NotFound(kind="Element", key=element_id)
    found = engine().standing(key, element_id=element_id, limit=PAGE_SIZE, after=request.args.get("after"))
    return page(
        "operate.processes",
        "operate/element.html",
        it=definition,
        element=model.elements[element_id],
        label=_label(model, element_id),
        page=found,
        addresses=case_addresses({one.element.root_key: one.business_key for one in found.items}),
    )


def _view() -> str:
    wanted = request.args.get("view", STANDING)
    return wanted if wanted in dict(VIEWS) else STANDING


def _rows(key: int, days: int) -> list[Row]:
    """In the order of the diagram's file."""
    model = engine().process_model(key)
    waiting = {one.element_id: one for one in engine().waiting(key)}
    durations = {one.element_id: one for one in engine().durations(key, since=since(days))}
    return [
        Row(name, _label(model, name), element.type, waiting.get(name), durations.get(name))
        for name, element in model.elements.items()
    ]


def _label(model: ProcessModel, element_id: str) -> str:
    return model.elements[element_id].name or element_id
