"""A sealed comparison in a real browser: opening codes, a bid with its receipt, keys, opening bid by bid, and who may not."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.model import SYSTEM
from procurement.demo.opening import demo_code
from procurement.registers import opening_keys, openings
from procurement.registers.comparison import Application
from procurement.registers.purchases import Purchase
from procurement.registers.sealing import SealedPart
from procurement.sealing.records import record_sha256
from procurement.sealing.streams import AES
from tests.web.test_accessibility import complaints
from web.composition import Services

PDF = b"%PDF-1.7\n/Author (Wang) /Producer (Office)\nplan\n"
BIDDERS = {"org-01": "org01", "org-02": "org02", "org-04": "org04"}
SHOTS = os.environ.get("SEALED_SHOTS")
_numbers = itertools.count(501)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.fixture
def sealed(services: Services) -> Iterator[str]:
    """A comparison of the demo office that takes bids for two more hours; the clock goes back afterwards."""
    before = services.clock.now()
    number = f"CG-2026-9{next(_numbers):03d}"
    with services.office.desk.editing(SYSTEM) as session:
        purchase = Purchase(
            id=number,
            title="晚晴社区居家养老服务",
            unit="养老服务科",
            initiator="ylfw",
            initiator_kind="department",
            step="selection",
            status="comparison_open",
        )
        purchase.agency_id, purchase.amount = "agy-01", 180000
        purchase.apply_until, purchase.bid_until = before, before + dt.timedelta(hours=2)
        purchase.started_at = purchase.updated_at = before
        session.add(purchase)
        session.flush()
        for key in BIDDERS:
            name = services.office.parties.organisation(key).name
            session.add(
                Application(
                    id=f"BM-{number}-{key}",
                    purchase_id=number,
                    organisation_id=key,
                    name=name,
                    content={},
                    status="confirmed",
                    registered_at=before,
                )
            )
        holders = {one.login: one for one in opening_keys.possible_holders(session, "agy-01")}
        chosen = [holders[login] for login in ("jdfg", "hxpg", "jjjc")]
        opening_keys.seal_comparison(session, number, chosen, 2, cipher=AES, by="cgjb", now=before)
    yield number
    services.clock.set(before)


def call(services: Services, number: str) -> None:
    services.clock.set(services.clock.now() + dt.timedelta(hours=2, seconds=2))
    with services.office.desk.editing(SYSTEM) as session:
        opening = openings.call(session, number, services.clock.now())
        opening.place = "便民服务中心二楼开标室"


def send_bid(page: Page, number: str, price: str, files: list[dict]) -> None:
    page.goto(f"/portal/{number}/bid")
    page.fill("#f-price", price)
    page.set_input_files("#f-files", files)
    page.fill("#f-note", "每月上门八次，配持证护理员。")
    page.check("[name=promise]")
    page.click("button:has-text('加密递交')")


def pdf(name: str = "服务方案.pdf", content: bytes = PDF) -> dict:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def docm() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("报价表.docx/word/vbaProject.bin", b"macro")
    return made.getvalue()


def test_a_bid_is_sent_receipted_opened_before_everybody_and_checked(
    browse: Callable[..., Page], services: Services, sealed: str, axe: str
) -> None:
    organisation = browse("org02")
    organisation.goto(f"/portal/{sealed}/sealed-bid")
    assert complaints(organisation, axe) == []
    shot(organisation, "bid")
    send_bid(organisation, sealed, "0", [pdf()])
    expect(organisation.locator(".error")).to_contain_text("大于")
    send_bid(organisation, sealed, "168000", [pdf(), {"name": "附件.zip", "mimeType": "application/zip", "buffer": docm()}])
    expect(organisation.locator("h1")).to_have_text("收件回执")
    record = organisation.input_value("#record")
    assert json.loads(record)["price"] == "168000.00"
    assert record_sha256(record) in organisation.content()
    assert complaints(organisation, axe) == []
    shot(organisation, "receipt")
    for login, price in (("org01", "171000"), ("org04", "165500")):
        other = browse(login, phone=True)
        other.goto(f"/portal/{sealed}/sealed-bid")
        shot(other, "bid-phone")
        send_bid(other, sealed, price, [pdf()])
        expect(other.locator("h1")).to_have_text("收件回执")
        shot(other, "receipt-phone")

    host = browse("cgjb")
    host.goto(f"/opening/{sealed}")
    expect(host.locator("#opening-state")).to_contain_text("还没有到开启的时候")
    assert "168" not in host.locator("main").inner_text()
    shot(host, "opening-before")
    call(services, sealed)
    host.reload()
    expect(host.locator("#opening-state h2").first).to_have_text("等持钥人交钥：0 / 2")
    assert complaints(host, axe) == []
    shot(host, "opening-gathering")

    holder = browse("jdfg", phone=True)
    holder.goto(f"/opening/{sealed}")
    assert complaints(holder, axe) == []
    shot(holder, "holder-phone")
    holder.fill("#code", demo_code("jdfg").replace("-", " ").lower()[:-1])
    holder.click("button:has-text('交钥')")
    expect(holder.locator(".note.bad")).to_be_visible()
    assert holder.input_value("#code") == ""
    holder.fill("#code", demo_code("jdfg"))
    holder.click("button:has-text('交钥')")
    expect(holder.locator("#messages")).to_contain_text("您的钥匙已交")
    expect(host.locator("#opening-state h2").first).to_have_text("等持钥人交钥：1 / 2")  # seen by polling
    supervisor = browse("jjjc")
    supervisor.goto(f"/opening/{sealed}")
    supervisor.fill("#code", demo_code("jjjc"))
    supervisor.click("button:has-text('交钥')")
    expect(supervisor.locator("#opening-state")).to_contain_text("逐份开启")
    expect(supervisor.locator("button:has-text('开启')")).to_have_count(0)

    host.reload()
    shot(host, "opening-ready")
    host.locator("button.primary:has-text('开启')").click()
    expect(host.locator(".price").first).to_have_text("168,000.00")
    expect(host.locator(".badge:has-text('隔离')")).to_be_visible()
    shot(host, "opening-first")
    host.locator("button:has-text('依次开启其余各份')").hover()
    host.mouse.down()
    with host.expect_response("**/state"):  # the list asks for itself again while the button is held
        pass
    host.mouse.up()
    expect(host.locator(".badge:has-text('已开启')")).to_have_count(3)
    assert complaints(host, axe) == []
    shot(host, "opening-all")

    watching = browse("org01", phone=True)
    watching.goto(f"/portal/{sealed}/opening")
    expect(watching.locator(".price")).to_have_count(3)
    assert complaints(watching, axe) == []
    assert watching.evaluate("document.documentElement.scrollWidth") <= watching.viewport_size["width"]
    shot(watching, "watch-phone")

    visitor = browse(None)
    visitor.goto("/receipt-check")
    visitor.fill("#typed", record)
    visitor.click("button:has-text('核对')")
    expect(visitor.locator(".note.ok")).to_contain_text("一致")
    assert complaints(visitor, axe) == []
    shot(visitor, "check")


def test_a_bid_that_does_not_open_is_decided_and_handed_in_again(
    browse: Callable[..., Page], services: Services, sealed: str, axe: str, tmp_path: Path
) -> None:
    page = browse("org02")
    send_bid(page, sealed, "168000", [pdf()])
    record = page.input_value("#record")
    with services.office.desk.editing(SYSTEM) as session:
        part = session.query(SealedPart).filter(SealedPart.number == 1).order_by(SealedPart.id.desc()).first()
        part.place, part.size = services.office.desk.files.put_sealed([b"something else"])
    call(services, sealed)
    for login in ("jdfg", "hxpg"):
        services.office.openings.give_key(sealed, demo_code(login), actor=services.office.accounts.actor(login))
    host = browse("hxpg")
    host.goto(f"/opening/{sealed}")
    host.locator("button.primary:has-text('开启')").click()
    host.click("a:has-text('证据和处理')")
    expect(host.locator("main")).to_contain_text("密文被改动或截断")
    assert complaints(host, axe) == []
    host.click("button:has-text('决定')")
    expect(host.locator(".error").first).to_be_visible()
    host.check("[value=hand_in]")
    host.fill("#until", (services.clock.now() + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    host.fill("#reason", "存储里的密文被换过，非参选人原因")
    shot(host, "decide")
    host.click("button:has-text('决定')")
    expect(host.locator(".badge:has-text('限期补交')")).to_be_visible()

    page.goto(f"/portal/{sealed}/hand-in")
    shot(page, "hand-in")
    given = {"name": "SJ.json", "mimeType": "application/json", "buffer": record.encode()}
    for content, sentence in ((b"%PDF-1.7 another", ".note.bad"), (PDF, ".note.ok")):
        page.set_input_files("#record_file", given)
        page.set_input_files("#files", [pdf(content=content)])
        page.click("button:has-text('补交')")
        expect(page.locator(sentence)).to_be_visible()
    host.reload()
    expect(host.locator(".price")).to_have_text("168,000.00")


def test_an_opening_code_is_shown_once_tried_out_and_replaced(browse: Callable[..., Page], services: Services, axe: str) -> None:
    page = browse("jdzr")
    page.goto("/opening-code")
    assert complaints(page, axe) == []
    shot(page, "keys")
    page.click("summary")
    page.click("button:has-text('另做一串')")
    code = "-".join(page.locator(".big-code span").all_inner_texts())
    assert len(code) == 39
    assert complaints(page, axe) == []
    shot(page, "code")
    page.goto("/opening-code")
    assert code not in page.content()
    for typed, note in (
        (code.lower(), "正确"),
        (demo_code("jdzr"), "旧开启码"),
        (demo_code("jjjc"), "不是您"),
        ("ABC", "开启码"),
    ):
        page.fill("#try", typed)
        page.click("button:has-text('核对')")
        expect(page.locator("main .note").first).to_contain_text(note)
        assert page.input_value("#try") == ""
    shot(page, "keys-tested")


def test_nobody_else_opens_these_pages(as_user, visitor, sealed: str) -> None:
    assert visitor.get("/opening-code").status_code == 303
    assert visitor.get(f"/opening/{sealed}").status_code == 303
    for login in ("org02", "zj02", "ywgl", "admin", "lcsj", "ylfw"):
        client = as_user(login)
        assert {client.get(address).status_code for address in ("/opening-code", f"/opening/{sealed}")} <= {403, 404}
    assert as_user("cypg").get(f"/opening/{sealed}").status_code == 404  # the other agency
    assert as_user("org05").get(f"/portal/{sealed}/opening").status_code == 404
    assert (
        as_user("org05")
        .post_form(f"/portal/{sealed}/sealed-bid", {"price": "1", "promise": "true"}, page="/receipt-check")
        .status_code
        == 404
    )  # no part in it, and nothing of it is published
    assert as_user("jdzr").post_form(f"/opening/{sealed}/open", {}, page="/receipt-check").status_code == 403
    for login in ("cgjb", "jjjc", "sjzy", "hxpg"):
        assert as_user(login).get(f"/opening/{sealed}").status_code == 200


def test_what_comes_late_is_refused_with_both_times(as_user, services: Services, sealed: str) -> None:
    client = as_user("org02")
    services.clock.set(services.clock.now() + dt.timedelta(hours=2, seconds=1))
    answer = client.post_form(
        f"/portal/{sealed}/sealed-bid",
        {"price": "168000", "promise": "true", "command": "c"},
        page="/receipt-check",
        files={"files": ("a.pdf", PDF, "application/pdf")},
    )
    assert answer.status_code == 409
    until = services.office.purchases.get(sealed).bid_until
    assert until is not None
    assert f"{until:%Y-%m-%d %H:%M:%S}" in answer.text
    assert len(set(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", answer.text))) >= 2  # the deadline, and when it arrived
