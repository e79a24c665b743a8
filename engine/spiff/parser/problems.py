"""Collecting everything that is wrong with one file before refusing it."""

from __future__ import annotations

from typing import Any

from lxml import etree

from engine.errors import DefinitionInvalid, Problem


class Problems:
    """Problems of one file; the element is named by its id, or the nearest id around it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def error(self, node: etree._Element, template: str, **params: Any) -> None:
        self._add(node, template, params, "error")

    def warning(self, node: etree._Element, template: str, **params: Any) -> None:
        self._add(node, template, params, "warning")

    @property
    def errors(self) -> tuple[Problem, ...]:
        return self._sorted("error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return self._sorted("warning")

    def refuse_if_any(self) -> None:
        if self.errors:
            raise DefinitionInvalid(self.errors + self.warnings)

    def _sorted(self, severity: str) -> tuple[Problem, ...]:
        """Each sentence once, in the order of the file."""
        found = {
            (problem.line, problem.element, problem.message): problem for problem in self.found if problem.severity == severity
        }
        return tuple(found[key] for key in sorted(found))

    def _add(self, node: etree._Element, template: str, params: dict[str, Any], severity: str) -> None:
        self.found.append(Problem(self.file, line_of(node), id_near(node), template, params, severity))


def line_of(node: etree._Element) -> int:
    line = node.sourceline
    return line if isinstance(line, int) else 0


def id_near(node: etree._Element) -> str:
    place: etree._Element | None = node
    while place is not None:
        if place.get("id"):
            return str(place.get("id"))
        place = place.getparent()
    return ""
