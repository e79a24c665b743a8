"""A decision model as it is written: graph elements, item definitions and boxed expressions, nothing evaluated yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Place:
    """Where something stands: the id of the nearest element that has one, and the line in the file."""

    element: str
    line: int


@dataclass(frozen=True)
class Variable:
    """A named value: of a decision, a parameter, a context entry. ``type_ref`` is "" when not given."""

    name: str
    type_ref: str = ""


@dataclass(frozen=True)
class Literal:
    place: Place
    text: str
    type_ref: str = ""


@dataclass(frozen=True)
class Context:
    """Entries in order; an entry named None is the result of the whole context."""

    place: Place
    entries: tuple[tuple[Variable | None, Box], ...]
    type_ref: str = ""


@dataclass(frozen=True)
class Invocation:
    place: Place
    called: Box
    bindings: tuple[tuple[str, Box | None], ...]
    type_ref: str = ""


@dataclass(frozen=True)
class FunctionDefinition:
    """``kind`` other than FEEL (Java, PMML) is read and evaluates to null: nothing foreign runs here."""

    place: Place
    parameters: tuple[Variable, ...]
    body: Box | None
    kind: str = "FEEL"
    type_ref: str = ""


@dataclass(frozen=True)
class Relation:
    place: Place
    columns: tuple[str, ...]
    rows: tuple[tuple[Box, ...], ...]
    type_ref: str = ""


@dataclass(frozen=True)
class ListBox:
    place: Place
    items: tuple[Box, ...]
    type_ref: str = ""


@dataclass(frozen=True)
class Conditional:
    place: Place
    condition: Box
    then: Box
    otherwise: Box
    type_ref: str = ""


@dataclass(frozen=True)
class Iterator:
    """``kind`` is for, some or every."""

    place: Place
    kind: str
    variable: str
    collection: Box
    body: Box
    type_ref: str = ""


@dataclass(frozen=True)
class Filter:
    place: Place
    collection: Box
    match: Box
    type_ref: str = ""


@dataclass(frozen=True)
class InputClause:
    id: str
    label: str
    expression: str
    type_ref: str
    allowed: str  # inputValues, unary tests; "" allows everything
    place: Place


@dataclass(frozen=True)
class OutputClause:
    id: str
    name: str
    label: str
    type_ref: str
    allowed: str  # outputValues in their order of priority
    default: Box | None
    place: Place


@dataclass(frozen=True)
class Rule:
    """One row. ``annotations``: text by column header; an unnamed description is under "description"."""

    id: str
    number: int  # counted from 1
    tests: tuple[str, ...]
    outputs: tuple[Box, ...]
    annotations: dict[str, str]
    place: Place


@dataclass(frozen=True)
class Table:
    place: Place
    id: str
    name: str
    hit_policy: str
    aggregation: str
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    type_ref: str = ""


Box: TypeAlias = (
    "Literal | Context | Invocation | FunctionDefinition | Relation | ListBox | Conditional | Iterator | Filter | Table"
)


@dataclass(frozen=True)
class ItemDefinition:
    """A named type: a reference, a structure of ``components``, or a function; with allowed values as unary tests."""

    place: Place
    name: str
    type_ref: str = ""
    is_collection: bool = False
    components: tuple[ItemDefinition, ...] = ()
    allowed: str = ""  # of the value, or of each element of a collection
    constraint: str = ""  # typeConstraint: of the collection as a whole
    parameters: tuple[Variable, ...] | None = None  # not None: a function
    result_ref: str = ""


@dataclass(frozen=True)
class InputData:
    place: Place
    id: str
    variable: Variable


@dataclass(frozen=True)
class Decision:
    """``requires`` are references: an id of this model, or namespace#id of an imported one."""

    place: Place
    id: str
    name: str
    variable: Variable
    requires: tuple[str, ...]
    box: Box | None
    version_tag: str = ""


@dataclass(frozen=True)
class BusinessKnowledge:
    place: Place
    id: str
    variable: Variable
    requires: tuple[str, ...]
    function: FunctionDefinition


@dataclass(frozen=True)
class DecisionService:
    place: Place
    id: str
    variable: Variable
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


Element: TypeAlias = "InputData | Decision | BusinessKnowledge | DecisionService"


@dataclass(frozen=True)
class Import:
    place: Place
    name: str  # "" imports the names themselves
    namespace: str


@dataclass(frozen=True)
class Definitions:
    """One file. ``elements`` by id, in the file's order."""

    file: str
    id: str
    name: str
    namespace: str
    imports: tuple[Import, ...]
    items: tuple[ItemDefinition, ...]
    elements: dict[str, Element] = field(default_factory=dict)
