"""Putting a live instance on another version of its process, and back.

The stored state is rewritten by node names and loaded against the other model, so what runs afterwards is exactly what any
later load would give; the live one is left as it was until that has succeeded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.errors import EngineError
from engine.events import IncidentRaised, WaitEnded
from engine.model import Finding
from engine.spiff.host import Host
from engine.spiff.migration.findings import Findings
from engine.spiff.migration.judging import Judgement
from engine.spiff.migration.versions import Versions
from engine.spiff.runner import snapshot
from engine.spiff.runner.runner import Runner
from engine.spiff.runner.waits import announce, open_waits


class CannotMove(EngineError):
    """The instance cannot be moved to the other version as it stands."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings = findings


def move(runner: Runner, root_key: int, instance_key: int, versions: Versions, judgement: Judgement, host: Host) -> Runner:
    """A new runner in which the instance runs on the target. Raises CannotMove."""
    state = snapshot.unpack(snapshot.save(runner, root_key))
    _rewrite(state, runner, instance_key, versions, judgement)
    moved, _ = snapshot.restore(host, snapshot.pack(state))
    for key, change in judgement.waits.items():
        for wait in change.ended:
            moved.emit(WaitEnded(instance_key, wait.key, wait.spec.bpmn_id))
        _begin(moved, key, change.begun)
    _check_load(moved, root_key, host)
    return moved


def run_on(runner: Runner) -> bool:
    """Let go what need not wait any longer in the new version. True when something moved. Raises CannotMove at an incident."""
    before = runner.drain()
    runner.run_until_waiting()
    happened = runner.drain()
    for event in [*before, *happened]:
        runner.emit(event)
    stops = [event for event in happened if isinstance(event, IncidentRaised)]
    if stops:
        findings = Findings()
        for event in stops:
            findings.add(event.element_id, "would_stop", cause=event.message)
        raise CannotMove(findings.all)
    return bool(happened)


def _check_load(runner: Runner, root_key: int, host: Host) -> None:
    """What will be stored must give the same again."""
    loaded, _ = snapshot.restore(host, snapshot.save(runner, root_key))
    if _shape(loaded) != _shape(runner):
        findings = Findings()
        findings.add("", "state_differs")
        raise CannotMove(findings.all)


def _shape(runner: Runner) -> Any:
    tokens = {key: (token.task_spec, None if token.is_root else token.scope.key) for key, token in runner.tokens.items()}
    waits = {key: (wait.spec, wait.owner.key) for key, wait in runner.waits.items()}
    return tokens, waits, set(runner.joins)


def put_back(runner: Runner, before: bytes, host: Host) -> Runner:
    """The runner as it was ``before``; what it waited for then is awaited again, under the same keys and until the same moments."""
    restored, _ = snapshot.restore(host, before)
    for key, wait in runner.waits.items():
        if key not in restored.waits:
            restored.emit(WaitEnded(wait.owner.workflow.key, key, wait.spec.bpmn_id))
    for key, wait in restored.waits.items():
        now = runner.waits.get(key)
        if now is None or (now.name, now.correlation_key) != (wait.name, wait.correlation_key):
            announce(wait)
    return restored


def _begin(runner: Runner, owner_key: int, specs: list[Any]) -> None:
    owner = runner.tokens[owner_key]
    for spec in specs:
        try:
            open_waits(owner, [spec], own_key=spec is owner.task_spec)
        except EngineError as error:
            findings = Findings()
            findings.add(owner.task_spec.bpmn_id, "cannot_wait", event=spec.bpmn_id, cause=str(error))
            raise CannotMove(findings.all) from error


def _rewrite(state: dict[str, Any], runner: Runner, instance_key: int, versions: Versions, judgement: Judgement) -> None:
    for instance in state["instances"]:
        if instance["key"] == instance_key:
            instance["definition"] = versions.target.definition_key
    for token in state["tokens"]:
        if token["instance"] == instance_key:
            _rewrite_token(token, runner, versions)
    kept = {key: spec.name for change in judgement.waits.values() for key, spec in change.kept.items()}
    waits = []
    for wait in state["waits"]:
        if runner.waits[wait["key"]].owner.workflow.key != instance_key:
            waits.append(wait)
        elif wait["key"] in kept:
            waits.append({**wait, "spec": kept[wait["key"]]})
    state["waits"] = waits


def _rewrite_token(token: dict[str, Any], runner: Runner, versions: Versions) -> None:
    live = runner.tokens[token["key"]]
    if "spec" in token:
        node = versions.node(live.task_spec)
        assert node is not None
        token["spec"] = node.name
    memo = token.get("memo", {})
    if "arrived" in memo:
        memo["arrived"] = {_flow(flow_id, versions): count for flow_id, count in memo["arrived"].items()}
    if "taken" in memo:
        memo["taken"] = [_flow(flow_id, versions) for flow_id in memo["taken"]]
    if "chosen" in memo:
        memo["chosen"] = versions.element_id(memo["chosen"])
    if "done" in memo:
        done = {versions.element_id(element_id) for element_id in memo["done"]}
        memo["done"] = sorted(done & versions.target.elements.keys())
    if "kept" in memo:
        memo["kept"] = dict(_kept(memo["kept"], versions))
    if "undo" in memo:
        _rewrite_undo(memo["undo"], versions)


def _kept(records: dict[str, Any], versions: Versions) -> Iterator[tuple[str, Any]]:
    """Of the own process, under the names its tasks have now; of called ones as they are."""
    own = f"{versions.source.id}:"
    for name, record in records.items():
        element_id, *counters = name.removeprefix(own).split("/")
        target_id = versions.element_id(element_id)
        if not name.startswith(own):
            yield name, record
        elif target_id in versions.target.elements:
            until = record["until"]
            if until.startswith(own):
                until = own + versions.element_id(until.removeprefix(own))
            yield own + "/".join([target_id, *counters]), {**record, "until": until}


def _flow(flow_id: str, versions: Versions) -> str:
    flow = versions.flow(flow_id)
    return flow_id if flow is None else flow.id


def _rewrite_undo(records: list[dict[str, Any]], versions: Versions) -> None:
    for record in records:
        node = versions.node(versions.source.nodes[record["node"]])
        assert node is not None
        record["node"] = node.name
        _rewrite_undo(record.get("undo", []), versions)
