"""A DMN file as decisions with properties, and their tables as columns, rules and cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.comparing.things import Thing
from engine.comparing.words import element_word
from engine.comparing.xml import attributes, canonical, local, parse, text_of

OWNERS = frozenset({"decision", "businessKnowledgeModel"})
REQUIREMENTS = frozenset({"informationRequirement", "knowledgeRequirement", "authorityRequirement"})
FILE = "(file)"
KNOWN_OF_TABLE = frozenset({"id", "hitPolicy", "aggregation"})


@dataclass(frozen=True)
class Column:
    """``kind``: input, output or annotation. ``properties`` by word."""

    id: str
    kind: str
    title: str
    properties: dict[str, str]

    @property
    def word(self) -> str:
        return element_word(self.kind)


@dataclass(frozen=True)
class Rule:
    """``cells`` by column id; ``more`` by word."""

    id: str
    name: str
    cells: dict[str, str]
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    id: str
    owner: str
    place: str  # the decision's name
    columns: dict[str, Column]
    rules: dict[str, Rule]


@dataclass(frozen=True)
class Model:
    """``things``: decisions and what else is drawn, by id. ``tables``: by the id of the decision they belong to."""

    things: dict[str, Thing]
    tables: dict[str, Table]


def read(content: bytes) -> Model | None:
    """None for what is no DMN."""
    root = parse(content)
    if root is None or local(root) != "definitions":
        return None
    things: dict[str, Thing] = {FILE: _file(root)}
    tables: dict[str, Table] = {}
    for number, node in enumerate(root):
        if local(node) in {"DMNDI", "description"}:
            continue
        id_ = node.get("id") or f"{local(node)} {number}"
        things[id_] = _thing(node, id_)
        table = next(node.iter("{*}decisionTable"), None)
        if table is not None and local(node) in OWNERS:
            tables[id_] = _table(table, id_, node.get("name") or id_)
            _table_properties(things[id_], table)
    _layout(root, things)
    return Model(things, tables)


def _file(root: etree._Element) -> Thing:
    """The file as a whole: its name and what it says of itself."""
    thing = Thing(FILE, "definitions", root.get("name", ""))
    thing.put("name", root.get("name"))
    thing.put("description", text_of(root.find("{*}description")))
    return thing


def _thing(node: etree._Element, id_: str) -> Thing:
    thing = Thing(id_, local(node), node.get("name", ""))
    for name, value in attributes(node).items():
        if name != "id":
            thing.put("name" if name == "name" else "other", value, "" if name == "name" else name)
    for child in node:
        _child(thing, child)
    return thing


def _child(thing: Thing, node: etree._Element) -> None:
    kind = local(node)
    if kind == "description":
        thing.put("description", text_of(node))
    elif kind in REQUIREMENTS:
        for target in node:
            thing.refer("needs", (target.get("href") or "").removeprefix("#"), (target.get("href") or "").removeprefix("#"))
    elif kind == "literalExpression":
        thing.put("formula", text_of(node.find("{*}text")))
        for name, value in attributes(node).items():
            thing.put("other", value if name != "id" else None, name)
    elif kind == "variable":
        for name, value in attributes(node).items():
            if name != "id":
                thing.put("type" if name == "typeRef" else "other", value, "" if name == "typeRef" else name)
    elif kind == "encapsulatedLogic" and node.find("{*}decisionTable") is not None:
        for parameter in node.iterfind("{*}formalParameter"):
            thing.put("input", parameter.get("typeRef") or "Any", parameter.get("name", ""))
    elif kind != "decisionTable":
        thing.put("other", canonical(node), kind)


def _table_properties(thing: Thing, table: etree._Element) -> None:
    thing.put("hit policy", table.get("hitPolicy") or "UNIQUE")
    thing.put("aggregation", table.get("aggregation"))
    for name, value in attributes(table).items():
        if name not in KNOWN_OF_TABLE:
            thing.put("other", value, name)


def _table(node: etree._Element, owner: str, place: str) -> Table:
    columns = {column.id: column for column in _columns(node)}
    rules = {}
    for number, rule in enumerate(node.iterfind("{*}rule"), 1):
        read_rule = _rule(rule, number, columns)
        rules[read_rule.id] = read_rule
    return Table(node.get("id", ""), owner, place, columns, rules)


def _columns(table: etree._Element) -> Iterator[Column]:
    for number, node in enumerate(table.iterfind("{*}input"), 1):
        expression = node.find("{*}inputExpression")
        formula = None if expression is None else text_of(expression.find("{*}text"))
        found = {"label": node.get("label"), "expression": formula,
                 "type": None if expression is None else expression.get("typeRef"),
                 "allowed values": text_of(node.find("{*}inputValues"))}  # fmt: skip
        yield _column(node, "input", number, node.get("label") or formula, found)
    for number, node in enumerate(table.iterfind("{*}output"), 1):
        found = {"label": node.get("label"), "name": node.get("name"), "type": node.get("typeRef"),
                 "allowed values": text_of(node.find("{*}outputValues")),
                 "default": text_of(node.find("{*}defaultOutputEntry"))}  # fmt: skip
        yield _column(node, "output", number, node.get("label") or node.get("name"), found)
    for number, node in enumerate(table.iterfind("{*}annotation"), 1):
        yield _column(node, "annotation", number, node.get("name"), {"name": node.get("name")})


def _column(node: etree._Element, kind: str, number: int, title: str | None, found: dict[str, str | None]) -> Column:
    known = {"id", "label", "name", "typeRef"}
    found |= {"other": _rest(node, known)}
    properties = {word: value for word, value in found.items() if value}
    return Column(node.get("id") or f"{kind} {number}", kind, title or f"{kind} {number}", properties)


def _rule(node: etree._Element, number: int, columns: dict[str, Column]) -> Rule:
    cells: dict[str, str] = {}
    for kind, tag in (("input", "inputEntry"), ("output", "outputEntry"), ("annotation", "annotationEntry")):
        ids = [id_ for id_, column in columns.items() if column.kind == kind]
        for id_, entry in zip(ids, node.iterfind(f"{{*}}{tag}"), strict=False):
            text = entry.find("{*}text")
            cells[id_] = text_of(text) or "" if text is not None else (canonical(entry[0]) if len(entry) else "")
    description = text_of(node.find("{*}description")) or ""
    more = {"description": description} if description else {}
    if rest := _rest(node, {"id"}):
        more["other"] = rest
    return Rule(node.get("id") or f"rule {number}", description, cells, more)


def _rest(node: etree._Element, known: set[str]) -> str:
    """Attributes without a word of their own."""
    return " ".join(f"{name}={value}" for name, value in sorted(attributes(node).items()) if name not in known)


def _layout(root: etree._Element, things: dict[str, Thing]) -> None:
    for shape in root.iter("{*}DMNShape"):
        thing = things.get(shape.get("dmnElementRef", ""))
        bounds = shape.find("{*}Bounds")
        if thing is not None and bounds is not None:
            thing.layout = ",".join(bounds.get(name, "") for name in ("x", "y", "width", "height"))
