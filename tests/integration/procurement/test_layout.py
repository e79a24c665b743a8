"""The repository's folders, the command line and the studio's pages are three ways to the same files and versions."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.model import SYSTEM
from procurement.studio import packing
from procurement.studio.importing import into_draft
from tests.integration.procurement.releasing import HE, LIN, introduce, sign, submitted
from web.commands import rules
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

Make = Callable[[], Services]
TABLE = "processes/goal_setting/method_route.dmn"
FORM = "forms/goal_setting/set_objectives.form"
README = "processes/goal_setting/README.md"


@pytest.fixture
def office(new_database: Callable[..., str], tmp_path: Path) -> Iterator[Make]:
    made: list[Services] = []

    def make() -> Services:
        composed = compose(Settings.for_demo(new_database(), str(tmp_path / f"files{len(made)}")))
        composed.migrate()
        introduce(composed)
        composed.clock.set(dt.datetime(2026, 5, 11, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))))  # type: ignore[attr-defined]
        made.append(composed)
        return composed

    yield make
    for one in made:
        one.close()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of the project's own folders."""
    for folder in designer_folders():
        shutil.copytree(folder, tmp_path / "repository" / folder.name)
    return tmp_path / "repository"


def folders(repository: Path) -> list[Path]:
    return [repository / name for name in packing.ROOTS]


def versions(services: Services) -> list[tuple[str, str, int, str]]:
    return sorted(
        (one.definition.kind, one.definition.id, one.definition.version, one.sha256) for one in services.engine.deployed()
    )


def changed(repository: Path) -> None:
    """A form that its diagram is bound to, a README, a new case; a case that is no more."""
    form = repository / FORM
    form.write_bytes(form.read_bytes().rstrip() + b"\n\n\n")
    (repository / README).write_bytes((repository / README).read_bytes() + "\n新的一句。\n".encode())
    cases = repository / "processes/goal_setting/cases"
    shutil.copy(cases / "below_limit.yaml", cases / "copied.yaml")
    (cases / "below_limit.yaml").unlink()


def test_what_is_exported_deployed_elsewhere_and_exported_again_is_the_same(office: Make, repository: Path, tmp_path: Path):
    first, second = office(), office()
    rules.deploy(first, folders(repository), "")
    rules.export(first, tmp_path / "out")
    assert packing.read_folder(tmp_path / "out") == packing.read_folder(repository)
    rules.deploy(second, folders(tmp_path / "out"), "")
    rules.export(second, tmp_path / "again")
    assert packing.read_folder(tmp_path / "again") == packing.read_folder(repository)
    assert packing.pack(second.studio.shelf.files()) == packing.pack(first.studio.shelf.files())
    assert rules.export(second, tmp_path / "again") == []


def test_the_command_line_and_a_release_from_the_page_give_the_same_versions_and_files(office: Make, repository: Path):
    by_command, by_page = office(), office()
    for one in (by_command, by_page):
        rules.deploy(one, folders(repository), "")
    changed(repository)
    rules.deploy(by_command, folders(repository), "")
    packed = packing.pack(packing.read_folder(repository))
    draft = into_draft(by_page.studio, [("x.zip", packed)], title="同一改动", reason="", actor=LIN)
    release = submitted(by_page, draft.key)
    sign(by_page, release, by=HE)
    assert by_page.studio.releases.release(release.number).state == "released"
    assert versions(by_page) == versions(by_command)
    assert by_page.studio.shelf.files() == by_command.studio.shelf.files() == packing.read_folder(repository)


def test_what_is_deployed_past_the_review_is_on_record_as_such(office: Make, repository: Path):
    services = office()
    rules.deploy(services, folders(repository), "第一次")
    changed(repository)
    rules.deploy(services, folders(repository), "改一处")
    newest, first = services.studio.releases.newest()
    assert (first.kind, first.title, first.reviewed, len(first.content)) == (
        "direct",
        "第一次",
        False,
        len(services.studio.shelf.files()),
    )
    assert set(newest.content) == {
        FORM,
        README,
        *(f"processes/goal_setting/cases/{name}.yaml" for name in ("copied", "below_limit")),
    }
    assert newest.content["processes/goal_setting/cases/below_limit.yaml"][0] is None
    assert set(newest.made) == {"form set_objectives 2", "process goal_setting 2"}
    rules.deploy(services, folders(repository), "nothing new")
    assert len(services.studio.releases.newest()) == 2


def test_a_folder_comes_into_a_draft_by_command(office: Make, repository: Path):
    services = office()
    rules.deploy(services, folders(repository), "")
    changed(repository)
    made = rules.bring(services, repository, title="从仓库来", reason="评审过", login="lin")
    assert (made.folder, made.created_by) == ("goal_setting", "lin")
    assert len(services.studio.drafts.changes(made.key)) == 4
    with pytest.raises(packing.PackRefused, match="in force already"):
        rules.bring(services, Path(designer_folders()[0]).parent, title="again", reason="", login=None)


def test_starting_the_software_again_leaves_what_the_office_released(office: Make, repository: Path):
    services = office()
    shipping = services.studio.shipping
    assert len(shipping.take_over(read_resources(folders(repository)), note="first").deployed) == len(
        read_resources(folders(repository))
    )
    assert shipping.take_over(read_resources(folders(repository)), note="again") == type(shipping.take_over([], note=""))((), ())
    draft = services.studio.drafts.begin("goal_setting", "街道自己的", "会议", actor=LIN)
    ours = services.studio.shelf.content(FORM).rstrip() + b"\n\n"
    services.studio.drafts.save(draft.key, FORM, ours, base=services.studio.shelf.digests()[FORM], actor=LIN)
    sign(services, submitted(services, draft.key))
    before = versions(services)
    assert shipping.take_over(read_resources(folders(repository)), note="restart").deployed == ()
    assert versions(services) == before
    assert services.studio.shelf.content(FORM) == ours
    assert shipping.offered() == ()  # the software brought nothing new

    (repository / FORM).write_bytes(ours + b"\n\n\n\n")  # a newer version of the software changes both of them
    table = repository / TABLE
    table.write_bytes(table.read_bytes() + b"\n")
    taken = shipping.take_over(read_resources(folders(repository)), note="upgrade")
    assert (taken.deployed, taken.kept_ours) == ((TABLE,), (FORM,))
    assert services.studio.shelf.content(FORM) == ours
    assert services.studio.shelf.content(TABLE) == table.read_bytes()
    assert shipping.offered() == (FORM,)
    assert shipping.take_over(read_resources(folders(repository)), note="restart").kept_ours == (FORM,)
    offered = shipping.offer(actor=LIN)
    assert services.studio.drafts.changes(offered.key) == {FORM: (repository / FORM).read_bytes()}
    sign(services, submitted(services, offered.key))
    assert shipping.offered() == ()


def test_an_office_from_before_the_studio_is_upgraded_where_only_the_software_deployed(office: Make, repository: Path):
    services = office()
    services.engine.deploy(read_resources(folders(repository)), actor=SYSTEM, note="an earlier version")
    table = repository / TABLE
    table.write_bytes(table.read_bytes() + b"\n")
    taken = services.studio.shipping.take_over(read_resources(folders(repository)), note="upgrade")
    assert (taken.deployed, taken.kept_ours) == ((TABLE,), ())


def test_single_files_are_put_where_their_definitions_lie(office: Make, repository: Path):
    services = office()
    rules.deploy(services, folders(repository), "")
    content = services.studio.shelf.content(TABLE) + b"\n"
    draft = into_draft(services.studio, [("C:\\Users\\x\\method_route.dmn", content)], title="一张表", reason="", actor=LIN)
    assert services.studio.drafts.changes(draft.key) == {TABLE: content}
    new = [("brand_new.bpmn", b"<a/>"), ("ask_new.form", b"{}")]
    draft = into_draft(services.studio, new, title="新流程", reason="", actor=LIN)
    assert set(services.studio.drafts.changes(draft.key)) == {
        "processes/brand_new/brand_new.bpmn",
        "forms/brand_new/ask_new.form",
    }
    drafts = len(services.studio.drafts.drafts(state="open"))
    with pytest.raises(packing.InvalidInput):
        into_draft(services.studio, [("method_route.dmn", b"\xff\xfe")], title="不是文字", reason="", actor=LIN)
    assert len(services.studio.drafts.drafts(state="open")) == drafts
    assert zipfile.is_zipfile(io.BytesIO(packing.pack(services.studio.shelf.files())))
