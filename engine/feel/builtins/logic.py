"""Boolean functions and identity (DMN 1.5, sections 10.3.4.2 and 10.3.4.4)."""

from __future__ import annotations

from engine.feel.builtins.registry import builtin
from engine.feel.semantics.comparison import identical
from engine.feel.values.types import Value


@builtin("not(negand: boolean | null): boolean", "not(true)", "false")
def not_(negand: bool | None) -> bool | None:
    """The opposite; null of null."""
    return None if negand is None else not negand


@builtin("all(list: list): boolean", "all([true, false])", "false")
@builtin("all(b...: Any): boolean", "all(true, true)", "true")
def all_(answers: list[Value]) -> bool | None:
    """False if one is false, true if all are true, else null."""
    if any(answer is False for answer in answers):
        return False
    return True if all(answer is True for answer in answers) else None


@builtin("any(list: list): boolean", "any([true, false])", "true")
@builtin("any(b...: Any): boolean", "any(false, false)", "false")
def any_(answers: list[Value]) -> bool | None:
    """True if one is true, false if all are false, else null."""
    if any(answer is True for answer in answers):
        return True
    return False if all(answer is False for answer in answers) else None


@builtin("is(value1?: Any, value2?: Any): boolean", 'is(@"10:00:00Z", @"11:00:00+01:00")', "false")
def is_(value1: Value = None, value2: Value = None) -> bool:
    """Whether two values are the same in type and in every part; equal instants in different zones are not."""
    return identical(value1, value2)
