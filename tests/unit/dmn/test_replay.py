"""Past decisions on a changed table."""

from __future__ import annotations

from decimal import Decimal

from engine import json_codec
from engine.dmn.replay import PastDecision, from_explanations, replay

OLD = [("<= 50000", '"committee"', "第九条"), ("> 50000", '"open_comparison"', "第九条")]
NEW = [
    ("<= 80000", '"committee"', "第九条"),
    ("(80000..100000)", '"open_comparison"', "第九条"),
    ("> 100000", '"statutory"', "第十条"),
]
COLUMNS = ([("amount", "number")], [("route", "string")])


def test_only_decisions_with_another_answer_are_listed_with_both(make):
    old, new = make(*COLUMNS, OLD), make(*COLUMNS, NEW)
    amounts = [Decimal(n) for n in (40000, 60000, 90000, 100000, 200000)]
    rows = []
    for n, amount in enumerate(amounts):
        evaluation = old.evaluate("route", {"amount": amount})
        stored = json_codec.loads(json_codec.dumps(evaluation.explanation))
        rows.append({"reference": f"CG-{n}", "explanation": stored, "value": evaluation.value})
    report = replay(new, "route", from_explanations(rows))
    assert report.evaluated == 5
    assert [(c.reference, c.before, c.after) for c in report.changes] == [
        ("CG-1", "open_comparison", "committee"),
        ("CG-3", "open_comparison", None),
        ("CG-4", "open_comparison", "statutory"),
    ]
    assert report.changes[0].rules_before == {"the_table": (2,)}
    assert report.changes[0].rules_after == {"the_table": (1,)}
    assert "No rule of table route matches amount = 100000" in report.changes[1].failure


def test_a_rule_that_only_moved_changes_nothing(make):
    swapped = make(*COLUMNS, [OLD[1], OLD[0]])
    assert replay(swapped, "route", [PastDecision("a", {"amount": 5}, "committee", {"the_table": (1,)})]).changes == ()


def test_decisions_on_lists_and_contexts_are_replayed_too(make):
    model = make([("count(votes)", "number")], [("n", "number")], [("-", "count(votes)")])
    report = replay(model, "route", [PastDecision(1, {"votes": [True, {"a": 1}]}, 2), PastDecision(2, {"votes": []}, 1)])
    assert [c.reference for c in report.changes] == [2]
