"""Folders, drafts and their files: open, save, resolve a conflict, discard."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("studio", __name__, url_prefix="/studio")
