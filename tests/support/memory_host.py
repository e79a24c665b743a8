"""A host that keeps everything in memory: the designers' files as deployed, answers instead of registers, a clock by hand.

It lets a designer's case run in milliseconds, without a database. What the engine promises about storing is tested elsewhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from lxml import etree

from engine import dmn, forms
from engine.errors import BpmnError, NotFound
from engine.feel import Feel
from engine.spiff import Binding, DecisionResult, ProcessModel, parse
from procurement.calendar import extensions
from tests.support.office_calendar import office_calendar

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = ROOT / "processes"
FORMS = ROOT / "forms"
ZONE = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
FEEL = Feel(extensions(office_calendar()))
OWNERS = frozenset({"decision", "businessKnowledgeModel"})


@cache
def process_model(process_id: str) -> ProcessModel:
    """The process of a diagram, parsed as at deployment; for reading, not for running."""
    [model] = parse(diagrams()[process_id].read_bytes(), file=f"{process_id}.bpmn", feel=FEEL)
    return model


@cache
def form(file: Path) -> forms.Form:
    return forms.read(file.read_bytes(), file=file.name, feel=FEEL)


@cache
def decision_model(file: Path) -> dmn.DecisionModel:
    return dmn.load(file.read_bytes(), file=file.name, feel=FEEL)


@cache
def diagrams() -> dict[str, Path]:
    """Every process by its id, which is also the name of its folder and file."""
    return {file.stem: file for file in sorted(PROCESSES.glob("*/*.bpmn"))}


@cache
def form_files() -> dict[str, Path]:
    return {file.stem: file for file in sorted(FORMS.glob("*/*.form"))}


@cache
def decision_files() -> dict[str, Path]:
    """Every decision by its id, with the file it lies in."""
    return {name: file for file in sorted(PROCESSES.glob("*/*.dmn")) for name in decision_model(file).decisions}


@dataclass(frozen=True)
class DrawnTable:
    """A decision table as drawn: ``rules`` are the rules' ids in their order."""

    owner: str  # the decision (or knowledge model) the table belongs to
    file: Path
    rules: tuple[str, ...]


@cache
def drawn_tables() -> dict[str, DrawnTable]:
    """Every decision table by its id."""
    tables = {}
    for file in sorted(PROCESSES.glob("*/*.dmn")):
        for table in etree.parse(file).getroot().iter("{*}decisionTable"):
            owner = next(node for node in table.iterancestors() if etree.QName(node).localname in OWNERS)
            rules = tuple(rule.get("id", "") for rule in table.iterfind("{*}rule"))
            tables[table.get("id", "")] = DrawnTable(owner.get("id", ""), file, rules)
    return tables


@cache
def operation_types() -> frozenset[str]:
    """The operations a service task may call: the first column of the table in processes/OPERATIONS.md."""
    text = (PROCESSES / "OPERATIONS.md").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^\| ([a-z_]+\.[a-z_]+) \|", text, flags=re.MULTILINE))


class ManualClock:
    """Time that moves only when told to."""

    def __init__(self, start: dt.datetime) -> None:
        self.moment = start if start.tzinfo else start.replace(tzinfo=ZONE)

    def now(self) -> dt.datetime:
        return self.moment


class MissingAnswer(AssertionError):
    """An operation was called that neither the case nor the default answers know."""


class Answers:
    """What operations answer: the case's own answers first, else the defaults. A list gives one answer per call, the last for ever."""

    def __init__(self, own: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
        self.own, self.defaults = own, defaults
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._times: Counter[str] = Counter()

    def answer(self, operation: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        self.calls.append((operation, dict(inputs)))
        source = self.own if operation in self.own else self.defaults
        if operation not in source:
            raise MissingAnswer(f"{operation} was called; give its answer under operations: in the case.")
        found = source[operation]
        if isinstance(found, list):
            found = found[min(self._times[operation], len(found) - 1)]
        self._times[operation] += 1
        found = found(inputs) if callable(found) else found
        if isinstance(found, Mapping) and "error" in found:
            raise BpmnError(found["error"], str(found.get("message", "")))
        return found or {}


class MemoryHost:
    """engine.spiff's Host over files. ``extra`` are processes that exist only for this run, by id."""

    def __init__(self, clock: ManualClock, answers: Answers, extra: Mapping[str, bytes] | None = None) -> None:
        self.clock, self.answers = clock, answers
        self._keys = count(1_000)
        self._models: dict[int, ProcessModel] = {}
        self._definitions: dict[str, int] = {}
        self._extra = dict(extra or {})
        self.form_ids: dict[int, str] = {}

    @property
    def feel(self) -> Feel:
        return FEEL

    def now(self) -> dt.datetime:
        return self.clock.now()

    def new_key(self) -> int:
        return next(self._keys)

    def definition(self, process_id: str) -> int:
        """The definition key of a process; its diagram is parsed on first use."""
        if process_id not in self._definitions:
            if process_id in self._extra:
                [model] = parse(self._extra[process_id], file=f"{process_id}.bpmn", feel=FEEL)
            elif process_id in diagrams():
                [model] = parse(diagrams()[process_id].read_bytes(), file=f"{process_id}.bpmn", feel=FEEL)
            else:
                raise NotFound(kind="process", key=process_id)
            model.definition_key = model.deployment_key = self.new_key()
            self._models[model.definition_key] = model
            self._definitions[process_id] = model.definition_key
        return self._definitions[process_id]

    def process(self, definition_key: int) -> ProcessModel:
        return self._models[definition_key]

    def called_process(self, process_id: str, binding: Binding, caller: ProcessModel) -> int:
        return self.definition(process_id)

    def form(self, form_id: str, binding: Binding, caller: ProcessModel) -> int | None:
        if form_id not in form_files():
            return None
        key = self.new_key()
        self.form_ids[key] = form_id
        return key

    def decision(self, decision_id: str, binding: Binding, caller: ProcessModel, inputs: Mapping[str, Any]) -> DecisionResult:
        if decision_id not in decision_files():
            raise NotFound(kind="decision", key=decision_id)
        found = decision_model(decision_files()[decision_id]).evaluate(decision_id, inputs, now=self.now())
        return DecisionResult(1, 1, found.value, found.explanation)

    def is_operation(self, job_type: str) -> bool:
        return job_type in operation_types() or job_type in self.answers.own

    def perform(
        self,
        operation: str,
        inputs: Mapping[str, Any],
        headers: Mapping[str, str],
        *,
        instance_key: int,
        element_id: str,
        element_key: int,
    ) -> Mapping[str, Any]:
        return self.answers.answer(operation, inputs)
