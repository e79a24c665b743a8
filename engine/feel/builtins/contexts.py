"""Context functions (DMN 1.5, section 10.3.4.9)."""

from __future__ import annotations

from engine.feel.builtins.registry import builtin
from engine.feel.errors import Refused
from engine.feel.run import Run
from engine.feel.values.types import Value


@builtin("get value(m: context, key: string): Any", 'get value({name: "widget"}, "name")', '"widget"')
def get_value(context: dict[str, Value], key: str) -> Value:
    """The value of an entry; null when there is none."""
    return context.get(key)


@builtin("get entries(m: context): list<context>", 'get entries({a: "foo"})', '[{key: "a", value: "foo"}]', with_run=True)
def get_entries(run: Run, context: dict[str, Value]) -> list[dict[str, Value]]:
    """The entries as a list of key and value."""
    run.room(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list<context>): context", 'context([{key: "a", value: 1}])', "{a: 1}", with_run=True)
def context_of(run: Run, entries: list[dict[str, Value]]) -> dict[str, Value]:
    """The context made of entries, each a context with key and value; no key may come twice."""
    run.room(len(entries))
    out: dict[str, Value] = {}
    for entry in entries:
        key = entry.get("key") if entry else None
        if not isinstance(key, str) or key in out or "value" not in entry:
            raise Refused("every entry needs a key of its own and a value")
        out[key] = entry["value"]
    return out


@builtin(
    "context put(context: context, key: string, value: Any): context",
    'context put({a: 1}, "b", 2)',
    "{a: 1, b: 2}",
    with_run=True,
)
def context_put(run: Run, context: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    """The context with an entry added or replaced."""
    run.room(len(context) + 1)
    return {**context, key: value}


@builtin(
    "context put(context: context, keys: list<string>, value: Any): context",
    'context put({a: {b: 1}}, ["a", "b"], 2)',
    "{a: {b: 2}}",
    with_run=True,
)
def context_put_deep(run: Run, context: dict[str, Value], keys: list[str], value: Value) -> dict[str, Value]:
    """The context with an entry added or replaced inside contexts inside it, named from the outermost key on."""
    if not keys or any(key is None for key in keys):
        raise Refused("the path of keys is empty or holds null")
    run.room(len(context) + len(keys))
    out = dict(context)
    here = out
    for key in keys[:-1]:
        inner = here.get(key)
        if not isinstance(inner, dict):
            raise Refused("{key} is not a context", key=key)
        run.room(len(inner))
        here[key] = dict(inner)
        here = here[key]
    here[keys[-1]] = value
    return out


@builtin("context merge(contexts: list<context>): context", "context merge([{a: 1}, {b: 2}])", "{a: 1, b: 2}", with_run=True)
def context_merge(run: Run, contexts: list[dict[str, Value] | None]) -> dict[str, Value]:
    """One context with the entries of all; the last wins."""
    out: dict[str, Value] = {}
    for context in contexts:
        if context is None:
            raise Refused("an element is null")
        run.room(len(out) + len(context))
        out.update(context)
    return out
