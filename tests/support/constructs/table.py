"""All constructs together, what the standard names beside them, and what deployment says against the refused ones."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.messages.catalog import Catalog
from lxml import etree

from engine.errors import Problem
from tests.support.constructs import Construct, activities, drawn, events, gateways, repetitions, scopes
from tests.support.constructs.standard import element_names, problems
from tests.unit.spiff.diagrams import BPMN, diagram
from web.translations.catalogues import CATALOGUES, read

AT = "it"  # the id of the construct in its diagram
STANDARD = "standard"
FOLLOWS = "The element {element} can never be reached. Draw a flow to it, or delete it."  # from what is wrong before it


@cache
def constructs() -> tuple[Construct, ...]:
    """Drawn ones, then every element the standard names that no drawn one holds."""
    parts = (events, activities, scopes, repetitions, gateways, drawn)
    found = [one for part in parts for one in part.constructs()]
    held = {name for one in found for name in names(one)}
    return (*found, *(_bare(name) for name in sorted(element_names() - held)))


def names(construct: Construct) -> frozenset[str]:
    """The BPMN elements its diagram holds."""
    root = etree.fromstring(construct.content)
    return frozenset(etree.QName(node).localname for node in root.iter(f"{{{BPMN}}}*"))


def _bare(name: str) -> Construct:
    """Written where most things may stand: in the process."""
    return Construct(STANDARD, name, diagram("s -> u1 -> e", f'<{name} id="{AT}"/>'))


def reasons(construct: Construct) -> list[Problem]:
    """What deployment says at the construct, at what it stands in or at what stands in it; consequences left out."""
    near = _near(construct.content)
    said = [problem for problem in problems(construct.content) if problem.element in near]
    first = [problem for problem in said if problem.template != FOLLOWS]
    return first or said


def _near(content: bytes) -> set[str]:
    (node,) = [node for node in etree.fromstring(content).iter() if node.get("id") == AT]
    around = [*node.iterancestors(), *node.iter()]
    return {str(found.get("id")) for found in around if found.get("id")}


def sentences(construct: Construct) -> list[str]:
    """The reasons in Chinese, each once; in English where nobody translated yet."""
    return list(dict.fromkeys(_chinese(problem) for problem in reasons(construct)))


def _chinese(problem: Problem) -> str:
    """As the pages say it."""
    said = {name: _word(name, value) for name, value in problem.params.items()}
    return _translated(problem.template).format(**said)


def _word(name: str, value: Any) -> Any:
    if name == "names":
        return "、".join(_translated(word) for word in str(value).split(", "))
    return _translated(str(value)) if name in {"kind", "place"} else value


def _translated(text: str) -> str:
    message = _catalogue().get(text)
    return str(message.string) if message and message.string else text


@cache
def _catalogue() -> Catalog:
    return read(CATALOGUES[0])
