"""Moving running cases to another version: choose, map, look at what it means for each, do it as a batch, take it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from engine.errors import Conflict, EngineError, FieldError, InvalidInput, NotFound
from engine.model import BatchItem, Definition, Finding
from web.auth.people import acting
from web.pages.errors import sentence
from web.pages.operate import mapping
from web.pages.operate.frame import case_addresses, page
from web.pages.operate.overview import versions_of
from web.pages.services import engine

blueprint = Blueprint("migration", __name__, url_prefix="/operate/migration")
PAGE_SIZE = 50
JUDGED_FOR_FILTER = 2_000  # verdicts looked through when only one kind of them is wanted
UNDONE_AT_ONCE = 100
VERDICTS = (("safe", _l("可以迁移"), "ok"), ("needs_mapping", _l("要先对应"), "warn"), ("unsafe", _l("不能迁移"), "bad"))
STATES = {"created": _l("排队"), "running": _l("进行中"), "completed": _l("完成"), "canceled": _l("已停止")}
ITEM_STATES = {
    "pending": _l("等待"),
    "done": _l("已迁移"),
    "failed": _l("没有迁移"),
    "canceled": _l("没有做"),
    "undone": _l("已撤销"),
}


@blueprint.get("")
def index() -> str:
    """From which version to which, what stands for what, and what that means for every running case."""
    source = _definition(request.args.get("source", 0, int))
    if source is None:
        return _index(running=[one for one in engine().versions_in_use() if one.running], source=None)
    versions = [(key, number) for key, number in versions_of(source.id) if key != source.key]
    target = _definition(request.args.get("target", versions[0][0] if versions else 0, int))
    if target is None or target.id != source.id or target.key == source.key:
        return _index(source=source, target=None, versions=versions)
    return _index(source=source, target=target, versions=versions, **_judged(source, target))


def _index(**more: Any) -> str:
    batches = engine().batch_operations(limit=10).items
    return page("migration.index", "migration/index.html", batches=batches, states=STATES, labels=_labels(batches), **more)


def _judged(source: Definition, target: Definition) -> dict[str, Any]:
    """The mapping, and what moving every running case would mean under it."""
    table = mapping.rows(engine().process_model(source.key), engine().process_model(target.key), request.args)
    verdict, problem = request.args.get("verdict", ""), ""
    preview: dict[str, Any] | None = None
    try:
        preview = _preview(source, target, mapping.chosen(table), verdict)
    except (InvalidInput, Conflict) as error:
        problem = _told(error)
    shown = preview["instances"] if preview else ()
    return {
        "table": table,
        "preview": preview,
        "problem": problem,
        "verdicts": VERDICTS,
        "verdict": verdict,
        "only": _only(request.args),
        "addresses": case_addresses({one.root_key: one.business_key for one in shown}),
        "finding": _finding,
    }


@blueprint.post("/start")
def start() -> Response:
    source, target = request.form.get("source", 0, int), request.form.get("target", 0, int)
    table = mapping.rows(engine().process_model(source), engine().process_model(target), request.form)
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise InvalidInput(fields=(FieldError("reason", "Say why: it is kept in the history of the case."),))
    batch = engine().start_migration(
        source, target, mapping.chosen(table), actor=acting(), reason=reason, instance_keys=_only(request.form) or None
    )
    return redirect(url_for("migration.batch", key=batch.key), 303)


@blueprint.get("/batches/<int:key>")
def batch(key: int) -> str:
    found = engine().batch_operation(key)
    state = request.args.get("state") if request.args.get("state") in ITEM_STATES else None
    items = engine().batch_items(key, state=state, limit=PAGE_SIZE, after=request.args.get("after"))
    return page(
        "migration.index",
        "migration/batch.html",
        it=found,
        items=items,
        state=state,
        states=STATES,
        item_states=ITEM_STATES,
        labels=_labels([found]),
        message=_item_message,
        addresses=case_addresses({one.root_key: one.business_key for one in items.items}),
    )


@blueprint.get("/batches/<int:key>/progress")
def progress(key: int) -> str:
    """The part of the page that asks for itself again until the batch has ended."""
    return render_template("migration/progress.html", it=engine().batch_operation(key), states=STATES)


@blueprint.post("/batches/<int:key>/cancel")
def cancel(key: int) -> Response:
    """What is not done yet will not be done."""
    engine().cancel_batch(key, actor=acting())
    flash(_("已停止，还没有做的不再做。"), "ok")
    return redirect(url_for("migration.batch", key=key), 303)


@blueprint.post("/batches/<int:key>/undo")
def undo(key: int) -> Response:
    """Take back what was migrated, case by case, where nothing has happened since."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise InvalidInput(fields=(FieldError("reason", "Say why: it is kept in the history of the case."),))
    wanted = [request.form.get("instance", 0, int)] if request.form.get("instance") else _migrated(key)
    undone, kept = 0, ""
    for instance in wanted:
        try:
            engine().undo_migration(instance, actor=acting(), reason=reason)
            undone += 1
        except EngineError as error:  # something has happened in that case since; the others are asked all the same
            kept = sentence(error)
    if undone:
        flash(_("已撤销 %(n)s 件。", n=undone), "ok")
    if undone < len(wanted):
        flash(_("%(n)s 件没有撤销。最后一件的原因：%(why)s", n=len(wanted) - undone, why=kept), "warn")
    return redirect(url_for("migration.batch", key=key), 303)


def _migrated(key: int) -> list[int]:
    """Cases of a batch that still run in the version it took them to."""
    target = engine().batch_operation(key).target_key
    items = engine().batch_items(key, state="done", limit=None).items
    return [one.instance_key for one in items if engine().instance(one.instance_key).definition_key == target][:UNDONE_AT_ONCE]


def _preview(source: Definition, target: Definition, chosen: dict[str, str], verdict: str) -> dict[str, Any]:
    """Counts of all, and those of one verdict or a page of all."""
    wanted = verdict if verdict in {name for name, _label, _kind in VERDICTS} else ""
    found = engine().preview_migration(
        source.key,
        target.key,
        chosen,
        instance_keys=_only(request.args) or None,
        limit=JUDGED_FOR_FILTER if wanted else PAGE_SIZE,
        after=None if wanted else request.args.get("after"),
    )
    shown = [one for one in found.instances if wanted in ("", one.verdict)]
    return {
        "total": found.total,
        "by_verdict": found.by_verdict,
        "instances": shown[: PAGE_SIZE if wanted else None],
        "after": found.after,
        "more": len(shown) > PAGE_SIZE,
    }


def _only(given: Any) -> list[int]:
    return [int(text) for text in given.getlist("only") if text.isdigit()]


def _definition(key: int) -> Definition | None:
    try:
        return engine().definition(key) if key else None
    except NotFound:
        return None


def _labels(batches: Any) -> dict[int, str]:
    """What the versions of batches are called, by definition key."""
    found: dict[int, str] = {}
    for one in batches:
        for key in (one.source_key, one.target_key):
            if key not in found:
                definition = engine().definition(key)
                found[key] = _("%(name)s 第 %(n)s 版", name=definition.name or definition.id, n=definition.version)
    return found


def _finding(finding: Finding) -> str:
    text = _(finding.template)
    return text.format(**finding.params) if finding.params else text


def _item_message(item: BatchItem) -> str:
    if not item.template:
        return ""
    text = _(item.template)
    return text.format(**item.params) if item.params else text


def _told(error: EngineError) -> str:
    fields = error.fields if isinstance(error, InvalidInput) else ()
    return " ".join([sentence(error), *map(sentence, fields)]) if not fields else " ".join(map(sentence, fields))
