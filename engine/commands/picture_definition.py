"""The picture of a deployed process: the one drawn when it was deployed; older deployments get theirs when first asked for."""

from __future__ import annotations

from engine.commands.workshop import Workshop
from engine.errors import NotFound
from engine.store import definitions, pictures


def picture(workshop: Workshop, definition_key: int) -> bytes:
    """SVG. Raises NotFound for what is no process, or has no drawing."""
    with workshop.database.unit_of_work() as uow:
        kept = pictures.kept(uow.session, definition_key)
        if kept is not None:
            return kept
        definition, content = definitions.by_key(uow.session, definition_key), definitions.content(uow.session, definition_key)
        drawn = None
        if definition is not None and definition.kind == "process" and content is not None and workshop.draw is not None:
            drawn = workshop.draw(content, definition.id)
        if drawn is None:
            raise NotFound(kind="Picture", key=definition_key)
        pictures.keep(uow.session, definition_key, drawn)
        uow.commit()
        return drawn
