"""Ask a deployed decision outside any case. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.workshop import Workshop
from engine.errors import FieldError, InvalidInput, NotFound
from engine.model import Actor, DecisionOutcome
from engine.store import definitions


def evaluate_decision(
    workshop: Workshop,
    variables: Mapping[str, Any],
    *,
    actor: Actor,
    decision_id: str | None = None,
    decision_key: int | None = None,
) -> DecisionOutcome:
    """The newest version of ``decision_id``, or the very version ``decision_key`` names.

    Raises NotFound, InvalidInput when neither is given, and what the evaluation raises.
    """
    del actor  # whoever may reach this may ask
    with workshop.database.unit_of_work() as uow:
        if decision_key is not None:
            found = workshop.catalogue.definition(uow, decision_key)
        elif decision_id is not None:
            generation = definitions.generation(uow.session)
            newest = workshop.catalogue.newest(uow, "decision", decision_id, generation)
            if newest is None:
                raise NotFound(kind="Decision", key=decision_id)
            found = newest
        else:
            raise InvalidInput(fields=(FieldError("decision_id", "Name the decision, by id or by key."),))
        model = workshop.catalogue.decisions(uow, found.key)
    answer = model.evaluate(found.id, dict(variables), now=workshop.clock.now())
    return DecisionOutcome(found.key, found.id, found.name, found.version, answer.value, answer.explanation)
