"""Re-evaluate past decisions against a changed table: time for 100,000, and the ratio to reading their inputs only.

Run: python bench/dmn_replay.py [COUNT]. The bound is 30 seconds for 100,000 on two cores.
"""

from __future__ import annotations

import random
import sys
import time
from decimal import Decimal

from engine.dmn import load
from engine.dmn.replay import PastDecision, replay
from engine.feel import Feel

RULES = """
<rule><inputEntry><text>true</text></inputEntry><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
 <outputEntry><text>"statutory"</text></outputEntry><annotationEntry><text>第八条</text></annotationEntry></rule>
<rule><inputEntry><text>false</text></inputEntry><inputEntry><text>&lt;= {limit}</text></inputEntry><inputEntry><text>not("construction")</text></inputEntry>
 <outputEntry><text>"committee"</text></outputEntry><annotationEntry><text>第九条(一)</text></annotationEntry></rule>
<rule><inputEntry><text>false</text></inputEntry><inputEntry><text>({limit}..1000000)</text></inputEntry><inputEntry><text>not("construction")</text></inputEntry>
 <outputEntry><text>"open_comparison"</text></outputEntry><annotationEntry><text>第九条(二)</text></annotationEntry></rule>
<rule><inputEntry><text>false</text></inputEntry><inputEntry><text>&gt;= 1000000</text></inputEntry><inputEntry><text>not("construction")</text></inputEntry>
 <outputEntry><text>"statutory"</text></outputEntry><annotationEntry><text>第十条</text></annotationEntry></rule>
<rule><inputEntry><text>false</text></inputEntry><inputEntry><text>-</text></inputEntry><inputEntry><text>"construction"</text></inputEntry>
 <outputEntry><text>"not_purchasable"</text></outputEntry><annotationEntry><text>第五条</text></annotationEntry></rule>
"""

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="method" name="method" namespace="bench">
<decision id="route" name="采购方式"><decisionTable id="route_table" hitPolicy="UNIQUE">
<input label="法定范围"><inputExpression typeRef="boolean"><text>statutory_scope</text></inputExpression></input>
<input label="金额"><inputExpression typeRef="number"><text>amount</text></inputExpression></input>
<input label="类别"><inputExpression typeRef="string"><text>category</text></inputExpression></input>
<output name="route" typeRef="string"/><annotation name="依据"/>{rules}</decisionTable></decision></definitions>"""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    feel = Feel()
    old, new = (load(MODEL.format(rules=RULES.format(limit=limit)), feel=feel) for limit in (50_000, 80_000))
    chance = random.Random(7)
    past = []
    for n in range(count):
        inputs = {
            "statutory_scope": chance.random() < 0.1,
            "amount": Decimal(chance.randrange(100, 200_000_000)) / 100,
            "category": chance.choice(["elder_care", "social_work", "construction", "survey"]),
            "purchase_id": f"CG-2026-{n:06d}",
        }
        past.append(PastDecision(n, inputs, None))
    past = [PastDecision(p.reference, p.inputs, old.evaluate("route", p.inputs).value) for p in past[: min(count, 5000)]] + past[
        5000:
    ]

    started = time.perf_counter()
    floor = sum(len([test for test in record.inputs.values() if test is not None]) for record in past)
    reading = time.perf_counter() - started
    started = time.perf_counter()
    report = replay(new, "route", past)
    seconds = time.perf_counter() - started
    changed = sum(1 for change in report.changes if change.before is not None)
    print(
        f"{report.evaluated} past decisions in {seconds:.1f} s: {seconds / count * 1e6:.0f} µs each, {count / seconds:.0f} per second"
    )
    print(f"of the first {min(count, 5000)}, decided with the old limit, {changed} would go elsewhere")
    print(f"ratio to only reading their {floor} inputs: {seconds / reading:.0f}")
    print(f"100,000 take {seconds / count * 100_000:.1f} s; the bound is 30 s")


if __name__ == "__main__":
    main()
