"""Text into tokens. Names of several words are put together later, by the parser, which knows what is in scope."""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.feel.errors import FeelSyntaxError

# What a Chinese keyboard writes where FEEL wants ASCII.
_FULL_WIDTH = dict(zip("，。；：（）【】［］｛｝＝＞＜＋－＊／？“”‘’、！", ",.;:()[][]{}=><+-*/?\"\"'',!", strict=True)) | {
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "×": "*",
    "÷": "/",
}
_NOT_IN_NAMES = re.escape("".join(_FULL_WIDTH) + "《》「」…·—～￥")

_TOKEN = re.compile(
    rf"""
    (?P<skip>   (?: \s+ | //[^\n]* | /\*.*?\*/ )+ )
  | (?P<op>     \.\. | \*\* | -> | <= | >= | != )
  | (?P<number> (?: [0-9]+ (?:\.[0-9]+)? | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? )
  | (?P<name>   (?: [A-Za-z_] | [^\x00-\x7f\s{_NOT_IN_NAMES}] ) (?: \w | [^\x00-\x7f\s{_NOT_IN_NAMES}] )* )
  | (?P<string> " (?: [^"\\] | \\. )* " )
  | (?P<sign>   [-+*/<>=()\[\]{{}},:.?@'|] )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    kind: str  # number, name, string, op, end
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """All tokens of ``text`` and an ``end``. Raises FeelSyntaxError at a character FEEL does not have."""
    tokens: list[Token] = []
    position, length, match = 0, len(text), _TOKEN.match
    while position < length:
        found = match(text, position)
        if found is None:
            raise _unknown(text, position)
        kind = found.lastgroup or ""
        if kind != "skip":
            tokens.append(Token("op" if kind == "sign" else kind, found.group(), position, found.end()))
        position = found.end()
    tokens.append(Token("end", "", length, length))
    return tokens


def _unknown(text: str, position: int) -> FeelSyntaxError:
    character = text[position]
    if character == '"':
        return FeelSyntaxError(text, position, 'a closing "', "the end of the text")
    return FeelSyntaxError(text, position, "FEEL text", repr(character), _FULL_WIDTH.get(character))


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def unescape(literal: str) -> str:
    r"""The value of a string literal with its quotes; an unknown escape such as ``\d`` stays, for regular expressions."""
    if "\\" not in literal:
        return literal[1:-1]
    text = _ESCAPE.sub(_escaped, literal[1:-1])
    if any("\ud800" <= character <= "\udfff" for character in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _escaped(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) == 1:
        return _SIMPLE.get(code, "\\" + code)
    number = int(code[1:], 16)
    return chr(number) if number <= 0x10FFFF else found[0]
