"""Files that come with a form: streamed into the content-addressed store, noted under the person's name."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage

from web.auth.people import acting
from web.pages.services import office


def store(upload: FileStorage, number: str, visibility: str = "case") -> dict[str, Any]:
    """The reference a form value holds. Raises InvalidInput for a file that is too large, empty or of a refused type."""
    reference = office().files.upload(
        upload.stream, _plain_name(upload.filename or ""), actor=acting(), purchase_id=number or None, visibility=visibility
    )
    return dict(reference.as_variable())


def _plain_name(name: str) -> str:
    """Some browsers send a path; only its last part is the name."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]
