"""From the text of a .dmn file to Definitions; every structural problem is reported at once."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from engine.dmn.boxes_reader import BoxReader
from engine.dmn.model import (
    BusinessKnowledge,
    Decision,
    DecisionService,
    Definitions,
    Element,
    Import,
    InputData,
    ItemDefinition,
    Variable,
)
from engine.dmn.xml import MODEL_NAMESPACES, child, children, local, name_of, parse, text_of, type_ref
from engine.errors import DefinitionInvalid, Problem

_VERSION_TAG = "{http://camunda.org/schema/1.0/dmn}versionTag"
_SHOWN_ONLY = frozenset(
    {
        "description",
        "extensionElements",
        "import",
        "itemDefinition",
        "knowledgeSource",
        "elementCollection",
        "performanceIndicator",
        "organizationUnit",
        "textAnnotation",
        "association",
        "group",
        "businessContextElement",
    }
)


def read(content: str | bytes, file: str) -> Definitions:
    """The definitions in ``content``; DefinitionInvalid with a Problem for each thing wrong, with element and line."""
    root = parse(content, file)
    problems: list[Problem] = []
    reader = _Reader(file, problems)
    elements = reader.elements(root)
    definitions = Definitions(
        file,
        root.get("id") or name_of(root) or "definitions",
        name_of(root) or root.get("id") or "definitions",
        root.get("namespace", ""),
        tuple(reader.imports(root)),
        tuple(reader.item(item) for item in children(root, "itemDefinition")),
        elements,
    )
    if problems:
        raise DefinitionInvalid(tuple(sorted(problems)))
    return definitions


class _Reader:
    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._boxes = BoxReader(file, problems)

    def imports(self, root: etree._Element) -> list[Import]:
        found = []
        for element in children(root, "import"):
            if element.get("importType") in MODEL_NAMESPACES:
                found.append(Import(self._boxes.place(element), name_of(element), element.get("namespace", "")))
            else:
                template = "Only DMN models can be imported, not {type}."
                self._boxes.problem(self._boxes.place(element), template, type=element.get("importType"))
        return found

    def elements(self, root: etree._Element) -> dict[str, Element]:
        builders: dict[str, Callable[[etree._Element], Element]] = {
            "inputData": self._input_data,
            "decision": self._decision,
            "businessKnowledgeModel": self._knowledge,
            "decisionService": self._service,
        }
        elements: dict[str, Element] = {}
        for node in children(root):
            if local(node) in _SHOWN_ONLY:
                continue
            if local(node) not in builders:
                self._boxes.problem(self._boxes.place(node), "{tag} is not known in a decision model.", tag=local(node))
                continue
            element = builders[local(node)](node)
            if element.id in elements:
                self._boxes.problem(element.place, "Two elements have the id {id}.", id=element.id)
            elements[element.id] = element
        return elements

    def item(self, element: etree._Element) -> ItemDefinition:
        function = child(element, "functionItem")
        return ItemDefinition(
            self._boxes.place(element),
            name_of(element),
            type_ref(element),
            element.get("isCollection") == "true",
            tuple(self.item(component) for component in children(element, "itemComponent")),
            text_of(child(element, "allowedValues")),
            text_of(child(element, "typeConstraint")),
            None if function is None else tuple(Variable(name_of(p), type_ref(p)) for p in children(function, "parameters")),
            "" if function is None else function.get("outputTypeRef", ""),
        )

    def _input_data(self, element: etree._Element) -> InputData:
        return InputData(self._boxes.place(element), self._id(element), self._variable(element))

    def _decision(self, element: etree._Element) -> Decision:
        name = name_of(element) or self._id(element)
        requires = self._references(element, "informationRequirement", "knowledgeRequirement")
        box = self._boxes.inside(element, name)
        place = self._boxes.place(element)
        return Decision(place, self._id(element), name, self._variable(element), requires, box, _version_tag(element))

    def _knowledge(self, element: etree._Element) -> BusinessKnowledge:
        logic = child(element, "encapsulatedLogic")
        variable = self._variable(element)
        function = self._boxes.function(element if logic is None else logic, variable.name)
        requires = self._references(element, "knowledgeRequirement")
        return BusinessKnowledge(self._boxes.place(element), self._id(element), variable, requires, function)

    def _service(self, element: etree._Element) -> DecisionService:
        def references(name: str) -> tuple[str, ...]:
            return tuple(_reference(found) for found in children(element, name))

        place = self._boxes.place(element)
        outputs = references("outputDecision")
        if not outputs:
            self._boxes.problem(place, "A decision service needs an output decision.")
        return DecisionService(
            place,
            self._id(element),
            self._variable(element),
            outputs,
            references("encapsulatedDecision"),
            references("inputDecision"),
            references("inputData"),
        )

    def _references(self, element: etree._Element, *kinds: str) -> tuple[str, ...]:
        return tuple(_reference(required) for requirement in children(element, *kinds) for required in children(requirement))

    def _variable(self, element: etree._Element) -> Variable:
        """The variable drawn, else the element's own name: dmn-js leaves the variable out."""
        name = name_of(element) or self._id(element)
        drawn = self._boxes.variable(element)
        return Variable(drawn.name or name, drawn.type_ref) if drawn else Variable(name)

    def _id(self, element: etree._Element) -> str:
        return element.get("id") or name_of(element) or f"line-{element.sourceline}"


def _reference(element: etree._Element) -> str:
    return element.get("href", "").strip().removeprefix("#")


def _version_tag(element: etree._Element) -> str:
    """``camunda:versionTag`` on the decision, or ``zeebe:versionTag value`` in its extension elements."""
    attribute = element.get(_VERSION_TAG)
    if attribute:
        return attribute
    extensions = child(element, "extensionElements")
    for extension in [] if extensions is None else extensions:
        if isinstance(extension.tag, str) and local(extension) == "versionTag":
            return extension.get("value", "")
    return ""
