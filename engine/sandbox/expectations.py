"""Whether a run came out as its case expects, and where not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import json_codec
from engine.errors import EngineError
from engine.feel import Feel
from engine.sandbox.case_values import mismatch
from engine.sandbox.played import Decided, Played
from engine.sandbox.project import Project

_SHOWN = 160  # characters of a value in a sentence


@dataclass(frozen=True)
class Difference:
    """``about``: stop, path, end, error, waiting, variables, holds, decisions, calls, row. ``params`` fill the template."""

    about: str
    template: str
    params: Mapping[str, Any]

    @property
    def message(self) -> str:
        return self.template.format(**self.params)


def differences(played: Played, project: Project) -> tuple[Difference, ...]:
    """Nothing when all is as expected. A run that stopped is never as expected."""
    if played.stop is not None:
        return (Difference("stop", played.stop.template, played.stop.params),)
    expect = played.case.expect
    found = [
        *_path(expect.get("path") or [], played),
        *_end(expect, played),
        *_waiting(expect, played),
        *_variables(expect.get("variables") or {}, played),
        *_holds(expect.get("holds") or [], played, project.feel),
        *_decisions(expect.get("decisions") or {}, played, project),
        *_calls(expect.get("calls") or [], played),
    ]
    return tuple(found)


def shown(value: Any) -> str:
    """A value as sentences show it."""
    text = json_codec.dumps(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _names(values: Sequence[Any]) -> str:
    return ", ".join(map(str, values)) or "—"


def _path(expected: list[Any], played: Played) -> Iterator[Difference]:
    rest = iter(played.path)
    before = ""
    for element in expected:
        if element not in rest:
            template = "{element} was expected, but was not reached. The path was {path}."
            if before:
                template = "{element} was expected after {before}, but was not reached there. The path was {path}."
            yield Difference("path", template, {"element": element, "before": before, "path": _names(played.path)})
            return
        before = element


def _end(expect: Mapping[str, Any], played: Played) -> Iterator[Difference]:
    waiting = {"open": _names(played.waiting)}
    if "end" in expect and expect["end"] not in played.ends:
        template = "The end {end} was expected, but {ends} was reached. Open are: {open}."
        yield Difference("end", template, {"end": expect["end"], "ends": _names(played.ends), **waiting})
    elif "end" in expect and "waiting" not in expect and played.state == "active":
        yield Difference("end", "The case should have ended, but goes on. Open are: {open}.", waiting)
    if "error" in expect and expect["error"] not in played.errors:
        template = "The error {error} was expected, but {errors} was thrown."
        yield Difference("error", template, {"error": expect["error"], "errors": _names(played.errors)})


def _waiting(expect: Mapping[str, Any], played: Played) -> Iterator[Difference]:
    if "waiting" in expect and sorted(map(str, expect["waiting"])) != played.waiting:
        template = "Open tasks should be {expected}, but are {found}."
        yield Difference("waiting", template, {"expected": _names(expect["waiting"]), "found": _names(played.waiting)})


def _variables(expected: Mapping[str, Any], played: Played) -> Iterator[Difference]:
    for name, value in expected.items():
        if (found := mismatch(value, played.variables.get(name), name)) is not None:
            yield _unlike("variables", *found)


def _unlike(about: str, name: str, expected: Any, found: Any) -> Difference:
    params = {"name": name, "expected": shown(expected), "found": shown(found)}
    return Difference(about, "{name} should be {expected}, but is {found}.", params)


def _holds(texts: list[Any], played: Played, feel: Feel) -> Iterator[Difference]:
    for text in texts:
        try:
            true = feel.expression(str(text)).evaluate(played.variables, now=played.now) is True
        except EngineError as error:
            yield Difference("holds", "{text} cannot be evaluated: {reason}", {"text": text, "reason": str(error)})
            continue
        if not true:
            yield Difference("holds", "{text} should be true at the end, but is not.", {"text": text})


def _decisions(expected: Mapping[str, Any], played: Played, project: Project) -> Iterator[Difference]:
    last = last_rules(played.decisions, project)
    for decision, rules in expected.items():
        if not are_rules(rules, last.get(decision)):
            found = last.get(decision)
            params = {"decision": decision, "expected": _names(rules), "found": named(found)}
            if found is None:
                yield Difference("decisions", "The decision {decision} should match rule {expected}, but was not asked.", params)
            else:
                yield Difference(
                    "decisions", "The decision {decision} should match rule {expected}, but matched {found}.", params
                )


def _calls(expected: list[Any], played: Played) -> Iterator[Difference]:
    """Operations that must have been called, with (at least) these inputs, in this order."""
    calls = [call for _, call in played.calls]
    rest = iter(calls)
    for wanted in expected:
        [(operation, inputs)] = wanted.items() if isinstance(wanted, Mapping) and len(wanted) == 1 else [(str(wanted), {})]
        if not any(call.operation == operation and mismatch(inputs or {}, call.inputs) is None for call in rest):
            template = "{operation} should have been called with {inputs}. Called were: {calls}."
            params = {"operation": operation, "inputs": shown(inputs or {}), "calls": _names([call.operation for call in calls])}
            yield Difference("calls", template, params)
            return


Rules = list[tuple[int, str]]  # number from 1, id


def matched(table: Mapping[str, Any]) -> Rules:
    return [(rule["rule"], rule["id"]) for rule in table["matched"]]


def last_rules(decisions: Sequence[Decided], project: Project) -> dict[str, Rules]:
    """By decision: the rules that matched when it was last asked."""
    return {
        project.tables[table["id"]].owner: matched(table)
        for decided in decisions
        for table in decided.explanation.get("tables", ())
        if table["id"] in project.tables
    }


def are_rules(expected: Any, found: Rules | None) -> bool:
    """``expected`` names each matched rule by its number or its id."""
    if found is None or not isinstance(expected, list) or len(expected) != len(found):
        return False
    return all(str(rule) in (str(number), rule_id) for rule, (number, rule_id) in zip(expected, found, strict=True))


def named(rules: Rules | None) -> str:
    return _names([rule_id or str(number) for number, rule_id in rules or ()])
