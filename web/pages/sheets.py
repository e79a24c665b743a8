"""Showing, changing and sending a form that is not a task: one flow for the portal and for supervision."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from engine.errors import Conflict, InvalidInput, NotPermitted
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.forms.sheet import Sheet, wants_more

Answer = Response | str | tuple[str, int]


def fill(sheet: Sheet, heading: str, back: str, send: Callable[[Mapping[str, Any]], str]) -> Answer:
    """Draw the sheet, or take what was posted: whatever is refused comes back with everything typed still there.

    ``send`` gets the checked values and returns the sentence that says what became of them; ``back`` is the page to go on to.
    """
    if request.method == "GET":
        return _page(sheet, heading, back)
    change = sheet.change()
    if change.errors or wants_more():
        return _page(sheet, heading, back, change.values, change.errors), 422 if change.errors else 200
    checked = sheet.validate(change.values, change.known_files)
    try:
        if checked.errors:
            raise InvalidInput(fields=checked.errors)
        flash(send(checked.values), "ok")
    except (InvalidInput, Conflict, NotPermitted) as error:
        errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
        return _page(sheet, heading, back, change.values, errors, sentence(error)), status_of(error)
    return redirect(back, 303)


def _page(
    sheet: Sheet,
    heading: str,
    back: str,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    problem: str = "",
) -> str:
    return render_template(
        "sheet.html",
        heading=heading,
        back=back,
        number=sheet.number,
        title=sheet.context.get("title", ""),
        view=sheet.view(values, errors),
        problem=problem,
        wrong=len(errors or {}),
        takes_files=bool(sheet.form.file_keys),
        command_id=request.form.get("command_id") or uuid.uuid4().hex,
    )
