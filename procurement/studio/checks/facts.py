"""What the checks are told beside the diagrams: what cases start with and bring, what operations answer."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml

from engine.checks import Facts, Known
from engine.sandbox import case_yaml
from engine.sandbox.case_reader import MAX_BYTES
from procurement.studio.checks.operations import MESSAGES, needs, outputs


def facts(files: Mapping[str, bytes]) -> Facts:
    """Job types that are no operation of ours answer what the cases answer for them. The same cases give the same object."""
    cases = [content for path, content in files.items() if "/cases/" in path and path.endswith((".yaml", ".yml"))]
    return _facts(tuple(sorted((hashlib.sha256(content).hexdigest(), content) for content in cases)))


@lru_cache(maxsize=100)
def _facts(cases: tuple[tuple[str, bytes], ...]) -> Facts:
    starts: dict[str, list[set[str]]] = defaultdict(list)
    messages: dict[str, list[set[str]]] = defaultdict(list)
    answers: dict[str, list[set[str]]] = defaultdict(list)
    tasks: dict[str, list[set[str]]] = defaultdict(list)
    found = {"start": starts, "message": messages, "answer": answers, "task": tasks}
    for digest, content in cases:
        for kind, name, names in _told(digest, content):
            found[kind][name].append(set(names))
    for name, sent in MESSAGES.items():
        messages[name].append(set(sent))
    return Facts(_all(answers) | outputs(), needs(), _all(starts), _all(messages), _all(tasks))


def _all(found: Mapping[str, list[set[str]]]) -> dict[str, tuple[Known, ...]]:
    return {name: _known(given) for name, given in found.items()}


def _known(given: list[set[str]]) -> tuple[Known, ...]:
    """What every case brings is sure; what only some bring is not."""
    always = set.intersection(*given)
    return tuple(Known(name, sure=name in always) for name in sorted(set.union(*given)))


@lru_cache(maxsize=1_000)
def _told(_digest: str, content: bytes) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Read once for each content. A file that is no YAML tells nothing here; whoever runs the cases says so."""
    if len(content) > MAX_BYTES:
        return ()
    try:
        documents = [one for one in case_yaml.load(content.decode()) if isinstance(one, dict)]
    except (yaml.YAMLError, RecursionError, ValueError):
        return ()
    return tuple(fact for document in documents for fact in _of_case(document))


def _of_case(case: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if isinstance(case.get("process"), str):
        yield "start", case["process"], _names(case.get("variables"))
    steps = case.get("steps")
    for step in steps if isinstance(steps, list) else []:
        if isinstance(step, dict) and isinstance(step.get("task"), str) and "refused" not in step:
            yield "task", step["task"], _names(step.get("values"))
        message = step.get("message") if isinstance(step, dict) else None
        if isinstance(message, dict) and isinstance(message.get("name"), str):
            yield "message", message["name"], _names(message.get("variables"))
    operations = case.get("operations")
    for name, answer in operations.items() if isinstance(operations, dict) else ():
        for one in answer if isinstance(answer, list) else [answer]:
            if isinstance(one, dict) and "error" not in one:
                yield "answer", str(name), _names(one)


def _names(given: Any) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, dict) else ()
