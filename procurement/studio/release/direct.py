"""Deploying past the review: the command line, the API, the software itself. Kept as releases that nobody reviewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from engine.model import Actor, Deployment, Resource
from procurement.registers import numbers
from procurement.studio import contents
from procurement.studio.release import model
from procurement.studio.release.model import Content
from procurement.studio.tables.releases import ReleaseRow

if TYPE_CHECKING:
    from procurement.studio.studio import Studio


class DirectDeployments:
    """What comes into force without a second signature says so for ever."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def deploy(
        self, files: Sequence[Resource], texts: Mapping[str, bytes | None], *, actor: Actor, note: str, kind: str = model.DIRECT
    ) -> Deployment:
        """Deploy definitions, and put READMEs, cases and deletions into force with them; kept as a release nobody reviewed.

        Raises DefinitionInvalid, NotPermitted.
        """
        before = self._studio.shelf.digests()

        def beside(session: Session, deployment: Deployment) -> None:
            now = self._studio.clock.now()
            self._studio.shelf.publish(session, texts, generation=deployment.generation, actor=actor, at=now, note=note)
            changed = _changed(deployment, files, texts, before)
            if changed:
                session.add(self._direct_row(session, changed, deployment, kind, note, actor, now))
            session.flush()

        return self._studio.engine.deploy(files, actor=actor, note=note, beside=beside)

    def _direct_row(
        self, session: Session, content: Content, deployment: Deployment, kind: str, note: str, actor: Actor, now: dt.datetime
    ) -> ReleaseRow:
        folders = model.folders_of(content)
        return ReleaseRow(
            id=numbers.next_number(session, numbers.RELEASE, now.year),
            kind=kind,
            state=model.RELEASED,
            folder=folders[0] if len(folders) == 1 else "",
            folders=list(folders),
            title=note[:200] or ("随软件的新版本" if kind == model.SHIPPED else "直接部署"),
            reason=note,
            content={path: list(digests) for path, digests in content.items()},
            content_hash=model.content_hash(content),
            editors=[actor.user_id],
            submitted_by=actor.user_id,
            submitted_at=now,
            release_at=now,
            released_at=now,
            deployment_key=deployment.key,
            made=[f"{one.kind} {one.id} {one.version}" for one in deployment.made],
        )


def _changed(
    deployment: Deployment, files: Sequence[Resource], texts: Mapping[str, bytes | None], before: Mapping[str, str]
) -> Content:
    by_name = {file.name: contents.digest(file.content) for file in files}
    # content deployed before under another name makes nothing new, and the older name is then in nobody's files
    made = {one.resource_name for one in deployment.made} & by_name.keys()
    content = {name: (by_name[name], before.get(name)) for name in sorted(made) if by_name[name] != before.get(name)}
    return content | {path: (None if text is None else contents.digest(text), before.get(path)) for path, text in texts.items()}
