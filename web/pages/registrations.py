"""The service centre's list of registrations: what waits, what was decided, by whom and why."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.auth.people import acting
from web.pages.services import engine, office

blueprint = Blueprint("registrations", __name__, url_prefix="/registers/registrations")


@blueprint.get("")
def index() -> str:
    rows = office().registrations.listed(actor=acting())
    waiting = engine().tasks(candidate_of=acting(), element_id="check_registration", order="due", limit=200).items
    return render_template("registers/registrations.html", rows=rows, tasks={task.business_key: task for task in waiting})
