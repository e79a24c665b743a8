"""A command sent twice happens once: what it answered is kept under the id its sender chose, and given again."""

from __future__ import annotations

import datetime as dt
import types
import typing
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

from engine import json_codec, model
from engine.errors import Conflict
from engine.model import Actor
from engine.store.types import ZONE


class CommandIdTaken(Conflict):
    """The command id {command_id} was used for something else ({kind} {target}). Choose a new id for every command."""


@dataclass(frozen=True)
class Command:
    """What is asked for, so that the same asked again can be told from something else under the same id."""

    kind: str
    target: str
    id: str | None = None  # chosen by the sender; None: sent once


def row(command: Command, actor: Actor, at: str, answer: Any) -> dict[str, Any]:
    """The row of ``command_log``."""
    kept = None if answer is None else json_codec.dumps({"type": type(answer).__name__, "value": asdict(answer)})
    return {
        "command_id": command.id,
        "kind": command.kind,
        "target": command.target,
        "actor": actor.user_id,
        "answer": kept,
        "at": at,
    }


def again(kept: dict[str, Any], command: Command) -> Any:
    """The answer given before. Raises CommandIdTaken when that was to another command."""
    if (kept["kind"], kept["target"]) != (command.kind, command.target):
        raise CommandIdTaken(command_id=command.id, kind=kept["kind"], target=kept["target"])
    if kept["answer"] is None:
        return None
    answer = json_codec.loads(kept["answer"])
    return _rebuilt(getattr(model, answer["type"]), answer["value"])


def _rebuilt(kind: Any, value: Any) -> Any:
    """A value of the type ``kind`` from its JSON."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if value is None or kind is Any:
        return value
    if origin in {types.UnionType, typing.Union}:
        return _rebuilt(next(one for one in arguments if one is not type(None)), value)
    if origin is tuple:
        return tuple(_rebuilt(arguments[0], item) for item in value)
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        known = [field.name for field in fields(kind) if field.name in value]  # an earlier version kept fewer
        return kind(**{name: _rebuilt(hints[name], value[name]) for name in known})  # type: ignore[operator]
    if kind is dt.datetime:
        return dt.datetime.fromisoformat(value).astimezone(ZONE)
    return value
