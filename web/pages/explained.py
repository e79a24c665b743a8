"""Every deployed process explained to everybody, without logging in: the picture, the steps, who acts, by when, on what ground."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, render_template

from engine.errors import NotFound
from engine.forms.model import Field, walk
from engine.model import Definition
from procurement.explaining import explained
from web.pages.definitions import inert
from web.pages.public.caching import kept
from web.pages.registers.rules import tables_in_force
from web.pages.services import engine

blueprint = Blueprint("explained", __name__, url_prefix="/public/processes")
blueprint.after_request(kept)
FIRST = "purchase"  # the process every purchase starts with; the others follow in the order they are called
MOST = 300
_NOTES = "bixuan.explained"


@blueprint.get("")
def index() -> str:
    return render_template("public/processes.html", processes=[(one, _note(one)) for one in _in_order()])


@blueprint.get("/<process_id>")
def process(process_id: str) -> str:
    found = _latest(process_id)
    told = explained(engine().resource(found.key), found.id, _numbers())
    fields = {step.form: _fields(step.form) for step in told.steps if step.form}
    names = {one.id for one in _processes()}
    return render_template("public/process.html", it=found, told=told, fields=fields, known=names)


@blueprint.get("/<process_id>/diagram.svg")
def picture(process_id: str) -> Response:
    return inert(engine().picture(_latest(process_id).key), "image/svg+xml")


@blueprint.get("/<process_id>/diagram.xml")
def xml(process_id: str) -> Response:
    """For the viewer."""
    return inert(engine().resource(_latest(process_id).key), "application/xml")


def _latest(process_id: str) -> Definition:
    found = engine().definitions(kind="process", id=process_id, latest=True, limit=1).items
    if not found:
        raise NotFound(kind="Process", key=process_id)
    definition: Definition = found[0]
    return definition


def _processes() -> list[Definition]:
    return list(engine().definitions(kind="process", latest=True, limit=MOST).items)


def _in_order() -> Iterator[Definition]:
    """As a purchase goes through them; then those nobody calls, by id."""
    left = {one.id: one for one in sorted(_processes(), key=lambda one: one.id)}
    waiting = [FIRST, *left]
    while waiting:
        found = left.pop(waiting.pop(0), None)
        if found is not None:
            yield found
            called = (reference.id for reference in engine().process_model(found.key).called_refs)
            waiting = [*(key for key in called if key), *waiting]


def _note(definition: Definition) -> str:
    """Read once: a deployed definition never changes."""
    known: dict[int, str] = current_app.extensions.setdefault(_NOTES, {})
    if definition.key not in known:
        known[definition.key] = explained(engine().resource(definition.key), definition.id, {}).note
    return known[definition.key]


def _numbers() -> dict[str, str]:
    return {number.id: f"{number.value} {number.unit}" for table in tables_in_force() for number in table.numbers}


def _fields(form_id: str) -> list[str]:
    """The labels of what is filled in, as far as they are the same in every case."""
    found = engine().definitions(kind="form", id=form_id, latest=True, limit=1).items
    if not found:
        return []
    labels = (one.label for one in walk(engine().form(found[0].key).components) if isinstance(one, Field))
    return list(dict.fromkeys("".join(map(str, label.parts)) for label in labels if label.is_constant and label.parts))
