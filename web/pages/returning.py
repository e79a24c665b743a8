"""退回: to which earlier step a task goes back, what stays valid on the way, and whether it comes straight back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import Conflict, FieldError, InvalidInput
from engine.model import ReturnTarget, UserTask
from web.auth.people import acting
from web.pages import command_ids
from web.pages.cases import sight
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.services import engine

LONGEST_REASON = 2_000
STRAIGHT = "straight"  # keep everything in between: the one who gets it back hands it straight to whoever sent it

blueprint = Blueprint("returning", __name__, url_prefix="/tasks/<int:key>/return")


@blueprint.get("")
def choose(key: int) -> Response | str:
    task = engine().task(key)
    sight.require(task.business_key, task)
    if task.state != "created":
        return redirect(url_for("tasks.show", key=key))
    return _page(task)


@blueprint.post("")
def give_back(key: int) -> Response | tuple[str, int]:
    """Back to an earlier step of the same process, with the reason everybody will read."""
    task = engine().task(key)
    sight.require(task.business_key, task)
    target, reason = request.form.get("target", ""), request.form.get("reason", "").strip()
    try:
        check(target, reason)
        keep = kept(
            engine().return_targets(key, actor=acting()), target, request.form.getlist("keep"), straight=STRAIGHT in request.form
        )
        engine().return_task(key, target, reason, keep=keep, actor=acting(), command_id=command_ids.sent())
    except (InvalidInput, Conflict) as error:
        if engine().task(key).state != "created":
            raise
        errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
        return _page(task, request.form, errors, sentence(error)), status_of(error)
    flash(_("已退回，对方会在收件箱看到您写的理由。"), "ok")
    return redirect(url_for("inbox.index"), 303)


def check(target: str, reason: str) -> None:
    """Raises InvalidInput with the field that is missing."""
    errors = []
    if not target:
        errors.append(FieldError("target", "Choose the step to return to."))
    if not reason:
        errors.append(FieldError("reason", "Write the reason; whoever gets the task back reads it."))
    if len(reason) > LONGEST_REASON:
        errors.append(
            FieldError(
                "reason", "Enter at most {max} characters; there are {length}.", {"max": LONGEST_REASON, "length": len(reason)}
            )
        )
    if errors:
        raise InvalidInput(fields=tuple(errors))


def kept(targets: tuple[ReturnTarget, ...], target: str, ticked: list[str], *, straight: bool) -> tuple[str, ...]:
    """Element ids that stay valid: those ticked under the chosen target (``target:element``), or all between it and here."""
    between = next((one.between for one in targets if one.element_id == target), ())
    return tuple(step.element_id for step in between if straight or f"{target}:{step.element_id}" in ticked)


def _page(
    task: UserTask, given: Mapping[str, str] | None = None, errors: dict[str, list[str]] | None = None, problem: str = ""
) -> str:
    return render_template(
        "task/return.html",
        task=task,
        targets=engine().return_targets(task.key, actor=acting()),
        given=given or {},
        ticked=request.form.getlist("keep"),
        errors=errors or {},
        problem=problem,
        command_id=uuid.uuid4().hex,
    )
