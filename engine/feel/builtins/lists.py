"""List functions (DMN 1.5, section 10.3.4.4). Positions count from 1, from the end when negative."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key

from engine.feel.builtins.registry import builtin
from engine.feel.errors import Refused
from engine.feel.run import Run
from engine.feel.semantics.comparison import compare, equal
from engine.feel.values.functions import Function
from engine.feel.values.types import Value


@builtin("list contains(list: list, element: Any): boolean", "list contains([1, 2, 3], 2)", "true", with_run=True)
def list_contains(run: Run, items: list[Value], element: Value) -> bool:
    """Whether an element of the list equals ``element``; null is found too."""
    run.step(len(items))
    return any(equal(item, element) is True for item in items)


@builtin("count(list: list): number", "count([1, 2, 3])", "3")
def count(items: list[Value]) -> int:
    """How many elements a list has."""
    return len(items)


@builtin("sublist(list: list, start position: integer, length?: integer | null): list", "sublist([4, 5, 6], 1, 2)", "[4, 5]")
def sublist(items: list[Value], start: int, length: int | None = None) -> list[Value]:
    """The elements from a position on, at most ``length`` of them."""
    first = _index(items, start)
    if length is not None and (length < 0 or first + length > len(items)):
        raise Refused("the list has only {size} elements", size=len(items))
    return items[first:] if length is None else items[first : first + length]


@builtin("append(list: list, item...: Any): list", "append([1], 2, 3)", "[1, 2, 3]", with_run=True)
def append(run: Run, items: list[Value], more: list[Value]) -> list[Value]:
    """The list with further elements at its end."""
    run.room(len(items) + len(more))
    return items + more


@builtin("concatenate(list...: list): list", "concatenate([1, 2], [3])", "[1, 2, 3]", with_run=True)
def concatenate(run: Run, lists: list[Value]) -> list[Value]:
    """All elements of all the lists, in order."""
    return _joined(run, lists)


@builtin(
    "insert before(list: list, position: integer, newItem: Any): list", "insert before([1, 3], 1, 2)", "[2, 1, 3]", with_run=True
)
def insert_before(run: Run, items: list[Value], position: int, new: Value) -> list[Value]:
    """The list with an element put in before a position."""
    index = _index(items, position)
    run.room(len(items) + 1)
    return [*items[:index], new, *items[index:]]


@builtin("remove(list: list, position: integer): list", "remove([1, 2, 3], 2)", "[1, 3]", with_run=True)
def remove(run: Run, items: list[Value], position: int) -> list[Value]:
    """The list without the element at a position."""
    index = _index(items, position)
    run.room(len(items))
    return items[:index] + items[index + 1 :]


@builtin(
    "list replace(list: list, position: integer, newItem: Any): list",
    "list replace([2, 4, 7, 8], 3, 6)",
    "[2, 4, 6, 8]",
    with_run=True,
)
def list_replace(run: Run, items: list[Value], position: int, new: Value) -> list[Value]:
    """The list with another element at a position."""
    index = _index(items, position)
    run.room(len(items))
    return [*items[:index], new, *items[index + 1 :]]


@builtin(
    "list replace(list: list, match: function, newItem: Any): list",
    "list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)",
    "[5, 5, 7, 8]",
    with_run=True,
)
def list_replace_matching(run: Run, items: list[Value], match: Function, new: Value) -> list[Value]:
    """The list with another element wherever ``match(item, newItem)`` is true."""
    run.room(len(items))
    out = []
    for item in items:
        answer = match.invoke(run, (item, new))
        if not isinstance(answer, bool):
            raise Refused("the match function must answer true or false")
        out.append(new if answer else item)
    return out


@builtin("reverse(list: list): list", "reverse([1, 2, 3])", "[3, 2, 1]", with_run=True)
def reverse(run: Run, items: list[Value]) -> list[Value]:
    """The elements from last to first."""
    run.room(len(items))
    return items[::-1]


@builtin("index of(list: list, match: Any): list<number>", "index of([1, 2, 3, 2], 2)", "[2, 4]", with_run=True)
def index_of(run: Run, items: list[Value], match: Value) -> list[Decimal]:
    """The positions of all elements that equal ``match``."""
    run.step(len(items))
    return [Decimal(position) for position, item in enumerate(items, 1) if equal(item, match) is True]


@builtin("distinct values(list: list): list", "distinct values([1, 2, 3, 2, 1])", "[1, 2, 3]", with_run=True)
def distinct_values(run: Run, items: list[Value]) -> list[Value]:
    """Each element once, where it first occurs."""
    plain: set[tuple[type, Value]] = set()
    out: list[Value] = []
    for item in items:
        run.step()
        if isinstance(item, (str, bool, Decimal)):
            if (type(item), item) in plain:
                continue
            plain.add((type(item), item))
        elif _found(run, out, item):
            continue
        out.append(item)
    return out


def _found(run: Run, items: list[Value], wanted: Value) -> bool:
    run.step(len(items))
    return any(equal(item, wanted) is True for item in items)


@builtin("union(list...: list): list", "union([1, 2], [2, 3])", "[1, 2, 3]", with_run=True)
def union(run: Run, lists: list[Value]) -> list[Value]:
    """All elements of all the lists, each once."""
    return distinct_values(run, _joined(run, lists))


def _joined(run: Run, lists: list[Value]) -> list[Value]:
    out: list[Value] = []
    for part in lists:
        if not isinstance(part, list):
            raise Refused("every argument must be a list")
        run.room(len(out) + len(part))
        out += part
    return out


@builtin("flatten(list: list): list", "flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]", with_run=True)
def flatten(run: Run, items: list[Value]) -> list[Value]:
    """The elements of all lists inside the list, at every depth."""
    out: list[Value] = []
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            run.step()
            if isinstance(item, list):
                stack.append(iter(item))
                break
            out.append(item)
        else:
            stack.pop()
    run.room(len(out))
    return out


@builtin("sort(list: list, precedes?: function): list", "sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]", with_run=True)
def sort(run: Run, items: list[Value], precedes: Function | None = None) -> list[Value]:
    """The elements in the order ``precedes(x, y)`` says; without it from small to large."""

    def asked(left: Value, right: Value) -> int:
        run.step()
        if precedes is None:
            return _ordered(left, right)
        return -1 if precedes.invoke(run, (left, right)) is True else 1

    run.room(len(items))
    return sorted(items, key=cmp_to_key(asked))


def _ordered(left: Value, right: Value) -> int:
    sign = compare(left, right)
    if sign is None:
        raise Refused("the elements have no common order")
    return sign


def _index(items: list[Value], position: int) -> int:
    """From 0. Raises Refused when the list has no such position."""
    if position == 0 or abs(position) > len(items):
        raise Refused("the list has no position {position}", position=position)
    return position - 1 if position > 0 else len(items) + position
