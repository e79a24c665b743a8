"""Evaluate a FEEL expression by itself, or as an element of a case would see it. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import json_codec
from engine.commands.workshop import Workshop
from engine.errors import FieldError, InvalidInput, NotFound
from engine.feel import FeelBoundExceeded, FeelSyntaxError
from engine.model import Evaluated
from engine.queries import instances
from engine.queries.paging import Cut


def evaluate_expression(
    workshop: Workshop, expression: str, variables: Mapping[str, Any], *, scope_key: int | None = None
) -> Evaluated:
    """``scope_key``: an instance or an element whose variables it may read; ``variables`` come before them.

    Raises InvalidInput for what is no expression, runs too long or gives what is no JSON, NotFound for an unknown scope.
    """
    seen = {} if scope_key is None else _visible(workshop, scope_key)
    warnings: list[str] = []
    try:
        found = workshop.feel.expression(expression.removeprefix("="))
        value = found.evaluate({**seen, **variables}, now=workshop.clock.now(), warnings=warnings)
        plain = json_codec.loads(json_codec.dumps(value))
    except (FeelSyntaxError, FeelBoundExceeded) as error:
        raise _refused(str(error)) from error
    except TypeError as error:
        raise _refused(f"its value cannot be written as JSON ({error})") from error
    return Evaluated(plain, tuple(warnings))


def _visible(workshop: Workshop, scope_key: int) -> dict[str, Any]:
    with workshop.database.unit_of_work() as uow:
        try:
            around = instances.visible_variables(uow.session, scope_key)
        except NotFound:
            instances.instance(uow.session, scope_key)
            around = list(instances.variables(uow.session, Cut("key", None), of=scope_key, scope_key=scope_key))
    return {variable.name: variable.value for variable in around}


def _refused(cause: str) -> InvalidInput:
    return InvalidInput(fields=(FieldError("expression", "This cannot be evaluated: {cause}", {"cause": cause}),))
