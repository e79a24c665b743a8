"""Drafts in the database: who wrote first, who is told, and that nothing ever saved is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from engine.errors import InvalidInput, NotFound, NotPermitted
from engine.model import SYSTEM, Actor, Resource
from procurement.studio import model
from procurement.studio.contents import digest
from procurement.studio.editing import FILE_LIMIT
from procurement.studio.studio import Studio
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

HOME = "goal_setting"
TABLE = "processes/goal_setting/method_route.dmn"
SHARED = "processes/rules/office_rules.dmn"
CASE = "processes/goal_setting/cases/below_limit.yaml"
LIN = Actor("lin", frozenset({"designer"}))
HE = Actor("he", frozenset({"designer"}))


@pytest.fixture(scope="module")
def services(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    composed = compose(Settings.for_demo(new_database(), str(tmp_path_factory.mktemp("files"))))
    composed.migrate()
    composed.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="tests")
    yield composed
    composed.close()


@pytest.fixture
def studio(services: Services) -> Studio:
    return services.studio


@pytest.fixture
def draft(studio: Studio) -> int:
    return studio.drafts.begin(HOME, "限额", "街道会议", actor=LIN).key


def sha_of(studio: Studio, draft: int, path: str) -> str | None:
    return studio.drafts.file(draft, path).sha256


def test_what_is_in_force_is_what_was_deployed_with_the_readmes_and_cases_that_came_along(studio: Studio) -> None:
    files = studio.shelf.files()
    deployed = {resource.name: resource.content for resource in read_resources(designer_folders())}
    assert {path: content for path, content in files.items() if path in deployed} == deployed
    assert files.keys() - deployed.keys() == {path for path in files if path.endswith((".md", ".yaml"))}
    assert studio.shelf.folder(HOME).cases == len([path for path in files if path.startswith(f"processes/{HOME}/cases/")])


def test_a_draft_shows_its_folder_and_changes_nothing_in_force(studio: Studio, draft: int) -> None:
    before = studio.shelf.content(TABLE)
    saved = studio.drafts.save(draft, TABLE, b"<new/>", base=digest(before), actor=LIN)
    assert (saved.state, saved.base_sha256, saved.changed_by) == (model.CHANGED, digest(before), "lin")
    assert studio.shelf.content(TABLE) == before
    assert studio.drafts.workspace(draft)[TABLE] == b"<new/>"
    assert studio.drafts.changes(draft) == {TABLE: b"<new/>"}
    states = {file.path: file.state for file in studio.drafts.files(draft)}
    assert states.pop(TABLE) == model.CHANGED
    assert set(states.values()) == {model.UNCHANGED}
    assert all(f"/{HOME}/" in path for path in states)


def test_the_second_writer_is_told_and_their_text_is_put_aside(studio: Studio, draft: int) -> None:
    base = sha_of(studio, draft, TABLE)
    studio.drafts.save(draft, TABLE, b"lin", base=base, actor=LIN)
    with pytest.raises(model.EditConflict) as told:
        studio.drafts.save(draft, TABLE, b"he", base=base, actor=HE)
    assert (told.value.theirs, told.value.by) == (digest(b"lin"), "lin")
    assert studio.drafts.content(draft, TABLE) == b"lin"
    newest = studio.drafts.edits(draft, TABLE)[0]
    assert (newest.by, newest.accepted) == ("he", False)
    assert studio.drafts.edit_content(draft, newest.id)[1] == b"he"
    studio.drafts.save(draft, TABLE, b"he", base=told.value.theirs, actor=HE)  # knowing what is there
    assert studio.drafts.content(draft, TABLE) == b"he"


def test_the_same_text_sent_again_is_saved_once(studio: Studio, draft: int) -> None:
    base = sha_of(studio, draft, TABLE)
    for _ in range(3):
        studio.drafts.save(draft, TABLE, b"once", base=base, actor=LIN)
    assert len(studio.drafts.edits(draft, TABLE)) == 1


def test_fifty_saves_of_two_writers_at_once_lose_nothing(studio: Studio, draft: int) -> None:
    failures: list[BaseException] = []

    def write(actor: Actor) -> None:
        try:
            base = sha_of(studio, draft, TABLE)
            for number in range(25):
                text = f"{actor.user_id} {number}".encode()
                while True:
                    try:
                        base = studio.drafts.save(draft, TABLE, text, base=base, actor=actor).sha256
                        break
                    except model.EditConflict as conflict:
                        base = conflict.theirs
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    writers = [threading.Thread(target=write, args=(actor,)) for actor in (LIN, HE)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failures
    accepted = [one for one in studio.drafts.edits(draft, TABLE) if one.accepted]
    texts = {studio.drafts.edit_content(draft, one.id)[1] for one in accepted}
    assert texts == {f"{who} {number}".encode() for who in ("lin", "he") for number in range(25)}
    assert len(accepted) == 50


def test_a_file_may_be_added_deleted_and_brought_back(studio: Studio, draft: int) -> None:
    new = "forms/goal_setting/legal_review.form"
    assert studio.drafts.save(draft, new, b"{}", base=None, actor=LIN).state == model.ADDED
    assert studio.drafts.save(draft, CASE, None, base=sha_of(studio, draft, CASE), actor=LIN).state == model.DELETED
    assert CASE not in studio.drafts.workspace(draft)
    with pytest.raises(NotFound):
        studio.drafts.content(draft, CASE)
    for path in (new, CASE):
        studio.drafts.revert(draft, path, actor=LIN)
    assert studio.drafts.changes(draft) == {}
    assert new not in {file.path for file in studio.drafts.files(draft)}
    assert b"{}" in {studio.drafts.edit_content(draft, one.id)[1] for one in studio.drafts.edits(draft, new)}


def test_writing_the_text_in_force_again_is_no_change(studio: Studio, draft: int) -> None:
    before = studio.shelf.content(TABLE)
    changed = studio.drafts.save(draft, TABLE, b"x", base=digest(before), actor=LIN)
    assert studio.drafts.save(draft, TABLE, before, base=changed.sha256, actor=LIN).state == model.UNCHANGED
    assert studio.drafts.changes(draft) == {}


def test_a_file_of_another_folder_can_be_taken_along(studio: Studio, draft: int) -> None:
    studio.drafts.take(draft, SHARED, actor=LIN)
    taken = studio.drafts.files(draft)[-1]
    assert (taken.path, taken.state) == (SHARED, model.UNCHANGED)
    studio.drafts.save(draft, SHARED, b"<rules/>", base=taken.sha256, actor=LIN)
    assert studio.drafts.changes(draft) == {SHARED: b"<rules/>"}
    studio.drafts.save(draft, SHARED, studio.shelf.content(SHARED), base=digest(b"<rules/>"), actor=LIN)
    assert studio.drafts.files(draft)[-1].path == SHARED
    studio.drafts.revert(draft, SHARED, actor=LIN)
    assert SHARED not in {file.path for file in studio.drafts.files(draft)}


def test_a_discarded_draft_can_be_read_and_reopened_but_not_changed(studio: Studio, draft: int) -> None:
    base = sha_of(studio, draft, TABLE)
    studio.drafts.save(draft, TABLE, b"kept", base=base, actor=LIN)
    studio.drafts.discard(draft, actor=LIN)
    with pytest.raises(model.DraftClosed):
        studio.drafts.save(draft, TABLE, b"late", base=digest(b"kept"), actor=LIN)
    assert studio.drafts.content(draft, TABLE) == b"kept"
    assert draft not in {one.key for one in studio.drafts.drafts(HOME, state=model.UNDER_WAY)}
    studio.drafts.reopen(draft, actor=HE)
    studio.drafts.save(draft, TABLE, b"on", base=digest(b"kept"), actor=HE)


def test_a_shelf_that_moved_on_is_told_and_either_version_can_be_chosen(services: Services, studio: Studio) -> None:
    path = "forms/negative_listing/" + min(p for p in studio.shelf.files() if p.startswith("forms/negative_listing/"))[23:]
    drafts = [studio.drafts.begin("negative_listing", title, "", actor=LIN).key for title in ("甲", "乙")]
    before = studio.shelf.content(path)
    mine = before.replace(b'"components"', b'"mine": 1, "components"', 1)
    for draft in drafts:
        studio.drafts.save(draft, path, mine, base=digest(before), actor=LIN)
    version = studio.shelf.history("negative_listing")[0].deployment_key
    theirs = before + b"\n"
    services.engine.deploy([Resource(path.rsplit("/", 1)[-1], theirs)], actor=SYSTEM)  # uploaded by its bare name
    assert studio.shelf.content(path) == theirs
    assert studio.shelf.at(version)[path] == before
    assert studio.shelf.history("negative_listing")[0].paths == (path,)
    assert [studio.drafts.file(draft, path).shelf_moved for draft in drafts] == [True, True]
    kept = studio.drafts.keep_mine(drafts[0], path, actor=LIN)
    assert (kept.shelf_moved, kept.base_sha256) == (False, digest(theirs))
    assert studio.drafts.content(drafts[0], path) == mine
    studio.drafts.revert(drafts[1], path, actor=LIN)
    assert studio.drafts.content(drafts[1], path) == theirs


def test_what_the_studio_published_beside_a_deployment_counts_from_then_on(services: Services, studio: Studio) -> None:
    readme = "processes/tracking/README.md"
    version = studio.shelf.history("tracking")[0].deployment_key
    gone = min(path for path in studio.shelf.files() if path.startswith("forms/tracking/"))
    changes = {readme: b"# new", gone: None}
    services.engine.deploy([Resource("processes/x1/x1.dmn", _table("x1"))], actor=SYSTEM)
    with services.database.unit_of_work() as work:
        now, generation = services.clock.now(), services.engine.generation()
        studio.shelf.publish(work.session, changes, generation=generation, actor=LIN, at=now, note="")
        work.commit()
    assert studio.shelf.content(readme) == b"# new"
    assert gone not in studio.shelf.files()
    assert studio.shelf.at(version)[readme] != b"# new"
    assert gone in studio.shelf.at(version)


@pytest.mark.parametrize(
    "path",
    [
        "../etc/passwd",
        "/etc/passwd",
        "processes/goal_setting/../../engine/x.bpmn",
        "processes/goal_setting/cases/../../x.yaml",
        "processes/goal_setting/evil.py",
        "processes/goal_setting/x.bpmn\n",
        "processes/goal_setting/x\x00.bpmn",
        "processes\\goal_setting\\x.bpmn",
        "processes/Goal/x.bpmn",
        "processes/goal_setting/cases/deep/x.yaml",
        "forms/goal_setting/<img src=x>.form",
        "forms/goal_setting/\u202egnp.form",
        "processes/" + "a" * 61 + "/x.bpmn",
        "forms/goal_setting/" + "a" * 300 + ".form",
        "",
    ],
)
def test_a_path_outside_the_layout_is_refused_with_a_sentence(studio: Studio, draft: int, path: str) -> None:
    for attempt in (
        lambda: studio.drafts.save(draft, path, b"x", base=None, actor=LIN),
        lambda: studio.drafts.take(draft, path, actor=LIN),
        lambda: studio.drafts.content(draft, path),
    ):
        with pytest.raises(model.PathRefused, match="is not one the project has"):
            attempt()


def test_content_that_is_too_large_or_no_text_is_refused(studio: Studio, draft: int) -> None:
    for content, refusal in (
        (b"x" * (FILE_LIMIT + 1), model.FileTooLarge),
        (b"\xff\xfe", model.FileNotText),
        (b"a\x00b", model.FileNotText),
    ):
        with pytest.raises(refusal):
            studio.drafts.save(draft, CASE, content, base=sha_of(studio, draft, CASE), actor=LIN)


def test_two_names_that_differ_only_in_case_are_refused(studio: Studio, draft: int) -> None:
    with pytest.raises(model.NameTaken):
        studio.drafts.save(draft, CASE.replace("below", "Below"), b"x", base=None, actor=LIN)


def test_only_designers_change_drafts(studio: Studio, draft: int) -> None:
    clerk = Actor("zhou", frozenset({"department"}))
    for attempt in (
        lambda: studio.drafts.begin(HOME, "x", "", actor=clerk),
        lambda: studio.drafts.save(draft, CASE, b"x", base=None, actor=clerk),
        lambda: studio.drafts.revert(draft, CASE, actor=clerk),
        lambda: studio.drafts.discard(draft, actor=clerk),
    ):
        with pytest.raises(NotPermitted):
            attempt()


def test_a_draft_needs_a_title_and_a_plain_folder(studio: Studio) -> None:
    with pytest.raises(InvalidInput) as refused:
        studio.drafts.begin("../x", " ", "r" * 5000, actor=LIN)
    assert [wrong.path for wrong in refused.value.fields] == ["folder", "title", "reason"]


def test_whoever_is_in_a_draft_is_seen_by_the_others_until_they_leave(studio: Studio, draft: int) -> None:
    assert studio.presence.seen(draft, "w1", TABLE, actor=LIN) == ()
    (other,) = studio.presence.seen(draft, "w2", CASE, actor=HE)
    assert (other.login, other.path) == ("lin", TABLE)
    studio.presence.left(draft, "w1")
    assert [one.login for one in studio.presence.others(draft)] == ["he"]


def _table(name: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d_{name}" name="{name}" namespace="n">
  <decision id="{name}" name="{name}"><literalExpression id="e"><text>1</text></literalExpression></decision>
</definitions>""".encode()
