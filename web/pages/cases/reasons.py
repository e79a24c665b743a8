"""Why a case is where it is: what each gateway and rule table saw, and what it answered."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from engine.errors import NotFound
from engine.model import Comparisons, HistoryEntry, UserTask
from web.pages.cases.answers import headings
from web.pages.cases.drawing import drawn
from web.pages.cases.names import learn, person_name
from web.pages.cases.values import label, told
from web.pages.cases.variable_words import Looked, condition_in_words, in_words, number_asked
from web.pages.services import engine

CONDITIONS, DECISION = "conditions_evaluated", "decision_evaluated"
COMPLETED, RETURNED = "user_task_completed", "user_task_returned"
CREATED = "user_task_created"
STARTED = "instance_started"
UNDONE, MET = "compensation_triggered", "condition_met"
AT_ONCE = 80  # entries one command writes before its task, at most
LINE = 90  # characters of the inbox's line
KINDS = (CONDITIONS, DECISION, UNDONE, MET, COMPLETED, RETURNED, CREATED, STARTED)


@dataclass(frozen=True)
class Rule:
    """One matched row of a rule table: its number, and what the columns beside it say (article, source)."""

    number: int
    notes: dict[str, str]


@dataclass(frozen=True)
class Condition:
    label: str
    expression: str
    inputs: dict[str, Any]
    result: Any
    taken: bool
    told: str = ""  # the expression in words


@dataclass(frozen=True)
class Reason:
    """``kind`` is gateway, table, undoing, event or person; ``answer`` is where it went, in the diagram's words."""

    kind: str
    at: Any
    question: str
    answer: str
    note: str = ""
    inputs: tuple[Looked, ...] = ()
    rules: tuple[Rule, ...] = ()
    conditions: tuple[Condition, ...] = ()
    version: int | None = None
    definition_key: int | None = None
    value: Any = None  # of a rule table that gives one number
    source: str = ""  # the article a rule table answers with

    @property
    def own_source(self) -> str:
        """The article the table answers with, unless a matched row names it too."""
        return "" if any(self.source in rule.notes.values() for rule in self.rules) else self.source

    @property
    def is_number(self) -> bool:
        """Whether a rule table was only asked for one of the office's numbers."""
        return self.kind == "table" and bool(self.value)

    @property
    def article(self) -> str:
        """The legal source, from the matched rule's columns, else from the diagram."""
        named = [self.source, *(text for rule in self.rules for text in rule.notes.values())]
        return "；".join(dict.fromkeys(filter(None, named))) or self.note


def of_case(
    root_key: int, definitions: Mapping[int, int], before: int | None = None, *, limit: int
) -> tuple[list[Reason], int | None]:
    """Gateways, rule tables, conditions and what was undone in the case, newest first, and where the next page begins.

    ``definitions``: definition key by instance key; ``before``: as the page before this one said.
    """
    entries = engine().newest_history(root_key, limit=limit + 1, kinds=(CONDITIONS, DECISION, UNDONE, MET), before_seq=before)
    shown = entries[:limit]
    told_ = [
        _worded(reason, [definitions.get(entry.instance_key, 0), *definitions.values()])
        for entry in shown
        if (reason := _reason(entry, definitions.get(entry.instance_key, 0)))
    ]
    return told_, shown[-1].seq if len(entries) > limit else None


def _worded(reason: Reason, definition_keys: Iterable[int]) -> Reason:
    """Variables by the words of the forms and steps that give them, those of the reason's own process first."""
    keys = list(dict.fromkeys(key for key in definition_keys if key))
    conditions = tuple(replace(one, told=condition_in_words(one.expression, one.inputs, keys)) for one in reason.conditions)
    return replace(reason, inputs=tuple(in_words(one, keys) for one in reason.inputs), conditions=conditions)


def of_task(task: UserTask) -> list[Reason]:
    """What led to this task since somebody last acted, that act first."""
    return _told(_leading_to(task, _at_creation(task)), _Definitions(task))


def after_task(task: UserTask) -> list[Reason]:
    """What the diagram answered once this task was completed, up to where the case waits again."""
    if task.ended_at is None:
        return []
    entries = engine().history(task.root_key, kinds=KINDS, since=task.ended_at, limit=AT_ONCE)
    own = next((n for n, entry in enumerate(entries) if entry.kind == COMPLETED and entry.element_key == task.key), None)
    if own is None:
        return []
    following = itertools.takewhile(lambda entry: entry.kind not in (COMPLETED, RETURNED), entries[own + 1 :])
    return _told(following, _Definitions(task))


def in_short(tasks: Sequence[UserTask]) -> dict[int, str]:
    """One line per task, by task key; what they are made of is read for all tasks at once."""
    found = engine().histories_at([(task.root_key, task.created_at) for task in tasks], KINDS)
    entries = {task.key: found.get((task.root_key, task.created_at), []) for task in tasks}
    leading = {task.key: _leading_to(task, entries[task.key]) for task in tasks}
    told = [entry for some in leading.values() for entry in some]
    learn(entry.actor for entry in told)
    definitions = _definitions(tasks, {entry.instance_key for entry in told})
    return {task.key: _line(task, entries[task.key], leading[task.key], definitions) for task in tasks}


def _definitions(tasks: Sequence[UserTask], instance_keys: set[int]) -> dict[int, int]:
    """Definition key by instance key, of the tasks' own instances and of those named."""
    known = {task.instance_key: task.definition_key for task in tasks}
    others = tuple(instance_keys - known.keys())
    if others:
        found = engine().instances(key=Comparisons((("in", others),)), limit=None)
        known |= {instance.key: instance.definition_key for instance in found}
    return known


def _told(entries: Iterable[HistoryEntry], definitions: Mapping[int, int]) -> list[Reason]:
    return [reason for entry in entries if (reason := _reason(entry, definitions.get(entry.instance_key, 0)))]


class _Definitions(dict[int, int]):
    """Definition key by instance key; looked up when first asked for."""

    def __init__(self, task: UserTask) -> None:
        super().__init__({task.instance_key: task.definition_key})

    def get(self, key: int, default: Any = None) -> Any:
        if key not in self:
            try:
                self[key] = engine().instance(key).definition_key
            except NotFound:
                return default
        return self[key]


def _at_creation(task: UserTask) -> list[HistoryEntry]:
    """Entries of the command that created the task: all of one command bear the same moment."""
    return engine().history(task.root_key, kinds=KINDS, since=task.created_at, limit=AT_ONCE)


def _leading_to(task: UserTask, entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    leading: list[HistoryEntry] = []
    for entry in entries:
        if entry.kind == CREATED:
            if entry.element_key == task.key:
                break
        elif entry.kind in (COMPLETED, RETURNED):
            leading = [entry]
        elif entry.kind != STARTED:
            leading.append(entry)
    return leading


def _line(
    task: UserTask, entries: Sequence[HistoryEntry], leading: Sequence[HistoryEntry], definitions: Mapping[int, int]
) -> str:
    """Who acted last, or the first answer when nobody did, and the last answer; of what lies between nothing is made."""
    parts, end = [], len(leading)
    for n, entry in enumerate(leading):
        if said := _said(entry, definitions):
            parts.append(said)
            end = n
            break
    parts += itertools.islice(filter(None, (_said(entry, definitions) for entry in reversed(leading[end + 1 :]))), 1)
    if parts:
        return textwrap.shorten("；".join(parts), LINE, placeholder="…")
    began = any(entry.kind == STARTED and entry.instance_key == task.root_key for entry in entries)
    return _("案件由此开始") if began else _("期限到达或收到消息后自动转来")


def _said(entry: HistoryEntry, definitions: Mapping[int, int]) -> str:
    reason = _reason(entry, definitions.get(entry.instance_key, 0))
    if reason is None or reason.is_number:
        return ""
    return reason.answer if reason.kind == "person" else f"{reason.question} → {reason.answer}"


def _reason(entry: HistoryEntry, definition_key: int) -> Reason | None:
    if entry.kind == CONDITIONS:
        return _gateway(entry, definition_key)
    if entry.kind == DECISION:
        return _table(entry, definition_key)
    if entry.kind == UNDONE:
        activity = drawn(definition_key, str(entry.data.get("activity_id") or "")).label
        return Reason("undoing", entry.at, drawn(definition_key, entry.element_id).label, _("撤销“%(name)s”", name=activity))
    if entry.kind == MET:
        inputs = _looked(entry.data.get("inputs") or {})
        return Reason("event", entry.at, drawn(definition_key, entry.element_id).label, _("条件成立"), inputs=inputs)
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
    looked_at = entry.data.get("conditions", [])
    by_default = [{"flow": flow} for flow in taken if flow not in {c["flow"] for c in looked_at}]
    conditions = tuple(
        Condition(
            drawn(definition_key, c["flow"]).name or drawn(definition_key, c["flow"]).id,
            c.get("expression") or "",
            c.get("inputs") or {},
            c.get("result"),
            c["flow"] in taken,
        )
        for c in [*looked_at, *by_default]
    )
    inputs = _looked({name: value for condition in conditions for name, value in condition.inputs.items()})
    went = "、".join(drawn(definition_key, flow).name or _("继续") for flow in taken)
    return Reason("gateway", entry.at, element.label, went, element.note, inputs, conditions=conditions)


def _looked(values: Mapping[str, Any]) -> tuple[Looked, ...]:
    return tuple(Looked(label(name), value, name) for name, value in values.items())


NOTHING = (None, "", "—")  # a column left empty, or marked as such


def _notes(annotations: Mapping[str, Any]) -> dict[str, str]:
    """Each remark once: a row's description often repeats a column."""
    notes = {
        str(text): _("说明") if header == "description" else header for header, text in annotations.items() if text not in NOTHING
    }
    return {header: text for text, header in notes.items()}


def _table(entry: HistoryEntry, definition_key: int) -> Reason:
    explanation: dict[str, Any] = entry.data.get("explanation") or {}
    rules = tuple(
        Rule(int(rule["rule"]), _notes(rule.get("annotations") or {}))
        for table in explanation.get("tables", [])
        for rule in table.get("matched", [])
    )
    labelled = tuple(
        Looked(
            str(column.get("label") or label(str(column.get("expression")))),
            column.get("value"),
            str(column.get("expression")),
            headed=True,
        )
        for table in explanation.get("tables", [])
        for column in table.get("inputs", [])
    )
    element, output = drawn(definition_key, entry.element_id), entry.data.get("output")
    asked = number_asked(element.name) if isinstance(output, dict) and "value" in output else ""
    return Reason(
        "table",
        entry.at,
        asked or str(explanation.get("name") or element.label),
        told(output, headings(entry.data.get("decision_key"))),
        element.note,
        labelled or _looked(explanation.get("inputs") or {}),
        rules,
        version=entry.data.get("version"),
        definition_key=entry.data.get("decision_key"),
        value=output.get("value") if isinstance(output, dict) else None,
        source=str(output.get("article") or "") if isinstance(output, dict) else "",
    )
