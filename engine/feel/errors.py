"""What can be wrong with a FEEL text, when it is read and when it runs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from engine.errors import EngineError


class FeelError(EngineError):
    """The FEEL expression cannot be used."""


class FeelSyntaxError(FeelError):
    """Line {line}, column {column}: expected {expected}, found {found}."""

    SUGGESTING = "Line {line}, column {column}: expected {expected}, found {found}. Did you mean {suggestion}?"

    def __init__(self, text: str, position: int, expected: str, found: str, suggestion: str | None = None) -> None:
        line, column = line_and_column(text, position)
        template = self.SUGGESTING if suggestion else None
        super().__init__(template, line=line, column=column, expected=expected, found=found, suggestion=suggestion)
        self.text = text
        self.position = position
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found
        self.suggestion = suggestion


class FeelEvaluationError(FeelError):
    """The expression has no value. Look at the values it read."""

    def __init__(self, template: str, position: int | None = None, **ids: object) -> None:
        super().__init__(template, **ids)
        self.position = position


class FeelBoundExceeded(FeelEvaluationError):
    """The expression asks for more work than is allowed. Make it smaller, or move the calculation into an operation."""


class Unanswerable(FeelError):
    """The answer exists but is not known here."""

    # for an application's functions: null would be taken for an answer, so this is raised also where other errors give null


class Refused(Exception):
    """Raised by a built-in function that cannot answer; the caller turns it into null and a warning, or a strict error."""

    def __init__(self, template: str, **ids: object) -> None:
        super().__init__(template.format(**ids) if ids else template)
        self.template = template
        self.ids = ids


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Both counted from 1, as editors show them."""
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def did_you_mean(name: str, candidates: Iterable[str], likeness: float = 0.6) -> str | None:
    """The candidate most like ``name``, if one is near enough to be a slip of the pen."""
    near = difflib.get_close_matches(name, [c for c in candidates if c != name], n=1, cutoff=likeness)
    return near[0] if near else None
