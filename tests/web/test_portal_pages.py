"""The portal of an organisation: what it has to do now, its evidence, one comparison; and what a rival may try."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from engine.model import SYSTEM
from procurement.demo.organisations import hand_in_evidence
from procurement.demo.paper import sheet
from procurement.registers.comparison import Notice
from procurement.registers.purchases import Purchase
from tests.web.conftest import MORNING
from tests.web.offices import start_purchase
from web.composition import Services

CONDITIONS = ("independent", "governance", "finance", "capability", "tax_social", "record", "other")
SHOTS = os.environ.get("BIXUAN_SHOTS")


@pytest.fixture(scope="module")
def comparison(services: Services) -> str:
    """A comparison that accepts applications for a week; only its window runs."""
    hand_in_evidence(services.office)
    begun = start_purchase(services, title="晚晴社区居家养老服务")
    closes, due = MORNING + dt.timedelta(days=7, hours=8), MORNING + dt.timedelta(days=14, hours=8)
    with services.office.desk.editing(SYSTEM) as session:
        purchase = session.get_one(Purchase, begun.number)
        purchase.step, purchase.status, purchase.apply_until, purchase.bid_until = "selection", "comparison_open", closes, due
        purchase.agency_id, purchase.amount = "agy-01", 380000
        content = {"applications_close_at": closes.isoformat(), "bids_due_at": due.isoformat()}
        notice = Notice(
            id="GG-2026-8802",
            purchase_id=begun.number,
            kind="comparison_notice",
            title="晚晴社区居家养老服务比选公告",
            content=content,
            published_at=MORNING,
            until=due,
            published_by="cgjb",
            sha256="0" * 64,
        )
        session.add(notice)
    variables = {"purchase_id": begun.number, "title": "晚晴社区居家养老服务", "agency_id": "agy-01"}
    variables |= {"applications_close_at": closes.isoformat(), "handling_days": {"value": 3}}
    services.engine.start_process("application_window", variables, actor=SYSTEM, business_key=begun.number)
    return begun.number


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found["violations"]]


def application(client: Any, number: str) -> Any:
    """Apply with what is kept."""
    page = f"/portal/{number}/apply"
    fields = {f"conditions.{name}.reuse": "true" for name in CONDITIONS[:-1]}
    fields |= {"conditions.other.note": "没有另外的条件", "legal_representative": "甲", "contact": "乙", "phone": "028-80000000"}
    return client.post_form(page, {**fields, "promise": "true", "_action": "send"}, page=page)


@pytest.mark.parametrize("phone", [False, True])
def test_the_pages_are_accessible_and_fit(
    comparison: str, browse: Callable[..., Page], axe: str, phone: bool, services: Services
) -> None:
    page = browse("org02", phone=phone)
    wide = "phone" if phone else "wide"
    for name, address in {
        "index": "/portal",
        "purchase": f"/portal/{comparison}",
        "apply": f"/portal/{comparison}/apply",
        "evidence": "/portal/evidence",
        "record": "/portal/record",
    }.items():
        page.goto(address)
        shot(page, f"{name}-{wide}")
        assert not violations(page, axe), name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), name
    visitor = browse(None, phone=phone)
    visitor.goto("/register")
    shot(visitor, f"register-{wide}")
    assert not violations(visitor, axe)
    office = browse("bmfw", phone=phone)
    office.goto("/registers/registrations")
    shot(office, f"registrations-{wide}")
    assert not violations(office, axe)


def test_an_organisation_applies_with_what_is_kept_takes_it_back_and_applies_again(
    comparison: str, as_user: Callable[..., Any], services: Services
) -> None:
    client = as_user("org04")
    assert "已登记：登记证书.pdf" in client.get(f"/portal/{comparison}/apply").text
    answer = application(client, comparison)
    assert answer.status_code == 303, answer.text
    page = client.get(f"/portal/{comparison}").text
    assert "待初审" in page
    assert "撤回报名" in page
    (first,) = services.engine.tasks(business_key=comparison, element_id="first_check", limit=50).items
    for number in range(2):
        told = client.post_form(f"/portal/{comparison}/apply/withdraw", {"reason": "材料拿错了"}, page=f"/portal/{comparison}")
        assert told.status_code == (303 if number == 0 else 409)
    assert services.engine.task(first.key).state != "created"
    assert application(client, comparison).status_code == 303


def test_an_expired_paper_is_named_and_a_tampered_field_does_not_bring_it_back(
    comparison: str, as_user: Callable[..., Any], services: Services
) -> None:
    actor = services.office.accounts.actor("org08")
    kept = {one.condition: one for one in services.office.evidence.of("org-08", actor=actor)}
    row = kept["record"].row
    assert row is not None
    with services.office.desk.editing(SYSTEM) as session:
        found = session.get_one(type(row), row.id)
        found.valid_until = dt.date(2026, 2, 20)
    client = as_user("org08")
    assert "已于 2026-02-20 过期" in client.get(f"/portal/{comparison}/apply").text
    assert "更换已过期的证明材料" in client.get("/portal").text
    answer = application(client, comparison)
    assert answer.status_code == 422
    with pytest.raises(Exception, match="expired"):
        services.office.portal.apply(
            comparison,
            "org-08",
            {"conditions": {"record": {"reuse": True, "evidence_id": 1, "files": [{"sha256": "0" * 64}]}}},
            actor=actor,
        )


def test_new_evidence_replaces_the_old_and_says_what_is_wrong_with_it(comparison: str, as_user: Callable[..., Any]) -> None:
    client = as_user("org05")
    page = "/portal/evidence"
    paper = [("files", ("审计报告.pdf", sheet("新审计报告"), "application/pdf"))]
    late = client.post_form(f"{page}/finance", {"valid_until": "2020-01-01", "note": "留着"}, page=page, files=paper)
    assert late.status_code == 422
    assert "已经过期" in late.text
    assert "留着" in late.text
    assert client.post_form(f"{page}/finance", {"note": "x" * 10_000}, page=page, files=paper).status_code == 422
    assert client.post_form(f"{page}/finance", {"note": "没有附件"}, page=page).status_code == 422
    assert client.post_form(f"{page}/nonsense", {"note": "?"}, page=page, files=paper).status_code == 404
    mark = "<b onclick=alert(1)>新</b>"
    given = client.post_form(f"{page}/finance", {"valid_until": "2027-03-31", "note": mark}, page=page, files=paper)
    assert given.status_code == 303
    text = client.get(page).text
    assert "2027-03-31" in text
    assert mark not in text
    assert "以前的材料（1 份）" in text


def test_a_rival_reads_and_changes_nothing(comparison: str, as_user: Callable[..., Any], services: Services) -> None:
    assert application(as_user("org01"), comparison).status_code == 303
    own = services.office.evidence.of("org-01", actor=services.office.accounts.actor("org01"))
    row = own[0].row
    assert row is not None
    sha256 = row.files[0]["sha256"]
    rival = as_user("org06")
    assert rival.get(f"/files/own/{sha256}").status_code == 404
    assert "和风社会工作服务中心" not in rival.get(f"/portal/{comparison}").text
    assert rival.post_form(f"/portal/{comparison}/apply/withdraw", {"reason": "冒充"}, page="/portal").status_code == 409
    for desk in (services.office.evidence,):
        with pytest.raises(Exception, match="does not belong"):
            desk.of("org-01", actor=services.office.accounts.actor("org06"))
        with pytest.raises(Exception, match="does not belong"):
            desk.hand_in(
                "org-01", "finance", note="", files=[{}], valid_until=None, actor=services.office.accounts.actor("org06")
            )
    with services.database.unit_of_work() as work:
        assert work.session.scalars(select(Notice).where(Notice.id == "GG-2026-8802")).one().closed_at is None


def test_the_barred_read_which_entry_bars_them_and_until_when(comparison: str, as_user: Callable[..., Any]) -> None:
    client = as_user("org11")
    assert "至 2028-06-09 在负面清单上" in client.get("/portal").text
    answer = application(client, comparison)
    assert answer.status_code == 403
    assert "虚报服务人次" in answer.text
    assert "2028-06-09" in answer.text
    record = client.get("/portal/record").text
    assert "街道决定书〔2025〕3 号" in record
    assert "三年内不得承接" in record
    assert "请向登记管理机关确认" in as_user("org10").get("/portal/record").text
