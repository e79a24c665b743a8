"""What the drawn release does in the transaction of its case: describe, sign, apply, close, roll back.

The rule that nobody puts into force what they wrote themselves stands here, not only in the diagram: ``apply`` looks for the
signature row, which only ``sign`` writes, in the name of whoever completed the task.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import DefinitionInvalid, NotPermitted
from engine.model import Actor
from procurement.accounts.tables import User
from procurement.registers import numbers
from procurement.studio import contents, records
from procurement.studio.model import APPROVED as DRAFT_APPROVED
from procurement.studio.model import DISCARDED, IN_REVIEW, OPEN, Files
from procurement.studio.model import RELEASED as DRAFT_RELEASED
from procurement.studio.release import model
from procurement.studio.release.doing import Doing, StepRefused
from procurement.studio.release.gate import moved, resources
from procurement.studio.release.model import Content, Release
from procurement.studio.release.records import content_of, editors_of, release_of, release_row, signatures, take_turn
from procurement.studio.tables.releases import ReleaseRow, SignatureRow

if TYPE_CHECKING:
    from procurement.studio.studio import Studio


class Steps:
    """Handed to the operations ``release.…`` by the engine."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def describe(self, doing: Doing, number: str) -> dict[str, Any]:
        """Who may review it, who decides after a trial, and what it changes in a few words."""
        row = release_row(doing.session, number)
        release = release_of(row)
        permissions = self._studio.permissions
        people = permissions.people(doing.session, release.folders, "review")
        deciders = permissions.people(doing.session, release.folders, "release")
        return {
            "reviewers": [one.login for one in people if one.login not in release.parties],
            "deciders": [one.login for one in deciders],
            "summary": summary(release.content),
        }

    def sign(self, doing: Doing, number: str, opinion: str, reason: str) -> None:
        """Keep the opinion of whoever completed the task. Raises StepRefused."""
        row = release_row(doing.session, number, lock=True)
        if row.state != model.SUBMITTED:
            raise StepRefused(f"这次发布已经不在复核中（{row.state}）。")
        draft = records.draft_row(doing.session, _draft_key(row), lock=True)
        parties = {*row.editors, *editors_of(doing.session, draft), row.submitted_by}
        if doing.actor_id in parties:
            raise StepRefused("改过或提交过这份草稿的人不能复核它，管理员也不例外。")
        if not self._studio.permissions.has(doing.session, doing.actor_id, row.folders, "review"):
            raise StepRefused(f"{doing.actor_id} 没有复核这些文件夹的权限。")
        if opinion not in model.OPINIONS:
            raise StepRefused("没有写明复核意见。")
        if opinion != model.AGREE and not reason.strip():
            raise StepRefused("退回或不同意要写理由。")
        if model.content_hash(content_of(doing.session, draft.key)) != row.content_hash:
            raise StepRefused("草稿的内容与提交时不同，请提交人撤回后重新提交。")
        doing.session.add(
            SignatureRow(
                release_id=number,
                by=doing.actor_id,
                at=doing.now,
                opinion=opinion,
                reason=reason,
                content_hash=row.content_hash,
            )
        )
        if opinion == model.AGREE:
            row.state = model.APPROVED
            records.move(doing.session, draft.key, DRAFT_APPROVED, among=(IN_REVIEW,), at=doing.now)

    def apply(self, doing: Doing, number: str) -> list[str]:
        """Put the release into force; what was made. Raises StepRefused."""
        take_turn(doing.session)
        row = release_row(doing.session, number, lock=True)
        draft = records.draft_row(doing.session, _draft_key(row), lock=True)
        content = content_of(doing.session, draft.key)
        self._require_consent(doing, row, content)
        workspace = self._studio.drafts.workspace(draft.key)
        verdict = self._studio.gate.judge(workspace, content)
        if not verdict.ok:
            raise StepRefused(verdict.in_chinese())
        changes = self._studio.drafts.changes(draft.key)
        row.reviewed = True
        self._into_force(doing, row, workspace, changes)
        records.move(doing.session, draft.key, DRAFT_RELEASED, among=(DRAFT_APPROVED,), at=doing.now)
        if row.returns is not None and (of := release_row(doing.session, row.returns, lock=True)).state == model.RELEASED:
            of.state, of.rolled_back_by = model.ROLLED_BACK, row.id
        return list(row.made)

    def close(self, doing: Doing, number: str, outcome: str, reason: str) -> None:
        """Withdrawn, returned or not applied: the draft can be changed again; refused: it is put away."""
        row = release_row(doing.session, number, lock=True)
        if row.state not in model.UNDER_WAY:
            return
        if outcome == model.WITHDRAWN:
            _require_submitter(doing, row)
        row.state, row.note = outcome, reason
        state = DISCARDED if outcome == model.REFUSED else OPEN
        records.move(doing.session, _draft_key(row), state, among=(IN_REVIEW, DRAFT_APPROVED), at=doing.now)

    def roll_back(self, doing: Doing, number: str, reason: str) -> bool:
        """Bring back what was before, as the signed end of a trial; False when a later release changed the same files."""
        row = release_row(doing.session, number, lock=True)
        if row.state == model.ROLLED_BACK:
            return True
        take_turn(doing.session)
        content = backwards(release_of(row).content)
        later = moved(content, self._studio.shelf.digests())
        if later:
            row.note = f"后来的发布又改过 {'、'.join(later)}，没有自动恢复。{reason}"
            return False
        made = self.new_row(doing, release_of(row), model.TRIAL_END, content, f"恢复原规则：{row.title}", reason)
        made.reviewed = True  # whoever agreed to the trial agreed to its end
        self.restore(doing, made, row, content)
        return True

    def new_row(self, doing: Doing, of: Release, kind: str, content: Content, title: str, reason: str) -> ReleaseRow:
        """A release that takes another one back."""
        row = ReleaseRow(
            id=numbers.next_number(doing.session, numbers.RELEASE, doing.now.year),
            kind=kind,
            state=model.RELEASED,
            folder=of.folder,
            folders=list(of.folders),
            title=title,
            reason=reason,
            content={path: list(digests) for path, digests in content.items()},
            content_hash=model.content_hash(content),
            editors=[doing.actor_id],
            submitted_by=doing.actor_id,
            submitted_at=doing.now,
            release_at=doing.now,
            returns=of.number,
        )
        doing.session.add(row)
        return row

    def restore(self, doing: Doing, row: ReleaseRow, of: ReleaseRow, content: Content) -> None:
        """Put the earlier content into force as ``row``. Raises StepRefused."""
        kept = self._studio.shelf.loaded({path: new for path, (new, _) in content.items() if new is not None})
        changes = {path: kept.get(path) for path in content}
        workspace = {path: one for path, one in self._studio.shelf.files().items() if path not in changes}
        workspace |= {path: one for path, one in changes.items() if one is not None}
        self._into_force(doing, row, workspace, changes)
        of.state, of.rolled_back_by = model.ROLLED_BACK, row.id

    def _require_consent(self, doing: Doing, row: ReleaseRow, content: Content) -> None:
        """Somebody else agreed to exactly this content. Raises StepRefused."""
        if row.state != model.APPROVED:
            raise StepRefused("还没有第二个人同意发布。")
        if model.content_hash(content) != row.content_hash:
            raise StepRefused("草稿的内容与复核的不同，没有发布。")
        draft = records.draft_row(doing.session, _draft_key(row))
        parties = {*row.editors, *editors_of(doing.session, draft), row.submitted_by}
        signed = signatures(doing.session, [row.id]).get(row.id, ())
        if not any(
            one.opinion == model.AGREE and one.content_hash == row.content_hash and one.by not in parties for one in signed
        ):
            raise StepRefused("没有改过也没有提交这份草稿的人都还没有同意这份内容。")

    def _into_force(self, doing: Doing, row: ReleaseRow, workspace: Files, changes: dict[str, bytes | None]) -> None:
        """Deploy everything there is, so that what is bound together is deployed together; unchanged files keep their version."""
        note = f"{row.id} {row.title}"
        try:
            deployment = doing.deploy(resources(workspace), row.submitted_by, note)
        except DefinitionInvalid as error:
            raise StepRefused(f"部署被拒绝，共 {len(error.problems)} 处错误，见“问题”。") from error
        at_work = Actor(row.submitted_by, system=True)
        self._studio.shelf.publish(
            doing.session, changes, generation=deployment.generation, actor=at_work, at=doing.now, note=note
        )
        for one in changes.values():
            if one is not None:
                contents.keep(doing.session, one)
        row.state, row.released_at, row.deployment_key = model.RELEASED, doing.now, deployment.key
        row.made = [f"{one.kind} {one.id} {one.version}" for one in deployment.made]


def _require_submitter(doing: Doing, row: ReleaseRow) -> None:
    """The message may be sent by many; only who submitted it or an administrator takes a release back. Raises NotPermitted."""
    user = doing.session.get(User, doing.actor_id)
    is_admin = user is not None and user.active and "admin" in user.roles
    if doing.actor_id != row.submitted_by and not is_admin:
        raise NotPermitted(
            "Only {login}, who submitted this release, or an administrator may take it back.", login=row.submitted_by
        )


def backwards(content: Content) -> Content:
    return {path: (base, new) for path, (new, base) in content.items()}


def summary(content: Content) -> str:
    """In a few words for a form: how many files of each kind of change, and their names."""
    names = [path.rsplit("/", 1)[-1] for path in sorted(content)]
    more = f" 等 {len(names)} 个文件" if len(names) > 4 else f"，共 {len(names)} 个文件"
    return "、".join(names[:4]) + more


def _draft_key(row: ReleaseRow) -> int:
    assert row.draft_key is not None, "only releases through the drawn process have these steps"
    return row.draft_key
