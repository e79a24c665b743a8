"""Who did what when, over all cases: on the page, or as a table for a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.errors import FieldError, InvalidInput, NotFound
from engine.model import Comparisons, HistoryEntry, Searched
from procurement.spreadsheets import harmless
from web.pages import filters
from web.pages.cases import story
from web.pages.cases.names import person_name
from web.pages.operate.frame import case_addresses, page
from web.pages.services import engine, office, services
from web.pages.show import ZONE, moment

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
PAGE_SIZE = 50
AT_ONCE, LONGEST = 200, 10_000  # entries read at a time, and rows of a table at most
LOOK = 1_000  # operations whose whole text a page looks through for words
USUAL_DAYS = 30
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("tasks", _l("办理任务"), ("user_task_completed", "user_task_claimed", "user_task_unclaimed", "user_task_assigned", "user_task_returned", "user_task_kept")),
    ("cases", _l("案件开始和结束"), ("instance_started", "instance_ended", "instance_canceled")),
    ("repairs", _l("运维修复"), ("instance_suspended", "instance_resumed", "variables_set", "instance_modified", "incident_retried", "job_retried", "job_canceled", "job_updated", "instance_migrated", "migration_undone")),
    ("incidents", _l("异常"), ("incident_raised", "incident_resolved", "error_thrown")),
    ("decisions", _l("判断和决策"), ("conditions_evaluated", "decision_evaluated")),
    ("messages", _l("消息"), ("message_correlated", "message_thrown", "signal_received", "signal_thrown")),
    ("system", _l("系统"), ("operation_performed", "timer_fired", "timer_scheduled", "job_created", "job_completed", "job_failed", "job_error_thrown", "compensation_triggered", "condition_met", "deployment")),
)  # fmt: skip
FILTERS = ("group", "actor", "from", "to", "element", "case", "words")


@blueprint.get("")
def index() -> str:
    kept = filters.read(FILTERS)
    found = _search(kept, PAGE_SIZE, request.args.get("after"), look=LOOK)
    cases = _Cases()
    return page(
        "audit.index",
        "operate/audit.html",
        page=found,
        lines=[(entry, line, cases.number(entry.root_key)) for entry, line in _told(found.items, cases)],
        addresses=case_addresses({entry.root_key: cases.number(entry.root_key) for entry in found.items}),
        kept=kept,
        groups=[(name, label) for name, label, _kinds in GROUPS],
        first=_first(kept),
        look=LOOK,
    )


@blueprint.get("/table.csv")
def table() -> Response:
    """The same search to its end as a table, at most LONGEST rows, with the moment in the office's zone."""
    answer = Response(_rows(filters.read(FILTERS)), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-{services().clock.now():%Y%m%d-%H%M}.csv"'
    return answer


class _Cases:
    """Definition keys and numbers of the cases on a page, each read once."""

    def __init__(self) -> None:
        self._numbers: dict[int, str] = {}
        self._definitions: dict[int, int] = {}

    def number(self, root_key: int) -> str:
        self._read(root_key)
        return self._numbers.get(root_key, "")

    def definition(self, instance_key: int) -> int:
        self._read(instance_key)
        return self._definitions.get(instance_key, 0)

    def _read(self, key: int) -> None:
        if key in self._definitions or not key:
            return
        try:
            instance = engine().instance(key)
        except NotFound:
            self._definitions[key] = 0
            return
        self._definitions[key], self._numbers[key] = instance.definition_key, instance.business_key


def _told(entries: tuple[HistoryEntry, ...], cases: _Cases) -> Iterator[tuple[HistoryEntry, story.Line]]:
    for entry in entries:
        yield entry, story.lines([entry], {entry.instance_key: cases.definition(entry.instance_key)})[0]


def _search(kept: filters.Filters, limit: int, after: str | None, *, look: int | None = None) -> Searched:
    kinds = [kind for name, _label, kinds in GROUPS if kept["group"] in ("", name) for kind in kinds]
    tests: list[tuple[str, Any]] = [("gte", _first(kept))]
    if last := _day(kept, "to"):
        tests.append(("lt", last + dt.timedelta(days=1)))
    root = None
    if kept["case"]:
        found = engine().instances(business_key=kept["case"], roots_only=True, limit=1).items
        root = found[0].key if found else -1
    return engine().audit(
        kinds,
        limit=limit,
        after=after,
        actor=_login(kept["actor"]),
        at=Comparisons(tuple(tests)),
        element_id=kept["element"] or None,
        root_key=root,
        says=kept["words"],
        look=look,
    )


def _login(typed: str) -> str | None:
    """A login, or the name of one person."""
    if not typed:
        return None
    people = office().accounts.search(typed, "", 2)
    exact = [one.login for one in people if typed in (one.login, one.name)]
    return exact[0] if exact else typed


def _first(kept: filters.Filters) -> dt.datetime:
    usual = services().clock.now() - dt.timedelta(days=USUAL_DAYS)
    return _day(kept, "from") or usual.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _day(kept: filters.Filters, name: str) -> dt.datetime | None:
    if not kept[name]:
        return None
    try:
        return dt.datetime.combine(dt.date.fromisoformat(kept[name]), dt.time(), ZONE)
    except ValueError:
        raise InvalidInput(fields=(FieldError(name, "Enter a day, for example 2026-03-02."),)) from None


def _rows(kept: filters.Filters) -> str:
    cases, out = _Cases(), io.StringIO()
    out.write("\ufeff")  # spreadsheets take the file for another encoding without it
    table = csv.writer(out)
    table.writerow(
        [
            _("时间"),
            _("案件"),
            _("谁"),
            _("登录名"),
            _("做了什么"),
            _("说明"),
            _("类别"),
            _("图元"),
            _("案件键"),
            _("序号"),
            _("哈希"),
        ]
    )
    after, written = None, 0
    while written < LONGEST:
        found = _search(kept, AT_ONCE, after)
        for entry, line in _told(found.items, cases):
            person = person_name(entry.actor)
            cells = (
                moment(entry.at),
                cases.number(entry.root_key),
                person,
                entry.actor,
                line.text,
                line.said,
                entry.kind,
                entry.element_id,
            )
            table.writerow([*map(harmless, cells), entry.root_key, entry.seq, entry.hash])
        written += len(found.items)
        after = found.after
        if after is None:
            break
    return out.getvalue()
