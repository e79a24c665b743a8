"""What operations answer in a run: what the case says for the element, then for the operation, then the defaults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.errors import BpmnError
from engine.sandbox.case import Case
from engine.sandbox.limits import Stopped
from engine.sandbox.stand_ins import STUB

DEFAULT = "default"  # in a list of answers: this call gets the default one
WAITS = "waits"  # instead of a stub's variables: the called process (or work done outside) ends by a step of the case
Defaults: TypeAlias = Mapping[str, "Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]]"]
OWN, OF_ELEMENT, GIVEN_BY_DEFAULT = "own", "element", "default"


@dataclass(frozen=True)
class Call:
    """One operation that was called. ``source``: own, element (both the case's) or default. ``number`` counts from 0 by operation."""

    operation: str
    element_id: str
    element_key: int
    instance_key: int
    inputs: dict[str, Any]
    number: int
    source: str
    answer: Mapping[str, Any]
    error: str | None = None


class Answers:
    def __init__(self, case: Case, defaults: Defaults) -> None:
        stubs = {STUB + name: variables for name, variables in case.stubs.items()}
        self._own: Mapping[str, Any] = {**case.operations, **stubs}
        self._waiting = {name for name, variables in stubs.items() if variables == WAITS}
        self._by_element, self._only_given = case.answers, case.only_given
        self._defaults = defaults
        self._times: Counter[str] = Counter()
        self._at_element: Counter[str] = Counter()
        self.calls: list[Call] = []

    def knows(self, operation: str) -> bool:
        """Whether the case itself answers it."""
        return operation in self._own and operation not in self._waiting

    def waits(self, operation: str) -> bool:
        """Whether the case gives its outcome as a step of its own, as for work that was done outside."""
        return STUB + operation in self._waiting

    def answer(
        self, operation: str, inputs: Mapping[str, Any], element_id: str, element_key: int, instance_key: int
    ) -> Mapping[str, Any]:
        """Raises BpmnError when the answer is a business error, Stopped when there is none."""
        number = self._times[operation]
        source, found = self._find(operation, element_id)
        self._times[operation] += 1
        self._at_element[element_id] += 1
        found = self._worked_out(operation, found, inputs) or {}
        error = str(found["error"]) if "error" in found else None
        self.calls.append(Call(operation, element_id, element_key, instance_key, dict(inputs), number, source, found, error))
        if error is not None:
            raise BpmnError(error, str(found.get("message", "")), dict(found.get("variables") or {}))
        return found

    def _find(self, operation: str, element_id: str) -> tuple[str, Any]:
        recorded, used = self._by_element.get(element_id, ()), self._at_element[element_id]
        if used < len(recorded):
            return OF_ELEMENT, recorded[used]
        found = self._own_answer(operation)
        if found is not None and found != DEFAULT:
            return OWN, found
        if self._only_given or operation not in self._defaults:
            raise Stopped(
                "answer",
                "{element} called {operation}, and nothing says what it answers. Give its answer.",
                element=element_id,
                operation=operation,
            )
        return GIVEN_BY_DEFAULT, self._defaults[operation]

    def _own_answer(self, operation: str) -> Any:
        if operation not in self._own:
            return None
        found, number = self._own[operation], self._times[operation]
        if isinstance(found, (list, tuple)):
            if not found or (self._only_given and number >= len(found)):
                return None
            found = found[min(number, len(found) - 1)]
        return {} if found is None else found

    def _worked_out(self, operation: str, found: Any, inputs: Mapping[str, Any]) -> Any:
        if not callable(found):
            if isinstance(found, Mapping):
                return found
            raise Stopped(
                "answer", "The answer of {operation} is no object with names and values. Correct it.", operation=operation
            )
        try:
            return found(inputs)
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            raise Stopped(
                "answer",
                "The default answer of {operation} cannot work with its inputs ({reason}). Give an answer in the case.",
                operation=operation,
                reason=str(error) or type(error).__name__,
            ) from error
