"""Releases as pages and commands see them: submit a draft, take it back, look at what there was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from engine.errors import EngineError, FieldError, InvalidInput, NotPermitted
from engine.model import Actor
from procurement.accounts.tables import User
from procurement.registers import numbers
from procurement.registers.row import OFFICE_ZONE
from procurement.studio import records
from procurement.studio.model import IN_REVIEW, OPEN, Draft, DraftClosed
from procurement.studio.release import model
from procurement.studio.release.gate import Verdict
from procurement.studio.release.model import Content, NotIndependent, NotReady, Release, ReleaseClosed
from procurement.studio.release.records import content_of, editors_of, one, release_row, releases_of
from procurement.studio.release.steps import Steps
from procurement.studio.tables.drafts import DraftRow
from procurement.studio.tables.releases import LookedRow, ReleaseRow

if TYPE_CHECKING:
    from procurement.studio.studio import Studio

REASON_LIMIT = 5_000


class Releases:
    """``steps`` is what the engine hands the operations."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self.steps = Steps(studio)

    # looking

    def release(self, number: str) -> Release:
        """Raises NotFound."""
        with self._studio.database.unit_of_work() as work:
            return one(work.session, number)

    def of_draft(self, draft: int) -> tuple[Release, ...]:
        """Every time it was submitted, newest first."""
        return self._listed(ReleaseRow.draft_key == draft)

    def of_folder(self, folder: str, limit: int = 50) -> tuple[Release, ...]:
        """What touched the folder, newest first."""
        return self._listed(ReleaseRow.folders.contains([folder]), limit=limit)

    def newest(self, limit: int = 50, *, states: Collection[str] = ()) -> tuple[Release, ...]:
        return self._listed(*([ReleaseRow.state.in_(states)] if states else []), limit=limit)

    def current(self, draft: int) -> Release | None:
        """The one under way, or the last one there was."""
        found = self.of_draft(draft)
        return found[0] if found else None

    def others(self, draft: int, folders: Collection[str]) -> tuple[Release, ...]:
        """Other releases under way that touch the same folders."""
        under_way = self._listed(ReleaseRow.state.in_(model.UNDER_WAY))
        return tuple(found for found in under_way if found.draft != draft and set(found.folders) & set(folders))

    def judge(self, draft: int) -> Verdict:
        """What would refuse the draft now."""
        return self._studio.gate.judge(self._studio.drafts.workspace(draft), self.content(draft))

    def content(self, draft: int) -> Content:
        with self._studio.database.unit_of_work() as work:
            return content_of(work.session, draft)

    def reviewers(self, draft: int) -> list[User]:
        """Who could sign it now: with the right, and without everybody who edited it."""
        with self._studio.database.unit_of_work() as work:
            row = records.draft_row(work.session, draft)
            folders = model.folders_of(content_of(work.session, draft)) or (row.folder,)
            without = set(editors_of(work.session, row))
            found = [u for u in self._studio.permissions.people(work.session, folders, "review") if u.login not in without]
            work.session.expunge_all()
            return found

    def require_signer(self, number: str, actor: Actor) -> Release:
        """Raises NotIndependent, FolderClosed, ReleaseClosed, NotFound."""
        found = self.release(number)
        if found.state != model.SUBMITTED:
            raise ReleaseClosed(release=number, state=found.state)
        if actor.user_id in found.parties:
            raise NotIndependent
        self._studio.permissions.require_all(actor, found.folders, "review")
        return found

    # through the drawn process

    def submit(
        self, draft: int, *, reason: str, release_at: dt.datetime | None, trial_until: dt.date | None, actor: Actor
    ) -> Release:
        """Check the draft, close it for changes and start its release. Sent twice, it happens once.

        ``release_at`` None: as soon as it is approved. Raises NotReady, InvalidInput, NotPermitted, DraftClosed, NotFound.
        """
        if (again := self._same(draft, actor)) is not None:
            return again
        found = self._studio.drafts.draft(draft)
        content = self.content(draft)
        folders = model.folders_of(content)
        self._studio.permissions.require_all(actor, folders or (found.folder,), "edit")
        now = self._studio.clock.now()
        _check_words(reason, release_at or now, trial_until)
        verdict = self._require_ready(draft, content, actor)
        try:
            number = self._take_number(found, content, verdict.cases, reason.strip(), release_at or now, trial_until, actor)
        except DraftClosed:
            if (twin := self._same(draft, actor)) is not None:  # the same was sent twice at once
                return twin
            raise
        return self._start(number, found, immediate=release_at is None or release_at <= now, actor=actor)

    def take_back(self, number: str, *, actor: Actor) -> None:
        """Before it is in force, by who submitted it or an administrator. Raises NotPermitted, ReleaseClosed, NotFound."""
        found = self.release(number)
        if actor.user_id != found.submitted_by and "admin" not in actor.groups and not actor.system:
            raise NotPermitted(
                "Only {login}, who submitted this release, or an administrator may take it back.", login=found.submitted_by
            )
        if not found.is_under_way:
            raise ReleaseClosed(release=number, state=found.state)
        if found.process_key is None:  # it never started: the process died between two steps
            self._void(number, "没有启动")
            return
        self._studio.engine.correlate_message(
            model.WITHDRAWN_MESSAGE, number, {"withdrawn": True}, actor=actor, command_id=f"withdraw {number}"
        )

    # inside

    def _listed(self, *conditions: object, limit: int = 200) -> tuple[Release, ...]:
        query = select(ReleaseRow).order_by(ReleaseRow.submitted_at.desc(), ReleaseRow.id.desc()).limit(limit)
        with self._studio.database.unit_of_work() as work:
            return releases_of(work.session, work.session.scalars(query.where(*conditions)).all())  # type: ignore[arg-type]

    def _same(self, draft: int, actor: Actor) -> Release | None:
        found = self.current(draft)
        return found if found is not None and found.is_under_way and found.submitted_by == actor.user_id else None

    def _require_ready(self, draft: int, content: Content, actor: Actor) -> Verdict:
        if not content:
            raise NotReady(fields=(FieldError("draft", "The draft changes nothing yet."),))
        verdict = self.judge(draft)
        errors = []
        if verdict.moved:
            paths = ", ".join(verdict.moved)
            errors.append(
                FieldError("draft", "What is in force has changed since: {paths}. Merge it on the edit page.", {"paths": paths})
            )
        if wrong := len(verdict.refused) + verdict.errors:
            errors.append(FieldError("draft", "The checks find {count} errors.", {"count": wrong}))
        if verdict.failing:
            names = "; ".join(verdict.failing[:10])
            errors.append(
                FieldError(
                    "draft", "{count} cases do not go as they say: {names}.", {"count": len(verdict.failing), "names": names}
                )
            )
        if not [user for user in self.reviewers(draft) if user.login != actor.user_id]:
            errors.append(
                FieldError(
                    "draft",
                    "Nobody may review this: everybody with the right has edited it. Ask an administrator to name somebody.",
                )
            )
        if errors:
            raise NotReady(fields=tuple(errors))
        return verdict

    def _take_number(
        self,
        draft: Draft,
        content: Content,
        cases: int,
        reason: str,
        release_at: dt.datetime,
        trial_until: dt.date | None,
        actor: Actor,
    ) -> str:
        now = self._studio.clock.now()
        with self._studio.database.unit_of_work() as work:
            row: DraftRow = records.move(work.session, draft.key, IN_REVIEW, among=(OPEN,), at=now)
            if content_of(work.session, draft.key) != content:
                raise NotReady(
                    fields=(FieldError("draft", "Somebody changed the draft meanwhile. Look at it again, then submit it."),)
                )
            looked = work.session.get(LookedRow, (draft.key, model.RETURNS))
            release = ReleaseRow(
                id=numbers.next_number(work.session, numbers.RELEASE, now.year),
                kind=model.REVIEW,
                state=model.SUBMITTED,
                draft_key=draft.key,
                folder=draft.folder,
                folders=list(model.folders_of(content)),
                title=draft.title,
                reason=reason,
                content={path: list(digests) for path, digests in content.items()},
                content_hash=model.content_hash(content),
                cases_run=cases,
                editors=list(editors_of(work.session, row)),
                submitted_by=actor.user_id,
                submitted_at=now,
                release_at=release_at,
                trial_until=trial_until,
                returns=looked.found["release"] if looked else None,
            )
            work.session.add(release)
            work.session.flush()
            number = release.id
            work.commit()
        return number

    def _start(self, number: str, draft: Draft, *, immediate: bool, actor: Actor) -> Release:
        release = self.release(number)
        with self._studio.database.unit_of_work() as work:
            user = work.session.get(User, actor.user_id)
            name = user.name if user else actor.user_id
        variables = {
            "release_id": number,
            "draft": draft.key,
            "title": release.title,
            "reason": release.reason,
            "folder": release.folder,
            "folder_name": self._folder_name(release.folder),
            "submitted_by": actor.user_id,
            "submitted_by_name": name,
            "release_at": release.release_at.isoformat(timespec="seconds"),
            "release_at_text": "同意后立刻" if immediate else f"{release.release_at.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}",
            "trial_until": release.trial_until.isoformat() if release.trial_until else None,
        }
        try:
            instance = self._studio.engine.start_process(
                model.PROCESS, variables, actor=actor, business_key=number, command_id=f"start {number}"
            )
        except EngineError as cause:
            self._void(number, str(cause))
            raise
        with self._studio.database.unit_of_work() as work:
            release_row(work.session, number, lock=True).process_key = instance.key
            work.session.flush()
            work.commit()
        return self.release(number)

    def _void(self, number: str, why: str) -> None:
        with self._studio.database.unit_of_work() as work:
            row = release_row(work.session, number, lock=True)
            if row.state == model.SUBMITTED and row.process_key is None:
                row.state, row.note = model.NOT_APPLIED, why
                assert row.draft_key is not None
                records.move(work.session, row.draft_key, OPEN, among=(IN_REVIEW,), at=self._studio.clock.now())
            work.session.flush()
            work.commit()

    def _folder_name(self, folder: str) -> str:
        return next((one.title for one in self._studio.shelf.folders() if one.name == folder), folder)


def _check_words(reason: str, release_at: dt.datetime, trial_until: dt.date | None) -> None:
    errors = []
    if not reason.strip():
        errors.append(FieldError("reason", "Say what the change is for and what it rests on; the reviewer reads it."))
    if len(reason) > REASON_LIMIT:
        errors.append(FieldError("reason", "At most {limit} characters, please.", {"limit": REASON_LIMIT}))
    if trial_until is not None and trial_until <= release_at.astimezone(OFFICE_ZONE).date():
        errors.append(FieldError("trial_until", "A trial ends after the day of the release."))
    if errors:
        raise InvalidInput(fields=tuple(errors))
