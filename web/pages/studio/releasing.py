"""Review, release at a chosen time, roll back; who may change which folder; export and import."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("studio_release", __name__, url_prefix="/studio")
