"""The stored form of a running instance: live tokens, waits and live variables, nothing of what is over.

zstd-compressed JSON with a format number. Specifications are not in it: they come from the deployed definition by key.
"""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import zstandard

from engine import json_codec
from engine.errors import ExecutionFailed
from engine.spiff.host import Host
from engine.spiff.runner.runner import Runner
from engine.spiff.runner.timers import Due
from engine.spiff.runner.token import Instance, Token
from engine.spiff.runner.waits import Wait

FORMAT = 1
_kept = threading.local()


def save(runner: Runner, root_key: int) -> bytes:
    """Callers make sure that everything waits: a queue is never stored."""
    state = {
        "format": FORMAT,
        "root": root_key,
        "state": runner.state,
        "instances": [_instance(instance) for instance in runner.instances.values()],
        "tokens": [_token(token) for token in runner.tokens.values()],
        "waits": [_wait(wait) for wait in runner.waits.values()],
        "joins": list(runner.joins),
    }
    return pack(state)


def pack(state: dict[str, Any]) -> bytes:
    return _compressor().compress(json_codec.dumps_stored(state).encode())


def _compressor() -> zstandard.ZstdCompressor:
    """One for each thread: making one costs more than a small snapshot does."""
    if not hasattr(_kept, "compressor"):
        _kept.compressor = zstandard.ZstdCompressor(level=3)
    found: zstandard.ZstdCompressor = _kept.compressor
    return found


def unpack(snapshot: bytes) -> dict[str, Any]:
    state: dict[str, Any] = json_codec.loads(zstandard.ZstdDecompressor().decompress(snapshot))
    return state


def restore(host: Host, snapshot: bytes) -> tuple[Runner, int]:
    """The runner as it was, and the root instance's key."""
    state = unpack(snapshot)
    if state["format"] != FORMAT:
        raise ExecutionFailed(
            "The stored state has format {format}, this version reads {known}. Run the upgrade first.",
            format=state["format"],
            known=FORMAT,
        )
    runner = Runner(host)
    runner.state = state["state"]
    stored_instances = {stored["key"]: stored for stored in state["instances"]}
    for stored in state["tokens"]:
        _restore_token(runner, stored, stored_instances)
    for stored in state["waits"]:
        _restore_wait(runner, stored)
    runner.joins = {key: runner.tokens[key] for key in state["joins"]}
    return runner, state["root"]


def _instance(instance: Instance) -> dict[str, Any]:
    return {
        "key": instance.key,
        "definition": instance.model.definition_key,
        "caller": instance.caller.key if instance.caller else None,
    }


def _token(token: Token) -> dict[str, Any]:
    stored: dict[str, Any] = {"key": token.key, "instance": token.workflow.key, "state": token.state}
    if not token.is_root:
        stored |= {"spec": token.task_spec.name, "scope": token.scope.key}
    for name, value in (("variables", token.variables), ("memo", token.memo), ("result", token.result)):
        if value:
            stored[name] = value
    return stored


def _restore_token(runner: Runner, stored: dict[str, Any], instances: dict[int, dict[str, Any]]) -> None:
    """Tokens are stored in the order they were made, so a scope and a caller are always there already."""
    if "scope" in stored:
        scope = runner.tokens[stored["scope"]]
        token = Token(scope.workflow, scope.workflow.model.nodes[stored["spec"]], scope, stored["key"])
    else:
        token = _restore_instance(runner, instances[stored["key"]]).root
    token.restores(stored["state"])
    token.variables = stored.get("variables", {})
    token.memo.update(stored.get("memo", {}))
    token.result = stored.get("result", {})
    runner.tokens[token.key] = token
    if "undoing" in token.memo:
        runner.undoing[token.key] = token


def _restore_instance(runner: Runner, stored: dict[str, Any]) -> Instance:
    caller = runner.tokens[stored["caller"]] if stored["caller"] else None
    instance = Instance(runner, stored["key"], runner.host.process(stored["definition"]), caller)
    if caller is not None:
        instance.depth_of_calls = caller.workflow.depth_of_calls + 1
        caller.called = instance
    runner.instances[instance.key] = instance
    return instance


def _wait(wait: Wait) -> dict[str, Any]:
    stored: dict[str, Any] = {"key": wait.key, "spec": wait.spec.name, "owner": wait.owner.key}
    if wait.due is not None:
        due = wait.due
        stored["due"] = [
            due.at.isoformat(),
            due.repetitions_left,
            due.interval,
            due.anchor and due.anchor.isoformat(),
            due.number,
        ]
    if wait.name:
        stored |= {"name": wait.name, "correlation": wait.correlation_key}
    if wait.met:
        stored["met"] = True
    return stored


def _restore_wait(runner: Runner, stored: dict[str, Any]) -> None:
    owner = runner.tokens[stored["owner"]]
    due = None
    if "due" in stored:
        at, left, interval, anchor, number = stored["due"]
        due = Due(dt.datetime.fromisoformat(at), left, interval, anchor and dt.datetime.fromisoformat(anchor), number)
    spec: Any = owner.workflow.model.nodes[stored["spec"]]
    wait = Wait(stored["key"], spec, owner, due, stored.get("name", ""), stored.get("correlation", ""), stored.get("met", False))
    owner.waits.append(wait.key)
    runner.waits[wait.key] = wait
    if wait.kind == "conditional":
        runner.conditions[wait.key] = wait
