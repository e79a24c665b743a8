"""The grammar of what operators join: literals, names, lists, ranges, contexts, and paths, filters and calls upon them."""

from __future__ import annotations

from decimal import Decimal, DecimalException

from engine.feel.semantics.numbers import DECIMAL128
from engine.feel.syntax.cursor import KEYWORDS
from engine.feel.syntax.lexer import Token, unescape
from engine.feel.syntax.names import NameTable
from engine.feel.syntax.nodes import (
    AtLiteral,
    Call,
    ContextLiteral,
    Filter,
    ListLiteral,
    Literal,
    Name,
    Node,
    OperatorRange,
    Path,
    RangeLiteral,
)
from engine.feel.syntax.statements import StatementGrammar

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_CONSTANTS = {"true": True, "false": False, "null": None}
_STARTS = frozenset({"(", "[", "]", "{", "-", "@", "?"})
_CONNECTIVES = KEYWORDS - {"if", "for", "some", "every", "function", "true", "false", "null"}


class OperandGrammar(StatementGrammar):
    def postfix(self, node: Node | None = None) -> Node:
        """Rule: postfix = primary { "." name | "[" expression "]" | "(" arguments ")" }"""
        if node is None:
            node = self.primary()
        for _ in range(self.bounds.chain):
            if self.at("."):
                at = self.advance().start
                node = Path(node, self.property_name(), at=at)
            elif self.at("[") and not (self.range_end and not self._starts_expression(self.after())):
                node = self._filter(node)
            elif self.at("("):
                node = self._call(node)
            else:
                return node
        raise self.unexpected(f"at most {self.bounds.chain} steps in a row")

    def property_name(self) -> str:
        """A known name, else all the words that follow: nothing else could stand there."""
        if self.here.kind != "name":
            raise self.unexpected("a name after '.'")
        found = self.known_name(functions=False)
        return self._take(found[0]) if found else self._take(1 + self._following_words())

    def _following_words(self) -> int:
        count = 0
        while self.after(count + 1).kind in ("name", "number") and self.after(count + 1).text not in KEYWORDS:
            count += 1
        return count

    def _take(self, count: int) -> str:
        start = self.advance(count).start
        return " ".join(self.text[start : self.tokens[self.index - 1].end].split())

    def _filter(self, source: Node) -> Node:
        at = self.advance().start
        self.inside_filter += 1
        saved, self.range_end = self.range_end, False
        condition = self.expression()
        self.expect("]", " after the filter")
        self.inside_filter -= 1
        self.range_end = saved
        return Filter(source, condition, at=at)

    def _call(self, function: Node) -> Node:
        """Rule: arguments = [ [ name ":" ] expression { "," [ name ":" ] expression } ]"""
        at = self.advance().start
        saved, self.range_end = self.range_end, False
        arguments: list[Node] = []
        names: list[str] = []
        while not self.at(")"):
            name = self._argument_name()
            if arguments and bool(names) != (name is not None):
                raise self.unexpected("either all arguments by name or none")
            if name is not None:
                names.append(name)
            arguments.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")", " or ',' after an argument")
        self.range_end = saved
        return Call(function, tuple(arguments), tuple(names), at=at)

    def _argument_name(self) -> str | None:
        if self.here.kind != "name" and not (self.here.kind == "op" and self.here.text == "?"):
            return None
        start = self.index
        name = self.words_until(":", ",", ")", "(", "[")
        if name is not None and self.accept(":"):
            return name
        self.rewind(start)
        return None

    def primary(self) -> Node:
        """Rule: primary = number | string | "@" string | "?" | name | list | range | context | "(" expression ")" | statement"""
        token = self.here
        if token.kind == "name":
            return self._word()
        if token.kind == "number":
            return Literal(self._number(), at=token.start)
        if token.kind == "string":
            self.advance()
            return Literal(self._string(token.text), at=token.start)
        if token.kind == "op" and token.text in _STARTS:
            return self._sign()
        raise self.unexpected("an expression")

    def _number(self) -> Decimal:
        try:
            number = DECIMAL128.create_decimal(self.here.text)
        except DecimalException as beyond:
            raise self.unexpected("a smaller number") from beyond
        self.advance()
        return number

    def _string(self, literal: str) -> str:
        value = unescape(literal)
        if len(value) > self.bounds.string:
            raise self.unexpected(f"a string of at most {self.bounds.string} characters")
        return value

    def _word(self) -> Node:
        """A known name of several words, a statement, a constant, or a one-word name."""
        token = self.here
        found = self.known_name()
        if found:
            self.advance(found[0])
            return Name(found[1], at=token.start)
        statement = self.statement()
        if statement is not None:
            return statement
        if token.text in _CONSTANTS:
            self.advance()
            return Literal(_CONSTANTS[token.text], at=token.start)
        if token.text in KEYWORDS and self.after().text not in ("(", "."):
            raise self.unexpected("an expression")
        if self.inside_filter:
            return Name(self._take(1 + self._following_words()), at=token.start)
        self.advance()
        return Name(token.text, at=token.start)

    def _sign(self) -> Node:
        token = self.advance()
        if token.text == "@":
            if self.here.kind != "string":
                raise self.unexpected('a date, time or duration in quotes after "@"')
            return AtLiteral(unescape(self.advance().text), at=token.start)
        if token.text == "?":
            return Name("?", at=token.start)
        if token.text == "{":
            return self._context(token.start)
        return self._bracketed(token.text, token.start)

    def _bracketed(self, opening: str, at: int) -> Node:
        """Rule: range = ( "[" | "(" | "]" ) operand ".." operand ( "]" | ")" | "[" );  list = "[" [ expressions ] "]"."""
        saved, self.range_end = self.range_end, False
        node = self._opened(opening, at)
        self.range_end = saved
        return node

    def _opened(self, opening: str, at: int) -> Node:
        if opening == "[" and self.accept("]"):
            return ListLiteral((), at=at)
        if opening == "(" and self.here.kind == "op" and self.here.text in COMPARISONS:
            operator = self.advance().text
            bound = self.operand()
            self.expect(")", " after the range")
            return OperatorRange(operator, bound, at=at)
        first = self.operand() if opening == "]" else self.expression()
        if self.accept(".."):
            return self.range_from(opening, first, at)
        if opening == "]":
            raise self.unexpected("'..' in a range that starts with ']'")
        if opening == "(":
            self.expect(")", " to close the parenthesis")
            return first
        items = [first]
        while self.accept(","):
            items.append(self.expression())
        self.expect("]", " or ',' in the list")
        return ListLiteral(tuple(items), at=at)

    def range_from(self, opening: str, start: Node, at: int) -> Node:
        self.range_end = True
        end = self.operand()
        if not self.at("]", ")", "["):
            raise self.unexpected("']' or ')' to close the range")
        closing = self.advance().text
        return RangeLiteral(start, end, opening == "[", closing == "]", at=at)

    @staticmethod
    def _starts_expression(token: Token) -> bool:
        if token.kind == "name":
            return token.text not in _CONNECTIVES
        return token.kind in ("number", "string") or (token.text in _STARTS and token.text != "]")

    def _context(self, at: int) -> Node:
        """Rule: context = "{" [ key ":" expression { "," key ":" expression } ] "}";  each entry may use the ones before it"""
        entries: list[tuple[str, Node]] = []
        saved, self.range_end = self.range_end, False
        depth = len(self.scopes)
        while not self.at("}"):
            key = self._key()
            self.expect(":", " after the key of a context")
            entries.append((key, self.expression()))
            self.scopes.append(NameTable((key,)))
            self.keys.append(self.scopes[-1])
            if not self.accept(","):
                break
        self.expect("}", " or ',' in the context")
        del self.scopes[depth:]
        self.range_end = saved
        return ContextLiteral(tuple(entries), at=at)

    def _key(self) -> str:
        if self.here.kind == "string":
            return unescape(self.advance().text)
        key = self.words_until(":")
        if key is None:
            raise self.unexpected("a key")
        return key
