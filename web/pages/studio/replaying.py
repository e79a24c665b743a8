"""Past cases run again on a draft."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("studio_replay", __name__, url_prefix="/studio")
