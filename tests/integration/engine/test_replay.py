"""A changed table, asked again about every past decision: which cases would have gone elsewhere."""

from __future__ import annotations

import pytest

from engine.errors import DefinitionInvalid
from engine.model import Resource
from tests.integration.engine.office import Office
from tests.unit.spiff.diagrams import ext

TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="urn:test">
  <decision id="size" name="Size">
    <variable name="size"/>
    <decisionTable id="size_table" hitPolicy="UNIQUE">
      <input id="i"><inputExpression typeRef="number"><text>amount</text></inputExpression></input>
      <output id="o" name="size" typeRef="string"/>
      <rule id="small"><inputEntry id="a"><text>&lt;= LIMIT</text></inputEntry><outputEntry id="b"><text>"small"</text></outputEntry></rule>
      <rule id="large"><inputEntry id="c"><text>&gt; LIMIT</text></inputEntry><outputEntry id="d"><text>"large"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def table(limit: int) -> bytes:
    return TABLE.replace("LIMIT", str(limit)).encode()


def test_only_the_cases_between_the_old_and_the_new_limit_change(office: Office) -> None:
    ask = ext('<zeebe:calledDecision decisionId="size" resultVariable="answer"/>')
    process = office.deploy(
        "s -> d -> u1 -> e", f'<businessRuleTask id="d">{ask}</businessRuleTask>', Resource("size.dmn", table(50_000))
    )
    for amount in (40_000, 50_000, 60_000, 90_000):
        office.start(process, business_key=f"case {amount}", amount=amount)
    report = office.engine.replay_decision("size", table(70_000), file="size.dmn")
    assert report.evaluated == 4
    assert [(change.reference, change.before, change.after) for change in report.changes] == [("case 60000", "large", "small")]


def test_a_table_that_cannot_be_read_is_refused_before_anything_is_replayed(office: Office) -> None:
    with pytest.raises(DefinitionInvalid):
        office.engine.replay_decision("size", b"<definitions/>", file="bad.dmn")
