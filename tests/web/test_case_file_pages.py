"""The pages of a case file, its contract and its red-header papers: readable wide and narrow, and only for who may read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Page

from engine.model import SYSTEM
from procurement.archive import printing
from procurement.registers.comparison import Notice
from procurement.registers.performance import CaseFile, Contract, ContractSignature, Milestone
from procurement.registers.sealing import Opening
from tests.web.offices import StartedPurchase, start_purchase
from tests.web.test_accessibility import complaints
from web.composition import Services

NUMBER, CONTRACT, ROOT = "DA-2026-9101", "HT-2026-9101", "5a" * 32


@pytest.fixture(scope="module")
def filed(services: Services) -> Iterator[StartedPurchase]:
    """A purchase whose registers hold a closed file, a signed contract, an opening and an award."""
    started = start_purchase(services, title="老年助餐 <b>&")
    with services.office.desk.editing(SYSTEM) as session:
        at = services.clock.now()
        lines = [
            {"n": n, "kind": kind, "title": f"{kind} 一件", "sha256": "b4" * 32, "at": at.isoformat()}
            for n, kind in enumerate(("purchase", "bid", "draw"), 1)
        ]
        session.add_all(
            [
                CaseFile(
                    id=NUMBER, purchase_id=started.number, manifest=lines, sha256="c3" * 32, keep_until=dt.date(2041, 3, 1), assembled_at=at,
                    status="accepted", root=ROOT, entries=270, archive_sha256="d4" * 32, archive_size=640_000, accepted_at=at, accepted_by="cgjb",
                ),
                Contract(
                    id=CONTRACT, purchase_id=started.number, organisation_id="org-02", amount=Decimal(44160), starts_on=dt.date(2026, 3, 9),
                    ends_on=dt.date(2027, 3, 8), clauses={"time": "一年", "scope": "晚晴社区\n六十周岁以上"}, sha256="e5" * 32, status="signed",
                    signed_on=dt.date(2026, 3, 2), created_at=at,
                ),
                Notice(
                    id="GG-2026-9101", purchase_id=started.number, kind="award", title="中选结果", published_at=at, published_by="cgjb", sha256="f6" * 32,
                    content={"title": "老年助餐 <b>&", "organisation": "邻里社区服务中心", "amount": Decimal(44160), "period_months": 12, "ranking": []},
                ),
                Opening(
                    purchase_id=started.number, state="opened", called_at=at, host="cgjb", host_name="蒋涛", place="三楼会议室", ended_at=at,
                    minutes={"present": [], "bids": [], "signatures": []}, minutes_sha256="a7" * 32,
                ),
            ]
        )  # fmt: skip
        session.flush()
        session.add(Milestone(contract_id=CONTRACT, number=1, title="半年", due_on=dt.date(2026, 9, 8), amount=Decimal(22080)))
        session.add(
            ContractSignature(
                contract_id=CONTRACT, party="street", login="jdzr", name="秦岚", signed_at=at, sha256="e5" * 32, scans=[]
            )
        )
    yield started


def pages(filed: StartedPurchase) -> list[str]:
    return [f"/purchases/{filed.number}/file", f"/contracts/{CONTRACT}", f"/purchases/{filed.number}/documents", "/archives"]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_pages_are_accessible_and_fit(phone: bool, browse: Callable[..., Page], axe: str, filed: StartedPurchase) -> None:
    page = browse("cgjb", phone=phone)
    for address in [*pages(filed), f"/public/files/{NUMBER}"]:
        answer = page.goto(address)
        assert answer and answer.ok, address
        for folded in page.locator("main details").all():
            folded.evaluate("element => element.open = true")
        assert complaints(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], address


def test_the_file_says_how_to_check_it_with_the_root_that_was_published(as_user, visitor, filed: StartedPurchase) -> None:
    inside = as_user("jjjc").get(f"/purchases/{filed.number}/file").text
    outside = visitor.get(f"/public/files/{NUMBER}").text
    for said in (f"bixuan verify {NUMBER}.zip --root {ROOT}", f"python3 verify.py {ROOT}"):
        assert said in inside
        assert said in outside


def test_red_header_papers_are_given_as_word_and_as_pdf(as_user, filed: StartedPurchase) -> None:
    officer = as_user("cgjb")
    assert "参选文件开启记录" in officer.get(f"/purchases/{filed.number}/documents").text
    word = officer.get(f"/purchases/{filed.number}/papers/award/GG-2026-9101.docx")
    assert (word.status_code, word.content[:2]) == (200, b"PK")
    assert word.headers["content-disposition"] == "attachment; filename*=UTF-8''GG-2026-9101.docx"
    if printing.can_print():
        pdf = officer.get(f"/purchases/{filed.number}/papers/award/GG-2026-9101.pdf")
        assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize("login", ["org01", "zj02", "ywgl"])
def test_nobody_else_gets_a_paper_or_the_file(login: str, as_user, filed: StartedPurchase) -> None:
    other = as_user(login)
    for address in (
        f"/purchases/{filed.number}/papers/award/GG-2026-9101.docx",
        f"/purchases/{filed.number}/file",
        f"/archives/{NUMBER}.zip",
    ):
        assert other.get(address).status_code in (403, 404), address


def test_a_paper_that_is_not_there_is_not_found(as_user, filed: StartedPurchase) -> None:
    officer = as_user("cgjb")
    for kind, number in (("award", "GG-2026-9999"), ("opening_minutes", "GG-2026-9101"), ("contract", CONTRACT)):
        assert officer.get(f"/purchases/{filed.number}/papers/{kind}/{number}.docx").status_code == 404
