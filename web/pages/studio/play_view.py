"""How a run stands, as the play page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from engine.errors import EngineError
from engine.sandbox import Call, Played, Project, Task, yaml_text
from engine.sandbox.expectations import Difference
from engine.sandbox.played import StepDone
from engine.sandbox.stand_ins import CALLER, WORK
from engine.spiff import ElementInfo, FlowInfo
from procurement.operations.described import described, failures_of, shape_of
from procurement.studio import runs
from procurement.studio.proposals import expectations
from procurement.studio.runs import Sheet
from web.pages.cases import names
from web.pages.forms.tokens import FileTokens
from web.pages.forms.view import FormView
from web.pages.operate.causes import in_words
from web.pages.studio.play_acts import ref_of

ANYBODY = ""


@dataclass(frozen=True)
class Reason:
    """Why the case went where it went: a gateway's conditions, or a decision's matched rules."""

    kind: str  # choice, decision
    step: int
    name: str
    element: str
    process: str
    conditions: tuple[Mapping[str, Any], ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    inputs: tuple[tuple[str, Any], ...] = ()
    output: Any = None


def notes(annotations: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a rule says of itself, each text once: editors write it into the description and into an annotation."""
    seen: dict[str, str] = {}
    for name, text in annotations.items():
        if text and text not in seen:
            seen[text] = name
    return [(name, text) for text, name in seen.items()]


@dataclass
class PlayView:
    """``who``: the role somebody plays; ``shown``: the process whose diagram is wanted, "" for where it is going on."""

    draft: int
    sheet: Sheet
    played: Played
    project: Project
    tokens: FileTokens
    who: str = ANYBODY
    shown: str = ""
    opened: str = ""
    problem: str = ""
    values: Mapping[str, Any] | None = None
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    differences: Sequence[Difference] = ()

    # the whole

    @property
    def run(self) -> str:
        return runs.write(self.sheet)

    @property
    def last(self) -> int:
        return len(self.played.steps) - 1

    @property
    def stop(self) -> str:
        return in_words(self.played.stop.message) if self.played.stop else ""

    @property
    def ended_at(self) -> str:
        """The name of the end event the process itself reached last."""
        own = {v.element_id for v in self.played.visits if v.process == self.played.case.process}
        ends = [end for end in self.played.ends if end in own]
        return self.element(self.played.case.process, ends[-1]) if ends else ""

    @property
    def stopped_operation(self) -> str:
        """The operation without an answer that the run stopped at."""
        stop = self.played.stop
        return str(stop.params.get("operation", "")) if stop and stop.kind == "answer" else ""

    @property
    def usual(self) -> dict[str, Any]:
        """An answer of the right shape for the operation that has none."""
        return shape_of(self.stopped_operation)

    def typed(self, name: str, otherwise: str = "") -> str:
        """What was typed into a field of the page, when it could not be taken."""
        return request.form.get(name, otherwise) if self.problem else otherwise

    def told(self, difference: Difference) -> str:
        return in_words(difference.message)

    def yaml(self, value: Any) -> str:
        return yaml_text(value)

    @property
    def proposed(self) -> dict[str, Any]:
        """What a case saved from this run would expect."""
        return expectations(self.played, self.project)

    # names

    def element(self, process: str, element_id: str) -> str:
        """What is written on an element, else its id."""
        info = self._elements(process).get(element_id)
        return info.name if info and info.name else element_id

    def documentation(self, process: str, element_id: str) -> str:
        info = self._elements(process).get(element_id)
        return info.documentation if info else ""

    def flow(self, process: str, flow_id: str) -> str:
        """What a flow answers, or where it leads."""
        flow = self._flows(process).get(flow_id)
        if flow is None:
            return flow_id
        return flow.name or self.element(process, flow.target)

    def process_name(self, process: str) -> str:
        try:
            return self.project.process(process).name or process
        except EngineError:
            return process

    def _elements(self, process: str) -> Mapping[str, ElementInfo]:
        try:
            return self.project.process(process).elements
        except EngineError:
            return {}

    def _flows(self, process: str) -> Mapping[str, FlowInfo]:
        try:
            return self.project.process(process).flows
        except EngineError:
            return {}

    # the diagram

    @cached_property
    def processes(self) -> list[str]:
        """Those that took part and have a diagram here."""
        seen = [instance.process for instance in self.played.instances.values() if instance.process != CALLER]
        drawn = [one for one in dict.fromkeys(seen) if one in self.project.diagrams and one not in self.played.case.stubs]
        return drawn or [self.played.case.process]

    @cached_property
    def drawn(self) -> str:
        """The process whose diagram is shown."""
        if self.shown in self.processes:
            return self.shown
        moved = [v.process for v in self.played.visits if v.step == self.last and v.process in self.processes]
        waiting = [token.process for token in self.played.tokens if token.process in self.processes]
        return next(iter([*reversed(waiting), *reversed(moved), self.played.case.process]))

    @property
    def diagram(self) -> str:
        """Where the drawing comes from."""
        return url_for("studio_files.read", draft=self.draft, path=self.project.diagrams.get(self.drawn, ""))

    @property
    def marks(self) -> dict[str, list[str]]:
        """Element and flow ids by what is to be seen of them."""
        visits = [v for v in self.played.visits if v.process == self.drawn]
        tokens = [t for t in self.played.tokens if t.process == self.drawn]
        calls = [v.element_id for v in visits if v.type == "callActivity" and v.outcome == "active"]
        awaited = [t.element_id for t in self.played.open_timers if t.process == self.drawn]
        taken = [f for f in self.played.flows if f.process == self.drawn]
        return {
            "walked": [*(v.element_id for v in visits if v.outcome != "active"), *(f.flow for f in taken)],
            "fresh": [*(v.element_id for v in visits if v.step == self.last), *(f.flow for f in taken if f.step == self.last)],
            "waiting": [*(t.element_id for t in tokens), *calls],
            "awaited": awaited,
            "incident": [t.element_id for t in tokens if t.incident],
        }

    # what can be done now

    @property
    def tasks(self) -> list[Task]:
        return self.played.open_tasks

    def ref(self, task: Task) -> str:
        return ref_of(task, self.played)

    def holders(self, task: Task) -> str:
        """Who may act on it."""
        groups = [names.group_name(group) for group in task.candidate_groups]
        people = [names.person_name(login) for login in task.candidate_users]
        if task.assignee:
            return names.person_name(task.assignee)
        return "、".join([*groups, *people]) or _("没有写由谁办理")

    def may(self, task: Task) -> bool:
        """Whether the role that is played may act on it."""
        if self.who == ANYBODY:
            return True
        return self.who == task.assignee if task.assignee else self.who in {*task.candidate_groups, *task.candidate_users}

    @property
    def roles(self) -> list[tuple[str, str]]:
        """Whom one may play: everybody who could act on anything so far."""
        found: dict[str, str] = {}
        for task in self.played.tasks:
            found |= {group: names.group_name(group) for group in task.candidate_groups}
            found |= {login: names.person_name(login) for login in (*task.candidate_users, task.assignee) if login}
        return sorted(found.items(), key=lambda one: one[1])

    @cached_property
    def selected(self) -> Task | None:
        """The task whose form lies open."""
        mine = [task for task in self.tasks if self.may(task)]
        return next((task for task in mine if self.ref(task) == self.opened), next(iter(mine), None))

    @cached_property
    def form(self) -> FormView | None:
        task = self.selected
        if task is None or task.form_id is None:
            return None
        state = self.project.form(task.form_id).state(task.context, self.values, now=self.played.now)
        save = url_for("studio_play.form", draft=self.draft)
        return FormView(state, False, self.errors, self.tokens, save, "#")

    @property
    def form_title(self) -> str:
        task = self.selected
        return self.project.form(task.form_id).title if task and task.form_id else ""

    def shape(self, stub: str) -> Any:
        """What a called process handed over, or has to."""
        return self.sheet.get("stubs", {}).get(stub) or {}

    # why, and what was

    @property
    def reasons(self) -> Iterator[Reason]:
        """The newest first."""
        found = [*self._choices(), *self._decisions()]
        yield from sorted(found, key=lambda one: -one.step)

    def _choices(self) -> Iterator[Reason]:
        for chosen in reversed(self.played.choices):
            if len(chosen.conditions) + len(chosen.taken) < 2 or chosen.process == CALLER:
                continue
            conditions = tuple(
                {**one, "name": self.flow(chosen.process, str(one.get("flow", ""))), "taken": one.get("flow") in chosen.taken}
                for one in chosen.conditions
            )
            others = [flow for flow in chosen.taken if flow not in {one.get("flow") for one in chosen.conditions}]
            rest = tuple({"name": self.flow(chosen.process, flow), "expression": None, "taken": True} for flow in others)
            name = self.element(chosen.process, chosen.element_id)
            yield Reason("choice", chosen.step, name, chosen.element_id, chosen.process, (*conditions, *rest))

    def _decisions(self) -> Iterator[Reason]:
        for decided in reversed(self.played.decisions):
            tables = decided.explanation.get("tables", ())
            rules = tuple({**rule, "table": table["name"]} for table in tables for rule in table["matched"])
            inputs = tuple((one["label"], one["value"]) for table in tables[-1:] for one in table["inputs"])
            name = self.element(decided.process, decided.element_id)
            yield Reason(
                "decision",
                decided.step,
                name,
                decided.element_id,
                decided.process,
                rules=rules,
                inputs=inputs,
                output=decided.output,
            )

    @property
    def calls(self) -> list[tuple[int, int, Call]]:
        """(number, step, call), the newest first; stand-ins of called processes are shown elsewhere."""
        found = [(number, step, call) for number, (step, call) in enumerate(self.played.calls) if call.element_id != WORK]
        return list(reversed(found))

    def operation_name(self, operation: str) -> str:
        found = described(operation)
        return str(found.label) if found else operation

    def failures(self, operation: str) -> tuple[str, ...]:
        return failures_of(operation)

    @cached_property
    def _written_last(self) -> dict[tuple[int, str], Any]:
        """What stood there before the last step, by scope and name of what it wrote."""
        found: dict[tuple[int, str], Any] = {}
        for one in self.played.written:
            if one.step == self.last > 0:
                found.setdefault((one.scope_key, one.name), None if one.is_new else one.before)
        return found

    def is_changed(self, scope: int, name: str) -> bool:
        return (scope, name) in self._written_last

    def before(self, scope: int, name: str) -> Any:
        """The value before the last step."""
        return self._written_last.get((scope, name))

    def step_words(self, done: StepDone) -> str:
        step = done.step
        if "task" in step:
            task = next((t for t in self.played.tasks if t.element_id == step["task"]), None)
            name = task.name if task else str(step["task"])
            return _("表单应拒绝：%(name)s", name=name) if step.get("refused") else _("办结：%(name)s", name=name)
        if "message" in step:
            return _("收到消息：%(name)s", name=step["message"]["name"])
        if "signal" in step:
            return _("收到信号：%(name)s", name=step["signal"]["name"])
        if "job" in step:
            return _("外部作业有了结果：%(name)s", name=step["job"])
        return _("拨动时钟") if "clock" in step else _("开始")

    @property
    def next_moment(self) -> dt.datetime:
        return self.played.now + dt.timedelta(days=1)

    @property
    def called(self) -> list[str]:
        """Processes the shown one may call."""
        try:
            references = self.project.process(self.played.case.process).called_refs
        except EngineError:
            return []
        return list(dict.fromkeys(one.id for one in references if one.id))
