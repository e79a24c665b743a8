"""Short ways to ask FEEL something in a test."""

from __future__ import annotations

import datetime as dt
from typing import Any

from engine.feel import Feel
from engine.feel.values.literal import literal_text

FEEL = Feel()
NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def value(text: str, /, **variables: Any) -> Any:
    """What ``text`` evaluates to."""
    return FEEL.expression(text).evaluate(variables, now=NOW)


def text_of(text: str, /, **variables: Any) -> str:
    """The FEEL text of what ``text`` evaluates to: tells 1 from true, and a date from its text."""
    return literal_text(value(text, **variables))


def same(text: str, expected: str) -> None:
    """Both evaluate to the same value."""
    assert text_of(text) == text_of(expected), text


def warned(text: str, /, **variables: Any) -> list[str]:
    """The warnings of an evaluation."""
    warnings: list[str] = []
    FEEL.expression(text).evaluate(variables, now=NOW, warnings=warnings)
    return warnings


def passes(tests: str, subject: Any, /, **variables: Any) -> bool | None:
    """Whether ``subject`` passes the decision table cell ``tests``."""
    return FEEL.unary_tests(tests).matches(subject, variables, now=NOW)
