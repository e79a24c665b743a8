"""Lists, cards and editing of the registers. Each register has endpoints of its own, so that the access table can tell them apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import Conflict, FieldError, InvalidInput, NotFound
from web.auth.people import acting
from web.pages import filters
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.registers import extras
from web.pages.registers.fields import read_all
from web.pages.registers.kinds import REGISTERS, Register
from web.pages.services import office

blueprint = Blueprint("registers", __name__, url_prefix="/registers")
Answer = Response | str | tuple[str, int]


def _list(register: Register) -> str:
    kept = filters.read(("words", "choice", "after"))
    return render_template("registers/list.html", register=register, page=register.rows(kept), kept=kept)


def _card(register: Register, key: str) -> str:
    row = register.row(key)
    edits = [edit for row_key in register.row_keys(key) for edit in office().edits(register.edited_table, row_key)]
    edits.sort(key=lambda edit: edit.at, reverse=True)
    more = extras.of(register.name, key)
    return render_template(
        "registers/card.html", register=register, row=row, key=key, edits=edits, labels=_labels(register), more=more
    )


def _edit(register: Register, key: str | None = None) -> Answer:
    """Change a row, or with no key register a new one; what cannot be accepted comes back as typed."""
    row = register.row(key) if key is not None else None
    if request.method == "GET":
        typed = {field.name: field.typed(row) for field in register.fields} if row is not None else _blank(register)
        return _form(register, key, typed, {})
    new_key = key if key is not None else request.form.get(register.key, "").strip()
    values, errors = read_all(register.fields, request.form)
    problem = ""
    try:
        if key is None:
            errors = (*errors, *_key_errors(register, new_key))
        if errors:
            raise InvalidInput(fields=errors)
        register.save(new_key, values, acting())
        flash(_("已保存，修改记录见下方。"), "ok")
        return redirect(url_for(f"registers.{register.name}_card", key=new_key), 303)
    except (InvalidInput, Conflict) as error:
        sentences = field_sentences(error) if isinstance(error, InvalidInput) else {}
        problem = sentence(error)
        return _form(register, key, {register.key: "", **request.form}, sentences, problem), status_of(error)


def _form(register: Register, key: str | None, typed: dict[str, Any], errors: dict[str, list[str]], problem: str = "") -> str:
    return render_template("registers/edit.html", register=register, key=key, typed=typed, errors=errors, problem=problem)


def _blank(register: Register) -> dict[str, str]:
    return {field.name: "true" if field.name == "active" else "" for field in register.fields} | {register.key: ""}


def _key_errors(register: Register, key: str) -> list[FieldError]:
    if not key or len(key) > 40 or not all(c.isalnum() or c in "-_." for c in key):
        return [FieldError(register.key, "Use 1 to 40 letters, digits, dots, hyphens or underscores.")]
    try:
        register.row(key)
    except (NotFound, IndexError):
        return []
    return [FieldError(register.key, "{key} is taken. Choose another one, or change that entry.", {"key": key})]


def _labels(register: Register) -> dict[str, Any]:
    return {field.name: field.label for field in register.fields}


def _of(register: Register, view: Callable[..., Answer]) -> Callable[..., Answer]:
    """``view`` for one register, still a function with a name, as Flask's extensions ask for."""

    @wraps(view)
    def of_register(**address: str) -> Answer:
        return view(register, **address)

    return of_register


for _register in REGISTERS.values():
    _name = _register.name
    blueprint.add_url_rule(f"/{_name}", _name, _of(_register, _list))
    blueprint.add_url_rule(f"/{_name}/new", f"{_name}_new", _of(_register, _edit), methods=["GET", "POST"])
    blueprint.add_url_rule(f"/{_name}/<key>", f"{_name}_card", _of(_register, _card))
    blueprint.add_url_rule(f"/{_name}/<key>/edit", f"{_name}_edit", _of(_register, _edit), methods=["GET", "POST"])
extras.install(blueprint)
