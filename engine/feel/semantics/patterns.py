"""XPath 2.0 regular expressions (as fn:matches has them) in terms of the ``regex`` package, which can be stopped in time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol, cast

import regex

from engine.feel.errors import Refused

_LONGEST = 2_000  # characters of a pattern
_MOST_REPEATS = 10_000  # product of all counted repetitions
_CLASSES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "i": r"\p{L}_\:",
    "c": r"\p{L}\p{M}\p{N}_\:\.\-\u00b7",
}
_CONTROLS = {"n": r"\n", "r": r"\r", "t": r"\t"}
_ESCAPABLE = frozenset("\\|.-^?*+{}()[]$")


class Match(Protocol):
    """As ``re.Match``."""

    def __getitem__(self, group: int) -> str | None: ...
    def groups(self) -> tuple[str | None, ...]: ...
    def start(self) -> int: ...
    def end(self) -> int: ...


class Pattern(Protocol):
    """As ``re.Pattern``, but with a time limit in seconds; TimeoutError when it is reached."""

    def search(self, text: str, *, timeout: float) -> Match | None: ...
    def finditer(self, text: str, *, timeout: float) -> Iterator[Match]: ...


@lru_cache(maxsize=1_000)
def compiled(pattern: str, flags: str) -> Pattern:
    """Raises Refused for a pattern or flag that XPath does not know."""
    if set(flags) - set("smixq"):
        raise Refused("{flags!r}: the flags of a pattern are s, m, i, x and q", flags=flags[:20])
    if len(pattern) > _LONGEST:
        raise Refused("a pattern has at most {limit} characters", limit=_LONGEST)
    source = re.escape(pattern) if "q" in flags else _Translation(pattern, flags).source()
    modes = regex.VERSION1 | (regex.IGNORECASE if "i" in flags else 0)
    try:
        return cast("Pattern", regex.compile(source, modes))  # type: ignore[no-untyped-call]
    except (regex.error, RecursionError, OverflowError) as wrong:
        raise Refused("{pattern!r} is not a pattern: {reason}", pattern=pattern[:60], reason=str(wrong)) from wrong


class _Translation:
    """One pass over the pattern, character by character."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.flags = flags
        self.pattern = _without_spaces(pattern) if "x" in flags else pattern
        self.index = 0
        self.groups = 0
        self.open: list[int] = []  # the numbers of the groups being read; 0 for one that does not capture
        self.repeats = 1

    def source(self) -> str:
        out: list[str] = []
        while self.index < len(self.pattern):
            out.append(self._atom())
        return "".join(out)

    def wrong(self, reason: str) -> Refused:
        return Refused("{pattern!r} is not a pattern: {reason}", pattern=self.pattern[:60], reason=reason)

    def _next(self) -> str:
        if self.index >= len(self.pattern):
            raise self.wrong("it ends too early")
        self.index += 1
        return self.pattern[self.index - 1]

    def _peek(self) -> str:
        return self.pattern[self.index : self.index + 1]

    def _atom(self) -> str:
        character = self._next()
        if character == "\\":
            return self._escape()
        if character == "[":
            return self._class()
        if character == "(":
            return self._group()
        if character == ")":
            if not self.open:
                raise self.wrong("a ')' too many")
            self.open.pop()
            return ")"
        if character in "*+?{":
            return self._quantifier(character)
        if character == ".":
            return "(?s:.)" if "s" in self.flags else r"[^\n\r]"
        if character in "^$":
            return f"(?m:{character})" if "m" in self.flags else {"^": r"\A", "$": r"\Z"}[character]
        if character in "]}":
            raise self.wrong(f"a {character!r} too many")
        return "|" if character == "|" else re.escape(character)

    def _group(self) -> str:
        if self._peek() == "?":
            if self.pattern[self.index : self.index + 2] != "?:":
                raise self.wrong("only '(?:' may follow '('")
            self.index += 2
            self.open.append(0)
            return "(?:"
        self.groups += 1
        self.open.append(self.groups)
        return "("

    def _quantifier(self, character: str) -> str:
        if character == "{":
            end = self.pattern.find("}", self.index)
            counts = self.pattern[self.index : end].split(",") if end > 0 else []
            valid = (
                len(counts) in (1, 2)
                and counts[0].isdecimal()
                and (counts[-1].isdecimal() or (len(counts) == 2 and not counts[1]))
            )
            if not valid or len(counts[0]) > 5 or len(counts[-1]) > 5:
                raise self.wrong("'{' must be followed by one or two numbers")
            self.repeats *= max(1, int(counts[-1] or counts[0]))
            if self.repeats > _MOST_REPEATS:
                raise self.wrong("too many repetitions")
            self.index = end + 1
            character = "{" + ",".join(counts) + "}"
        if self._peek() == "?":
            self.index += 1
            character += "?"
        if self._peek() and self._peek() in "*+?{":
            raise self.wrong("two repetitions in a row")
        return character

    def _escape(self) -> str:
        character = self._next()
        if character.isdecimal():
            return self._back_reference(character)
        members = self._members(character)
        if members is not None:
            return f"[{members}]"
        return _CONTROLS.get(character) or re.escape(character)

    def _members(self, character: str) -> str | None:
        """What an escaped letter stands for inside brackets; None for an escaped sign."""
        if character in _CLASSES:
            return _CLASSES[character]
        if character.lower() in _CLASSES:
            return f"[^{_CLASSES[character.lower()]}]"
        if character in "pP":
            return self._category(character)
        if character not in _ESCAPABLE and character not in _CONTROLS:
            raise self.wrong(f"'\\{character}' means nothing")
        return None

    def _category(self, letter: str) -> str:
        end = self.pattern.find("}", self.index)
        name = self.pattern[self.index + 1 : end]
        if self._peek() != "{" or not name.replace("-", "").isalnum() or not name.isascii():
            raise self.wrong(f"'\\{letter}' must be followed by a category in braces")
        self.index = end + 1
        block = name[2:].replace("-", "") if name.startswith("Is") else ""
        return f"\\{letter}{{Block={block}}}" if block else f"\\{letter}{{{name}}}"

    def _back_reference(self, digits: str) -> str:
        while self._peek().isdecimal() and int(digits + self._peek()) <= self.groups:
            digits += self._next()
        number = int(digits)
        if not 1 <= number <= self.groups or number in self.open:
            raise self.wrong(f"there is no group {number} before it")
        return f"(?:\\{number})"

    def _class(self) -> str:
        """Rule: class = "[" [ "^" ] { character | character "-" character | escape } [ "-" class ] "]"."""
        negated = self._peek() == "^"
        self.index += negated
        members: list[str] = []
        subtracted = ""
        while self._peek() != "]" or not members:
            if self._peek() == "-" and self.pattern[self.index + 1 : self.index + 2] == "[":
                self.index += 2
                subtracted = "--" + self._class()
                break
            members.append(self._member())
        if self._next() != "]":
            raise self.wrong("a subtraction must end its brackets")
        inside = "".join(members)
        if negated and subtracted:
            return f"[[^{inside}]{subtracted}]"
        return f"[{'^' if negated else ''}{inside}{subtracted}]"

    def _member(self) -> str:
        first = self._single()
        if len(first) > 1 or self._peek() != "-" or self.pattern[self.index + 1 : self.index + 2] in ("]", "["):
            return first if len(first) > 1 else re.escape(first)
        self.index += 1
        last = self._single()
        if len(last) > 1 or last < first:
            raise self.wrong(f"there is no range {first}-{last}")
        return f"{re.escape(first)}-{re.escape(last)}"

    def _single(self) -> str:
        """One character, or the several an escape stands for."""
        character = self._next()
        if character == "[":
            raise self.wrong("'[' must be escaped inside brackets")
        if character != "\\":
            return character
        character = self._next()
        if character.isdecimal():
            raise self.wrong("no back reference inside brackets")
        members = self._members(character)
        if members is not None:
            return members
        return {"n": "\n", "r": "\r", "t": "\t"}.get(character, character)


def _without_spaces(pattern: str) -> str:
    """Flag x: white space counts only inside brackets."""
    out, depth, escaped = [], 0, False
    for character in pattern:
        if not escaped:
            depth += (character == "[") - (character == "]")
        if depth or character not in " \t\n\r":
            out.append(character)
            escaped = character == "\\" and not escaped
    return "".join(out)


def expanded(template: str, found: Match) -> str:
    r"""A replacement text with ``$1`` filled in. Raises Refused for a ``$`` or ``\`` that means nothing."""
    out: list[str] = []
    index, groups = 0, len(found.groups())
    while index < len(template):
        character = template[index]
        index += 1
        if character == "\\":
            if template[index : index + 1] not in ("\\", "$"):
                raise Refused("in a replacement, '\\' must be followed by '\\' or '$'")
            out.append(template[index])
            index += 1
        elif character == "$":
            digits = template[index : index + 1]
            if not digits.isdecimal():
                raise Refused("in a replacement, '$' must be followed by the number of a group")
            index += 1
            while template[index : index + 1].isdecimal() and int(digits + template[index]) <= groups:
                digits += template[index]
                index += 1
            out.append((found[int(digits)] or "") if int(digits) <= groups else "")
        else:
            out.append(character)
    return "".join(out)
