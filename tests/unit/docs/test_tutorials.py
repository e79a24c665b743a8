"""The tutorials name accounts of the demo office and tasks and choices of the forms as they are."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from lxml import etree

from procurement.demo.people import ACCOUNTS
from procurement.demo.reading import data
from tests.unit.docs.pages import DOCS, ROOT, name

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TUTORIALS = sorted((DOCS / "tutorial").glob("*.md"))
ROW = re.compile(r"^\| (`[^|]+|三位专家) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
QUOTED = re.compile(r"“([^”]+)”")


@cache
def task_forms():
    """Form id by the name of the user task."""
    trees = [etree.parse(file) for file in (ROOT / "processes").glob("*/*.bpmn")]
    return {task.get("name"): task.get("id") for tree in trees for task in tree.iter(f"{BPMN}userTask")}


@cache
def words_of(form_id):
    """Every label a person may read or choose in a form, and the names behind the demo's registers."""
    (file,) = (ROOT / "forms").glob(f"*/{form_id}.form")
    labels = set()

    def walk(component):
        labels.add(component.get("label", ""))
        labels.update(choice["label"] for choice in component.get("values", ()))
        for inner in component.get("components", ()):
            walk(inner)

    walk({"components": json.loads(file.read_text(encoding="utf-8"))["components"]})
    return labels


def logins():
    accounts, parties = data("accounts"), data("parties")
    known = {row["login"] for group in ("office", "agencies") for row in accounts[group]}
    known |= {f"org{n:02}" for n in range(1, len(parties["organisations"]) + 1)}
    return known | {f"zj{n:02}" for n in range(1, len(parties["experts"]) + 1)} | {account.login for account in ACCOUNTS}


def rows(page):
    """Accounts, task and what to enter, of each row that names a task."""
    return [(who, re.sub(r"（.*）", "", task).strip(), how) for who, task, how in ROW.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", TUTORIALS, ids=name)
def test_every_row_names_a_task_and_accounts_that_exist(page):
    assert rows(page)
    for who, task, _ in rows(page):
        assert task in task_forms(), task
        assert set(re.findall(r"`([a-z0-9]+)`", who)) <= logins(), who


@pytest.mark.parametrize("page", TUTORIALS, ids=name)
def test_what_is_to_be_chosen_can_be_chosen(page):
    budgets, organisations = {row["name"] for row in data("budgets")}, {row["name"] for row in data("parties")["organisations"]}
    catalogue = {f"{code} {text}" for items in data("catalogue")["categories"].values() for code, text in items.items()}
    for _, task, how in rows(page):
        for decision in re.findall(r"(?:意见|选|方式|结论|类别|来源)“([^”]+)”", how):
            known = words_of(task_forms()[task]) | budgets | organisations | catalogue
            assert any(decision.split("（")[0] in label for label in known), f"{task}: {decision}"
