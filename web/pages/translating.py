"""``_`` in templates: a page of lists says the same few words thousands of times, so each is looked up once a request."""

from __future__ import annotations

from typing import Any

from flask import Flask, g
from flask_babel import get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

_OF_REQUEST = "translated"


def install(pages: Flask) -> None:
    """After Babel, whose own function answers the same, ten times slower."""
    pages.jinja_env.globals["_"] = pages.jinja_env.globals["gettext"] = translated


@pass_eval_context
def translated(around: EvalContext, text: str, **values: Any) -> str:
    """``text`` in the language of the request; always a format string, whose values are escaped where the page is."""
    known: dict[str, str] = g.setdefault(_OF_REQUEST, {})
    found = known.get(text)
    if found is None:
        found = known[text] = get_translations().ugettext(text)
    if around.autoescape:
        found = Markup(found)  # noqa: S704 - the catalogues are ours, as Jinja's own function has it
    return found % values if values or "%" in found else found
