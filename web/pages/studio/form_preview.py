"""A form that is still being drawn, as the people will see it who fill it in: drawn by the same code and templates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import render_template
from werkzeug.datastructures import MultiDict

from engine.errors import DefinitionInvalid, FieldError, InvalidInput, Problem
from engine.feel.builtins import BUILTINS
from engine.forms import Form, read
from engine.forms.model import (
    CheckboxField,
    ChoiceField,
    Component,
    DateTimeField,
    DynamicList,
    FileField,
    Group,
    NumberField,
    TextField,
)
from engine.forms.paths import dotted
from procurement.calendar import EXTENSIONS
from procurement.studio.model import Files
from procurement.studio.samples import plain, sample
from web.auth.people import me
from web.pages.errors import sentence
from web.pages.forms import posted
from web.pages.forms.tokens import FileTokens
from web.pages.forms.view import FormView
from web.pages.services import services

FUNCTIONS = frozenset(BUILTINS) | {extension.name for extension in EXTENSIONS}
_MAX_VARIABLES = 200_000  # characters
Values = Mapping[str, Any]


def preview(body: Mapping[str, Any], files: Files, folder: str) -> dict[str, Any]:
    """``body``: schema (text), variables (text of JSON, or null for a sample), values (what was typed: path → texts), wrong.

    Gives html (null while the form cannot be read), problems ([{text, line, element}]) and the sample as text. Raises
    InvalidInput for variables that are no JSON object.
    """
    schema = body.get("schema")
    if not isinstance(schema, str):
        raise InvalidInput(fields=(FieldError("schema", "Send {name} as text.", {"name": "schema"}),))
    try:
        form = read(schema.encode("utf-8", "surrogatepass"), file="form", feel=services().studio.feel)
    except DefinitionInvalid as error:
        return {"html": None, "problems": [_problem(problem) for problem in error.problems], "sample": None}
    made = json.dumps(plain(sample(form, files, folder, FUNCTIONS)), ensure_ascii=False, indent=2)
    given = body.get("variables")
    context = _variables(made if given is None else given)
    return {"html": _drawn(form, context, body), "problems": [], "sample": made}


def _problem(problem: Problem) -> dict[str, Any]:
    return {"text": sentence(problem), "line": problem.line, "element": problem.element}


def _variables(text: Any) -> dict[str, Any]:
    wrong = FieldError("variables", "The sample values are no JSON object: {cause}.", {"cause": ""})
    if not isinstance(text, str) or len(text) > _MAX_VARIABLES:
        raise InvalidInput(fields=(wrong,))
    try:
        found = json.loads(text or "{}", parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        cause = FieldError(wrong.path, wrong.template, {"cause": str(error)})
        raise InvalidInput(fields=(cause,)) from error
    if not isinstance(found, dict):
        raise InvalidInput(fields=(wrong,))
    return found


def _drawn(form: Form, context: Values, body: Mapping[str, Any]) -> str:
    now = services().clock.now()
    tokens = FileTokens(services().settings.secret_key, me().login)
    values = _typed(form, body, tokens)
    errors: dict[str, list[str]] = {}
    if body.get("wrong"):
        values = wrong_values(form) if values is None else values
        for refused in form.validate(posted.tree(values), context, (), now=now).errors:
            errors.setdefault(refused.path, []).append(sentence(refused))
    view = FormView(form.state(context, values, now=now), False, errors, tokens, "", "")
    return render_template("studio/form_preview.html", view=view)


def _typed(form: Form, body: Mapping[str, Any], tokens: FileTokens) -> dict[str, Any] | None:
    sent = body.get("values")
    if not isinstance(sent, list) or not sent:
        return None
    pairs = [(str(one[0]), str(one[1])) for one in sent if isinstance(one, list) and len(one) == 2]
    return posted.pressed_values(form, MultiDict(pairs), tokens)


def wrong_values(form: Form) -> dict[str, Any]:
    """A value for each field that its own rules refuse, as far as there is one: nothing where something is required."""
    return dict(_wrong(form.components, ""))


def _wrong(components: Sequence[Component], prefix: str) -> Iterator[tuple[str, Any]]:
    for component in components:
        if isinstance(component, Group):
            yield from _wrong(component.components, prefix)
        elif isinstance(component, DynamicList):
            path = prefix + dotted("", component.path)
            yield path, ""
            if component.min_rows < 2:
                yield from _wrong(component.components, f"{path}.0.")
        elif (value := _refused(component)) is not None:
            yield prefix + dotted("", component.path), value  # type: ignore[attr-defined]


def _refused(component: Component) -> Any:
    match component:
        case NumberField(minimum=minimum) if isinstance(minimum.constant, (int, Decimal)):
            return str(minimum.constant - 1)
        case NumberField():
            return "五万"
        case DateTimeField():
            return "2026-02-30"
        case TextField(required=required) if required.constant is True or required.expression is not None:
            return ""
        case TextField(max_length=longest) if isinstance(longest.constant, int):
            return "字" * (longest.constant + 1)
        case ChoiceField(multiple=False):
            return ""
        case CheckboxField() | FileField():
            return None  # nothing sent: nothing chosen
        case TextField():
            return "？"
    return None
