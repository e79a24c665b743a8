"""The YAML of case files: read by the quick loader, with bounds that keep a hostile file from taking the process down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from engine.sandbox.case_values import MAX_VALUES, TooManyValues

DEEPEST = 200  # levels of values inside values


class TooDeep(ValueError):
    """Values inside values inside values, further than a case can mean."""


# libyaml's reader is ten times as quick and part of PyYAML's wheels; without it the other one reads the same.
class CaseLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which only true and false are booleans: ``on`` is the name of an input, not a yes."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        super().flatten_mapping(node)  # what << takes over, which may grow tenfold with every line
        if len(node.value) > MAX_VALUES:
            raise TooManyValues


CaseLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CaseLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def load(text: str) -> Iterator[Any]:
    """Every document of the text. Raises yaml.YAMLError, TooDeep, TooManyValues, and ValueError for a value nobody can mean."""
    _check_depth(text)
    return iter(yaml.load_all(text, CaseLoader))  # a SafeLoader


def _check_depth(text: str) -> None:
    """The quick loader calls itself for every level, without Python's own limit."""
    depth = 0
    for event in yaml.parse(text, CaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise TooDeep
