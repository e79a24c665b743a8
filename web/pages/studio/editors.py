"""What the editors in the browser ask for: element templates, functions of the expression language, the preview of a form."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("studio_editors", __name__, url_prefix="/studio")
