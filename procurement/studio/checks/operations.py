"""The operations' own descriptions, as the checks want them."""

from __future__ import annotations

from functools import cache

from engine.checks import Known
from procurement.operations.described import DESCRIBED, outputs_of


@cache
def outputs() -> dict[str, tuple[Known, ...]]:
    return {name: tuple(Known(output, kind) for output, kind in outputs_of(name).items()) for name in DESCRIBED}


@cache
def needs() -> dict[str, tuple[str, ...]]:
    """What an operation cannot do without."""
    return {name: tuple(field.name for field in one.inputs if field.required) for name, one in DESCRIBED.items()}


# what the office's own pages send with a message, by its name (procurement.office and web.pages.supervision)
MESSAGES: dict[str, frozenset[str]] = {
    "application_submitted": frozenset({"application"}),
    "application_withdrawn": frozenset({"withdrawal"}),
    "reviewed_application_withdrawn": frozenset({"withdrawal"}),
    "registration_supplemented": frozenset({"supplement_note"}),
    "registration_withdrawn": frozenset({"withdrawal"}),
    "question_asked": frozenset({"question"}),
    "objection_raised": frozenset({"objection"}),
    "problem_found": frozenset({"problem"}),
    "withdrawal_requested": frozenset({"withdrawal_reason"}),
}
