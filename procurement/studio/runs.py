"""A run as the page keeps it: a case's names and values, to which one thing after the other is added or taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine import json_codec
from engine.errors import InvalidInput
from engine.sandbox import DEFAULT, Call, Case, Task, read_case

LARGEST = 2_000_000  # characters of one run
PARTS = ("name", "process", "start", "note", "clock", "variables", "operations", "stubs", "steps", "expect")
Sheet = dict[str, Any]


def read(text: str) -> Sheet:
    """The run a page sent. Raises InvalidInput."""
    if len(text) > LARGEST:
        raise InvalidInput("The run is too long to be sent. Save it as a case and begin a new one.")
    try:
        found = json_codec.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("What the page sent cannot be read. Reload the page and try again.") from error
    if not isinstance(found, dict):
        raise InvalidInput("What the page sent cannot be read. Reload the page and try again.")
    return {name: found[name] for name in (*PARTS, "file") if found.get(name)}


def write(sheet: Mapping[str, Any]) -> str:
    return json_codec.dumps(dict(sheet))


def case_of(sheet: Mapping[str, Any]) -> Case:
    """Raises CaseFileInvalid."""
    raw = {name: sheet[name] for name in PARTS if name in sheet}
    case = read_case({"name": "…", **raw}, str(sheet.get("file", "")))
    if not isinstance(case, Case):
        raise InvalidInput("A decision alone cannot be played. Look at its rows on the page of its case.")
    return case


def with_step(sheet: Sheet, step: Mapping[str, Any]) -> Sheet:
    return sheet | {"steps": [*sheet.get("steps", []), dict(step)]}


def first_steps(sheet: Sheet, count: int) -> Sheet:
    """Without everything after the first ``count`` steps."""
    return sheet | {"steps": list(sheet.get("steps", []))[: max(0, count)]}


def with_answer(sheet: Sheet, call: Call, answer: Any) -> Sheet:
    """The ``call`` gets another answer ("default": the usual one); calls before and after keep theirs."""
    own = sheet.get("operations", {}).get(call.operation, DEFAULT)
    answers = list(own) if isinstance(own, list) else [own]
    answers += [answers[-1]] * (call.number + 2 - len(answers))  # the last one stands for all further calls
    answers[call.number] = answer
    while len(answers) > 1 and answers[-1] == answers[-2]:
        answers.pop()
    operations = {**sheet.get("operations", {}), call.operation: answers[0] if len(answers) == 1 else answers}
    if operations[call.operation] == DEFAULT:
        del operations[call.operation]
    return sheet | {"operations": operations}


def with_first_answer(sheet: Sheet, operation: str, answer: Any) -> Sheet:
    """An answer for an operation that had none."""
    return sheet | {"operations": {**sheet.get("operations", {}), operation: answer}}


def with_stub(sheet: Sheet, process: str, variables: Any | None) -> Sheet:
    """A stand-in for a called process; None lets it run itself."""
    stubs = {name: value for name, value in sheet.get("stubs", {}).items() if name != process}
    return sheet | {"stubs": stubs if variables is None else {**stubs, process: variables}}


def task_step(task: Task, open_tasks: Sequence[Task]) -> dict[str, Any]:
    """How a case names this task: by its id, and where several of it are open by who has it or by what only it sees."""
    step: dict[str, Any] = {"task": task.element_id}
    others = [one for one in open_tasks if one.element_id == task.element_id and one.key != task.key]
    first = next(one for one in open_tasks if one.element_id == task.element_id)
    if not others or (first.key == task.key and not _alone(task, others)):
        return step
    if task.assignee and all(task.assignee not in {one.assignee, *one.candidate_users} for one in others):
        return step | {"as": task.assignee}
    found = _alone(task, others)
    return step | {"for": found} if found else step


def _alone(task: Task, others: Sequence[Task]) -> str | None:
    """FEEL that is true of this task's variables and of no other's."""
    for path, value in _scalars(task.context):
        if all(_at(one.context, path) != value for one in others):
            return f"{'.'.join(path)} = {_literal(value)}"
    return None


def _scalars(context: Mapping[str, Any], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in context.items():
        if not name.isidentifier():
            continue
        if isinstance(value, Mapping) and len(prefix) < 1:
            yield from _scalars(value, (*prefix, name))
        elif isinstance(value, (str, int, Decimal)) and value != "":
            yield (*prefix, name), value


def _at(context: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        context = context.get(name) if isinstance(context, Mapping) else None
    return context


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json_codec.dumps(value)
