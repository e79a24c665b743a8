"""One open comparison from the need to the archived case file, in real browsers: everything that can go wrong lawfully does.

Six organisations apply. One is late with its bid, two stand level to the cent, one asks so little that it has to explain.
Three holders open the bids with their codes. Seven experts are drawn by commit and reveal; one recuses, one stays away.
One objection is refused, one is upheld and the panel looks again. The archive is verified by a program that knows no database,
and by the few lines of Python it carries.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.model import SYSTEM
from procurement.demo.registers import load_registers
from procurement.registers.row import OFFICE_ZONE
from tests.e2e.people import People
from tests.e2e.walk import Purchase, Walk
from tests.support.serving import served
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

MORNING = dt.datetime(2026, 3, 2, 9, 0, tzinfo=OFFICE_ZONE)
SHOTS = os.environ.get("BIXUAN_SHOTS")
AMOUNT = Decimal(380000)
LEVEL_A, LEVEL_B, CHEAP, THIRD, FOURTH, LATE = "org-02", "org-05", "org-09", "org-01", "org-07", "org-08"
PRICES = {LEVEL_A: "361000.00", LEVEL_B: "361000.00", CHEAP: "150000.00", THIRD: "366700.00", FOURTH: "372450.00"}
FACTS = {
    "by": "shsw",
    "title": "党群服务中心社会工作服务",
    "code": "B0101",
    "budget": "2082004",
    "estimate": AMOUNT,
    "group": "辖区居民",
    "count": 12600,
    "source": "department",
    "community": None,
    "excluded": "",
    "agency": "agy-01",
    "staged": True,
    "months": 3,
    "field": "evaluation",
    "bidders": [LEVEL_A, LEVEL_B, CHEAP, THIRD, FOURTH, LATE],
}


@pytest.fixture(scope="module")
def services(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The demo's people and registers, nothing bought yet, three experts more in the pool."""
    composed = compose(Settings.for_demo(new_database(), str(tmp_path_factory.mktemp("files"))))
    composed.migrate()
    composed.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="tests")
    composed.clock.set(MORNING)
    with composed.office.desk.editing(SYSTEM) as session:
        load_registers(session, MORNING)
    for n, name in ((16, "闻达"), (17, "柏青"), (18, "冷静")):
        group = f"expert:exp-{n}"
        composed.office.accounts.create(f"zj{n}", name, "bixuan-demo-2026", roles=["expert"], groups=[group])
        expert = {"name": name, "fields": ["evaluation"], "unit": f"评审中心{n}", "login": f"zj{n}"}
        composed.office.parties.save_expert(f"exp-{n}", expert, actor=SYSTEM)
    yield composed
    composed.close()


@pytest.fixture(scope="module")
def people(chromium: Browser, services: Services) -> Iterator[People]:
    with served(services) as address, People(chromium, address) as found:
        yield found


@pytest.fixture(scope="module")
def walk(services: Services, people: People) -> Walk:
    return Walk(services, people)


def absent_once(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first of the expected experts does not come."""
    rows = [{"answer": "agree"} for _ in context["expected"]]
    return {"attendance_rows": [{"answer": "absent", "reason": "突发疾病，来电说明"}, *rows[1:]]}


def test_an_open_comparison_nobody_can_bend(walk: Walk, tmp_path: Path) -> None:
    services, people = walk.services, walk.people
    names = {one: services.office.parties.organisation(one).name for one in FACTS["bidders"]}
    level = {"": 0.9}
    shares = {
        names[LEVEL_A]: level,
        names[LEVEL_B]: level,
        names[CHEAP]: {"": 0.6},
        names[THIRD]: {"": 0.7},
        names[FOURTH]: {"": 0.5},
    }
    purchase = Purchase(
        dict(FACTS),
        {
            "plan_meeting": [{"panel_number": 7}],
            "declare_recusal": [
                {
                    "declare_recusal_decision": "refuse",
                    "declare_recusal_reason": "两年前在其中一家任过督导",
                    "conflict_employment": [THIRD],
                }
            ],
            "check_attendance": [absent_once],
            "decide_objection": [
                {},
                {
                    "decide_objection_decision": "re_evaluate",
                    "decide_objection_reason": "一项客观事实核对有误",
                    "decide_objection_answer": "经复核，持证社工人数核对有误，重新评审。",
                },
            ],
        },
    )
    purchase.scores[""] = shares
    walk.start(purchase)

    def bids_are_due() -> bool:
        register = services.office.purchases.get(purchase.number)
        return all(f"bid {one}" in purchase.seen for one in PRICES) and register.bid_until is not None

    purchase.prices = PRICES
    walk.run([purchase], stop=bids_are_due)
    late_page = open_bid_page(walk, purchase, LATE)
    due = services.office.purchases.get(purchase.number).bid_until
    assert due is not None
    shot(late_page, "bid")
    walk.move_clock(due + dt.timedelta(seconds=61))
    refuse_late(late_page)

    walk.run([purchase], stop=lambda: purchase.done[-1:] == ["open_each_bid"])
    shot(people.page("cgjb"), "opening")
    walk.run([purchase], stop=lambda: published(services, purchase, 1))
    level_rank_by_rule(services, purchase)
    assert {"identical_prices", "same_device"} <= flags(services, purchase)
    shot_page(people.page("jjjc"), f"/flags?purchase_id={purchase.number}", "flags")
    shot_page(people.new_page(""), f"/public/purchases/{purchase.number}", "public")

    object_to(walk, purchase, FOURTH, "评分汇总有误，请求复核。")
    walk.run([purchase], stop=lambda: purchase.done.count("decide_objection") == 1)
    object_to(walk, purchase, THIRD, "持证社工人数核对有误。")
    walk.run([purchase], stop=lambda: published(services, purchase, 2))
    shot_page(people.page("cgjb"), f"/cases/{purchase.number}/objections", "objections")
    draws_repeat(services, people, purchase, tmp_path)

    walk.run([purchase])
    register = services.office.purchases.get(purchase.number)
    assert register.status == "archived", purchase.done[-20:]
    assert services.engine.verify(purchase.root_key).sound
    archive_is_whole(services, people, purchase, tmp_path)
    assert people.complaints == [], "\n".join(people.complaints)


def published(services: Services, purchase: Purchase, times: int) -> bool:
    """Whether the result has been made public so many times."""
    notices = services.office.public.notices(kinds=["result_publicity"], words=purchase.number, limit=10).items
    return len(notices) >= times


def level_rank_by_rule(services: Services, purchase: Purchase) -> None:
    """The two that stand level are told apart by the rule the office has, and it is written down."""
    ranking = services.office.purchases.dossier(purchase.number).evaluations[-1].ranking
    first, second = ranking[:2]
    assert {first["organisation_id"], second["organisation_id"]} == {LEVEL_A, LEVEL_B}
    assert first["score"] == second["score"]
    assert second["tie_note"], ranking  # what told it apart from the one before


def flags(services: Services, purchase: Purchase) -> set[str]:
    watcher = services.office.accounts.actor("jjjc")
    return {seen.flag.kind for seen in services.office.flags.search(actor=watcher, purchase_id=purchase.number).items}


def object_to(walk: Walk, purchase: Purchase, organisation: str, facts: str) -> None:
    page = walk.people.page(walk.member(organisation))
    page.goto(f"/portal/{purchase.number}/object")
    values = {"about": "result", "against": "panel", "contact": "028-80000000", "request": "请求复核", "facts": facts}
    walk.send(page, values, "提出异议", "异议已送达")


def draws_repeat(services: Services, people: People, purchase: Purchase, folder: Path) -> None:
    """Every round is taken from the public site and repeated by a program that has nothing but the file."""
    page = people.new_page("")
    for draw in services.office.draws.public(purchase.number):
        file = folder / f"{draw.number}.json"
        file.write_bytes(page.request.get(f"/public/draws/{draw.number}.json").body())
        assert alone("-m", "web.cli", "verify", "draw", str(file), at=folder).returncode == 0
    shot_page(page, f"/public/draws/{draw.number}", "draw")
    page.close()


def archive_is_whole(services: Services, people: People, purchase: Purchase, folder: Path) -> None:
    """The archive as somebody downloads it, checked without database, settings and network; then one byte is changed."""
    page = people.page("cgjb")
    shot_page(page, f"/purchases/{purchase.number}/file", "file")
    [volume, *_more] = services.office.files_of_record.public(purchase.number)
    archive = folder / f"{volume.number}.zip"
    archive.write_bytes(page.request.get(f"/archives/{volume.number}.zip").body())
    checked = alone("-m", "web.cli", "verify", str(archive), "--root", volume.root, at=folder)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(unpacked)
    [script] = unpacked.rglob("verify.py")
    assert alone("-I", "-S", "verify.py", volume.root, at=script.parent).returncode == 0
    [sums] = unpacked.rglob("SHA256SUMS")
    victim = next(one for one in sums.parent.rglob("*.json") if one.name != "manifest.json")
    victim.write_bytes(victim.read_bytes() + b" ")
    assert alone("-I", "-S", "verify.py", volume.root, at=script.parent).returncode != 0


def alone(*arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    """Python in an environment that knows nothing of this office."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(at), "LANG": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=at, env=clean, capture_output=True, text=True, timeout=120, check=False
    )


def open_bid_page(walk: Walk, purchase: Purchase, organisation: str) -> Page:
    """Ready to send, with everything typed, before the deadline."""
    page = walk.people.page(walk.member(organisation))
    page.goto(f"/portal/{purchase.number}/sealed-bid")
    page.fill("#f-price", "350000.00")
    page.set_input_files("#f-files", {"name": "参选文件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 late"})
    page.locator("[name=promise]").check()
    return page


def refuse_late(page: Page) -> None:
    page.get_by_role("button", name="加密递交").click()
    expect(page.locator("[role=alert]")).to_contain_text("未予接收")
    shot(page, "late")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"oc-{name}.png"), full_page=True)


def shot_page(page: Page, address: str, name: str) -> None:
    page.goto(address)
    shot(page, name)
