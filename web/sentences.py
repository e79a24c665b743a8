"""What went wrong as a sentence in the reader's language, the same on a page and on the command line."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import EngineError, FieldError, Problem
from engine.feel import Finding
from engine.forms.template import TemplateError

Translate = Callable[[str], str]
_SAID = (EngineError, FieldError, Finding, TemplateError)
_TRANSLATED_IDS = {"about", "kind", "state", "place", "expected", "found"}
_CATALOGUES = Path(__file__).parent / "translations"


def said(error: EngineError | FieldError | Problem | Finding | TemplateError, _: Translate) -> str:
    """The template is translated by ``_``, then filled with the ids."""
    values = error.ids if isinstance(error, EngineError) else error.params
    filled = {name: _value(name, value, _) for name, value in values.items()}
    text = _(error.template)
    text = text.format(**filled) if filled else text
    if isinstance(error, Finding):
        return _("第 %(line)s 行第 %(column)s 列：%(text)s") % {"line": error.line, "column": error.column, "text": text}
    return text


def in_chinese(error: EngineError | FieldError | Problem | Finding | TemplateError) -> str:
    """For the command line, which speaks Chinese as its help does."""
    return said(error, chinese().gettext)


@cache
def chinese() -> gettext.NullTranslations:
    """The texts of the errors, where there is no page and so no reader's language."""
    return gettext.translation("messages", _CATALOGUES, ["zh_Hans"])


def _value(name: str, value: Any, translate: Translate) -> Any:
    """What stands in a sentence may be a sentence itself: why a formula cannot be read, why a default does not fit."""
    if isinstance(value, _SAID):
        return said(value, translate)
    if name == "names":
        return "、".join(translate(word) for word in str(value).split(", "))
    return translate(str(value)) if name in _TRANSLATED_IDS else value
