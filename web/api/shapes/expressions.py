"""Expressions and what they give."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from web.api.shapes.wire import TENANT, Key, Request, Shape


class Question(Request):
    """``scopeKey``: an instance or an element whose variables the expression may read."""

    expression: Annotated[str, Field(min_length=1, max_length=20_000)]
    scope_key: Key | None = None
    variables: dict[str, Any] | None = None
    tenant_id: str = TENANT


class Warned(Shape):
    message: str


class Answer(Shape):
    expression: str
    result: Any
    warnings: list[Warned]
    referenced_secrets: list[str] = []
