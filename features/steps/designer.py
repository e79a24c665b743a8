"""What process designers do with drafts."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from pytest_bdd import given, then, when

from engine.model import SYSTEM, Resource
from features.steps.scene import Scene
from features.steps.words import said
from procurement.studio.contents import digest
from procurement.studio.model import DraftFile, EditConflict
from procurement.studio.studio import Studio
from procurement.studio.titles import title_of
from web.resources import shipped_texts


@dataclass
class Desk:
    """A draft, and from which version everybody at it began."""

    studio: Studio
    draft: int = 0
    path: str = ""
    bases: dict[str, str | None] = field(default_factory=dict)

    def find(self, title: str) -> str:
        """The file people call ``title``."""
        files = self.studio.shelf.files()
        found = [path for path, content in files.items() if title_of(path, content) == title and not path.endswith(".yaml")]
        assert found, f"没有文件“{title}”"
        return found[0]

    def file(self, title: str) -> DraftFile:
        return self.studio.drafts.file(self.draft, self.find(title))


@pytest.fixture
def desk(scene: Scene) -> Desk:
    office = scene.office
    return Desk(Studio(office.database, office.engine, office.clock, office._feel, shipped_texts))  # noqa: SLF001 - the language of this office


@given(said("{who}开始草稿“{title}”，改“{folder}”"))
def begin(scene: Scene, desk: Desk, who: str, title: str, folder: str) -> None:
    name = next(one.name for one in desk.studio.shelf.folders() if one.title == folder)
    desk.draft = desk.studio.drafts.begin(name, title, "街道会议纪要", actor=scene.office.person(who)).key


@when(said("{who}打开“{title}”"))
def open_file(desk: Desk, who: str, title: str) -> None:
    desk.path = desk.find(title)
    desk.bases[who] = desk.studio.drafts.file(desk.draft, desk.path).sha256


@when(said("{who}保存“{text}”"))
def save(scene: Scene, desk: Desk, who: str, text: str) -> None:
    _save(scene, desk, who, text.encode())


@when(said("{who}给“{title}”改名为“{name}”"))
def rename(scene: Scene, desk: Desk, who: str, title: str, name: str) -> None:
    content = desk.studio.drafts.content(desk.draft, desk.find(title))
    _save(scene, desk, who, content.replace(title.encode(), name.encode(), 1))


@when(said("{who}看过以后保存“{text}”"))
def save_knowingly(scene: Scene, desk: Desk, who: str, text: str) -> None:
    desk.bases[who] = desk.studio.drafts.file(desk.draft, desk.path).sha256
    _save(scene, desk, who, text.encode())


@when(said("{who}恢复自己留下的“{text}”"))
def restore(scene: Scene, desk: Desk, who: str, text: str) -> None:
    login = scene.office.person(who).user_id
    kept = [one for one in desk.studio.drafts.edits(desk.draft, desk.path) if one.by == login and not one.accepted]
    content = desk.studio.drafts.edit_content(desk.draft, kept[0].id)[1]
    assert content == text.encode()
    desk.bases[who] = desk.studio.drafts.file(desk.draft, desk.path).sha256
    _save(scene, desk, who, content)


@when(said("{who}撤销对“{title}”的改动"))
def revert(scene: Scene, desk: Desk, who: str, title: str) -> None:
    desk.studio.drafts.revert(desk.draft, desk.find(title), actor=scene.office.person(who))


@when(said("{who}取入别的文件夹的“{title}”"))
def take(scene: Scene, desk: Desk, who: str, title: str) -> None:
    desk.studio.drafts.take(desk.draft, desk.find(title), actor=scene.office.person(who))


@when(said("{who}放弃草稿"))
def discard(scene: Scene, desk: Desk, who: str) -> None:
    desk.studio.drafts.discard(desk.draft, actor=scene.office.person(who))


@when(said("{who}重新打开草稿"))
def reopen(scene: Scene, desk: Desk, who: str) -> None:
    desk.studio.drafts.reopen(desk.draft, actor=scene.office.person(who))


@when(said("{who}保留自己的“{title}”"))
def keep_mine(scene: Scene, desk: Desk, who: str, title: str) -> None:
    desk.studio.drafts.keep_mine(desk.draft, desk.path, actor=scene.office.person(who))


@when(said("别的发布改了“{title}”"))
def released_elsewhere(scene: Scene, desk: Desk, title: str) -> None:
    path = desk.find(title)
    scene.office.engine.deploy([Resource(path, desk.studio.shelf.content(path) + b"\n")], actor=SYSTEM)


@then(said("草稿里的“{title}”是“{text}”"))
def is_in_draft(desk: Desk, title: str, text: str) -> None:
    assert desk.studio.drafts.content(desk.draft, desk.find(title)).decode() == text


@then(said("现行的“{title}”没有变"))
def is_in_force(desk: Desk, title: str) -> None:
    found = desk.file(title)
    assert found.shelf_sha256 == found.base_sha256 == digest(desk.studio.shelf.content(found.path))


@then(said("草稿改了 {count} 个文件"))
def changes(desk: Desk, count: str) -> None:
    assert len(desk.studio.drafts.changes(desk.draft)) == int(count)


@then(said("“{title}”的版本记录里有“{text}”"))
def is_kept(desk: Desk, title: str, text: str) -> None:
    edits = desk.studio.drafts.edits(desk.draft, desk.find(title))
    assert text.encode() in {desk.studio.drafts.edit_content(desk.draft, one.id)[1] for one in edits}


@then(said("{who}被告知{other}先保存了"))
def told(scene: Scene, who: str, other: str) -> None:
    refusal = scene.refusal()
    assert isinstance(refusal, EditConflict)
    assert refusal.by == scene.office.person(other).user_id


@then(said("保存被拒绝：“{text}”"))
def refused(scene: Scene, text: str) -> None:
    assert text in scene.sentence(scene.refusal())


@then(said("草稿里的“{title}”标着“现行版本已变”"))
def moved(desk: Desk, title: str) -> None:
    assert desk.file(title).shelf_moved


@then(said("草稿里的“{title}”没有标着“现行版本已变”"))
def not_moved(desk: Desk, title: str) -> None:
    assert not desk.file(title).shelf_moved


def _save(scene: Scene, desk: Desk, who: str, content: bytes) -> None:
    actor, base = scene.office.person(who), desk.bases[who]
    saved = scene.attempt(lambda: desk.studio.drafts.save(desk.draft, desk.path, content, base=base, actor=actor))
    if saved is not None:
        desk.bases[who] = saved.sha256
