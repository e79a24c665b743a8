"""Two states of a folder side by side."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("studio_compare", __name__, url_prefix="/studio")
