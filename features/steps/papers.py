"""Contracts on paper, and the case file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from pytest_bdd import then, when

from engine.errors import NotFound
from features.steps.registers import notices
from features.steps.scene import Scene
from features.steps.words import money, said
from procurement.archive.checking import Opened, check
from tests.support import reported


def contract(scene: Scene):
    return scene.office.dossier().contracts[-1]


def card(scene: Scene, number: str):
    return scene.office.office.contracts.card(number, actor=scene.office.person("采购经办"))


@then("要签的是打印好的一份文本")
def printed(scene: Scene) -> None:
    [paper] = contract(scene).papers
    _, content = scene.office.office.files.open(paper["sha256"], actor=scene.office.person("邻里社区服务中心"))
    with zipfile.ZipFile(io.BytesIO(b"".join(content))) as word:
        text = word.read("word/document.xml").decode()
    assert contract(scene).id in text
    assert all(words in text for words in ("服务时间", "服务范围", "服务内容", "服务要求", "资金支付", "违约责任"))


@then("双方签的是同一份文本")
def both_signed(scene: Scene) -> None:
    found = card(scene, contract(scene).id).signatures
    assert {one.party for one in found} == {"street", "organisation"}
    assert {one.sha256 for one in found} == {contract(scene).papers[0]["sha256"]}
    assert all(one.scans and one.login for one in found)


@then("公布了合同公告")
def contract_published(scene: Scene) -> None:
    [notice] = notices(scene, "合同公告")
    assert notice.content["contract"] == contract(scene).id
    assert notice.content["clause_scope"], notice.content


@then(said("“{name}”的拒签留了档，理由是“{reason}”"))
def refusal_kept(scene: Scene, name: str, reason: str) -> None:
    [kept] = scene.office.office.contracts.refusals(scene.office.situation.purchase_id)
    assert (kept.organisation_id, kept.reason, kept.how) == (scene.office.organisation_id(name), reason, "refused")


@when("采购经办发起补充合同")
def supplement(scene: Scene) -> None:
    actor = scene.office.person("采购经办")
    scene.attempt(lambda: scene.office.office.contracts.supplement(contract(scene).id, actor=actor))


@then(said("补充合同 {amount} 元已签订"))
def supplemented(scene: Scene, amount: str) -> None:
    original = next(one for one in scene.office.dossier().contracts if one.supplements_id is None)
    [made] = card(scene, original.id).supplements
    assert (made.amount, made.status, bool(made.filed_on)) == (money(amount), "signed", True)
    assert scene.office.purchase.contract_id == original.id


@then("公布了补充合同公告")
def supplement_published(scene: Scene) -> None:
    assert any("补充合同" in notice.title for notice in notices(scene, "合同公告"))


# the case file


def volumes(scene: Scene):
    actor = scene.office.person("采购经办")
    return scene.office.office.files_of_record.volumes(scene.office.situation.purchase_id, actor=actor)


@then("档案包在别的机器上核对，全部对得上")
def verifies(scene: Scene) -> None:
    newest = volumes(scene)[0]
    _, content = scene.office.office.files_of_record.open(newest.id, actor=scene.office.person("审计"))
    with TemporaryDirectory() as folder:
        place = Path(folder) / "case.zip"
        place.write_bytes(b"".join(content))
        with Opened(place) as archive:
            report = check(archive, root=newest.root)
    assert report.sound, [(one.name, one.wrong) for one in report.checks if not one.passed]


@then("公开页面上看得到卷宗的根")
def root_is_public(scene: Scene) -> None:
    shown = scene.office.office.files_of_record.public(scene.office.situation.purchase_id)
    assert [(one.number, one.root) for one in shown] == [(one.id, one.root) for one in volumes(scene) if one.status == "accepted"]
    assert all(len(one.root) == 64 and one.entries for one in shown)


@then("退回的那一份已被替换")
def replaced(scene: Scene) -> None:
    assert [one.status for one in volumes(scene)] == ["accepted", "replaced"]


@when(said("{who}因“{purpose}”另立一卷"))
def another_volume(scene: Scene, who: str, purpose: str) -> None:
    actor = scene.office.person(who)
    desk = scene.office.office.files_of_record
    scene.attempt(lambda: desk.supplement(scene.office.situation.purchase_id, purpose, actor=actor))


@then(said("卷宗有 {number} 卷，后一卷写着前一卷的根"))
def linked(scene: Scene, number: str) -> None:
    newest, *_, first = volumes(scene)
    assert (newest.volume, newest.previous_id, newest.root != first.root) == (int(number), first.id, True)
    _, content = scene.office.office.files_of_record.open(newest.id, actor=scene.office.person("审计"))
    with zipfile.ZipFile(io.BytesIO(b"".join(content))) as archive:
        head = archive.read(f"{newest.id}/head.json").decode()
    assert first.root in head


@when(said("{who}下载卷宗"))
def downloads(scene: Scene, who: str) -> None:
    actor, number = scene.office.person(who), volumes(scene)[0].id
    scene.notes["downloaded"] = scene.attempt(lambda: scene.office.office.files_of_record.open(number, actor=actor))


@then("下载到卷宗")
def downloaded(scene: Scene) -> None:
    reference, _ = scene.notes["downloaded"]
    assert reference.name.endswith(".zip")


@then("没有这份卷宗")
def not_there(scene: Scene) -> None:
    assert isinstance(scene.refusal(), NotFound)


@when(said("{who}决定销毁卷宗，理由是“{reason}”"))
def disposes(scene: Scene, who: str, reason: str) -> None:
    actor, number = scene.office.person(who), volumes(scene)[0].id
    scene.attempt(lambda: scene.office.office.files_of_record.dispose(number, reason, actor=actor))


# the yearly report


def yearly_report(scene: Scene) -> dict[str, reported.Rows]:
    """The figures of the Word that was made last."""
    papers = scene.office.variable("office_report_papers")
    [paper] = [one for one in papers if one["name"].endswith(".docx")]
    _, content = scene.office.office.files.open(paper["sha256"], actor=scene.office.person("街道办主任"))
    return reported.in_word(b"".join(content))


@then(said("年度报告的每张表都和 {year} 年的看板一样"))
def same_as_the_dashboards(scene: Scene, year: str) -> None:
    shown = reported.on_dashboards(scene.office.office, int(year), scene.office.person("街道办主任"))
    assert len(shown) > 20
    assert reported.differing(yearly_report(scene), shown) == []


@then(said("年度报告里“{title}”的合计是 {number}"))
def adds_up_to(scene: Scene, title: str, number: str) -> None:
    assert yearly_report(scene)[title][-1][-1] == number


@then(said("年度报告里“{title}”写着本年没有"))
def has_nothing(scene: Scene, title: str) -> None:
    assert yearly_report(scene)[title] == reported.NOTHING
