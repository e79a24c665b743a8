"""The grammar of FEEL expressions (DMN 1.5, section 10.3.1), one method per rule, loosest binding first."""

from __future__ import annotations

from engine.feel.syntax.cursor import KEYWORDS
from engine.feel.syntax.nodes import (
    Arithmetic,
    Between,
    Comparison,
    Conjunction,
    Disjunction,
    In,
    InstanceOf,
    Negation,
    Node,
    OperatorTest,
    Test,
    ValueTest,
)
from engine.feel.syntax.operands import COMPARISONS, OperandGrammar

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER = range(1, 7)
_LEVELS = (
    {"or": _OR, "and": _AND, "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}
    | dict.fromkeys(COMPARISONS, _COMPARE)
    | {"between": _COMPARE, "in": _COMPARE, "instance": _COMPARE}
)


class ExpressionGrammar(OperandGrammar):
    def expression(self) -> Node:
        """Rule: expression = disjunction; the statements (if, for, some, function …) are operands that reach as far as they can."""
        self.descend()
        node = self.operators(_OR)
        self.depth -= 1
        return node

    def operand(self) -> Node:
        """An end of a range, of ``between`` or of a test: anything that binds tighter than a comparison."""
        return self.operators(_ADD)

    def operators(self, level: int, left: Node | None = None) -> Node:
        """All binary operators that bind at least as tightly as ``level``, from the left; ``left`` may have been read already."""
        if left is None:
            left = self.negation()
        count = 0
        while self.here.kind in ("op", "name"):
            operator = self.here.text
            binds = _LEVELS.get(operator, 0)
            if binds < level or not binds:
                break
            count += 1
            if count > self.bounds.chain:
                raise self.unexpected(f"at most {self.bounds.chain} operators in a row")
            at = self.advance().start
            if binds in (_OR, _AND):
                left = self._logical(operator, left, binds, at)
            elif binds == _COMPARE:
                left = self._comparison(operator, left, at)
            else:
                left = Arithmetic(operator, left, self.operators(binds + 1), at=at)
        return left

    def _logical(self, operator: str, first: Node, level: int, at: int) -> Node:
        """Rule: disjunction = conjunction { "or" conjunction };  conjunction = comparison { "and" comparison }"""
        kind = Disjunction if operator == "or" else Conjunction
        items: list[Node] = [*first.items] if isinstance(first, (Conjunction, Disjunction)) and type(first) is kind else [first]
        items.append(self.operators(level + 1))
        while self.accept(operator):
            items.append(self.operators(level + 1))
        return kind(tuple(items), at=at)

    def _comparison(self, operator: str, left: Node, at: int) -> Node:
        """Rule: comparison = operand ( sign operand | "between" operand "and" operand | "in" tests | "instance" "of" type )"""
        if operator == "between":
            low = self.operand()
            self.expect("and", " and the upper bound of between")
            return Between(left, low, self.operand(), at=at)
        if operator == "in":
            return In(left, self._in_tests(), at=at)
        if operator == "instance":
            self.expect("of")
            return InstanceOf(left, self.type_(), at=at)
        return Comparison(operator, left, self.operand(), at=at)

    def _in_tests(self) -> tuple[Test, ...]:
        """Rule: tests = test | "(" test { "," test } ")"; what turns out to be a parenthesis within an operand goes on as one."""
        if not self.at("("):
            return (self.positive_test(),)
        at = self.advance().start
        self.descend()
        first = self.positive_test()
        if isinstance(first, ValueTest):
            if self.accept(".."):
                self.depth -= 1
                return (ValueTest(self._resumed(self.range_from("(", first.expression, at)), at=at),)
            first = ValueTest(self.operators(_OR, first.expression), at=first.at)
        tests = [first]
        while self.accept(","):
            tests.append(self.positive_test())
        self.expect(")", " or ',' after a test")
        self.depth -= 1
        if isinstance(first, ValueTest) and len(tests) == 1:
            return (ValueTest(self._resumed(first.expression), at=at),)
        return tuple(tests)

    def _resumed(self, node: Node) -> Node:
        """``node``, already read, and what binds to it from the right."""
        return self.operators(_ADD, self.postfix(node))

    def positive_test(self, *, wide: bool = False) -> Test:
        """Rule: test = sign operand | operand; ``wide``, in a cell of a decision table, allows any expression"""
        at = self.here.start
        if self.here.kind == "op" and self.here.text in COMPARISONS:
            return OperatorTest(self.advance().text, self.operand(), at=at)
        return ValueTest(self.expression() if wide else self.operand(), at=at)

    def negation(self) -> Node:
        """Rule: negation = "-" negation | postfix"""
        signs: list[int] = []
        while self.at("-"):
            signs.append(self.advance().start)
            if len(signs) > self.bounds.chain:
                raise self.unexpected("an expression")
        node = self.postfix()
        for at in reversed(signs):
            node = Negation(node, at=at)
        return node

    def finish(self) -> None:
        """Nothing may follow."""
        if self.here.kind != "end":
            names = [name for table in self.scopes for name in table.all]
            raise self.unexpected("an operator or the end of the text", [*KEYWORDS, *names])
