"""Texts with ``{{ FEEL }}``, ``{{#if FEEL}} … {{/if}}`` and ``{{#loop FEEL}} … {{/loop}}`` in them, as form-js writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from engine.feel import Expression, Feel
from engine.forms.formula import FormulaError, Scope, formula

Escape: TypeAlias = Callable[[str], str]


class TemplateError(ValueError):
    """The text of a template is not well formed; ``template`` says why, filled with ``params``."""

    def __init__(self, template: str, **params: str) -> None:
        super().__init__(template.format(**params))
        self.template = template
        self.params = params


@dataclass(frozen=True)
class Block:
    """``kind`` is value, if or loop; a value has no body."""

    kind: str
    expression: Expression
    body: tuple[Part, ...] = ()


Part: TypeAlias = "str | Block"


@dataclass(frozen=True)
class Template:
    parts: tuple[Part, ...] = ()

    @property
    def is_constant(self) -> bool:
        return all(isinstance(part, str) for part in self.parts)

    def fill(self, scope: Scope, escape: Escape = str) -> str:
        """The text with its formulas filled in; ``escape`` is applied to values only, never to the designer's own text."""
        return "".join(_fill(part, scope, escape) for part in self.parts)


def template(text: str, feel: Feel) -> Template:
    """Read ``text``; a text that begins with "=" is one formula. TemplateError or FormulaError when it is malformed."""
    if text.startswith("="):
        return Template((Block("value", formula(text, feel)),))
    parts, rest = _parts(text, feel, closing=None)
    if rest:
        raise TemplateError("{tag} closes nothing before {rest}", tag="{{/…}}", rest=rest[:20])
    return Template(parts)


def shown(value: Any) -> str:
    """A FEEL value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, list):
        return "、".join(shown(item) for item in value)
    if isinstance(value, dict):
        return "，".join(f"{name}：{shown(item)}" for name, item in value.items())
    return str(value)


def _fill(part: Part, scope: Scope, escape: Escape) -> str:
    if isinstance(part, str):
        return part
    value = scope.evaluate(part.expression)
    if part.kind == "value":
        return escape(shown(value))
    if part.kind == "if":
        return "".join(_fill(inner, scope, escape) for inner in part.body) if value is True else ""
    rows = value if isinstance(value, list) else []
    return "".join(_fill(inner, scope.row(row, n), escape) for n, row in enumerate(rows, 1) for inner in part.body)


def _parts(text: str, feel: Feel, closing: str | None) -> tuple[tuple[Part, ...], str]:
    """Parts up to the ``closing`` tag, and the text after that tag."""
    parts: list[Part] = []
    while "{{" in text:
        before, text = text.split("{{", 1)
        if before:
            parts.append(before)
        if text.lstrip().startswith("/"):
            name, _, after = text.partition("}}")
            if name.strip() != f"/{closing}":
                raise TemplateError("{tag} closes nothing", tag=f"{{{{{name}}}}}")
            return tuple(parts), after
        block, text = _block(text, feel)
        parts.append(block)
    if closing:
        raise TemplateError("{tag} is missing", tag=f"{{{{/{closing}}}}}")
    if text:
        parts.append(text)
    return tuple(parts), ""


def _block(text: str, feel: Feel) -> tuple[Block, str]:
    for kind in ("if", "loop"):
        if text.startswith(f"#{kind} "):
            expression, after = _expression(text.removeprefix(f"#{kind} "), feel)
            body, rest = _parts(after, feel, closing=kind)
            return Block(kind, expression, body), rest
    if text.startswith("#"):
        raise TemplateError("{tag} is neither #if nor #loop", tag=f"{{{{{text[:12]}…")
    expression, rest = _expression(text, feel)
    return Block("value", expression), rest


def _expression(text: str, feel: Feel) -> tuple[Expression, str]:
    """The shortest text before a ``}}`` that is FEEL: a context literal may itself end in ``}}``."""
    end = text.find("}}")
    if end < 0:
        raise TemplateError("{tag} is missing", tag="}}")
    failure: FormulaError | None = None
    while end >= 0:
        try:
            return formula(text[:end], feel), text[end + 2 :]
        except FormulaError as error:
            failure = failure or error
            end = text.find("}}", end + 1)
    assert failure is not None
    raise failure
