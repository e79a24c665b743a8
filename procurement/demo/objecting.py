"""The demo's objections: an organisation that lost objects once while the result is publicised; the usual people answer."""

from __future__ import annotations

from contextlib import suppress

from engine.errors import EngineError
from engine.model import Actor
from procurement.demo.story import Story
from procurement.office import Office


def objects(office: Office, story: Story, member: Actor) -> bool:
    """Whether the story's objection was handed in now: its purchase has a result that is being publicised."""
    told = story.facts["objection"]
    publicity = office.publicity.public(story.purchase_id)
    if publicity is None or publicity.state != "running":
        return False
    with suppress(EngineError):  # the last day passed over night
        organisation = office.parties.organisation(told["by"])
        office.voices.object(
            story.purchase_id,
            name=organisation.name,
            contact="028-80000000",
            request=told["request"],
            facts=told["facts"],
            organisation_id=told["by"],
            against=told.get("against", ""),
            actor=member,
        )
        return True
    return False
