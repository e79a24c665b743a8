"""What the page tells the scripts around the editors: addresses, limits, and which editors are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from procurement.studio import layout
from procurement.studio.editing import FILE_LIMIT
from procurement.studio.model import Draft, DraftFile
from procurement.studio.presence import HEARTBEAT_S
from web import static_files
from web.auth.people import me

BUNDLES = {"diagram": "diagram", "tables": "tables", "form": "forms"}  # kind of file → its editor; others are plain text
VIEWER = "viewer"


def settings(draft: Draft, files: Sequence[DraftFile], *, wanted: str, changing: bool) -> dict[str, Any]:
    """``path`` is opened first: the one asked for, else the folder's diagram."""
    path = wanted if layout.is_path(wanted) else (files[0].path if files else "")
    names = [name for name in (*BUNDLES.values(), VIEWER) if (static_files.FOLDER / "studio" / f"{name}.js").is_file()]
    return {
        "draft": draft.key,
        "base": url_for("studio.edit", draft=draft.key),
        "home": draft.folder,
        "path": path,
        "kind": layout.kind_of(path) if path else "",
        "readOnly": not changing,
        "login": me().login,
        "limit": FILE_LIMIT,
        "heartbeat": HEARTBEAT_S,
        "editors": BUNDLES,
        "bundles": {name: _bundle(name) for name in names},
        "templates": url_for("studio_editors.element_templates"),
        "functions": url_for("studio_editors.functions"),
        "signIn": url_for("login.show"),
    }


def _bundle(name: str) -> dict[str, str]:
    """Addresses of its script and, where it has one, its style sheet."""
    found = {"script": static_files.address(f"studio/{name}.js")}
    if (static_files.FOLDER / "studio" / f"{name}.css").is_file():
        found["style"] = static_files.address(f"studio/{name}.css")
    return found
