from __future__ import annotations

import pytest

from engine.feel.values.types import NUMBER, STRING
from tests.unit.feel.asking import FEEL


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("amount > limit", {"amount", "limit"}),
        ("purchase.amount > 5", {"purchase"}),
        ("count(rows) + sum(rows.amount)", {"rows"}),
        ("for i in rows return i + k", {"rows", "k"}),
        ("some x in xs, y in x satisfies y > z", {"xs", "z"}),
        ("{a: b, c: a}.c", {"b"}),
        ("(function(a) a + b)(c)", {"b", "c"}),
        ("rows[price > limit]", {"rows", "price", "limit"}),
        ("date(published) < today()", {"published"}),
        ("own rule(x)", {"own rule", "x"}),
        ("duration > 5", {"duration"}),
    ],
)
def test_the_variables_an_expression_reads_are_known(text, variables):
    assert FEEL.expression(text, ["own rule"]).variables == variables


def test_the_variables_of_a_cell_do_not_count_the_input():
    assert FEEL.unary_tests("? > limit, [low..9]").variables == {"limit", "low"}


@pytest.mark.parametrize(
    ("text", "severity", "message"),
    [
        ("amuont > 5", "warning", "line 1, column 1: there is no variable amuont; did you mean amount?"),
        ("cuont(amount)", "error", "line 1, column 1: there is no function cuont; did you mean count?"),
        (
            'substring("a")',
            "error",
            "line 1, column 10: the arguments do not fit substring(string, start position, length?)",
        ),
        ("abs(number: 1)", "error", "line 1, column 4: the arguments do not fit abs(n)"),
        ('"a" > 5', "error", "line 1, column 5: a string and a number can never be compared, so > has no answer"),
        ('1 + "a"', "error", "line 1, column 3: + is not defined for number and string"),
        ('amount = "5"', "error", "line 1, column 8: a number and a string can never be compared, so = has no answer"),
        ('date("2026-01-01").yaer', "error", "line 1, column 19: a date has no yaer"),
        ('@"2026-13-01"', "error", "line 1, column 1: '2026-13-01' is not a date, time or duration"),
        ("{a: 1, a: 2}", "error", "line 1, column 1: the context has the key a twice"),
        ("function() external {java: {}}", "error", "line 1, column 1: external code is never run"),
    ],
)
def test_what_cannot_work_is_found_before_it_runs(text, severity, message):
    findings = FEEL.expression(text).findings(["amount", "title"], {"amount": NUMBER, "title": STRING})
    assert [(finding.severity, finding.message) for finding in findings] == [(severity, message)]


@pytest.mark.parametrize(
    "text",
    [
        "amount > 5",
        'for amount in ["a"] return amount = "a"',
        'rows[amount = "x"]',
        "null = 5",
        "sum(rows.amount)",
        "max(1, 2, 3)",
        'date("2026-01-01") + duration("P1D") < date("2026-02-01")',
        "(function(x) x)(1)",
        "{f: function(n) f(n - 1)}",
    ],
)
def test_sound_expressions_have_no_findings(text):
    assert FEEL.expression(text).findings(["amount", "rows"], {"amount": NUMBER}) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1 + 2", "number"),
        ("amount * 2", "number"),
        ("amount > 5", "boolean"),
        ('if amount > 5 then "a" else "b"', "string"),
        ('if amount > 5 then "a" else null', "string"),
        ('if amount > 5 then "a" else 1', "Any"),
        ("[1, 2]", "list<number>"),
        ('{a: 1, b: "x"}', "context<a: number, b: string>"),
        ("{a: 1}.a", "number"),
        ('@"2026-01-01" - @"2025-01-01"', "days and time duration"),
        ('@"2026-01-01" + @"P1D"', "date"),
        ("today()", "date"),
        ("unknown", "Any"),
    ],
)
def test_the_type_of_the_result_is_told_where_it_can_be(text, kind):
    assert FEEL.expression(text).type({"amount": NUMBER}).feel_text() == kind
