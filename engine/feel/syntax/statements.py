"""The grammar of what reads like a sentence: if, for, some, every and function definitions."""

from __future__ import annotations

from engine.feel.syntax.names import NameTable
from engine.feel.syntax.nodes import For, Formal, FunctionLiteral, If, Iterator, Node, Quantified, Span
from engine.feel.syntax.type_grammar import TypeGrammar
from engine.feel.values.types import ANY


class StatementGrammar(TypeGrammar):
    range_end = False  # inside the upper end of a range, where "[" may close instead of filter

    def expression(self) -> Node:
        raise NotImplementedError

    def operand(self) -> Node:
        raise NotImplementedError

    def statement(self) -> Node | None:
        """Rule: statement = if | for | some | every | function"""
        word = self.here.text
        if word == "if":
            return self._if()
        if word == "for" and self.after().kind == "name":
            return self._for()
        if word in ("some", "every") and self.after().kind == "name":
            return self._quantified(every=word == "every")
        if word == "function" and self.after().text == "(":
            return self._function()
        return None

    def _if(self) -> Node:
        """Rule: if = "if" expression "then" expression "else" expression; a ladder of else-ifs is read without recursion"""
        rungs: list[tuple[int, Node, Node]] = []
        while True:
            at = self.advance().start
            condition = self.expression()
            self.expect("then", " after the condition")
            then = self.expression()
            self.expect("else", ", which every if needs")
            rungs.append((at, condition, then))
            if len(rungs) > self.bounds.chain:
                raise self.unexpected(f"at most {self.bounds.chain} conditions in a row")
            if not self.at("if"):
                break
        node = self.expression()
        for at, condition, then in reversed(rungs):
            node = If(condition, then, node, at=at)
        return node

    def _for(self) -> Node:
        """Rule: for = "for" iterators "return" expression"""
        at = self.advance().start
        depth = len(self.scopes)
        iterators = self._iterators()
        self.expect("return", " after what to go through")
        body = self.expression()
        del self.scopes[depth:]
        return For(iterators, body, at=at)

    def _quantified(self, *, every: bool) -> Node:
        """Rule: quantified = ( "some" | "every" ) iterators "satisfies" expression"""
        at = self.advance().start
        depth = len(self.scopes)
        iterators = self._iterators()
        self.expect("satisfies", " after what to go through")
        condition = self.expression()
        del self.scopes[depth:]
        return Quantified(every, iterators, condition, at=at)

    def _iterators(self) -> tuple[Iterator, ...]:
        """Rule: iterators = name "in" source { "," name "in" source }"""
        iterators: list[Iterator] = []
        while not iterators or self.accept(","):
            at = self.here.start
            name = self.words_until("in")
            if name is None:
                raise self.unexpected("a name and 'in'")
            self.expect("in")
            iterators.append(Iterator(name, self._source(), at=at))
            self.scopes.append(NameTable((name,)))
        return tuple(iterators)

    def _source(self) -> Node:
        """Rule: source = expression [ ".." expression ]"""
        at = self.here.start
        start = self.expression()
        return Span(start, self.expression(), at=at) if self.accept("..") else start

    def _function(self) -> Node:
        """Rule: function = "function" "(" [ name [ ":" type ] { "," name [ ":" type ] } ] ")" [ "external" ] expression"""
        at = self.advance().start
        self.expect("(")
        parameters: list[Formal] = []
        while not self.at(")"):
            parameters.append(self._formal())
            if not self.accept(","):
                break
        self.expect(")", " or ',' after a parameter")
        external = self.accept("external")
        self.scopes.append(NameTable(parameter.name for parameter in parameters))
        body = self.expression()
        self.scopes.pop()
        return FunctionLiteral(tuple(parameters), body, external, at=at)

    def _formal(self) -> Formal:
        at = self.here.start
        name = self.words_until(":", ",", ")")
        if name is None:
            raise self.unexpected("the name of a parameter")
        return Formal(name, self.type_() if self.accept(":") else ANY, at=at)
