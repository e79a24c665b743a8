"""A task lying open in front of somebody: its form, its values, and what a post changes in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

from engine.errors import InvalidInput
from engine.forms import Form
from engine.model import UserTask
from web.auth.people import acting
from web.pages.errors import sentence
from web.pages.forms import posted, uploads
from web.pages.forms.tokens import FileTokens
from web.pages.forms.view import FormView
from web.pages.services import engine, services


@dataclass(frozen=True)
class OpenTask:
    """``values``: the person's draft, else what the form opens with. ``locked``: the person may look, not work."""

    task: UserTask
    form: Form
    context: Mapping[str, Any]
    values: Mapping[str, Any]
    locked: bool
    tokens: FileTokens

    def view(self, values: Mapping[str, Any] | None = None, errors: Mapping[str, Sequence[str]] | None = None) -> FormView:
        """The form with ``values`` (flat, as just posted) or as it was left."""
        state = self.form.state(self.context, self.values if values is None else values, now=services().clock.now())
        return FormView(
            state,
            self.locked,
            errors or {},
            self.tokens,
            url_for("tasks.save", key=self.task.key),
            url_for("files.download", number=self.task.business_key or "-", sha256=""),
        )


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


def open_task(task: UserTask) -> OpenTask:
    """Raises what the engine raises for a task that is closed or not there."""
    actor = acting()
    opened = engine().task_form(task.key, actor=actor)
    tokens = FileTokens(services().settings.secret_key, actor.user_id)
    return OpenTask(task, opened.form, opened.context, opened.values, not actor.may_work_on(task), tokens)


def still_open(key: int) -> bool:
    return engine().task(key).state == "created"


def apply(task: OpenTask) -> Change:
    """The posted values after the pressed button did its work."""
    flat = posted.values(task.form, request.form, task.tokens)
    press = posted.pressed(request.form)
    if press.verb == "add":
        flat = posted.with_row(flat, press.path)
    elif press.verb == "drop":
        flat = posted.without_row(flat, press.path)
    elif press.verb == "unfile":
        flat = posted.without_file(flat, press.path, press.sha256)
    return _with_uploads(task, flat)


def _with_uploads(task: OpenTask, flat: dict[str, Any]) -> Change:
    errors: dict[str, list[str]] = {}
    stored = 0
    for path, upload in request.files.items(multi=True):
        if not upload.filename:
            continue
        try:
            reference = uploads.store(upload, task.task.business_key)
        except InvalidInput as error:
            errors.setdefault(path, []).append(sentence(error))
            continue
        present = [file for file in flat.get(path) or [] if file["sha256"] != reference["sha256"]]
        flat = flat | {path: [*present, reference]}
        stored += 1
    return Change(flat, errors, stored)
