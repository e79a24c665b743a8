"""Mending one case by hand: let it stand still, change its variables, change where it stands, take a migration back, end it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import Conflict, FieldError, InvalidInput, NotFound
from engine.model import ElementInstance, ProcessInstance
from web.auth.people import acting
from web.pages import command_ids
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.operate import changing, typed
from web.pages.operate.causes import KINDS, in_words
from web.pages.operate.element_words import targets, type_name
from web.pages.operate.frame import case_addresses, page
from web.pages.services import engine

blueprint = Blueprint("repair", __name__, url_prefix="/operate/cases/<int:key>")
RUNNING = ("active", "incident")
MOST = 200  # tokens and called processes listed


@blueprint.get("")
def show(key: int) -> Response | str:
    instance = engine().instance(key)
    if instance.root_key != key:
        return redirect(url_for("repair.show", key=instance.root_key, instance=key))
    return _page(key)


@blueprint.get("/marks/<int:instance>")
def marks(key: int, instance: int) -> Response:
    """JSON for static/diagram.js: how many tokens stand where in one process of the case."""
    tokens: dict[str, int] = {}
    incidents: dict[str, int] = {}
    for one in _tokens(key):
        if one.instance_key == instance:
            tokens[one.element_id] = tokens.get(one.element_id, 0) + 1
            incidents[one.element_id] = incidents.get(one.element_id, 0) + (one.state == "incident")
    return jsonify({"tokens": tokens, "incidents": {name: n for name, n in incidents.items() if n}})


@blueprint.post("/suspend")
def suspend(key: int) -> Response:
    engine().suspend_instance(key, actor=acting(), reason=_reason(), command_id=_command())
    flash(_("案件已暂停。期限照样计算，到期的事等恢复后再办。"), "ok")
    return redirect(url_for("repair.show", key=key), 303)


@blueprint.post("/resume")
def resume(key: int) -> Response:
    engine().resume_instance(key, actor=acting(), reason=_reason(), command_id=_command())
    flash(_("案件已恢复，暂停期间到期的事正在办理。"), "ok")
    return redirect(url_for("repair.show", key=key), 303)


@blueprint.post("/cancel")
def cancel(key: int) -> Response:
    engine().cancel_instance(key, actor=acting(), reason=_reason(), command_id=_command())
    flash(_("案件已终止。"), "ok")
    return redirect(url_for("repair.show", key=key), 303)


@blueprint.post("/undo-migration")
def undo_migration(key: int) -> Response:
    engine().undo_migration(request.form.get("instance", key, int), actor=acting(), reason=_reason(), command_id=_command())
    flash(_("最近一次迁移已撤销，案件回到原来的版本。"), "ok")
    return redirect(url_for("repair.show", key=key), 303)


@blueprint.post("/variables")
def variables(key: int) -> Response | tuple[str, int]:
    instance = _chosen(key)
    try:
        changed = typed.changes(request.form, typed.named(_variables(instance)))
        if not changed:
            raise InvalidInput(fields=(FieldError("reason", "Tick a variable to change, or add one."),))
        if not _reason():
            raise InvalidInput(fields=(FieldError("reason", "Say why: it is kept in the history of the case."),))
        engine().set_variables(instance.key, changed, actor=acting(), reason=_reason())
    except (InvalidInput, Conflict) as error:
        return _refused(key, error, "variables")
    flash(_("变量已改。"), "ok")
    return redirect(url_for("repair.show", key=key, instance=instance.key), 303)


@blueprint.post("/change")
def change(key: int) -> str | tuple[str, int]:
    """Say what would happen, and ask."""
    instance = _chosen(key)
    try:
        wanted = changing.read(request.form, {one.key: one for one in _tokens(key)}, instance.key)
    except InvalidInput as error:
        return _refused(key, error, "change")
    model = engine().process_model(engine().instance(wanted.instance_key).definition_key)
    given = {name: request.form.get(name, "") for name in changing.FIELDS}
    return page(
        "operate.processes",
        "repair/confirm.html",
        root=engine().instance(key),
        instance=instance,
        told=changing.in_words(wanted, model),
        given=given,
        command_id=uuid.uuid4().hex,
    )


@blueprint.post("/change/apply")
def apply(key: int) -> Response | tuple[str, int]:
    instance = _chosen(key)
    try:
        wanted = changing.read(request.form, {one.key: one for one in _tokens(key)}, instance.key)
        engine().modify_instance(
            wanted.instance_key, [wanted.change], actor=acting(), reason=wanted.reason, command_id=_command()
        )
    except (InvalidInput, Conflict) as error:
        return _refused(key, error, "change")
    flash(_("案件已按您说的改动。"), "ok")
    return redirect(url_for("repair.show", key=key), 303)


def _refused(key: int, error: InvalidInput | Conflict, at: str) -> tuple[str, int]:
    errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
    return _page(key, request.form, errors, sentence(error), at), status_of(error)


def _page(
    key: int, given: Mapping[str, str] | None = None, errors: dict[str, list[str]] | None = None, problem: str = "", at: str = ""
) -> str:
    root = engine().instance(key)
    instance = _chosen(key)
    tokens = _tokens(key)
    model = engine().process_model(instance.definition_key)
    instances = [one for one in engine().instances(root_key=key, order="started", limit=MOST) if one.state in RUNNING]
    return page(
        "operate.processes",
        "repair/show.html",
        root=root,
        instance=instance,
        instances=instances,
        process_names={one.key: one.process_name or one.process_id for one in instances},
        address=case_addresses({key: root.business_key}).get(key, ""),
        tokens=sorted(tokens, key=lambda one: one.instance_key != instance.key),
        here=[one for one in tokens if one.instance_key == instance.key],
        targets=targets(model),
        flows=_flows(tokens, instances),
        actions=changing.ACTIONS,
        rows=typed.rows(_variables(instance), given or {}) if root.state in RUNNING else ([], []),
        variable_kinds=typed.KINDS,
        new_rows=typed.NEW_ROWS,
        incidents=engine().incidents(root_key=key, limit=MOST).items,
        kinds=KINDS,
        in_words=in_words,
        type_name=type_name,
        given=given or {},
        errors=errors or {},
        problem=problem,
        at=at,
        command_id=uuid.uuid4().hex,
    )


def _tokens(key: int) -> list[ElementInstance]:
    """Where the case stands, containers too: they can be moved or skipped as a whole."""
    return list(engine().elements(key, state="active", limit=MOST))


def _flows(tokens: list[ElementInstance], instances: list[ProcessInstance]) -> list[tuple[str, str]]:
    """Ways out of the gateways the case stands at: whoever skips one has to say over which."""
    definitions = {one.key: one.definition_key for one in instances}
    found = []
    for token in tokens:
        if not token.element_type.endswith("Gateway") or token.instance_key not in definitions:
            continue
        model = engine().process_model(definitions[token.instance_key])
        for flow in model.flows.values():
            if flow.source == token.element_id:
                target = model.elements[flow.target].name or flow.target
                found.append((flow.id, f"{token.name or token.element_id}：{flow.name or '→'} {target}"))
    return found


def _chosen(key: int) -> ProcessInstance:
    """The process of the case that is looked at: the named one, else the one that stopped or waits for somebody. Raises NotFound."""
    wanted = request.values.get("instance", 0, int) or _where_it_waits(key)
    instance = engine().instance(wanted)
    if instance.root_key != key:
        raise NotFound(kind="Process instance", key=wanted)
    return instance


def _where_it_waits(key: int) -> int:
    waiting = engine().incidents(root_key=key, limit=1).items or engine().tasks(root_key=key, limit=1).items
    return waiting[0].instance_key if waiting else key


def _variables(instance: ProcessInstance) -> list[Any]:
    return [one for one in engine().variables(instance.key) if one.scope_key == instance.key]


def _reason() -> str:
    return request.form.get("reason", "").strip()


def _command() -> str | None:
    return command_ids.sent()
