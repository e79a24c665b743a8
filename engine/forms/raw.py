"""One component of the form file while it is read: typed access to its keys; what is wrong is noted, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.errors import Problem
from engine.feel import Expression, Feel
from engine.forms.formula import FormulaError, Setting, formula, setting
from engine.forms.template import Template, TemplateError, template


class FormFile:
    """The text a form is read from, and the problems found so far."""

    def __init__(self, name: str, text: str, feel: Feel) -> None:
        self.name = name
        self.feel = feel
        self.problems: list[Problem] = []
        self._text = text
        self._seen: dict[str, int] = {}

    def line_of(self, raw: Mapping[str, Any]) -> int:
        """The line where the component's id (or key) is written: the n-th place for the n-th component that has it."""
        for key in ("id", "key", "type"):
            if isinstance(raw.get(key), str):
                quoted = f'"{key}"\\s*:\\s*"{re.escape(raw[key])}"'
                places = [found.start() for found in re.finditer(quoted, self._text)]
                nth = self._seen.get(quoted, 0)
                self._seen[quoted] = nth + 1
                return self._text.count("\n", 0, places[min(nth, len(places) - 1)]) + 1 if places else 1
        return 1

    def problem(self, line: int, element: str, template: str, **params: Any) -> None:
        self.problems.append(Problem(self.name, line, element, template, params))


class RawComponent:
    """The JSON object of one component."""

    def __init__(self, raw: Mapping[str, Any], file: FormFile, number: int) -> None:
        self.raw = raw
        self.file = file
        self.line = file.line_of(raw)
        self.type = str(raw.get("type", ""))
        self.id = str(raw.get("id") or raw.get("key") or f"{self.type or 'component'}_{number}")
        self.element = str(raw.get("key") or self.id)

    def problem(self, template: str, **params: Any) -> None:
        self.file.problem(self.line, self.element, template, **params)

    def has(self, key: str) -> bool:
        return self._at(key) is not None

    def value(self, key: str) -> Any:
        """The raw JSON value; ``validate.min`` looks inside."""
        return self._at(key)

    def text(self, key: str, default: str = "") -> str:
        value = self._at(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.problem("{key} must be text, not {value}.", key=key, value=value)
            return default
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(key, default)
        if value not in allowed:
            self.problem("{key} is {value}; it must be one of: {allowed}.", key=key, value=value, allowed=", ".join(allowed))
            return default
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self._at(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem("{key} must be true or false, not {value}.", key=key, value=value)
            return default
        return value

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = 100_000) -> int | None:
        value = self._at(key)
        if value is None or value == "":
            return default
        number = Decimal(value) if _is_number(value) else None
        if number is None or number != int(number) or not least <= number <= most:
            self.problem(
                "{key} must be a whole number from {least} to {most}, not {value}.", key=key, value=value, least=least, most=most
            )
            return default
        return int(number)

    def number(self, key: str) -> Decimal | None:
        value = self._at(key)
        if value is None or value == "":
            return None
        if not _is_number(value):
            self.problem("{key} must be a number, not {value}.", key=key, value=value)
            return None
        return Decimal(value)

    def limit(self, key: str) -> Setting:
        """A number, or a formula that gives one."""
        value = self._at(key)
        return self.setting(key) if isinstance(value, str) and value.startswith("=") else Setting(self.number(key))

    def switch(self, key: str) -> Setting:
        """true, false, or a formula that gives one."""
        value = self._at(key)
        return self.setting(key) if isinstance(value, str) and value.startswith("=") else Setting(self.flag(key))

    def setting(self, key: str) -> Setting:
        try:
            return setting(self._at(key), self.file.feel)
        except FormulaError as error:
            self.not_feel(key, error)
            return Setting()

    def template(self, key: str) -> Template:
        try:
            return template(self.text(key), self.file.feel)
        except TemplateError as error:
            self.problem("{key} is not a well-formed text: {cause}.", key=key, cause=error)
        except FormulaError as error:
            self.not_feel(key, error)
        return Template()

    def formula(self, key: str) -> Expression | None:
        text = self.text(key)
        if not text.removeprefix("=").strip():
            return None
        try:
            return formula(text, self.file.feel)
        except FormulaError as error:
            self.not_feel(key, error)
            return None

    def not_feel(self, key: str, error: FormulaError) -> None:
        for cause in error.causes:
            self.problem("{key} is not FEEL: {cause}", key=key, cause=cause)

    def _at(self, key: str) -> Any:
        outer, _, inner = key.partition(".")
        value = self.raw.get(outer)
        return value if not inner else value.get(inner) if isinstance(value, Mapping) else None


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d{1,34}(\.\d{1,34})?", value, re.ASCII) is not None
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
