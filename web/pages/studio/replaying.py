"""Past cases run again on a draft: choose them, watch them run, see who goes elsewhere; take the table along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from engine.errors import InvalidInput, NotFound
from engine.sandbox import Project
from procurement.spreadsheets import Cell, csv_of, number, xlsx_of
from procurement.studio.model import Draft
from procurement.studio.replay.model import ELSEWHERE, Assumed, Choice, Outcome, Replay
from procurement.studio.replay.summary import Summary, shifts, summary
from procurement.studio.titles import title_of
from web.auth.people import acting
from web.pages.errors import field_sentences
from web.pages.services import services
from web.pages.studio.answering import json_answers
from web.pages.studio.replay_assumed import asked, told
from web.pages.studio.replay_picture import bands, bar
from web.pages.studio.replay_words import Names

blueprint = Blueprint("studio_replay", __name__, url_prefix="/studio/drafts/<int:draft>/replay")
SHOWN = 100  # cases in a table on the page; the export has them all
FIELDS = ("process_id", "since", "until", "number", "business_key")


@blueprint.get("")
def show(draft: int) -> str:
    """?run= one replay, else the newest; ?by= what the picture shows; ?status= which cases the table lists."""
    return _page(draft)


@blueprint.post("")
def begin(draft: int) -> Answer | tuple[str, int]:
    """Choose cases and assumptions; the page then drives the run."""
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        replay = services().studio.replay.begin(draft, _choice(given), _assumed(), actor=acting())
    except InvalidInput as error:
        return _page(draft, given, field_sentences(error)), 422
    return redirect(url_for("studio_replay.show", draft=draft, run=replay.key), 303)


@blueprint.post("/<int:run>/go-on")
def go_on(draft: int, run: int) -> Response | Answer:
    """Some more cases. JSON for the page's script; without a script a button comes back to the page."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return _gone_on(draft, run)
    services().studio.replay.go_on(_of(draft, run).key)
    return redirect(url_for("studio_replay.show", draft=draft, run=run), 303)


@json_answers
def _gone_on(draft: int, run: int) -> dict[str, Any]:
    replay = services().studio.replay.go_on(_of(draft, run).key)
    return {"done": replay.done, "total": replay.total, "running": replay.is_running}


@blueprint.post("/<int:run>/cancel")
def cancel(draft: int, run: int) -> Answer:
    services().studio.replay.cancel(_of(draft, run).key)
    return redirect(url_for("studio_replay.show", draft=draft, run=run), 303)


@blueprint.get("/<int:run>/marks")
def marks(draft: int, run: int) -> dict[str, Any]:
    """How many cases more or fewer take each flow, for the diagram."""
    found = summary(services().studio.replay.outcomes(_of(draft, run).key))
    moved = {flow: after - before for flow, (before, after) in found.flows.items() if after != before}
    return {
        "states": {flow: "flow-more" if more > 0 else "flow-fewer" for flow, more in moved.items()},
        "texts": {flow: f"＋{more}" if more > 0 else f"－{-more}" for flow, more in moved.items()},
    }


@blueprint.get("/<int:run>/export.<kind>")
def export(draft: int, run: int, kind: str) -> Response:
    """Every case as xlsx (with the sums) or csv."""
    replay = _of(draft, run)
    outcomes = services().studio.replay.outcomes(run)
    found = summary(outcomes)
    names, by = _names(draft, replay), _dimension(found)
    headings, rows = _headings(), [_row(names, one, by) for one in outcomes]
    if kind == "csv":
        return _file(csv_of(headings, rows), "text/csv; charset=utf-8", f"replay-{run}.csv")
    if kind != "xlsx":
        raise NotFound(kind="File", key=f"export.{kind}"[:60])
    reasons = [(names.reason(reason), cases) for reason, cases in found.reasons]
    load = [(names.role(role), old.tasks, new.tasks, old.days, new.days) for role, (old, new) in found.load.items()]
    sheets: list[tuple[str, list[str], Sequence[Sequence[Cell]]]] = [
        (_("案件"), headings, rows),
        (_("原因"), [_("原因"), _("案件数")], reasons),
        (_("各岗位"), [_("岗位"), _("任务（原）"), _("任务（改后）"), _("等待工作日（原）"), _("等待工作日（改后）")], load),
    ]
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(xlsx_of(sheets), media, f"replay-{run}.xlsx")


def _page(draft: int, given: Mapping[str, str] | None = None, errors: Mapping[str, list[str]] | None = None) -> str:
    studio = services().studio
    found = studio.drafts.draft(draft)
    replays = studio.replay.replays(draft)
    run = request.args.get("run", type=int)
    replay = _of(draft, run) if run else next(iter(replays), None)
    processes = studio.replay.processes(draft)
    shown = {} if replay is None or replay.is_running else _results(found, replay)
    return render_template(
        "studio/replay.html",
        draft=found,
        replays=replays,
        replay=replay,
        processes=_titles(draft, processes),
        given=given or _given(replay, processes),
        errors=errors or {},
        assumed=asked(draft, replay.assumed) if replay else [],
        **shown,
    )


def _results(draft: Draft, replay: Replay) -> dict[str, Any]:
    outcomes = services().studio.replay.outcomes(replay.key)
    found, names = summary(outcomes), _names(draft.key, replay)
    by, status = _dimension(found), request.args.get("status", ELSEWHERE)
    listed = [one for one in outcomes if one.status == status]
    most_tasks = max((work.tasks for pair in found.load.values() for work in pair), default=0)
    most_days = max((work.days for pair in found.load.values() for work in pair), default=0)
    return {
        "summary": found,
        "names_of": names,
        "by": by,
        "status": status,
        "listed": listed[:SHOWN],
        "more": max(0, len(listed) - SHOWN),
        "shifts": shifts(outcomes, by),
        "picture": bands(shifts(outcomes, by), lambda value: names.value(by, value), names.dimension(by)),
        "bar": bar,
        "moved": [(flow, pair) for flow, pair in found.flows.items() if pair[0] != pair[1]],
        "most": (most_tasks, most_days),
        "changed_draft": services().studio.drafts.draft(draft.key).revision != replay.revision,
        "diagram_path": _diagram(draft.key, replay.choice.process_id),
    }


def _titles(draft: int, processes: list[str]) -> list[tuple[str, str]]:
    """Processes by what people call them."""
    studio = services().studio
    files = studio.drafts.workspace(draft)
    homes = Project(files, studio.feel).diagrams
    return [(one, title_of(homes[one], files[homes[one]]) or one) for one in processes]


def _of(draft: int, run: int) -> Replay:
    """Raises NotFound, also for a replay of another draft."""
    replay = services().studio.replay.replay(run)
    if replay.draft_key != draft:
        raise NotFound(kind="Replay", key=run)
    return replay


def _names(draft: int, replay: Replay) -> Names:
    studio = services().studio
    return Names(replay.choice.process_id, studio.drafts.workspace(draft), studio.shelf.files())


def _diagram(draft: int, process_id: str) -> str | None:
    studio = services().studio
    return Project(studio.drafts.workspace(draft), studio.feel).diagrams.get(process_id)


def _dimension(found: Summary) -> str:
    """The one asked for, else the one in which most cases change."""
    known = [name for name, _changed in found.dimensions]
    wanted = request.args.get("by", "")
    return wanted if wanted in known else next(iter(known), "end")


def _choice(given: Mapping[str, str]) -> Choice:
    return Choice(given["process_id"], _day(given["since"]), _day(given["until"]), _whole(given["number"]), given["business_key"])


def _given(replay: Replay | None, processes: list[str]) -> dict[str, Any]:
    """What the form of choices opens with: the last choice."""
    choice = replay.choice if replay else Choice(next(iter(processes), ""))
    return {"process_id": choice.process_id, "since": choice.since or "", "until": choice.until or "",
            "number": choice.number, "business_key": choice.business_key}  # fmt: skip


def _assumed() -> dict[str, Assumed]:
    return {element: Assumed(values, chosen=True) for element, values in told(request.form).items()}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _headings() -> list[str]:
    return [_("案件"), _("开始"), _("版本"), _("金额（元）"), _("结论"), _("原来"), _("改后"), _("从哪里分开"), _("原因")]


def status_words() -> dict[str, str]:
    return {"elsewhere": _("走法不同"), "details": _("走法相同，期限或经办不同"), "same": _("完全相同"), "open": _("草稿里走不完"), "impossible": _("不能重算")}  # fmt: skip


def _row(names: Names, one: Outcome, by: str) -> list[Cell]:
    before, after = names.way(one, by)
    reasons = "；".join(names.reason(reason) for reason in one.reasons) or (names.why(one) if one.why else "")
    parts = names.element(one.parts_after) if one.parts_after else ""
    day = one.started_at.date().isoformat()
    return [one.business_key, day, one.version, number(one.amount), status_words()[one.status], before, after, parts, reasons]


def _file(content: bytes, media: str, name: str) -> Response:
    answer = Response(content, mimetype=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
