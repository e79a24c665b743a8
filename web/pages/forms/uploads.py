"""Files that come with a form: streamed into the content-addressed store, noted under the person's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from engine.errors import FieldError, InvalidInput, Unavailable
from web.auth.people import acting
from web.pages.errors import sentence
from web.pages.forms import posted
from web.pages.services import office

NOT_UTF8 = "The text was not sent as UTF-8 and cannot be read. Type it again."


@dataclass(frozen=True)
class Change:
    """What a post brought. ``errors``: sentences by path about files that were refused; everything else is kept."""

    values: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)
    stored_files: int = 0

    @property
    def known_files(self) -> frozenset[str]:
        """SHA-256 of every file the person may refer to: their references were signed by us or stored just now."""
        lists = (value for value in self.values.values() if isinstance(value, list))
        return frozenset(item["sha256"] for items in lists for item in items if isinstance(item, dict) and "sha256" in item)


def with_uploads(values: Mapping[str, Any], number: str, *, visibility: str = "case", party: str = "") -> Change:
    """``values`` with a reference to every file that came along and was accepted."""
    flat, stored = dict(values), 0
    errors = {path: [sentence(FieldError(path, NOT_UTF8))] for path in posted.garbled(values)}
    for path, upload in request.files.items(multi=True):
        if not upload.filename:
            continue
        try:
            reference = store(upload, number, visibility=visibility, party=party)
        except (InvalidInput, Unavailable) as error:
            errors.setdefault(path, []).append(sentence(error))
            continue
        present = [file for file in flat.get(path) or [] if file["sha256"] != reference["sha256"]]
        flat[path] = [*present, reference]
        stored += 1
    return Change(flat, errors, stored)


def store(upload: FileStorage, number: str, *, visibility: str = "case", party: str = "") -> dict[str, Any]:
    """The reference a form value holds. Raises InvalidInput for a file that is too large, empty or of a refused type, and
    Unavailable when the file store is away.
    """
    reference = office().files.upload(
        upload.stream,
        _plain_name(upload.filename or ""),
        actor=acting(),
        purchase_id=number or None,
        party=party,
        visibility=visibility,
    )
    return dict(reference.as_variable())


def _plain_name(name: str) -> str:
    """Some browsers send a path; only its last part is the name."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]
