"""What comes into a purchase past the forms of its tasks: applications, questions, bids, remarks of experts, an appeal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from procurement.office.portal import PortalDesk
from procurement.office.scoring import ScoringDesk
from procurement.office.sealing import SealingDesk
from tests.attacks.hostile_words import HOSTILE, SHORT
from web.composition import Services

TYPED = frozenset({"contact", "legal_representative", "note", "reason"})  # the texts of an application, a bid, a score sheet


def worded(value: Any) -> Any:
    """``value`` with the words before each of its texts that somebody typed."""
    if isinstance(value, dict):
        return {
            name: f"{HOSTILE}{one}" if name in TYPED and isinstance(one, str) and one else worded(one)
            for name, one in value.items()
        }
    return [worded(one) for one in value] if isinstance(value, list) else value


@contextmanager
def hostile_outsiders(services: Services) -> Iterator[None]:
    """The demo's organisations and experts write like this meanwhile."""
    apply, submit, save = PortalDesk.apply, SealingDesk.submit, ScoringDesk.save

    def applies(desk: Any, purchase_id: str, organisation_id: str, application: Any, *, actor: Any, **more: Any) -> None:
        apply(desk, purchase_id, organisation_id, worded(application), actor=actor, **more)
        services.office.voices.ask(purchase_id, HOSTILE, organisation_id=organisation_id, actor=actor)

    def submits(desk: Any, *where: Any, files: Any, note: str, **more: Any) -> Any:
        named = [replace(file, name=f"{SHORT}{file.name}") for file in files]
        return submit(desk, *where, files=named, note=HOSTILE + note, **more)

    def saves(desk: Any, purchase_id: str, marks: Any, comment: str, *, actor: Any) -> Any:
        return save(desk, purchase_id, worded(marks), HOSTILE + comment, actor=actor)

    with ExitStack() as stack:
        stack.enter_context(patch.object(PortalDesk, "apply", applies))
        stack.enter_context(patch.object(SealingDesk, "submit", submits))
        stack.enter_context(patch.object(ScoringDesk, "save", saves))
        yield
