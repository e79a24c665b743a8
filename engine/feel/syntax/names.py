"""Names of several words: which ones are known, and which known name the tokens at hand begin with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.feel.errors import FeelSyntaxError
from engine.feel.syntax.lexer import Token, tokenize


class NameTable:
    """Names that are more than one token, found by their first token, longest first. One-word names need no table."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.all = frozenset(names)
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in self.all:
            words = _words(name)
            if len(words) > 1:
                self._by_first.setdefault(words[0], []).append((words, name))
        for group in self._by_first.values():
            group.sort(key=lambda entry: -len(entry[0]))

    def longest(self, tokens: Sequence[Token], index: int) -> tuple[int, str] | None:
        """How many tokens from ``index`` make a known name, and that name."""
        for words, name in self._by_first.get(tokens[index].text, ()):
            if all(token.text == word for token, word in zip(tokens[index : index + len(words)], words, strict=False)) and (
                index + len(words) < len(tokens)
            ):
                return len(words), name
        return None


def _words(name: str) -> tuple[str, ...]:
    try:
        return tuple(token.text for token in tokenize(name)[:-1])
    except FeelSyntaxError:
        return ()


def longest_known(tables: Iterable[NameTable], tokens: Sequence[Token], index: int) -> tuple[int, str] | None:
    """The longest name any of the tables knows, inner scopes winning between equals."""
    best: tuple[int, str] | None = None
    for table in tables:
        found = table.longest(tokens, index)
        if found and (best is None or found[0] > best[0]):
            best = found
    return best
