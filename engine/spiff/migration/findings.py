"""What a move to another version means, in sentences: English templates that interfaces translate and fill."""

from __future__ import annotations

from typing import Any

from engine.model import NEEDS_MAPPING, SAFE, UNSAFE, Finding
from engine.spiff.runner.token import Token

NOTE = "note"

_SENTENCES: dict[str, tuple[str, str]] = {
    # what a mapping can mend
    "element_removed": (
        NEEDS_MAPPING,
        "{element} is active, and the new version does not have it. Say which element of the same kind goes on for it, or finish it first.",
    ),
    "completed_element_removed": (
        NEEDS_MAPPING,
        "{element} is completed and may have to be undone, and the new version does not have it. Say which element stands for it.",
    ),
    # what is not sound
    "mapping_target_missing": (UNSAFE, "{element} is to become {target}, which the new version does not have."),
    "type_changed": (UNSAFE, "{element} is active; it is a {before} and would become a {after}. Finish it first."),
    "multi_instance_changed": (
        UNSAFE,
        "{element} is active, and how often it is done (once, for each item in turn, for all at once) is different. Finish it first.",
    ),
    "scope_changed": (
        UNSAFE,
        "{element} is active, and it stands in another sub-process now ({before}, then {after}). Finish it first.",
    ),
    "join_changed": (
        UNSAFE,
        "Tokens wait at the join {element} already, and other flows lead to it now. Finish the branches first.",
    ),
    "join_would_hang": (
        UNSAFE,
        "From where the case stands, the join {element} of the new version could wait for ever: a branch that leads to it was never begun, or would come twice. Finish the branches first.",
    ),
    "too_many_ways": (
        UNSAFE,
        "There are too many ways on from where {element} stands to say that the new version is sound. Finish some steps first.",
    ),
    "order_changed": (
        UNSAFE,
        "{element} and {other} are active side by side; in the new version {other} comes after {element}, so it would be done twice.",
    ),
    "never_together": (
        UNSAFE,
        "{element} and {other} are active side by side, and the new version never does both. Finish one of them first.",
    ),
    "merged": (UNSAFE, "{element} and {other} are both active and would become the same element, which would be done twice."),
    "handler_removed": (
        UNSAFE,
        "{element} is completed and may have to be undone; in the new version nothing undoes it. Draw its compensation again.",
    ),
    "cannot_wait": (UNSAFE, "{event} of the new version cannot begin to wait at {element}: {cause}"),
    "would_stop": (UNSAFE, "In the new version the case would stop at {element} at once: {cause}"),
    "state_differs": (UNSAFE, "The case could not be loaded in the new version as it stands. Nothing was changed."),
    # what will be different
    "element_renamed": (NOTE, "{element} goes on as {target}."),
    "wait_ends": (NOTE, "{event} at {element} is not awaited any more."),
    "wait_begins": (NOTE, "{event} at {element} is awaited from the migration on; a timer counts from that moment."),
    "wait_renewed": (NOTE, "{event} waits for something else now (another message, signal or condition), and is awaited anew."),
    "timer_keeps_due": (NOTE, "The timer {event} is set otherwise in the new version; the running one keeps its moment, {due}."),
    "task_keeps_form": (NOTE, "The open task {element} keeps the form it was opened with."),
    "task_keeps_assignment": (NOTE, "The open task {element} keeps the people and dates it was opened with."),
    "inputs_stay": (NOTE, "The input mapping of {element} is different; what was mapped when it began stays."),
    "job_keeps_type": (NOTE, "The open job of {element} keeps its type and headers."),
    "items_stay": (NOTE, "{element} goes on with the items it began with."),
    "condition_counts": (NOTE, "The completion condition of {element} is different; it counts from the next completion on."),
    "called_stays": (NOTE, "The process {element} has called goes on in the version it runs in."),
}


class Findings:
    """Collected for one instance, each once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, tuple[tuple[str, Any], ...]], Finding] = {}

    def add(self, element_id: str, code: str, **params: Any) -> None:
        level, template = _SENTENCES[code]
        params = {"element": element_id, **params}
        self._found[code, element_id, tuple(sorted(params.items()))] = Finding(element_id, code, template, params, level)

    def note(self, token: Token, code: str, **params: Any) -> None:
        self.add(token.task_spec.bpmn_id, code, **params)

    @property
    def all(self) -> tuple[Finding, ...]:
        """The worst first."""
        order = {UNSAFE: 0, NEEDS_MAPPING: 1, NOTE: 2}
        return tuple(sorted(self._found.values(), key=lambda one: order[one.level]))

    @property
    def verdict(self) -> str:
        levels = {one.level for one in self._found.values()}
        return next((level for level in (UNSAFE, NEEDS_MAPPING) if level in levels), SAFE)
