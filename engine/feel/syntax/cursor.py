"""Walking over the tokens, and saying clearly what was expected where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.feel.bounds import Bounds
from engine.feel.errors import FeelSyntaxError, did_you_mean
from engine.feel.syntax.lexer import Token, tokenize
from engine.feel.syntax.names import NameTable, longest_known
from engine.feel.values.types import FeelType

KEYWORDS = frozenset(
    {"and", "or", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies"}
    | {"between", "instance", "of", "function", "external", "true", "false", "null"}
)
_NAME_SIGNS = frozenset({"-", "+", "*", "/", "'", ".", "?", "->", "**"})


class Cursor:
    """The position in the text, and the names in scope there. ``scopes`` runs from the outermost to the innermost."""

    def __init__(self, text: str, names: Iterable[NameTable], types: Mapping[str, FeelType], bounds: Bounds) -> None:
        if len(text) > bounds.text_length:
            raise FeelSyntaxError(text, bounds.text_length, f"at most {bounds.text_length} characters", f"{len(text)}")
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.here = self.tokens[0]
        self.scopes = list(names)
        self.types = types
        self.type_names = NameTable(types)
        self.bounds = bounds
        self.depth = 0
        self.inside_filter = 0
        self.keys: list[NameTable] = []  # of all contexts read so far, which may be read again after a dot

    def advance(self, count: int = 1) -> Token:
        """Step over ``count`` tokens; returns the first of them."""
        token = self.here
        self.index += count
        self.here = self.tokens[self.index]
        return token

    def rewind(self, index: int) -> None:
        self.index = index
        self.here = self.tokens[index]

    def descend(self) -> None:
        """One level of nesting further down; the caller comes up again by ``depth``."""
        self.depth += 1
        if self.depth > self.bounds.nesting:
            raise self.unexpected(f"at most {self.bounds.nesting} levels of nesting")

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these signs or keywords."""
        return self.here.text in texts and self.here.kind in ("op", "name")

    def after(self, count: int = 1) -> Token:
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def accept(self, text: str) -> bool:
        if self.here.text == text and self.here.kind in ("op", "name"):
            self.advance()
            return True
        return False

    def expect(self, text: str, purpose: str = "") -> Token:
        if not self.at(text):
            raise self.unexpected(f"{text!r}{purpose}", (text,))
        return self.advance()

    def unexpected(self, expected: str, candidates: Iterable[str] = ()) -> FeelSyntaxError:
        """The error for the token at hand, with the known word it looks like."""
        token = self.here
        found = repr(token.text) if token.kind != "end" else "the end of the text"
        suggestion = None
        if token.kind == "name" and token.text not in KEYWORDS:
            suggestion = did_you_mean(token.text, candidates) or self._longer_name()
        return FeelSyntaxError(self.text, token.start, expected, found, suggestion)

    def _longer_name(self) -> str | None:
        """A known name that the previous word together with this one nearly spells."""
        if self.index == 0 or self.tokens[self.index - 1].kind != "name":
            return None
        written = f"{self.tokens[self.index - 1].text} {self.here.text}"
        return did_you_mean(written, (name for table in self.scopes for name in table.all), likeness=0.8)

    def known_name(self, *, functions: bool = True) -> tuple[int, str] | None:
        """The known name of several tokens that begins here. The outermost scope holds the functions."""
        tables = self.scopes if functions else self.scopes[1:]
        if self.keys and (self.inside_filter or not functions):
            tables = tables + self.keys
        return longest_known(reversed(tables), self.tokens, self.index)

    def words_until(self, *stops: str) -> str | None:
        """All tokens up to one of ``stops``, as one name with single spaces where the text has any; None if they are no name."""
        start = self.index
        while not self.at(*stops):
            if self.here.kind not in ("name", "number") and self.here.text not in _NAME_SIGNS:
                self.rewind(start)
                return None
            self.advance()
        if self.index == start:
            return None
        return " ".join(self.text[self.tokens[start].start : self.tokens[self.index - 1].end].split())
