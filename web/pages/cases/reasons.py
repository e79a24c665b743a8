"""Why a case is where it is: what each gateway and rule table saw, and what it answered."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from engine.model import HistoryEntry, UserTask
from web.pages.cases.drawing import drawn
from web.pages.cases.names import person_name
from web.pages.cases.values import label, told
from web.pages.services import engine

CONDITIONS, DECISION = "conditions_evaluated", "decision_evaluated"
COMPLETED, RETURNED = "user_task_completed", "user_task_returned"
CREATED = "user_task_created"
KINDS = (CONDITIONS, DECISION, COMPLETED, RETURNED, CREATED)


@dataclass(frozen=True)
class Rule:
    """One matched row of a rule table: its number, what the columns beside it say (article, source), its answers."""

    number: int
    notes: dict[str, str]
    outputs: dict[str, Any]


@dataclass(frozen=True)
class Condition:
    label: str
    expression: str
    inputs: dict[str, Any]
    result: Any
    taken: bool


@dataclass(frozen=True)
class Reason:
    """``kind`` is gateway, table or person; ``answer`` is where it went, in the diagram's words."""

    kind: str
    at: Any
    question: str
    answer: str
    note: str = ""
    inputs: tuple[tuple[str, Any], ...] = ()
    rules: tuple[Rule, ...] = ()
    conditions: tuple[Condition, ...] = ()
    version: int | None = None
    definition_key: int | None = None

    @property
    def article(self) -> str:
        """The legal source, from the matched rule's columns, else from the diagram."""
        named = [text for rule in self.rules for text in rule.notes.values() if text]
        return "；".join(dict.fromkeys(named)) or self.note


def of_case(root_key: int, definitions: Mapping[int, int]) -> list[Reason]:
    """Every gateway and rule table of the case, oldest first. ``definitions``: definition key by instance key."""
    entries = engine().history(root_key, kinds=(CONDITIONS, DECISION))
    return [reason for entry in entries if (reason := _reason(entry, definitions.get(entry.instance_key, 0)))]


def of_task(task: UserTask) -> list[Reason]:
    """What led to this task since somebody last acted, that act first."""
    return [reason for entry in _leading_to(task, _recent(task.root_key)) if (reason := _reason(entry, task.definition_key))]


def after_task(task: UserTask) -> list[Reason]:
    """What the diagram answered once this task was completed, up to where the case waits again."""
    entries = engine().history(task.root_key, kinds=KINDS)
    own = next((n for n, entry in enumerate(entries) if entry.kind == COMPLETED and entry.element_key == task.key), None)
    if own is None:
        return []
    following = itertools.takewhile(lambda entry: entry.kind not in (COMPLETED, RETURNED), entries[own + 1 :])
    return [reason for entry in following if (reason := _reason(entry, task.definition_key))]


def in_short(tasks: Sequence[UserTask]) -> dict[int, str]:
    """One line per task, by task key."""
    recent: dict[int, list[HistoryEntry]] = {}
    lines = {}
    for task in tasks:
        if task.root_key not in recent:
            recent[task.root_key] = _recent(task.root_key)
        lines[task.key] = _line(task, recent[task.root_key])
    return lines


def _recent(root_key: int) -> list[HistoryEntry]:
    return list(engine().history(root_key, kinds=KINDS))


def _leading_to(task: UserTask, entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    leading: list[HistoryEntry] = []
    for entry in entries:
        if entry.kind == CREATED:
            if entry.element_key == task.key:
                break
        elif entry.kind in (COMPLETED, RETURNED):
            leading = [entry]
        else:
            leading.append(entry)
    return leading


def _line(task: UserTask, entries: Iterable[HistoryEntry]) -> str:
    """Who acted last, and the last answer after that."""
    leading = _leading_to(task, entries)
    parts = []
    for reason in filter(None, (_reason(entry, task.definition_key) for entry in leading)):
        if reason.kind == "person":
            parts = [reason.answer]
        else:
            parts = [*parts[:1], f"{reason.question} → {reason.answer}"]
    return "；".join(parts) or _("案件由此开始")


def _reason(entry: HistoryEntry, definition_key: int) -> Reason | None:
    if entry.kind == CONDITIONS:
        return _gateway(entry, definition_key)
    if entry.kind == DECISION:
        return _table(entry, definition_key)
    if entry.kind == COMPLETED:
        text = _("%(who)s 办结“%(step)s”", who=person_name(entry.actor), step=_step_name(entry, definition_key))
        return Reason("person", entry.at, "", text)
    if entry.kind == RETURNED:
        text = _("%(who)s 退回：%(reason)s", who=person_name(entry.actor), reason=entry.data.get("reason", ""))
        return Reason("person", entry.at, "", text)
    return None


def _step_name(entry: HistoryEntry, definition_key: int) -> str:
    return str(entry.data.get("name") or drawn(definition_key, entry.element_id).label)


def _gateway(entry: HistoryEntry, definition_key: int) -> Reason:
    element = drawn(definition_key, entry.element_id)
    taken = entry.data.get("taken", [])
    conditions = tuple(
        Condition(
            drawn(definition_key, c["flow"]).name or drawn(definition_key, c["flow"]).id,
            c.get("expression") or "",
            c.get("inputs") or {},
            c.get("result"),
            c["flow"] in taken,
        )
        for c in entry.data.get("conditions", [])
    )
    inputs = {label(name): value for condition in conditions for name, value in condition.inputs.items()}
    went = "、".join(drawn(definition_key, flow).name or _("继续") for flow in taken)
    return Reason("gateway", entry.at, element.label, went, element.note, tuple(inputs.items()), conditions=conditions)


def _table(entry: HistoryEntry, definition_key: int) -> Reason:
    explanation: dict[str, Any] = entry.data.get("explanation") or {}
    rules = tuple(
        Rule(int(rule["rule"]), {k: str(v) for k, v in (rule.get("annotations") or {}).items() if v}, {label(k): v for k, v in (rule.get("outputs") or {}).items()})
        for table in explanation.get("tables", [])
        for rule in table.get("matched", [])
    )
    labelled = tuple(
        (str(column.get("label") or label(str(column.get("expression")))), column.get("value"))
        for table in explanation.get("tables", [])
        for column in table.get("inputs", [])
    )
    element = drawn(definition_key, entry.element_id)
    return Reason(
        "table",
        entry.at,
        str(explanation.get("name") or element.label),
        told(entry.data.get("output")),
        element.note,
        labelled or tuple((label(name), value) for name, value in (explanation.get("inputs") or {}).items()),
        rules,
        version=entry.data.get("version"),
        definition_key=entry.data.get("decision_key"),
    )
