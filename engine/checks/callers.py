"""Whether processes that run already can go on with what they call: the newest version, whatever version they are themselves.

A caller in use is every process of these files, and every older version that instances run on. For each of its calls two
solutions are compared: with the called processes as they are in force, and as these files have them. What was missing before
is nobody's news; what is missing only now would break a case months later, or let it go on without a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.checks import variables
from engine.checks.catalogue import CALLED_DELETED, INPUT_NEEDED, OUTPUT_GONE
from engine.checks.finding import Finding, InUse, Rule
from engine.checks.graph import Flow
from engine.checks.results import Result
from engine.checks.uses import Use, of_expression
from engine.checks.world import World, called_by, handed_over
from engine.feel.syntax import nodes
from engine.spiff import ProcessModel
from engine.spiff.definitions import VariableMapping
from engine.spiff.specs import tasks
from engine.spiff.specs.containers import CallActivity
from engine.spiff.specs.element import Element
from engine.spiff.specs.multi_instance import MultiInstanceBody

GONE = "After {call}, {caller} reads {name} at {reader}. Nothing in {process} writes {name} any more; in the version in force something does."
GONE_RUNNING = (
    "After {call}, {caller} (version {version}, {instances} running) reads {name} at {reader}. Nothing in {process} writes {name} any "
    "more; in the version in force something does."
)
KEPT = "{caller} takes {name} from {call}. Nothing in {process} writes {name} any more: the caller goes on with the value it had before, if any."
KEPT_RUNNING = (
    "{caller} (version {version}, {instances} running) takes {name} from {call}. Nothing in {process} writes {name} any more: the caller "
    "goes on with the value it had before, if any."
)
NEEDED = "{element} reads {name}, which {caller} does not pass at {call}, and nothing before it writes it. The version in force can do without."
NEEDED_RUNNING = (
    "{element} reads {name}, which {caller} (version {version}, {instances} running) does not pass at {call}, and nothing before it "
    "writes it. The version in force can do without."
)
DELETED = (
    "{call} calls {process}, which is no longer among these files: the last deployed version goes on, and nobody can change it."
)


@dataclass(frozen=True)
class Caller:
    """``world``: where its forms and tables are read; ``used``: None for a process of the files themselves that is not in force."""

    world: World
    model: ProcessModel
    used: InUse | None
    is_older: bool

    def told(self, **more: Any) -> dict[str, Any]:
        known = {} if self.used is None else {"version": self.used.version, "instances": self.used.instances}
        return {"caller": self.model.name or self.model.id, **known, **more}

    def finds(self, rule: Rule, place: tuple[str, int, str], name: str | None, texts: tuple[str, str], **told: Any) -> Finding:
        file, line, element = place
        template = texts[0] if self.used is None else texts[1]
        more = {} if name is None else {"name": name}
        return Finding(rule.code, rule.severity, file, line, element, template, self.told(**more, **told), cell=name)


def findings(world: World) -> Iterator[Finding]:
    """Nothing where nothing is in force, or what is called stays as it is."""
    in_force = world.facts.in_force
    if not in_force.files:
        return
    before = World(world.library, in_force.files, world.facts, like=world)
    concerned = _concerned(before, world)
    if not concerned:
        return
    said: set[tuple[str, str, str]] = set()
    for caller in _callers(before, world, concerned):
        yield from _of_caller(before, world, caller, concerned, said)


# which processes are concerned


def _concerned(before: World, after: World) -> set[str]:
    """Processes that are drawn otherwise, read or give otherwise, or are gone; and those through which one comes to them."""
    found = {name for name in before.processes.keys() | after.processes.keys() if _differs(before, after, name)}
    callers: dict[str, set[str]] = {}
    for world in (before, after):
        for model in world.processes.values():
            for called in called_by(model):
                callers.setdefault(called, set()).add(model.id)
    pending = list(found)
    for name in pending:
        for caller in callers.get(name, set()) - found:
            found.add(caller)
            pending.append(caller)
    return found


def _differs(before: World, after: World, name: str) -> bool:
    old, new = before.processes.get(name), after.processes.get(name)
    if old is not new:
        return True
    assert new is not None
    forms = (str(one.id) for one in new.form_refs)
    decisions = (str(one.id) for one in new.decision_refs)
    return any(before.forms.get(one) is not after.forms.get(one) for one in forms) or any(
        before.decisions.get(one) is not after.decisions.get(one) for one in decisions
    )


# who calls them


def _callers(before: World, after: World, concerned: set[str]) -> Iterator[Caller]:
    newest: dict[str, InUse] = {}
    for one in after.facts.in_force.versions:
        if one.process_id not in newest or one.version > newest[one.process_id].version:
            newest[one.process_id] = one
    for model in after.processes.values():
        if called_by(model) & concerned:
            unchanged = before.processes.get(model.id) is model
            yield Caller(after, model, newest.get(model.id) if unchanged else None, is_older=False)
    worlds: dict[int, World] = {}
    for one in after.facts.in_force.versions:
        if not one.instances or (one is newest[one.process_id] and one.files[one.path] == after.files.get(one.path)):
            continue
        for model in after.library.read(one.path, one.files[one.path]).processes:
            if model.id == one.process_id and called_by(model) & concerned:
                if id(one.files) not in worlds:
                    worlds[id(one.files)] = World(after.library, one.files, after.facts, like=before)
                yield Caller(worlds[id(one.files)], model, one, is_older=True)


def calls(model: ProcessModel) -> list[CallActivity]:
    return [node for node in model.nodes.values() if isinstance(node, CallActivity) and node.call.process_id.expression is None]


def _reaches(caller: Caller, call: CallActivity, called: ProcessModel) -> bool:
    """Whether the newest version is what the call comes to. What is deployed together is called together."""
    binding = call.call.binding
    if binding.kind == "versionTag":
        return binding.version_tag == called.version_tag
    return binding.kind == "latest" or not caller.is_older


# what they miss


def _of_caller(
    before: World, after: World, caller: Caller, concerned: set[str], said: set[tuple[str, str, str]]
) -> Iterator[Finding]:
    start = caller.world.start(caller.model.id) if caller.model.id in caller.world.processes else Result(anything=True)
    was = caller.world.solved(caller.model, start, newest=before)
    now = caller.world.solved(caller.model, start, newest=after)
    for call in calls(caller.model):
        called = call.call.process_id.text
        old, new = before.processes.get(called), after.processes.get(called)
        if called not in concerned or old is None:
            continue
        if new is None:
            yield from _deleted(caller, call, old, after)
            continue
        if not _reaches(caller, call, new):
            continue
        yield from _outputs(before, after, caller, call, was, now)
        way = _Way(before, after, concerned, (_named(call),), frozenset({caller.model.id}))
        for model, node, use, path in way.missing(called, handed_over(was, call), handed_over(now, call)):
            place = (model.id, node.bpmn_id, use.name)
            if len(path) > 1 and place in said:
                continue  # who calls it directly was told
            said.add(place)
            line = model.elements[node.bpmn_id].line
            told = {"element": _named(node), "call": " → ".join(path)}
            yield caller.finds(INPUT_NEEDED, (model.file, line, node.bpmn_id), use.name, (NEEDED, NEEDED_RUNNING), **told)


def _deleted(caller: Caller, call: CallActivity, old: ProcessModel, after: World) -> Iterator[Finding]:
    rule = CALLED_DELETED
    told = {"call": _named(call), "process": old.name or old.id}
    is_unreadable = old.file in after.reads and not after.reads[old.file].is_readable  # which is said of the file
    if not caller.is_older and not is_unreadable:
        place = (caller.model.file, caller.model.elements[call.bpmn_id].line, call.bpmn_id)
        yield caller.finds(rule, place, None, (DELETED, DELETED), **told)


def _outputs(before: World, after: World, caller: Caller, call: CallActivity, was: Flow, now: Flow) -> Iterator[Finding]:
    """Names that the called process gave, and gives no more."""
    old, new = before.result(call.call.process_id.text), after.result(call.call.process_id.text)
    lost = frozenset() if new.anything else old.maybe - new.maybe
    model = after.processes[call.call.process_id.text]
    place = (model.file, model.root.line, model.id)
    told = {"call": _named(call), "process": model.name or model.id}
    for name in sorted(lost):
        reader = _reader(caller, call, was, now, name)
        if reader is not None:
            yield caller.finds(OUTPUT_GONE, place, name, (GONE, GONE_RUNNING), reader=_named(reader), **told)
        elif any(use.name == name for use in _taken(caller, call)):
            yield caller.finds(OUTPUT_GONE, place, name, (KEPT, KEPT_RUNNING), **told)


def _reader(caller: Caller, call: CallActivity, was: Flow, now: Flow, name: str) -> Element | None:
    """The first element that would find nothing where it found something."""
    missing = {node: use for node, use in _absent(caller.world, caller.model, now) if use.name == name}
    for node, _use in _absent(caller.world, caller.model, was):
        missing.pop(node, None)
    collected = (use.name for use in _collected(caller, call))
    if name in collected and not now.is_possible(now.after[call], name):
        return call
    return next(iter(missing), None)


def _absent(world: World, model: ProcessModel, flow: Flow) -> Iterator[tuple[Element, Use]]:
    """What is read, not there on any way, and cannot be done without."""
    for node in flow.nodes:
        for use in variables.read_before(world, model, flow, node):
            is_there = flow.is_possible(flow.before[node], use.name)
            if not is_there and not use.asked and not _does_without(world, node, use):
                yield node, use


def _does_without(world: World, node: Element, use: Use) -> bool:
    """It is handed to an operation that may go without it, or names one of several who may do the task."""
    if isinstance(node, tasks.JobTask) and node.job is not None and node.job.type.text in world.facts.operations:
        needed = world.facts.needs.get(node.job.type.text, ())
        read = [
            one for one in node.input_mappings if one.source.expression is not None and one.source.expression.text == use.text
        ]
        return bool(read) and isinstance(_tree(read[0]), nodes.Name) and not any(one.target[0] in needed for one in read)
    if isinstance(node, tasks.UserTask):
        who = node.definition
        named = who.assignee is not None and who.assignee.expression is not None and who.assignee.expression.text == use.text
        return named and (who.candidate_groups is not None or who.candidate_users is not None)
    return False


def _tree(mapping: VariableMapping) -> nodes.Located | None:
    return None if mapping.source.expression is None else mapping.source.expression.tree


def _taken(caller: Caller, call: CallActivity) -> Iterator[Use]:
    """What the call's own mappings read of what comes back."""
    yield from (use for use in caller.world.uses(caller.model, call) if use.after)
    yield from _collected(caller, call)


def _collected(caller: Caller, call: CallActivity) -> Iterator[Use]:
    """What is put into the list, where the call is repeated."""
    body = caller.model.entries.get(call.bpmn_id)
    if isinstance(body, MultiInstanceBody) and body.loop.output_element is not None:
        given = {mapping.target[0] for mapping in call.output_mappings}
        read = of_expression(body.loop.output_element, caller.world.library.feel.functions, after=True)
        yield from (use for use in read if use.name not in given)


@dataclass(frozen=True)
class _Way:
    """Down from a call into what is called, and on into what that calls."""

    before: World
    after: World
    concerned: set[str]
    path: tuple[str, ...]
    above: frozenset[str]

    def missing(
        self, called: str, was: Result | None, now: Result
    ) -> Iterator[tuple[ProcessModel, Element, Use, tuple[str, ...]]]:
        """What the called process needs and does not get. ``was``: with what it was called in force; None: not called there."""
        new, old = self.after.processes[called], self.before.processes.get(called)
        flow = self.after.solved(new, now)
        flow_before = self.before.solved(old, was) if old is not None and was is not None else None
        if not now.anything and (flow is not flow_before or called in self.concerned):
            known = {use.name for _node, use in _absent(self.before, old, flow_before)} if old and flow_before else set()
            known |= {
                use.name for node in flow.nodes for use in self.after.uses(new, node) if use.compared
            }  # its absence is thought of
            for node, use in _absent(self.after, new, flow):
                if use.name not in known:
                    known.add(use.name)
                    yield new, node, use, self.path
        for call in calls(new):
            further = call.call.process_id.text
            if further in self.above | {called} or further not in self.after.processes:
                continue
            handed = handed_over(flow, call)
            handed_before = _as_before(old, flow_before, call)
            if further in self.concerned or handed != handed_before:
                on = _Way(self.before, self.after, self.concerned, (*self.path, _named(call)), self.above | {called})
                yield from on.missing(further, handed_before, handed)


def _as_before(old: ProcessModel | None, flow: Flow | None, call: CallActivity) -> Result | None:
    node = old.nodes.get(call.bpmn_id) if old is not None else None
    if flow is None or not isinstance(node, CallActivity) or node.call.process_id.text != call.call.process_id.text:
        return None
    return handed_over(flow, node)


def _named(node: Element) -> str:
    return node.bpmn_name or node.bpmn_id
