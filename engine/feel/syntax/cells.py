"""The grammar of unary tests: the cells of a decision table, and what comes after ``in``."""

from __future__ import annotations

from engine.feel.syntax.grammar import ExpressionGrammar
from engine.feel.syntax.nodes import Test, UnaryTestsNode


class CellGrammar(ExpressionGrammar):
    def unary_tests(self) -> UnaryTestsNode:
        """Rule: unary tests = "-" | "not" "(" tests ")" | tests"""
        at = self.here.start
        if self.at("-") and self.after().kind == "end":
            self.advance()
            return UnaryTestsNode((), at=at)
        if self.at("not") and self.after().text == "(":
            negated = self._negated()
            if negated is not None:
                return UnaryTestsNode(negated, negated=True, at=at)
        return UnaryTestsNode(self._tests(), at=at)

    def _negated(self) -> tuple[Test, ...] | None:
        """What is inside ``not(…)``, if that is the whole cell; otherwise ``not`` is the function of that name."""
        start = self.index
        self.advance(2)
        tests = self._tests()
        if self.accept(")") and self.here.kind == "end":
            return tests
        self.rewind(start)
        return None

    def _tests(self) -> tuple[Test, ...]:
        """Rule: tests = test { "," test }"""
        tests = [self.positive_test(wide=True)]
        while self.accept(","):
            tests.append(self.positive_test(wide=True))
        return tuple(tests)
