"""Taking a release back: as a draft that is reviewed like any other, or in an emergency at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput
from engine.model import Actor, Deployment, Resource
from procurement.studio import layout
from procurement.studio.model import Draft, Files
from procurement.studio.release import model
from procurement.studio.release.doing import Doing
from procurement.studio.release.gate import moved, resources
from procurement.studio.release.model import CannotRollBack, Content, Release, ReleaseClosed
from procurement.studio.release.records import release_row
from procurement.studio.release.steps import backwards
from procurement.studio.tables.releases import LookedRow

if TYPE_CHECKING:
    from procurement.studio.studio import Studio


class RollBacks:
    """Only as a whole, and only while nothing it changed has changed again."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def begin_return(self, number: str, *, actor: Actor) -> Draft:
        """A draft that brings back what was before the release; it is reviewed like any other. Raises CannotRollBack, NotPermitted."""
        found, content = self._returnable(number)
        self._studio.permissions.require_all(actor, found.folders, "edit")
        draft = self._studio.drafts.begin(
            found.folder, f"回退 {number} {found.title}"[:120], f"恢复 {number} 发布以前的内容", actor=actor
        )
        kept = self._studio.shelf.loaded({path: new for path, (new, _) in content.items() if new is not None})
        for path, (_, base) in content.items():
            self._studio.drafts.save(draft.key, path, kept.get(path), base=base, actor=actor)
        with self._studio.database.unit_of_work() as work:
            work.session.add(
                LookedRow(
                    draft_key=draft.key,
                    what=model.RETURNS,
                    by=actor.user_id,
                    at=self._studio.clock.now(),
                    revision=0,
                    found={"release": number},
                )
            )
            work.session.flush()
            work.commit()
        return self._studio.drafts.draft(draft.key)

    def return_now(self, number: str, *, reason: str, actor: Actor) -> Release:
        """An emergency: by who may release all its folders, with a reason, at once and marked as not reviewed.

        Raises CannotRollBack, NotPermitted, InvalidInput, DefinitionInvalid.
        """
        if not reason.strip():
            raise InvalidInput(
                fields=(FieldError("reason", "Say why this cannot wait for a second person: it is kept and shown."),)
            )
        found, content = self._returnable(number)
        self._studio.permissions.require_all(actor, found.folders, "release")
        made: list[str] = []
        workspace = self._restored(content)

        def beside(session: Session, deployment: Deployment) -> None:
            doing = Doing(session, actor.user_id, self._studio.clock.now(), lambda _files, _by, _note: deployment)
            of = release_row(session, number, lock=True)
            if of.state != model.RELEASED or moved(content, self._studio.shelf.digests()):
                raise CannotRollBack(release=number, paths="")
            row = self._studio.releases.steps.new_row(
                doing, found, model.URGENT, content, f"紧急回退 {number} {found.title}", reason.strip()
            )
            self._studio.releases.steps.restore(doing, row, of, content)
            made.append(row.id)

        by = Actor(actor.user_id, actor.groups, system=True)  # the permission was asked above
        self._studio.engine.deploy(workspace, actor=by, note=f"紧急回退 {number}", beside=beside)
        return self._studio.releases.release(made[-1])

    def _returnable(self, number: str) -> tuple[Release, Content]:
        """Raises CannotRollBack, ReleaseClosed, NotFound."""
        found = self._studio.releases.release(number)
        if found.state != model.RELEASED:
            raise ReleaseClosed(release=number, state=found.state)
        content = backwards(found.content)
        later = moved(content, self._studio.shelf.digests())
        if later:
            raise CannotRollBack(release=number, paths=", ".join(later))
        if any(not layout.is_path(path) for path in content):
            raise CannotRollBack(release=number, paths=", ".join(content))
        return found, content

    def _restored(self, content: Content) -> list[Resource]:
        kept = self._studio.shelf.loaded({path: new for path, (new, _) in content.items() if new is not None})
        files: Files = {**{p: one for p, one in self._studio.shelf.files().items() if p not in content}, **kept}
        return resources(files)
