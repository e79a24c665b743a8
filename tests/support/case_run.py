"""Runs one designer's case on engine.spiff, in memory, and keeps what it reached."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from engine import events
from engine.spiff import Execution
from tests.support.answers import ANSWERS
from tests.support.case_diagrams import CALLER, caller, error_codes, stub
from tests.support.cases import Case, DecisionCase, mismatch, moment, plain
from tests.support.memory_host import (
    FEEL,
    Answers,
    ManualClock,
    MemoryHost,
    decision_files,
    decision_model,
    drawn_tables,
    form,
    form_files,
)

DURATION = re.compile(r"\+P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


class CaseFailed(AssertionError):
    """The case did not go as it says."""


@dataclass
class Reached:
    """What a case reached: flows by (process, flow), rules by (table, rule number from 1)."""

    flows: set[tuple[str, str]] = field(default_factory=set)
    rules: set[tuple[str, int]] = field(default_factory=set)
    path: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    matched: dict[str, list[tuple[int, str]]] = field(default_factory=dict)


def matched_rules(table: dict[str, Any]) -> list[tuple[int, str]]:
    return [(rule["rule"], rule["id"]) for rule in table["matched"]]


def are_rules(expected: list[Any], found: list[tuple[int, str]] | None) -> bool:
    """``expected`` names each matched rule by its number or its id."""
    if found is None or len(expected) != len(found):
        return False
    return all(str(rule) in (str(number), rule_id) for rule, (number, rule_id) in zip(expected, found, strict=True))


class CaseRun:
    """One run of a case. With ``reload`` the execution is dropped from memory and loaded again after every step."""

    def __init__(self, case: Case, *, reload: bool = False) -> None:
        self.case, self.reload = case, reload
        self.clock = ManualClock(case.clock)
        own = case.operations | {f"stub.{name}": variables for name, variables in case.stubs.items()}
        extra = {name: stub(name) for name in case.stubs}
        started = case.process
        if error_codes(case.process):
            started, extra[CALLER] = CALLER, caller(case.process)
        self.answers = Answers(own, ANSWERS)
        self.host = MemoryHost(self.clock, self.answers, extra)
        self.reached = Reached()
        self.tasks: dict[int, events.UserTaskCreated] = {}
        self.timers: dict[int, events.TimerScheduled] = {}
        self.awaited: dict[int, events.MessageAwaited] = {}
        self.thrown: list[events.MessageThrown] = []
        self.processes: dict[int, str] = {}
        self.instance: int | None = None  # of the process the case is about
        self.scopes: dict[int, dict[str, Any]] = {}
        self.incidents: dict[int, str] = {}
        self.execution = Execution.start(self.host, self.host.definition(started), case.variables)

    def run(self) -> Reached:
        self._settle()
        for step in self.case.steps:
            self._step(step)
            self._settle()
            if self.reload and self.execution.state == "active":
                self.execution = Execution.load(self.host, self.execution.snapshot())
        self._check()
        return self.reached

    # steps

    def _step(self, step: dict[str, Any]) -> None:
        if "task" in step:
            self._complete(step)
        elif "message" in step:
            self._deliver(step["message"])
        else:
            self._move_clock(str(step["clock"]))

    def _complete(self, step: dict[str, Any]) -> None:
        key, task = self._open_task(step)
        context = self.execution.variables(key)
        if task.form_key is None:
            raise CaseFailed(f"{task.element_id} has no form")
        drawn = form(form_files()[self.host.form_ids[task.form_key]])
        drawn.state(context, now=self.clock.now())  # what a person would see can be shown
        checked = drawn.validate(step.get("values") or {}, context, now=self.clock.now())
        refused = {error.path: error.message for error in checked.errors}
        if sorted(refused) != sorted(step.get("refused") or []):
            raise CaseFailed(f"{task.element_id}: the form refuses {refused}, expected {step.get('refused') or 'nothing'}")
        if not refused:
            self.execution.complete_user_task(key, checked.values)

    def _open_task(self, step: dict[str, Any]) -> tuple[int, events.UserTaskCreated]:
        for key, task in self.tasks.items():
            if task.element_id == step["task"] and self._is_meant(key, task, step):
                return key, task
        raise CaseFailed(f"{step['task']} is not open; open are {self._waiting()}")

    def _is_meant(self, key: int, task: events.UserTaskCreated, step: dict[str, Any]) -> bool:
        if "as" in step and step["as"] != task.assignee and step["as"] not in task.candidate_users:
            return False
        return "for" not in step or FEEL.expression(step["for"]).evaluate(self.execution.variables(key)) is True

    def _deliver(self, message: dict[str, Any]) -> None:
        for key, waiting in self.awaited.items():
            if waiting.message_name == message["name"] and waiting.correlation_key == str(message["key"]):
                return self.execution.deliver_message(key, message.get("variables") or {})
        raise CaseFailed(f"nobody waits for {message['name']} with key {message['key']}")

    def _move_clock(self, to: str) -> None:
        until = self._later(to)
        while due := sorted((t.due_at, key) for key, t in self.timers.items() if t.due_at <= until):
            at, key = due[0]
            self.clock.moment = max(self.clock.moment, at)
            self.execution.fire_timer(key)
            self._settle()
            if self.execution.state != "active":
                break
        self.clock.moment = max(self.clock.moment, until)

    def _later(self, to: str) -> dt.datetime:
        if not to.startswith("+"):
            return moment(to)
        found = DURATION.fullmatch(to)
        if found is None:
            raise CaseFailed(f"{to} is neither +P…D nor +PT…H…M nor a date and time")
        days, hours, minutes = (int(part or 0) for part in found.groups())
        return self.clock.moment + dt.timedelta(days=days, hours=hours, minutes=minutes)

    # what happened

    def _settle(self) -> None:
        """Take in the events; messages thrown inside the case reach whoever waits for them in it."""
        while True:
            for event in self.execution.drain():
                self._take(event)
            if self.incidents:
                raise CaseFailed(f"stopped: {self.incidents}")
            if not self._pass_on():
                return

    def _pass_on(self) -> bool:
        for thrown in self.thrown:
            for key, waiting in self.awaited.items():
                if (waiting.message_name, waiting.correlation_key) == (thrown.message_name, thrown.correlation_key):
                    self.thrown.remove(thrown)
                    self.execution.deliver_message(key, thrown.variables)
                    return True
        return False

    def _take(self, event: events.Event) -> None:
        match event:
            case events.InstanceStarted():
                self.processes[event.instance_key] = event.process_id
                if event.process_id == self.case.process and self.instance is None:
                    self.instance = event.instance_key
            case events.ElementActivated():
                self.reached.path.append(event.element_id)
            case events.FlowTaken():
                self.reached.flows.add((self.processes[event.instance_key], event.element_id))
            case events.ElementCompleted() | events.ElementTerminated():
                self.tasks.pop(event.element_key, None)
                self.incidents.pop(event.element_key, None)
                if isinstance(event, events.ElementCompleted) and event.element_type == "endEvent":
                    self.reached.ends.append(event.element_id)
            case events.UserTaskCreated():
                self.tasks[event.element_key] = event
            case events.TimerScheduled():
                self.timers[event.element_key] = event
            case events.MessageAwaited():
                self.awaited[event.element_key] = event
            case events.WaitEnded():
                self.timers.pop(event.element_key, None)
                self.awaited.pop(event.element_key, None)
            case events.MessageThrown():
                self.thrown.append(event)
            case events.VariableWritten():
                self.scopes.setdefault(event.scope_key, {})[event.name] = event.value
            case events.DecisionEvaluated():
                self._matched(event)
            case events.ErrorThrown():
                self.reached.errors.append(event.error_code)
                self.reached.ends.append(event.element_id)
            case events.IncidentRaised():
                self.incidents[event.element_key] = f"{event.element_id}: {event.kind}: {event.message}"
            case events.IncidentResolved():
                self.incidents.pop(event.element_key, None)

    def _matched(self, event: events.DecisionEvaluated) -> None:
        for table in event.explanation.get("tables", ()):
            self.reached.matched[drawn_tables()[table["id"]].owner] = matched_rules(table)
            self.reached.rules.update((table["id"], rule["rule"]) for rule in table["matched"])

    def _waiting(self) -> list[str]:
        return sorted(task.element_id for task in self.tasks.values())

    # expectations

    def _check(self) -> None:
        expect = self.case.expect
        problems = [*self._path(expect.get("path") or []), *self._end(expect), *self._values(expect)]
        if problems:
            raise CaseFailed("\n".join(problems))

    def _path(self, expected: list[str]) -> list[str]:
        rest = iter(self.reached.path)
        for element in expected:
            if element not in rest:
                return [f"path: {element} was not reached in this order; the path was {self.reached.path}"]
        return []

    def _end(self, expect: dict[str, Any]) -> list[str]:
        problems = []
        if "end" in expect and expect["end"] not in self.reached.ends:
            problems.append(f"end: {expect['end']} not reached, but {self.reached.ends}; open are {self._waiting()}")
        if "error" in expect and expect["error"] not in self.reached.errors:
            problems.append(f"error: {expect['error']} not thrown, but {self.reached.errors}")
        if "waiting" in expect and sorted(expect["waiting"]) != self._waiting():
            problems.append(f"waiting: {self._waiting()}")
        if "end" in expect and "waiting" not in expect and self.execution.state == "active":
            problems.append(f"the case has not ended; open are {self._waiting()}")
        return problems

    def _values(self, expect: dict[str, Any]) -> list[str]:
        variables = self.scopes.get(self.instance or 0, {})
        problems = [f"variables: {found}"] if (found := mismatch(expect.get("variables") or {}, variables)) else []
        problems += [
            f"holds: {text} is not true"
            for text in expect.get("holds") or []
            if FEEL.expression(text).evaluate(variables, now=self.clock.now()) is not True
        ]
        for decision, rules in (expect.get("decisions") or {}).items():
            found = self.reached.matched.get(decision)
            if not are_rules(rules, found):
                problems.append(f"decisions: {decision} matched {found}, expected {rules}")
        problems += self._calls(expect.get("calls") or [])
        return problems

    def _calls(self, expected: list[dict[str, Any]]) -> list[str]:
        """Operations that must have been called, with (at least) these inputs, in this order."""
        rest = iter(self.answers.calls)
        for wanted in expected:
            [(operation, inputs)] = wanted.items()
            if not any(name == operation and not mismatch(inputs or {}, given) for name, given in rest):
                return [f"calls: {operation} with {inputs} not found in {self.answers.calls}"]
        return []


def ask(case: DecisionCase) -> Reached:
    """Ask a decision every row of the case."""
    reached = Reached()
    model = decision_model(decision_files()[case.decision])
    for row in case.rows:
        inputs = plain(row.get("inputs") or {})
        found = model.evaluate(case.decision, inputs, now=case.clock)
        tables = {drawn_tables()[table["id"]].owner: table for table in found.explanation["tables"]}
        for table in found.explanation["tables"]:
            reached.rules.update((table["id"], rule["rule"]) for rule in table["matched"])
        if "expect" in row and (problem := mismatch(plain(row["expect"]), found.value)):
            raise CaseFailed(f"{case.decision} of {inputs}: {problem}")
        if "rules" in row and not are_rules(row["rules"], matched_rules(tables[case.decision])):
            raise CaseFailed(
                f"{case.decision} of {inputs}: matched {matched_rules(tables[case.decision])}, expected {row['rules']}"
            )
    return reached


@cache
def reached(case: Case | DecisionCase) -> Reached:
    """What a case reaches; run once however often it is asked."""
    return ask(case) if isinstance(case, DecisionCase) else CaseRun(case).run()
