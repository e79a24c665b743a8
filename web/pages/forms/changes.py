"""Which components of a form look different from what the browser shows: only those are sent again.

So the field somebody is typing in keeps its cursor, unless it is the one that must change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.forms import ComponentState
from engine.forms.model import DynamicList, ExpressionField, FileField
from web.pages.forms.layout import Place, places


def element_id(path: str) -> str:
    """The HTML id of a component; paths have dots, which selectors read as classes."""
    return "c-" + path.replace(".", "-")


def mark(state: ComponentState) -> str:
    """A short digest of everything about a component that is not typed by the person (children have their own)."""
    looks = [
        state.hidden,
        state.readonly,
        state.required,
        state.label,
        state.description,
        state.html,
        state.options,
        state.minimum,
        state.maximum,
        state.warning,
        state.source,
        state.columns,
        state.records,
        state.prefix,
        state.suffix,
        state.value if isinstance(state.component, (ExpressionField, FileField)) else None,
        len(state.rows) if isinstance(state.component, DynamicList) else None,
    ]
    return hashlib.sha256(repr(looks).encode()).hexdigest()[:12]


def changed(states: Sequence[ComponentState], seen: Mapping[str, str], errors: Collection[str] = ()) -> Iterator[Place]:
    """The outermost components whose mark is not the one in ``seen`` (by path), or with something to say in ``errors``."""
    for place in places(states):
        state = place.state
        if seen.get(state.path) != mark(state) or state.path in errors:
            yield place
            continue
        if state.hidden:  # it was sent without its inside, and nothing in there can be seen
            continue
        yield from changed(state.children, seen, errors)
        for row in state.rows:
            yield from changed(row, seen, errors)
