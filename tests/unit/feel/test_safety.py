"""What a malicious or careless designer may upload: nothing of it runs Python, and all of it ends soon."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.feel import Bounds, Feel, FeelBoundExceeded, FeelError, FeelSyntaxError
from tests.support.effort import at_most, effort
from tests.unit.feel.asking import FEEL, value

ESCAPES = [
    "__import__('os').system('id')",
    '__import__("os")',
    '"".__class__',
    '"".__class__.__mro__[1].__subclasses__()',
    "x.__class__",
    "x.__dict__",
    "x.real",
    "x.from_bytes",
    "d.keys",
    "d.items()",
    "l.append(1)",
    '"a".upper()',
    '"{0.__class__}".format(1)',
    "abs.__globals__",
    "abs.signatures",
    "(function(a) a).parameters",
    "[1..2].feel_text",
    '@"2026-01-01".today',
    'get value(x, "__class__")',
    'get value(d, "__class__")',
    'eval("1")',
    'exec("1")',
    'open("/etc/passwd")',
    "globals()",
    "lambda: 1",
    "import os",
    "`id`",
    "${1 + 1}",
    "#{1}",
    "{{ 7 * 7 }}",
    'function(x) external {java: {class: "java.lang.Runtime", method signature: "exec(java.lang.String)"}}',
    '(function(x) external {java: {class: "java.lang.Runtime", method signature: "exec(java.lang.String)"}})("id")',
]


@pytest.mark.parametrize("text", ESCAPES)
def test_no_escape_leads_to_python(text):
    try:
        result = FEEL.expression(text).evaluate({"x": 1, "d": {"a": 1}, "l": [1]})
    except FeelError:
        return
    assert result is None or result == {} or hasattr(result, "invoke"), result


DOUBLING = "{a: [1, 1], " + ", ".join(f"{chr(c)}: [{chr(c - 1)}, {chr(c - 1)}]" for c in range(ord("b"), ord("w"))) + "}"

TOO_MANY_STEPS = "The expression takes more than 500000 steps"
TOO_DEEP = "Functions call one another more than 80 deep"
LONG_LIST = "A list has more than 100000 elements"
LONG_TEXT = "A text has more than 1000000 characters"
LARGE_RESULT = "The result has more than 1000000 parts"
BOMBS = [
    ("for i in 1..1000000000 return i", TOO_MANY_STEPS),
    ("for i in 1..1000, j in 1..1000, k in 1..1000 return i", TOO_MANY_STEPS),
    ("count(for i in 1..99999, j in 1..99999 return 1)", TOO_MANY_STEPS),
    ("some i in 1..100000, j in 1..100000 satisfies i + j < 0", TOO_MANY_STEPS),
    ("{f: function(x) f(x + 1), r: f(1)}.r", TOO_DEEP),
    ("{f: function(x) f(x) + f(x), r: f(1)}.r", TOO_DEEP),
    ("(function(f) f(f))(function(f) f(f))", TOO_DEEP),
    ("{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(35)}.r", TOO_MANY_STEPS),
    ("sort(for i in 1..50000 return -i, function(x, y) count(for k in 1..1000 return k) > x)", TOO_MANY_STEPS),
    ('for i in @"0001-01-01"..@"9999-12-31" return i', TOO_MANY_STEPS),
    (f"{DOUBLING}.v", LARGE_RESULT),
    (f"string({DOUBLING})", "The text of a value is longer than allowed"),
    (f"{DOUBLING} = {DOUBLING}", "Two values are too large to be compared"),
    (f"flatten([{DOUBLING}.v])", TOO_MANY_STEPS),
    (
        "{w: function(l) concatenate(l, l), a: w([1, 2, 3, 4, 5, 6, 7, 8]), b: w(w(w(w(w(w(w(w(w(w(w(w(w(w(w(w(a))))))))))))))))}",
        LONG_LIST,
    ),
    ('for i in 0..200 return if i = 0 then "ab" else partial[-1] + partial[-1]', LONG_TEXT),
    ("for i in 0..40 return if i = 0 then [1] else concatenate(partial[-1], partial[-1])", LONG_LIST),
    ("for i in 1..100 return partial", LARGE_RESULT),
    ("distinct values(for i in 1..50000 return [i])", TOO_MANY_STEPS),
    ('string join(for i in 1..90000 return "aaaaaaaaaaaaaaaaaaaa")', LONG_TEXT),
]
MOST_EFFORT = 100_000  # yardsticks; the dearest, half a million calls of functions, takes a tenth of that


@pytest.mark.parametrize(("text", "sentence"), BOMBS)
def test_every_bomb_is_stopped_by_the_bound_that_is_meant_for_it(text, sentence):
    with at_most(MOST_EFFORT), pytest.raises(FeelBoundExceeded) as stopped:
        FEEL.expression(text).evaluate({})
    assert str(stopped.value) == sentence


BACKTRACKING = ["(a+)+$", "(a|aa)+$", "(.*a){20}$b", "^(([a-z])+.)+[A-Z]([a-z])+$"]
HARMLESS = ["(a*)*b", "(a*)*$b", "(a?){200}a{200}$", "((a{0,90}){0,90})b"]  # the search sees through them, or refuses them
WITH_PATTERN = pytest.mark.parametrize("function", ["matches(x, p)", 'replace(x, p, "")', "split(x, p)"])
MANY_TRIES = {"x": "a" * 3000 + "!"}


@WITH_PATTERN
@pytest.mark.parametrize("pattern", BACKTRACKING)
def test_a_pattern_that_would_try_for_ever_is_stopped(pattern, function):
    with pytest.raises(FeelBoundExceeded, match="takes longer than"):
        FEEL.expression(function).evaluate({**MANY_TRIES, "p": pattern})


@WITH_PATTERN
@pytest.mark.parametrize("pattern", HARMLESS)
def test_a_pattern_that_only_looks_dangerous_is_answered(pattern, function):
    FEEL.expression(function).evaluate({**MANY_TRIES, "p": pattern})


@pytest.mark.parametrize(
    "pattern", ["a{99999}", "(a{200}){200}", "a" * 3000, "(?i)a", "(?=a)", "(?P<x>a)", "a++", "\\Aa", "(?R)", "\\x41"]
)
def test_patterns_outside_xpath_are_refused(pattern):
    assert FEEL.expression("matches(x, p)").evaluate({"x": "a", "p": pattern}) is None


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "[" * 5000 + "]" * 5000,
        "{a: " * 3000 + "1" + "}" * 3000,
        "-" * 5000 + "1",
        "+".join("1" * 5000),
        "a" + ".b" * 5000,
        "a" + "[1]" * 5000,
        "if a then " * 3000 + "1" + " else 2" * 3000,
        "if a then 1 else " * 1000 + "2",
        "function(x) " * 1600 + "1",
        "1" * 30000,
        '"' + "x" * 30000 + '"',
        "not(" * 4000 + "a" + ")" * 4000,
        "1e999999999",
        "x instance of " + "list<" * 3000 + "number" + ">" * 3000,
    ],
)
def test_endless_texts_are_refused_when_read(text):
    with pytest.raises(FeelSyntaxError):
        FEEL.expression(text)


def test_the_deepest_allowed_text_runs():
    depth = FEEL.bounds.nesting - 1
    assert value("(" * depth + "1" + ")" * depth) == 1
    assert value("1" + " + 1" * FEEL.bounds.chain) == FEEL.bounds.chain + 1
    assert value("if false then 0 else " * 240 + "5") == 5


@pytest.mark.parametrize(
    ("bounds", "text", "message"),
    [
        (Bounds(steps=100), "for i in 1..101 return i", "The expression takes more than 100 steps"),
        (Bounds(collection=10), "for i in 1..11 return i", "A list has more than 10 elements"),
        (Bounds(string=5), '"abc" + "def"', "A text has more than 5 characters"),
        (Bounds(call_depth=3), "{f: function(x) f(x), r: f(1)}.r", "Functions call one another more than 3 deep"),
    ],
)
def test_each_bound_has_its_own_sentence(bounds, text, message):
    with pytest.raises(FeelBoundExceeded) as caught:
        Feel(bounds=bounds).expression(text).evaluate({})
    assert str(caught.value) == message


def test_a_result_never_shares_the_caller_s_lists():
    rows = [1, 2]
    result = value("rows", rows=rows)
    result.append(3)
    assert rows == [1, 2]


def test_absurd_numbers_from_outside_are_null():
    for absurd in (Decimal("1e999999999"), Decimal("-Infinity"), Decimal("NaN"), float("inf")):
        assert value("string(x)", x=absurd) is None


def test_reading_takes_time_in_proportion_to_the_text():
    def nested(depth: int) -> str:
        text = "1"
        for _ in range(depth):
            text = f"(x in ({text}) + 1)"
        return text

    for short, long in ((nested(8), nested(24)), ("f(" + "a-" * 80 + "1)", "f(" + "a-" * 240 + "1)")):
        ratio = effort(lambda text=long: Feel().expression(text)) / effort(lambda text=short: Feel().expression(text))
        assert ratio < 30, "three times the text"
