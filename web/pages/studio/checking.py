"""The problems of a draft, their rules, and what was silenced with a reason."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("studio_checks", __name__, url_prefix="/studio")
