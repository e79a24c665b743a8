"""Play a draft in the page, save the run as a case, run all cases, see what they reach."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("studio_play", __name__, url_prefix="/studio")
