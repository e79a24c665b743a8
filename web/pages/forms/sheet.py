"""A designer's form that is not a task: what an outsider fills in to start something (an application, a bid, a report).

Nothing is kept between two visits; pressing a button that adds a row or attaches a file draws the page again with everything
typed still in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

from engine.errors import NotFound
from engine.forms import Form, Validated
from web.auth.people import me
from web.pages.forms import posted, uploads
from web.pages.forms.tokens import FileTokens
from web.pages.forms.uploads import Change
from web.pages.forms.view import FormView
from web.pages.services import engine, services


@dataclass(frozen=True)
class Sheet:
    """``number``: the purchase the files belong to; ``visibility``: who may read them (procurement.registers.files)."""

    form: Form
    number: str
    context: Mapping[str, Any] = field(default_factory=dict)
    visibility: str = "party"
    party: str = ""

    def view(self, values: Mapping[str, Any] | None = None, errors: Mapping[str, Sequence[str]] | None = None) -> FormView:
        state = self.form.state(self.context, values, now=services().clock.now())
        return FormView(state, False, errors or {}, self._tokens(), "", url_for("files.download", number=self.number, sha256=""))

    def change(self) -> Change:
        """What was posted, after the pressed button did its work; files that came along are stored."""
        flat = posted.pressed_values(self.form, request.form, self._tokens())
        return uploads.with_uploads(flat, self.number, visibility=self.visibility, party=self.party)

    def validate(self, values: Mapping[str, Any], files: Collection[str]) -> Validated:
        return self.form.validate(posted.tree(values), self.context, files, now=services().clock.now())

    def _tokens(self) -> FileTokens:
        return FileTokens(services().settings.secret_key, me().login)


def wants_more() -> bool:
    """Whether the pressed button only changes the page (add a row, attach a file) and does not send the form."""
    return posted.pressed(request.form).verb != "send"


def latest_form(form_id: str) -> Form:
    """The newest deployed version of a form. Raises NotFound while none is deployed."""
    found = engine().definitions(kind="form", id=form_id, latest=True, limit=1).items
    if not found:
        raise NotFound(kind="Form", key=form_id)
    return engine().form(found[0].key)
