"""Who sees which variable, and where a result is written.

Each token may own local variables. Reading takes the nearest scope that has the name; writing changes the nearest scope
that has the name, else the process instance.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from typing import Any

from engine.events import VariableWritten
from engine.spiff.definitions import VariableMapping
from engine.spiff.runner import evaluate
from engine.spiff.runner.conditions import Change
from engine.spiff.runner.token import Token


def write_local(owner: Token, name: str, value: Any, source: Token | None = None) -> None:
    source = source or owner
    runner = owner.runner
    if runner.conditions:
        runner.alerts.append(Change(owner, name, name not in owner.variables))
    owner.variables[name] = value
    runner.emit(VariableWritten(owner.workflow.key, source.key, source.task_spec.bpmn_id, owner.key, name, value))


def propagate(token: Token, variables: Mapping[str, Any], source: Token | None = None) -> None:
    """Write each variable to the nearest scope from ``token`` outwards that has it, else to the instance."""
    if not variables:
        return
    scopes = list(token.chain())
    for name, value in variables.items():
        for owner in scopes:  # the last is the instance's own
            if name in owner.variables:
                break
        write_local(owner, name, value, source or token)


def apply_inputs(token: Token, mappings: Sequence[VariableMapping]) -> None:
    """Evaluate all input mappings in drawn order, each seeing the ones before, then make them local."""
    if mappings:
        for name, value in _mapped(token, mappings, {}, token.variables).items():
            write_local(token, name, value)


def apply_outputs(token: Token, mappings: Sequence[VariableMapping]) -> None:
    """With mappings only what they name leaves the element; without, its result is merged outwards."""
    if not mappings:
        propagate(token, token.result)
    elif not token.is_root:
        propagate(token.scope, _mapped(token, mappings, token.result, token.scope.visible()), token)


def _mapped(
    token: Token, mappings: Sequence[VariableMapping], result: Mapping[str, Any], existing: Mapping[str, Any]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    context = ChainMap(found, dict(result), *[scope.variables for scope in token.chain()])
    for mapping in mappings:
        value = evaluate.variable(token, mapping.source, "io_mapping_error", context)
        name, *path = mapping.target
        found[name] = _set_in(found.get(name, existing.get(name)), path, value) if path else value
    return found


def _set_in(target: Any, path: Sequence[str], value: Any) -> Any:
    """A copy of the object ``target`` in which the value at ``path`` is replaced; anything but an object is replaced whole."""
    if not path:
        return value
    copy = dict(target) if isinstance(target, dict) else {}
    copy[path[0]] = _set_in(copy.get(path[0]), path[1:], value)
    return copy
