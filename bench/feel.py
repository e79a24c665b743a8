"""What reading and running FEEL costs, beside Python's own ``eval`` of the same test.

    python -m bench.feel

Figures move from machine to machine: read the ratios. Aims: a warm ``> 50000`` within 10 µs, reading it within 200 µs.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from decimal import Decimal

from engine.feel import Feel

CASES = [
    ("cell > 50000", "> 50000", True),
    ('cell "A","B"', '"A", "B"', True),
    ("cell [30000..50000)", "[30000..50000)", True),
    ("condition", 'amount > 50000 and route = "committee"', False),
    ("sum of a path", "sum(rows.amount) <= amount * 1.1", False),
    ("filter of 100", "count(rows[amount > 500])", False),
    ("for of 100", "for r in rows return r.amount * 2", False),
    ("date", 'date("2026-03-02") + duration("P5D") > date("2026-03-06")', False),
]
CONTEXT = {"amount": Decimal(60000), "route": "committee", "rows": [{"amount": Decimal(i * 10)} for i in range(100)]}


def microseconds(call: Callable[[], object]) -> float:
    """Per call, the best of five runs of about a twentieth of a second."""
    timer = timeit.Timer(call)
    count = max(1, int(0.05 / max(timer.timeit(1), 1e-7)))
    return min(timer.repeat(5, count)) / count * 1e6


def main() -> None:
    feel = Feel()
    subject = Decimal(60000)
    python = compile("x > 50000", "<bench>", "eval")
    names = {"x": subject}
    base = microseconds(lambda: eval(python, names))
    raw = microseconds(lambda: eval("x > 50000", names))
    print(f"{'Python eval, compiled':24}{base:9.2f} µs\n{'Python eval, text':24}{raw:9.2f} µs\n")
    print(f"{'':24}{'read':>9}{'run, warm':>12}{'ratio to compiled eval':>25}")
    for label, text, is_cell in CASES:
        read = microseconds(lambda text=text, is_cell=is_cell: fresh(feel, text, cell=is_cell))
        if is_cell:
            run = microseconds(lambda text=text: feel.unary_tests(text).matches(subject, CONTEXT))
        else:
            run = microseconds(lambda text=text: feel.expression(text).evaluate(CONTEXT))
        print(f"{label:24}{read:6.1f} µs{run:9.2f} µs{run / base:25.1f}")


def fresh(feel: Feel, text: str, *, cell: bool) -> object:
    """Read ``text`` again, past the cache: type definitions are never kept."""
    types = {"tNothing": feel.expression("1").type()}
    return feel.unary_tests(text, types=types) if cell else feel.expression(text, types=types)


if __name__ == "__main__":
    main()
