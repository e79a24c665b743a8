"""String functions (DMN 1.5, section 10.3.4.3). Positions count characters from 1, from the end when negative."""

from __future__ import annotations

from collections.abc import Iterator

from engine.feel.builtins.registry import builtin
from engine.feel.errors import FeelBoundExceeded, Refused
from engine.feel.run import Run
from engine.feel.semantics.patterns import Match, Pattern, compiled, expanded


@builtin(
    "substring(string: string, start position: integer, length?: integer | null): string", 'substring("foobar", 3, 3)', '"oba"'
)
def substring(string: str, start: int, length: int | None = None) -> str:
    """The part of a text from a position on, at most ``length`` characters."""
    if start == 0 or abs(start) > len(string) or (length is not None and length < 1):
        raise Refused("there is no such part of a text of {size} characters", size=len(string))
    first = start - 1 if start > 0 else len(string) + start
    return string[first:] if length is None else string[first : first + length]


@builtin("string length(string: string): number", 'string length("公开比选")', "4")
def string_length(string: str) -> int:
    """How many characters a text has."""
    return len(string)


@builtin("upper case(string: string): string", 'upper case("aBc4")', '"ABC4"', with_run=True)
def upper_case(run: Run, string: str) -> str:
    """The text in capital letters."""
    run.length(len(string))
    return string.upper()


@builtin("lower case(string: string): string", 'lower case("aBc4")', '"abc4"')
def lower_case(string: str) -> str:
    """The text in small letters."""
    return string.lower()


@builtin("substring before(string: string, match: string): string", 'substring before("foobar", "bar")', '"foo"')
def substring_before(string: str, match: str) -> str:
    """What precedes the first occurrence of ``match``; empty when there is none."""
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string): string", 'substring after("foobar", "ob")', '"ar"')
def substring_after(string: str, match: str) -> str:
    """What follows the first occurrence of ``match``; empty when there is none."""
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string): boolean", 'contains("foobar", "of")', "false")
def contains(string: str, match: str) -> bool:
    """Whether a text contains another."""
    return match in string


@builtin("starts with(string: string, match: string): boolean", 'starts with("foobar", "fo")', "true")
def starts_with(string: str, match: str) -> bool:
    """Whether a text begins with another."""
    return string.startswith(match)


@builtin("ends with(string: string, match: string): boolean", 'ends with("foobar", "r")', "true")
def ends_with(string: str, match: str) -> bool:
    """Whether a text ends with another."""
    return string.endswith(match)


@builtin(
    "matches(input: string, pattern: string, flags?: string | null): boolean",
    r'matches("CG-2026-0007", "^CG-\d{4}-\d{4}$")',
    "true",
    with_run=True,
)
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    """Whether an XPath regular expression matches somewhere in the text; flags s, m, i, x."""
    search = compiled(pattern, flags or "")
    try:
        return search.search(text, timeout=run.bounds.regex_seconds) is not None
    except TimeoutError as late:
        raise _too_slow(run, pattern) from late


@builtin(
    "replace(input: string, pattern: string, replacement: string, flags?: string | null): string",
    'replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")',
    '"[1=ab][2=]cd"',
    with_run=True,
)
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """The text with every match replaced; ``$1`` is what the first parenthesis matched, ``$0`` the whole match."""
    out: list[str] = []
    size = end = 0
    for found in _found(run, compiled(pattern, flags or ""), text, pattern):
        filled = replacement if "q" in (flags or "") else expanded(replacement, found)
        out += (text[end : found.start()], filled)
        size += len(out[-1]) + len(out[-2])
        run.length(size)
        end = found.end()
    return "".join((*out, text[end:]))


@builtin("split(string: string, delimiter: string): list<string>", r'split("John Doe", "\s")', '["John", "Doe"]', with_run=True)
def split(run: Run, text: str, delimiter: str) -> list[str]:
    """The parts of a text between the matches of an XPath regular expression."""
    if not text:
        return []
    out: list[str] = []
    end = 0
    for found in _found(run, compiled(delimiter, ""), text, delimiter):
        if found.start() == found.end():
            raise Refused("a delimiter must not match the empty text")
        out.append(text[end : found.start()])
        end = found.end()
    return [*out, text[end:]]


def _found(run: Run, search: Pattern, text: str, pattern: str) -> Iterator[Match]:
    try:
        for found in search.finditer(text, timeout=run.bounds.regex_seconds):
            run.room(1)
            yield found
    except TimeoutError as late:
        raise _too_slow(run, pattern) from late


def _too_slow(run: Run, pattern: str) -> FeelBoundExceeded:
    return FeelBoundExceeded(
        "The pattern {pattern!r} takes longer than {seconds} seconds", pattern=pattern[:60], seconds=run.bounds.regex_seconds
    )


@builtin(
    "string join(list: list<string>, delimiter?: string | null): string",
    'string join(["a", "b", null], "、")',
    '"a、b"',
    with_run=True,
)
def string_join(run: Run, parts: list[str | None], delimiter: str | None = None) -> str:
    """The texts of a list, nulls left out, with the delimiter between them."""
    present = [part for part in parts if part is not None]
    run.length(sum(map(len, present)) + len(delimiter or "") * len(present))
    return (delimiter or "").join(present)
