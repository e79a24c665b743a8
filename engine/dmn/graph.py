"""The elements of a model ready to run, and what each requires of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.dmn.boxes import BoxCompiler, typed
from engine.dmn.formulas import Formulas
from engine.dmn.item_types import TypeTable
from engine.dmn.model import BusinessKnowledge, Decision, DecisionService, Definitions, Element, InputData
from engine.dmn.names import member_names
from engine.dmn.running import Evaluator
from engine.dmn.tables import CompiledTable
from engine.dmn.types import FeelType, FunctionType, ModelParameter, plain
from engine.feel import Feel

_MAX_CHAIN = 60  # decisions that need one another in a row


@dataclass(frozen=True)
class Requirement:
    """``graph`` is None for an element of the same model; ``prefix`` is the name its import goes by."""

    id: str
    name: str
    graph: Graph | None = None
    prefix: str = ""


@dataclass(frozen=True)
class Node:
    """One element. ``body`` gives a decision's value, or what a business knowledge model's function gives."""

    element: Element
    name: str
    type: FeelType
    requires: tuple[Requirement, ...] = ()
    body: Evaluator | None = None
    parameters: tuple[ModelParameter, ...] = ()


@dataclass
class Graph:
    definitions: Definitions
    formulas: Formulas
    types: TypeTable
    members: frozenset[str]
    drawn: frozenset[str]  # names of its elements
    nodes: dict[str, Node] = field(default_factory=dict)
    tables: list[CompiledTable] = field(default_factory=list)


def build(definitions: Definitions, feel: Feel, imported: Iterable[Graph], *, lenient: bool) -> Graph:
    """Compile every element; problems are in ``graph.formulas``."""
    formulas = Formulas(feel, definitions.file, lenient=lenient)
    imports = _imports(definitions, imported, formulas)
    types = TypeTable(definitions, {name: graph.types for name, graph in imports.values()}, formulas)
    formulas.types = types.without_limits()
    members = types.member_names() | member_names(definitions)
    for prefix, other in imports.values():
        members |= other.members | {node.name for node in other.nodes.values()} | ({prefix} if prefix else set())
    drawn = definitions.elements.values()
    formulas.connectable = frozenset(e.variable.name for e in drawn if not isinstance(e, InputData))
    graph = Graph(definitions, formulas, types, members, frozenset(e.variable.name for e in drawn))
    builder = _NodeBuilder(graph, imports)
    for element in definitions.elements.values():
        graph.nodes[element.id] = builder.node(element)
    graph.tables = builder.tables
    _check_chains(graph)
    return graph


def _imports(definitions: Definitions, imported: Iterable[Graph], formulas: Formulas) -> dict[str, tuple[str, Graph]]:
    by_namespace = {graph.definitions.namespace: graph for graph in imported}
    found: dict[str, tuple[str, Graph]] = {}
    for wanted in definitions.imports:
        graph = by_namespace.get(wanted.namespace)
        if graph is None:
            formulas.problem(
                wanted.place, "The imported model {namespace} is not there: deploy it together.", namespace=wanted.namespace
            )
        else:
            found[wanted.namespace] = (wanted.name, graph)
    return found


class _NodeBuilder:
    def __init__(self, graph: Graph, imports: Mapping[str, tuple[str, Graph]]) -> None:
        self._graph = graph
        self._imports = imports
        self._elements = graph.definitions.elements
        self._compiler = BoxCompiler(graph.formulas, graph.types, graph.members)
        self._inputs = frozenset(e.variable.name for e in self._elements.values() if isinstance(e, InputData))

    @property
    def tables(self) -> list[CompiledTable]:
        return self._compiler.tables

    def node(self, element: Element) -> Node:
        wanted = self._graph.types.find(element.variable.type_ref, element.place)
        name = element.variable.name
        match element:
            case InputData():
                return Node(element, name, wanted)
            case Decision():
                requires = self._requirements(element, element.requires)
                body = self._compiler.compile(element.box, self._names(requires) | self._inputs)
                return Node(element, name, wanted, requires, body)
            case BusinessKnowledge():
                return self._knowledge(element, wanted)
            case DecisionService():
                return self._service(element, wanted)

    def _knowledge(self, element: BusinessKnowledge, wanted: FeelType) -> Node:
        requires = self._requirements(element, element.requires)
        function = element.function
        own = frozenset(p.name for p in function.parameters) | {element.variable.name}
        bare = plain(wanted)
        result = bare.result if isinstance(bare, FunctionType) else wanted
        body = self._compiler.compile(function.body if function.kind == "FEEL" else None, self._names(requires) | own)
        if function.kind != "FEEL":
            template = "Functions of kind {kind} are not run here: write FEEL."
            self._graph.formulas.problem(element.place, template, kind=function.kind, severity="warning")
        parameters = tuple(ModelParameter(p.name, self._graph.types.find(p.type_ref, element.place)) for p in function.parameters)
        return Node(element, element.variable.name, result, requires, typed(body, result, element.variable.name), parameters)

    def _service(self, element: DecisionService, wanted: FeelType) -> Node:
        """A service is called with its input data first, then its input decisions, in the order drawn."""
        outputs = self._requirements(element, element.outputs)
        given = self._requirements(element, (*element.input_data, *element.input_decisions))
        parameters = tuple(ModelParameter(r.name, self._type_of(r)) for r in given)
        bare = plain(wanted)
        result = bare.result if isinstance(bare, FunctionType) else wanted
        return Node(element, element.variable.name, result, (*outputs, *given), None, parameters)

    def _type_of(self, requirement: Requirement) -> FeelType:
        graph = requirement.graph or self._graph
        element = graph.definitions.elements[requirement.id]
        return graph.types.find(element.variable.type_ref, element.place)

    def _requirements(self, element: Element, references: tuple[str, ...]) -> tuple[Requirement, ...]:
        found = [self._requirement(element, reference) for reference in references]
        return tuple(requirement for requirement in found if requirement)

    def _requirement(self, element: Element, reference: str) -> Requirement | None:
        namespace, separator, identifier = reference.rpartition("#")
        if not separator or namespace == self._graph.definitions.namespace:
            local = self._elements.get(identifier)
            if local is not None:
                return Requirement(identifier, local.variable.name)
        elif namespace in self._imports:
            prefix, graph = self._imports[namespace]
            if identifier in graph.definitions.elements:
                return Requirement(identifier, graph.definitions.elements[identifier].variable.name, graph, prefix)
        self._graph.formulas.problem(element.place, "{reference} is required but not in the model.", reference=reference)
        return None

    @staticmethod
    def _names(requires: tuple[Requirement, ...]) -> frozenset[str]:
        return frozenset(name for r in requires for name in (r.name, r.prefix) if name)


def _check_chains(graph: Graph) -> None:
    """Decisions that need themselves are refused; functions may call themselves."""
    depth: dict[str, int] = {}

    def visit(node: Node, path: tuple[str, ...]) -> int:
        identifier = node.element.id
        if identifier in path or len(path) > _MAX_CHAIN:
            names = " → ".join(graph.nodes[step].name for step in (*path[-3:], identifier))
            graph.formulas.problem(
                node.element.place, "Decisions need one another in a circle or a chain too long: {names}.", names=names
            )
            return 0
        if identifier not in depth:
            inner = [graph.nodes[r.id] for r in node.requires if r.graph is None and r.id in graph.nodes]
            decisions = [other for other in inner if isinstance(other.element, Decision)]
            depth[identifier] = 1 + max((visit(other, (*path, identifier)) for other in decisions), default=0)
        return depth[identifier]

    for node in graph.nodes.values():
        if isinstance(node.element, Decision):
            visit(node, ())
