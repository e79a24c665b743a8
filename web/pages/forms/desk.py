"""A task lying open in front of somebody: its form, its values, and what a post changes in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from engine.forms import Form
from engine.model import UserTask
from web.auth.people import acting
from web.pages.forms import posted, uploads
from web.pages.forms.tokens import FileTokens
from web.pages.forms.uploads import Change
from web.pages.forms.view import FormView
from web.pages.services import engine, services


@dataclass(frozen=True)
class OpenTask:
    """``values``: the person's draft, else what the form opens with. ``locked``: the person may look, not work, or the case is suspended."""

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


def open_task(task: UserTask) -> OpenTask:
    """Raises what the engine raises for a task that is closed or not there."""
    actor = acting()
    opened = engine().task_form(task.key, actor=actor)
    tokens = FileTokens(services().settings.secret_key, actor.user_id)
    return OpenTask(task, opened.form, opened.context, opened.values, task.suspended or not actor.may_work_on(task), tokens)


def still_open(key: int) -> bool:
    return engine().task(key).state == "created"


def apply(task: OpenTask) -> Change:
    """The posted values after the pressed button did its work, with the files that came along."""
    return uploads.with_uploads(posted.pressed_values(task.form, request.form, task.tokens), task.task.business_key)
