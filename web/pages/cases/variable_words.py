"""What a variable of a case is called: the label of the field it is written in, else the words of what gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from flask_babel import lazy_gettext as _l

from engine.errors import NotFound
from engine.facade import ProcessEngine
from engine.forms.formula import Scope
from engine.forms.model import ChoiceField, Component, DynamicList, Field, Group
from engine.spiff.model import ProcessModel
from engine.spiff.specs.element import Element
from engine.spiff.specs.tasks import BusinessRuleTask, JobTask, ScriptTask
from procurement.operations.described import Field as Output
from procurement.operations.described import described
from web.pages.cases.values import LABELS
from web.pages.services import services
from web.pages.words import answer

CODE = re.compile(r'"([a-z_]+)"')
WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
OPERATORS = {"and": _l("并且"), "or": _l("或者"), "not": _l("不是"), "null": _l("空"), "true": _l("是"), "false": _l("否")}
READS = "读取"  # how the diagrams begin the name of a task that asks for one of the office's numbers


@dataclass(frozen=True)
class Looked:
    """What was looked at: ``name`` is the variable's; ``headed`` when the words are the heading of a table's column."""

    words: str
    value: Any
    name: str
    headed: bool = False


@dataclass(frozen=True)
class Words:
    """What a variable is called, and the words of its values where a form offers them."""

    name: str
    options: Mapping[str, str] = field(default_factory=dict)

    def value(self, value: Any) -> Any:
        """A chosen option in the words of the form; anything else as it is."""
        return self.options.get(value, value) if isinstance(value, str) else value


_known: WeakKeyDictionary[ProcessEngine, dict[int, Mapping[str, Words]]] = WeakKeyDictionary()


def in_words(one: Looked, definition_keys: Iterable[int]) -> Looked:
    """With the words of the first of these processes that has some for the variable; as it is when none has."""
    found = _found(one.name, definition_keys)
    if found is None:
        return one
    return replace(one, words=one.words if one.headed else found.name, value=found.value(one.value))


def condition_in_words(expression: str, names: Iterable[str], definition_keys: Sequence[int]) -> str:
    """A plain condition in the words of its variables and their options; empty for one that only a designer reads."""
    told = expression
    for name in sorted(names, key=len, reverse=True):
        if found := _found(name, definition_keys):
            told = re.sub(rf'(?<![\w."]){re.escape(name)}(?:\.value)?(?![\w"])', lambda _, words=found.name: words, told)  # type: ignore[misc]
            for code, words in found.options.items():
                told = told.replace(f'"{code}"', f"“{words}”")
    told = CODE.sub(lambda code: f"“{answer(code[1])}”", told)
    told = WORD.sub(lambda word: str(OPERATORS.get(word[0], word[0])), told)
    return "" if WORD.search(told) else told


def _found(name: str, definition_keys: Iterable[int]) -> Words | None:
    found = next((words[name] for key in definition_keys if name in (words := _words(key))), None)
    return Words(str(LABELS[name]), found.options if found else {}) if name in LABELS else found


def _words(definition_key: int) -> Mapping[str, Words]:
    """Variable → its words in one deployed process; a definition never changes, so it is read once."""
    engine = services().engine  # what is deployed is no secret
    known = _known.setdefault(engine, {})
    if definition_key not in known:
        known[definition_key] = dict(reversed([*_given(engine, engine.process_model(definition_key))]))
    return known[definition_key]


def _given(engine: ProcessEngine, model: ProcessModel) -> Iterator[tuple[str, Words]]:
    """What is asked in a form comes before what is worked out from it."""
    for reference in model.form_refs:
        if reference.id is not None:
            yield from _asked(engine, reference.id)
    for node in model.nodes.values():
        yield from _worked_out(node)


def _asked(engine: ProcessEngine, form_id: str) -> Iterator[tuple[str, Words]]:
    try:
        form, _version = engine.newest_form(form_id)
    except NotFound:
        return
    yield from _fields(form.components, form.title)


def _fields(components: Iterable[Component], around: str) -> Iterator[tuple[str, Words]]:
    """``around`` is the heading of the group, or the form: a label such as 结论 says too little alone."""
    for component in components:
        label = component.label.fill(Scope({}))
        if isinstance(component, Group):
            yield from _fields(component.components, label or around)
        elif isinstance(component, (Field, DynamicList)) and label:
            chosen = component.options if isinstance(component, ChoiceField) else ()
            yield component.path[0], Words(f"{around}：{label}", {str(one.value): one.label for one in chosen})


def _worked_out(node: Element) -> Iterator[tuple[str, Words]]:
    name = str(node.bpmn_name or "")
    told = {output.name: output.text for output in _described(node)}
    for mapping in node.output_mappings:
        source = mapping.source.text.removeprefix("=").strip()
        words = told.get(source) or _result(name)
        if words:
            yield mapping.target[0], Words(words)
    if isinstance(node, BusinessRuleTask) and node.decision is not None and name:
        yield node.decision.result_variable, Words(_result(name))
    elif isinstance(node, ScriptTask) and node.script is not None and name:
        yield node.script.result_variable, Words(_result(name))
    elif not node.output_mappings:
        yield from ((name, Words(text)) for name, text in told.items())


def _described(node: Element) -> tuple[Output, ...]:
    """What the operation of a service task gives; nothing for an outside worker's."""
    operation = described(node.job.type.text) if isinstance(node, JobTask) and node.job is not None else None
    return operation.outputs if operation else ()


def number_asked(step: str) -> str:
    """What a step that asks for one of the office's numbers asks for: 读取最少家数 asks for 最少家数; empty for other steps."""
    return step.removeprefix(READS) if step.startswith(READS) else ""


def _result(step: str) -> str:
    return number_asked(step) or (f"{step}：结果" if step else "")
