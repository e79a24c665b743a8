"""All files together: processes by id with what flows between them, forms and decisions by the ids that diagrams name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from engine.checks import flow as flows
from engine.checks import results
from engine.checks.decision_inputs import read_by
from engine.checks.finding import Facts, Files, Known
from engine.checks.graph import Flow
from engine.checks.reading import Library, Read
from engine.checks.results import NOTHING, Result, Surroundings
from engine.checks.uses import Use, local_names, of_element
from engine.dmn import DecisionModel
from engine.forms import Form
from engine.spiff import ProcessModel
from engine.spiff.specs import containers, tasks
from engine.spiff.specs.element import Element

STARTED_WITH = "variables"  # a property of a start event: names of what the process is started with, separated by commas
LARGEST = 1_000  # elements of one process; the ways through a larger one are not followed, for somebody waits for the answer
CHECKED = (".bpmn", ".dmn", ".form")


class World:
    """Immutable; everything is worked out when it is asked for. ``like``: another world most of whose files are the same."""

    def __init__(self, library: Library, files: Files, facts: Facts, like: World | None = None) -> None:
        self.library = library
        self.facts = facts
        self.files = files
        self.reads: dict[str, Read] = {}
        for path in sorted(files):
            if path.endswith(CHECKED):
                known = like.reads[path] if like is not None and like.files.get(path) is files[path] else None
                self.reads[path] = known or library.read(path, files[path])
        self.processes: dict[str, ProcessModel] = {}
        self.forms: dict[str, Form] = {}
        self.form_paths: dict[str, str] = {}
        self.decisions: dict[str, DecisionModel] = {}
        for path, read in self.reads.items():
            self._take(path, read)
        self._results: dict[str, Result] = {}
        self._solving: set[str] = set()
        self._asking: set[str] = set()
        self._flows: dict[str, Flow] = {}

    def _take(self, path: str, read: Read) -> None:
        for model in read.processes:
            if len(model.nodes) <= LARGEST:
                self.processes.setdefault(model.id, model)
        if read.form is not None:
            self.forms.setdefault(read.form.id, read.form)
            self.form_paths.setdefault(read.form.id, path)
        if read.table is not None:
            for decision in read.table.decisions:
                self.decisions.setdefault(decision, read.table)

    # what flows

    @cached_property
    def _thrown(self) -> dict[tuple[str, str], Result]:
        found: dict[tuple[str, str], Result] = {}
        for model in self.processes.values():
            for key, given in results.throws(model):
                found[key] = found[key].either(given) if key in found else given
        return found

    def _around(self, model: ProcessModel, newest: World) -> Surroundings:
        called = {name: newest.result(name) for name in called_by(model)}
        return Surroundings(self.facts, self.forms, called, newest._thrown)

    def result(self, process_id: str) -> Result:
        """What a called process gives back of its own; one that calls itself gives nothing for sure."""
        if process_id in self._results:
            return self._results[process_id]
        model = self.processes.get(process_id)
        if model is None or process_id in self._solving:
            return Result(anything=True)
        self._solving.add(process_id)
        given = self.solved(model, NOTHING).result()
        self._solving.discard(process_id)
        self._results[process_id] = given
        return given

    def solved(self, model: ProcessModel, start: Result, newest: World | None = None) -> Flow:
        """Worked out once for the same drawing, forms, facts, called processes and start: most edits concern one process.

        ``newest``: the world whose processes it calls, where that is not this one.
        """
        around = self._around(model, newest or self)
        told = (around.facts.operations, around.facts.messages, around.facts.tasks)
        forms = tuple(self.reads[self.form_paths[name]].sha256 for name in _forms(model) if name in self.form_paths)
        called, thrown = frozenset(around.called.items()), frozenset(around.thrown.items())
        # the very model, for a flow is about its elements: a file that was forgotten and read again has others
        key = (id(model), model.id, forms, called, thrown, start, tuple(map(id, told)))
        return self.library.once("flow", model.file, key, lambda: flows.solve(model, around, start))  # which keeps what is told

    def flow(self, process_id: str) -> Flow:
        """The solution for the process as it is really started: by those who call it, as declared, or as the cases start it."""
        if process_id not in self._flows:
            model = self.processes[process_id]
            self._flows[process_id] = self.solved(model, self.start(process_id))
        return self._flows[process_id]

    def start(self, process_id: str) -> Result:
        """What is there when the process begins. ``anything`` when nobody calls it, declares it or starts it in a case."""
        found: list[Result] = [self._handed_over(caller, call) for caller, call in self.callers(process_id)]
        declared = _declared(self.processes[process_id])
        if declared is not None:
            found.append(results.known(declared))
        if not found and process_id in self.facts.starts:
            found.append(results.known(self.facts.starts[process_id]))
        if not found:
            return Result(anything=True)
        whole = found[0]
        for one in found[1:]:
            whole = whole.either(one)
        return whole

    def callers(self, process_id: str) -> list[tuple[str, containers.CallActivity]]:
        """Call activities of other processes that name this one."""
        return [
            (caller, call) for caller, call in self._calls if call.call.process_id.text == process_id and caller != process_id
        ]

    @cached_property
    def _calls(self) -> list[tuple[str, containers.CallActivity]]:
        return [
            (model.id, node)
            for model in self.processes.values()
            for node in model.nodes.values()
            if isinstance(node, containers.CallActivity) and node.call.process_id.expression is None
        ]

    def _handed_over(self, caller: str, call: containers.CallActivity) -> Result:
        if caller in self._asking:
            return Result(anything=True)
        self._asking.add(caller)
        flow = self.flow(caller)
        self._asking.discard(caller)
        return handed_over(flow, call)

    def holder(self, model: ProcessModel, node: Element) -> Element | None:
        """What the element stands in: the process, a sub-process, or the body that repeats it."""
        return self.flow(model.id).holder.get(node)

    def entry(self, process_id: str, node: Element) -> Element:
        """The element flows lead to: the body, where the element is repeated."""
        return self.processes[process_id].entries.get(node.bpmn_id, node)

    # what is read

    def uses(self, model: ProcessModel, node: Element) -> tuple[Use, ...]:
        """Everything an element reads: its own drawing's, its form's, its decision's, its operation's."""
        read = self.reads[model.file]
        drawn = self.library.once(
            f"uses {node.name}", model.file, read.sha256, lambda: of_element(node, self.library.feel.functions)
        )
        own = local_names(node.input_mappings)
        return (*drawn, *(use for use in self._more_uses(node) if use.name not in own))

    def _more_uses(self, node: Element) -> Iterator[Use]:
        if isinstance(node, tasks.BusinessRuleTask) and node.decision is not None:
            model = self.decisions.get(node.decision.decision_id.text)
            if model is not None:
                yield from (Use(name, node.decision.decision_id.text) for name in read_by(model, node.decision.decision_id.text))
        if isinstance(node, tasks.JobTask) and node.job is not None:
            yield from (Use(name, node.job.type.text) for name in self.facts.needs.get(node.job.type.text, ()))


def handed_over(flow: Flow, call: containers.CallActivity) -> Result:
    """What the called process begins with."""
    if not call.call.propagate_all_parent_variables:
        names = local_names(call.input_mappings)
        return Result(names, names)
    known = flow.known(call)
    sure = frozenset(name for name, is_sure in known.items() if is_sure)
    return Result(sure, frozenset(known), flow.is_open(flow.before[call]))


def called_by(model: ProcessModel) -> set[str]:
    return {str(reference.id) for reference in model.called_refs if reference.id is not None}


def _forms(model: ProcessModel) -> list[str]:
    return [str(reference.id) for reference in model.form_refs if reference.id is not None]


def _declared(model: ProcessModel) -> tuple[Known, ...] | None:
    told = [info.properties[STARTED_WITH] for info in model.elements.values() if STARTED_WITH in info.properties]
    if not told:
        return None
    return tuple(Known(name.strip()) for text in told for name in text.split(",") if name.strip())
