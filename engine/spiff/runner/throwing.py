"""Errors and escalations travel outwards until an event catches them: through sub-processes and calling instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.events import ErrorThrown
from engine.spiff.runner.failures import StepFailed
from engine.spiff.runner.token import Token
from engine.spiff.runner.values import stored_variables

if TYPE_CHECKING:
    from engine.spiff.specs.events import Catching

INTERRUPTED = "interrupted by {}"


def throw_error(token: Token, code: str, message: str, variables: Mapping[str, Any], *, ends: bool = False) -> None:
    """Interrupt up to the catching event and go on there; StepFailed when nothing catches."""
    found = find_catcher(token, "error", code)
    _announce(token, code, message, found)
    if found is None:
        reason = f": {message}" if message and message != code else ""
        raise StepFailed(
            "unhandled_error",
            f"The error {code} is not caught{reason}. Draw an error boundary event or an error event sub-process for it.",
        )
    _catch(token, found, variables, ends)


def throw_escalation(token: Token, code: str, variables: Mapping[str, Any], *, ends: bool = False) -> None:
    """As an error, but it need not be caught, and a non-interrupting event leaves the thrower running."""
    found = find_catcher(token, "escalation", code)
    _announce(token, code, "", found)
    if found is not None:
        _catch(token, found, variables, ends)


def _catch(token: Token, found: tuple[Catching, Token], variables: Mapping[str, Any], ends: bool) -> None:
    """An end event has completed by throwing, although what catches it interrupts everything round it."""
    spec, owner = found
    brought = stored_variables(variables)
    if ends and spec.interrupting:
        token.task_spec.vanish(token)
    spec.catch(owner, brought)


def find_catcher(token: Token, kind: str, code: str) -> tuple[Catching, Token] | None:
    """The nearest event that catches ``code``: an exact code before one that catches all, inside before outside."""
    inner: Token | None = None
    for place in _outwards(token):
        candidates: list[Catching] = [] if inner is None else place.task_spec.event_sub_process_starts(place, inner)
        found = _match(candidates, kind, code) or _match(place.task_spec.boundary, kind, code)
        if found is not None:
            return found, place
        inner = place
    return None


def _match(candidates: Sequence[Catching], kind: str, code: str) -> Catching | None:
    same_kind = [spec for spec in candidates if spec.event.kind == kind]
    exact = [spec for spec in same_kind if spec.event.code is not None and spec.event.code.text == code]
    return next(iter(exact + [spec for spec in same_kind if spec.event.code is None]), None)


def _outwards(token: Token) -> Iterator[Token]:
    place: Token | None = token
    while place is not None:
        yield from place.chain()
        place = place.workflow.caller


def _announce(token: Token, code: str, message: str, found: tuple[Catching, Token] | None) -> None:
    caught_by = found[0].bpmn_id if found else None
    token.runner.emit(ErrorThrown(token.workflow.key, token.key, token.task_spec.bpmn_id, code, message, caught_by))
