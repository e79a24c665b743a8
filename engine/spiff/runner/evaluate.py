"""FEEL while running: what an expression gives, what it read, and which incident its failure becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError
from engine.feel import Expression
from engine.spiff.definitions import Value
from engine.spiff.runner.failures import StepFailed
from engine.spiff.runner.token import Token
from engine.spiff.runner.values import shown, stored


def feel(token: Token, expression: Expression, kind: str, context: Mapping[str, Any] | None = None) -> Any:
    """The FEEL value itself (dates are still dates)."""
    try:
        return expression.evaluate(token.visible() if context is None else context, now=token.runner.host.now())
    except EngineError as error:
        raise StepFailed(kind, f"={expression.text} cannot be evaluated: {error}") from error


def given(token: Token, value: Value, kind: str, context: Mapping[str, Any] | None = None) -> Any:
    """The literal text, or what FEEL gives."""
    return value.text if value.expression is None else feel(token, value.expression, kind, context)


def variable(token: Token, value: Value, kind: str, context: Mapping[str, Any] | None = None) -> Any:
    """As ``given``, in the form variables are stored."""
    return as_variable(given(token, value, kind, context), value.text, kind)


def as_variable(found: Any, text: str, kind: str) -> Any:
    try:
        return stored(found)
    except (TypeError, ValueError) as error:
        raise StepFailed(kind, f"{text} gives a value that cannot be a process variable: {error}") from error


def text(token: Token, value: Value, kind: str, what: str) -> str:
    """A name or key: text, or a whole number written as text."""
    found = variable(token, value, kind)
    if isinstance(found, bool) or not isinstance(found, (str, int)) or found == "":
        raise StepFailed(kind, f"The {what} {value.text} gives {shown(found)}. It must give a text that is not empty.")
    return str(found)


def optional_text(token: Token, value: Value | None, kind: str, what: str) -> str | None:
    if value is None:
        return None
    found = variable(token, value, kind)
    if found is None or found == "":
        return None
    if not isinstance(found, str):
        raise StepFailed(kind, f"The {what} {value.text} gives {shown(found)}. It must give a text or null.")
    return found


def texts(token: Token, value: Value | None, kind: str, what: str) -> tuple[str, ...]:
    """Comma-separated text, or a FEEL list of texts; null is nobody."""
    if value is None:
        return ()
    found = variable(token, value, kind)
    if found is None:
        return ()
    if isinstance(found, str):
        return tuple(part.strip() for part in found.split(",") if part.strip())
    if isinstance(found, list) and all(isinstance(part, str) for part in found):
        return tuple(found)
    raise StepFailed(
        kind, f"The {what} {value.text} gives {shown(found)}. It must give a list of texts, or one text with commas."
    )


def condition(token: Token, expression: Expression, context: Mapping[str, Any] | None = None) -> tuple[bool, dict[str, Any]]:
    """The answer of a condition and the variables it read."""
    context = token.visible() if context is None else context
    warnings: list[str] = []
    try:
        found = expression.evaluate(context, now=token.runner.host.now(), warnings=warnings)
    except EngineError as error:
        raise StepFailed("condition_error", f"The condition ={expression.text} cannot be evaluated: {error}") from error
    if not isinstance(found, bool):
        reason = f" ({'; '.join(warnings)})" if warnings else ""
        raise StepFailed(
            "condition_error",
            f"The condition ={expression.text} gives {shown(found)}, neither true nor false{reason}. Set the variables it reads.",
        )
    return found, read_by(expression, context)


def read_by(expression: Expression, context: Mapping[str, Any]) -> dict[str, Any]:
    return {name: stored(context.get(name)) for name in sorted(expression.variables)}
