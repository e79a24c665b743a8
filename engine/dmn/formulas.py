"""FEEL texts of a model become evaluators; what is not FEEL is noted with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.dmn.model import Place
from engine.dmn.running import Evaluator, Frame
from engine.errors import Problem
from engine.feel import Expression, Feel, FeelSyntaxError, FeelType, UnaryTests

Test = Callable[[Any, Frame], "bool | None"]


class Formulas:
    """Compiles the FEEL of one file. ``lenient`` keeps a model with a bad expression usable: the expression is null."""

    def __init__(self, feel: Feel, file: str, *, lenient: bool) -> None:
        self.feel = feel
        self.problems: list[Problem] = []
        self.connectable: frozenset[str] = frozenset()  # names of decisions and functions, which must be required to be seen
        self.types: Mapping[str, FeelType] = {}  # named by the model, for "instance of" and parameters
        self._file = file
        self._lenient = lenient

    def problem(self, place: Place, template: str, *, severity: str = "error", **params: Any) -> None:
        self.problems.append(Problem(self._file, place.line, place.element, template, params, severity))

    def expression(self, text: str, names: frozenset[str], place: Place) -> Evaluator:
        if not text:
            return _null
        try:
            expression = self.feel.expression(text, names, types=self.types)
        except FeelSyntaxError as error:
            return self._failed(text, error, place)
        self._note_findings(expression, names, place)
        evaluate, variables = expression.evaluate, expression.variables

        for name in sorted(variables & self.connectable - names):
            template = "{text} reads {name} without being connected to it, so it is null there: draw the requirement."
            self.problem(place, template, text=text, name=name, severity="warning")

        def run(frame: Frame) -> Any:
            frame.run.read.update(variables)
            return evaluate(frame.values, now=frame.run.now, warnings=frame.run.warnings)

        return run

    def unary_tests(self, text: str, names: frozenset[str], place: Place) -> Test | None:
        """None for "-", which is true for every value."""
        if text in ("", "-"):
            return None
        try:
            tests = self.feel.unary_tests(text, names, types=self.types)
        except FeelSyntaxError as error:
            self._failed(text, error, place)
            return _never
        self._note_findings(tests, names, place)
        matches = tests.matches

        def test(value: Any, frame: Frame) -> bool | None:
            return matches(value, frame.values, now=frame.run.now, warnings=frame.run.warnings)

        return test

    def _note_findings(self, readable: Expression | UnaryTests, names: frozenset[str], place: Place) -> None:
        """What would be null whenever it runs: an unknown function, wrong arguments. Variables may come from the process."""
        for finding in readable.findings(names):
            if finding.severity == "error":
                self.problem(place, "{text}: {cause}", text=readable.text, cause=finding)

    def _failed(self, text: str, error: FeelSyntaxError, place: Place) -> Evaluator:
        self.problem(place, "{text} is not FEEL: {cause}", text=text, cause=error)

        def run(frame: Frame) -> Any:
            frame.run.warn(f"{text} is not FEEL: {error}")

        return run

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The problems for which the model cannot be used."""
        return () if self._lenient else tuple(sorted(p for p in self.problems if p.severity == "error"))


def _null(_frame: Frame) -> Any:
    return None


def _never(_value: Any, _frame: Frame) -> bool | None:
    return None
