"""The first page after login: each role begins where its work is."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, url_for
from werkzeug.wrappers import Response

from web.auth.people import me

blueprint = Blueprint("home", __name__)
FIRST_PAGES = (
    ("agency", "agency.index"),
    ("organisation", "supplier.index"),
    ("designer", "studio.index"),
    ("operator", "operate.overview"),
    ("admin", "users.index"),
    ("discipline", "purchases.index"),
    ("auditor", "purchases.index"),
)


@blueprint.get("/")
def index() -> Response:
    """People with several roles start at the inbox, so that no deadline is overlooked."""
    roles = me().roles
    for role, endpoint in FIRST_PAGES:
        if roles == {role} and endpoint in current_app.view_functions:
            return redirect(url_for(endpoint))
    return redirect(url_for("inbox.index"))
