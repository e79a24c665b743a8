"""Evaluate a FEEL expression. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import json_codec
from engine.commands.workshop import Workshop
from engine.errors import FieldError, InvalidInput
from engine.feel import FeelBoundExceeded, FeelSyntaxError
from engine.model import Evaluated


def evaluate_expression(workshop: Workshop, expression: str, variables: Mapping[str, Any]) -> Evaluated:
    """Raises InvalidInput for what is no expression, runs too long or gives what is no JSON."""
    warnings: list[str] = []
    try:
        found = workshop.feel.expression(expression.removeprefix("="))
        value = found.evaluate(variables, now=workshop.clock.now(), warnings=warnings)
        plain = json_codec.loads(json_codec.dumps(value))
    except (FeelSyntaxError, FeelBoundExceeded) as error:
        raise _refused(str(error)) from error
    except TypeError as error:
        raise _refused(f"its value cannot be written as JSON ({error})") from error
    return Evaluated(plain, tuple(warnings))


def _refused(cause: str) -> InvalidInput:
    return InvalidInput(fields=(FieldError("expression", "This cannot be evaluated: {cause}", {"cause": cause}),))
