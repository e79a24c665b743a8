"""What diagrams say about the matters people begin: who, about what, under which number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml
from lxml import etree

from procurement.accounts.roles import ROLES
from procurement.registers import numbers
from procurement.registers.matters import ABOUT

HOME = Path(__file__).parents[2]
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def said() -> Iterator[tuple[str, dict[str, str]]]:
    """Process id and properties of every process that may be begun by hand."""
    for path in sorted((HOME / "processes").glob("*/*.bpmn")):
        for process in etree.parse(path).getroot().iter(f"{BPMN}process"):
            found = process.findall(f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property")
            properties = {str(one.get("name")): str(one.get("value")) for one in found}
            if "startable_by" in properties:
                yield str(process.get("id")), properties


def test_only_roles_of_the_office_may_begin_one():
    wrong = {name: roles for name, one in said() if (roles := {r.strip() for r in one["startable_by"].split(",")} - ROLES.keys())}
    assert wrong == {}


def test_each_says_what_it_is_about_and_stands_under_a_system():
    wrong = [
        name for name, one in said() if one.get("about", "none") not in ABOUT or not one.get("system") or not one.get("prefix")
    ]
    assert wrong == []


def test_no_two_share_a_number_series():
    taken = {value for name, value in vars(numbers).items() if name.isupper() and isinstance(value, str)}
    ledgers = [
        yaml.safe_load(path.read_text(encoding="utf-8"))["number"] for path in (HOME / "processes").glob("*/*.ledger.yaml")
    ]
    count = Counter([*(one["prefix"] for _, one in said()), *ledgers])
    assert sorted(prefix for prefix, n in count.items() if n > 1) == []
    assert sorted(taken & count.keys()) == []
