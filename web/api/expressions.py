"""Asking FEEL."""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.errors import NotPermitted
from web.api.callers import Engine, Reader
from web.api.exact import ExactRoute, exact
from web.api.shapes.expressions import Answer, Question, Warned
from web.auth import access

router = APIRouter(prefix="/v2", tags=["expressions"], route_class=ExactRoute)


@router.post("/expression/evaluation", response_model=Answer)
def evaluate(body: Question, caller: Reader, engine: Engine) -> Response:
    """Nothing is stored; the demo's clock is the clock. What cannot be evaluated on the way is null and a warning."""
    scope = None if body.scope_key is None else int(body.scope_key)
    if scope is not None and not access.allowed("POST /v2/variables/search", caller.roles):
        raise NotPermitted("Your roles do not allow reading variables. Ask an administrator for the role it needs.")
    found = engine.evaluate_expression(body.expression, body.variables or {}, scope_key=scope)
    warnings = [Warned(message=message) for message in found.warnings]
    return exact(Answer(expression=body.expression, result=found.value, warnings=warnings))
