"""What an active element waits for in the other version: which timers, messages, signals and conditions stay, end or begin.

A timer that runs keeps its due date, whatever the other version says of its length. A message, signal or
condition that is named, keyed or written otherwise is awaited anew. What has fired for the last time is not set again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.spiff.migration.findings import Findings
from engine.spiff.migration.versions import Versions, said
from engine.spiff.runner.token import Token
from engine.spiff.runner.waits import KINDS, Wait
from engine.spiff.specs.containers import Container
from engine.spiff.specs.element import Element
from engine.spiff.specs.events import Catching
from engine.spiff.specs.gateways import EventBasedGateway


@dataclass
class Waiting:
    """For one token: waits that stay, by the node they get; waits that end; nodes that begin to wait."""

    kept: dict[int, Catching] = field(default_factory=dict)
    ended: list[Wait] = field(default_factory=list)
    begun: list[Catching] = field(default_factory=list)


def waiting(token: Token, target: Element, versions: Versions, findings: Findings) -> Waiting:
    """``target`` stands for the token's node."""
    found = Waiting()
    wanted = list(_listened_to(token, target))
    known = {versions.node(spec): spec for spec in _listened_to(token, token.task_spec)}
    for key in token.waits:
        wait = token.runner.waits[key]
        spec = versions.node(wait.spec)
        if not isinstance(spec, Catching) or spec not in wanted or spec.event.kind != wait.kind:
            found.ended.append(wait)
            findings.note(token, "wait_ends", event=wait.spec.bpmn_id, element=target.bpmn_id)
        elif wait.due is None and said(spec.event) != said(wait.spec.event):
            found.ended.append(wait)
            found.begun.append(spec)
            findings.note(token, "wait_renewed", event=spec.bpmn_id)
        else:
            found.kept[key] = spec
            if wait.due is not None and said(spec.event.timer) != said(wait.spec.event.timer):
                findings.note(token, "timer_keeps_due", event=spec.bpmn_id, due=f"{wait.due.at:%Y-%m-%d %H:%M}")
    for spec in wanted:
        before = known.get(spec)
        if before is None or before.event.kind != spec.event.kind:
            found.begun.append(spec)
            findings.note(token, "wait_begins", event=spec.bpmn_id, element=target.bpmn_id)
    return found


def _listened_to(token: Token, node: Element) -> Iterator[Catching]:
    """What a token in this state waits for from outside when it stands at ``node``, used up or not."""
    memo = token.memo
    specs: list[Catching] = list(node.boundary) if memo.get("entered") else []
    if isinstance(node, Container) and memo.get("open") and not memo.get("interrupted"):
        specs += [sub.start for sub in node.event_sub_processes]
    if isinstance(node, Catching) and memo.get("listening"):
        specs.append(node)
    if isinstance(node, EventBasedGateway) and token.waits:
        specs += [flow.target for flow in node.outgoing if isinstance(flow.target, Catching)]
    return (spec for spec in specs if spec.event.kind in KINDS)
