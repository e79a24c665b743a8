"""The archive of a comparison with everything that lawfully happens twice; nothing of it is a false alarm.

A bid is replaced, a round of the draw is void, a score sheet is corrected, an objection is upheld and another panel judges again.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from procurement.archive.checking import Opened, check
from procurement.demo import scoring
from tests.support.archived import object_to_it, written
from tests.support.purchases import Offices, StreetOffice


def redone(office: StreetOffice) -> None:
    office.situation.facts |= {"estimate": Decimal(380000)}
    office.start()
    office.go_on("递交参选文件")
    for n, application in enumerate(a for a in office.dossier().applications if a.status == "confirmed"):
        office.bid(application.organisation_id, Decimal(350000 + 1700 * n))
    office.bid("org-02", Decimal(349000))
    keep_silent(office)
    correct_a_sheet(office)
    office.go_on("公示")
    object_to_it(office)
    office.go_on("答复异议")
    answer = {"决定": "异议成立，重新评审", "理由": "报价分计算错误", "给异议人的书面答复": "经核查属实，重新评审"}
    office.do("答复异议", "街道办主任", written=answer)
    office.go_on()
    assert office.purchase.status == "archived", [task.element_id for task in office.open_tasks()]


def keep_silent(office: StreetOffice) -> None:
    """The supervisor does not show its contribution: the round is void, and another one follows."""
    office.go_on("揭示")
    silent = office.person("纪检")
    for task in office.open_tasks("揭示"):
        if (actor := office.worker_of(task)) != silent:
            office.complete(task, office.open_sheet(task, actor).values, actor)
    timers = [timer.due_at for timer in office.timers()]
    office.move_to(min(timers))


def correct_a_sheet(office: StreetOffice) -> None:
    """The chair gives one sheet back; the expert changes it and signs again."""
    office.go_on("查看提示")
    task, expert = office.task("查看提示"), office.variable("panel")[0]
    corrections = [{"expert_id": expert["expert_id"], "cause": "drift", "reason": "与其他专家相差过大"}]
    office.complete(task, {"review_hints_decision": "correct", "corrections": corrections}, office.worker_of(task))
    again = office.worker_of(office.task("独立评分"))
    shares = {
        bid["organisation_id"]: Decimal("0.8")
        for bid in office.office.scoring.own_sheet(office.situation.purchase_id, actor=again).bids
    }
    scoring.score(office.office, office.situation.purchase_id, again, shares)


def test_an_archive_with_two_panels_a_void_round_a_correction_and_an_upheld_objection_passes(
    new_database: Callable[..., str], tmp_path: Path
) -> None:
    office = Offices(new_database).fresh()
    redone(office)
    place, root = written(office, tmp_path)
    with Opened(place) as opened:
        report = check(opened, root=root)
    assert [(one.name, one.wrong) for one in report.checks if not one.passed] == []
    with zipfile.ZipFile(place) as zipped:
        lines = json.loads(zipped.read(f"{place.stem}/manifest.json"))["entries"]
    number = {
        kind: sum(line["kind"] == kind for line in lines)
        for kind in ("draw_file", "scoring_run", "score_correction", "bid", "bid_record")
    }
    assert number["draw_file"] >= 3
    assert number["score_correction"] > 0
    assert number["scoring_run"] == 2
    assert number["bid"] == number["bid_record"] + 1, "the replaced bid was never opened"
    second_volume_passes(office, tmp_path)
    office.close()


def second_volume_passes(office: StreetOffice, folder: Path) -> None:
    """It names the files of the first and holds none of them again."""
    officer = office.person("采购经办")
    key = office.office.files_of_record.supplement(office.situation.purchase_id, "投诉处理决定", actor=officer)
    office.situation.case_key = key
    office.go_on()
    row = next(one for one in office.dossier().case_files if one.volume == 2)
    place = folder / f"{row.id}.zip"
    with place.open("wb") as file:
        file.writelines(office.office.desk.files.read(row.archive_sha256))
    with Opened(place) as opened:
        report = check(opened, root=row.root)
        assert not any(name.startswith("files/") for name in opened.names)
    assert [(one.name, one.wrong) for one in report.checks if not one.passed] == []
    assert report.head["previous"]["files"]
