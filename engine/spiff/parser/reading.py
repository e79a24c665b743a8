"""Texts of the diagram: FEEL or literal, names of variables, numbers; each mistake becomes a problem."""

from __future__ import annotations

import re

from lxml import etree

from engine.errors import EngineError
from engine.feel import Expression, Feel
from engine.spiff.definitions import Value
from engine.spiff.parser.problems import Problems
from engine.spiff.parser.xml import local

_NAME = re.compile(r"[^\W\d]\w*")
_RESERVED = frozenset(
    [
        "null",
        "true",
        "false",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "function",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "not",
    ]
)


class Reading:
    """One file being read."""

    def __init__(self, feel: Feel, problems: Problems) -> None:
        self.feel = feel
        self.problems = problems

    def value(self, node: etree._Element, text: str) -> Value:
        """Text that starts with ``=`` is FEEL, any other text means itself."""
        text = text.strip()
        if not text.startswith("="):
            return Value(text)
        return Value(text, self._compile(node, text[1:]))

    def optional(self, node: etree._Element, attribute: str) -> Value | None:
        """Value of an attribute; an empty one counts as absent."""
        text = (node.get(attribute) or "").strip()
        return self.value(node, text) if text else None

    def required(self, node: etree._Element, attribute: str) -> Value:
        found = self.optional(node, attribute)
        if found is None:
            self.problems.error(node, "The {element} has no {attribute}. Give it one.", element=local(node), attribute=attribute)
        return found or Value("")

    def expression(self, node: etree._Element, text: str | None, what: str) -> Expression | None:
        """Where only FEEL makes sense."""
        text = (text or "").strip()
        if not text:
            self.problems.error(node, "The {what} is empty. Write a FEEL expression after an equals sign.", what=what)
        elif not text.startswith("="):
            sentence = (
                'The {what} "{text}" is not FEEL. Put an equals sign before it: ={text}'
                if self._is_feel(text)
                else 'The {what} "{text}" is not FEEL. Write it in FEEL after an equals sign, for example =amount > 100.'
            )
            self.problems.error(node, sentence, what=what, text=text)
        else:
            return self._compile(node, text[1:])
        return None

    def name(self, node: etree._Element, text: str | None, what: str) -> str:
        """A variable name: a letter or underscore, then letters, digits, underscores, in any script."""
        text = (text or "").strip()
        if not text:
            self.problems.error(node, "The {what} is missing or empty. Fill it in.", what=what)
        elif not _NAME.fullmatch(text) or text in _RESERVED:
            self.problems.error(
                node,
                'The {what} "{text}" cannot be a variable name. Use letters, digits and underscores, not beginning with a digit, and no FEEL keyword.',
                what=what,
                text=text,
            )
        return text

    def optional_name(self, node: etree._Element, attribute: str) -> str | None:
        return self.name(node, node.get(attribute), attribute) if (node.get(attribute) or "").strip() else None

    def boolean(self, node: etree._Element, attribute: str, default: bool) -> bool:
        text = node.get(attribute)
        if text is None:
            return default
        if text not in {"true", "false"}:
            self.problems.error(node, "{attribute} must be true or false, not {text}.", attribute=attribute, text=text)
        return text == "true"

    def _is_feel(self, text: str) -> bool:
        try:
            self.feel.expression(text)
        except EngineError:
            return False
        return True

    def _compile(self, node: etree._Element, text: str) -> Expression | None:
        try:
            expression = self.feel.expression(text)
        except EngineError as error:
            self.problems.error(node, "FEEL cannot read ={text}: {reason}", text=text, reason=error)
            return None
        for finding in expression.findings():
            note = self.problems.error if finding.severity == "error" else self.problems.warning
            note(node, "Something is wrong in ={text}: {reason}", text=text, reason=finding)
        return expression
