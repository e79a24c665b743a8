"""注册: an organisation without an account asks for one over the public pages, and what somebody may try there."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from engine.model import SYSTEM
from procurement import demo
from procurement.demo.organisations import begin_registration
from procurement.demo.paper import sheet
from procurement.registers.credit_code import check_sign
from procurement.registers.evidence import CONDITIONS
from procurement.registers.registering import Registration
from tests.web.conftest import Visitor
from tests.web.test_accessibility import complaints
from web.composition import Services

PASSWORD = "chun-yu-2026-register"
PDF = sheet("证明材料")
SHOTS = os.environ.get("BIXUAN_SHOTS")  # where to put pictures of the pages
_numbers = itertools.count(1)


def typed(**changes: str) -> dict[str, str]:
    """What a new organisation types; every call is another organisation."""
    n = next(_numbers)
    first17 = f"52510104MJQ77{n:04d}"
    given = {
        "name": f"春雨社区服务中心{n}号",
        "kind": "social_service",
        "credit_code": first17 + check_sign(first17),
        "registration_authority": "区民政局",
        "registered_on": "2020-05-06",
        "scope": "社区服务",
        "legal_representative": "何春雨",
        "contact": "何春雨",
        "phone": "028-80001234",
        "address": "春熙路 1 号",
        "login": f"chunyu{n}",
        "password": PASSWORD,
        "password_again": PASSWORD,
    }
    return given | changes


@pytest.fixture(autouse=True)
def no_crowd(services: Services) -> None:
    """All tests come from one address; each begins its own day."""
    with services.database.unit_of_work() as work:
        work.session.execute(update(Registration).values(sent_from="elsewhere"))
        work.commit()


def begin(visitor: Visitor, **changes: str) -> str:
    answer = visitor.post_form("/register", typed(**changes), page="/register")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).rsplit("/", 1)[-1]


def attach_all(visitor: Visitor, number: str, action: str = "send") -> Any:
    page = f"/register/{number}"
    fields = {"_action": action, **{f"{name}-note": "见附件" for name in CONDITIONS}, "finance-until": "2027-01-31"}
    files = [(f"{name}-files", (f"{name}.pdf", PDF, "application/pdf")) for name in CONDITIONS[:-1]]
    return visitor.post_form(page, fields, page=page, files=files)


def sent(visitor: Visitor, **changes: str) -> str:
    number = begin(visitor, **changes)
    assert attach_all(visitor, number).status_code == 303
    return number


def check(services: Services, number: str, **findings: str) -> None:
    """The service centre hands its form in."""
    actor = services.office.accounts.actor("bmfw")
    (task,) = services.engine.tasks(business_key=number, state="created").items
    values = {f"check_{name}": "met" for name in CONDITIONS} | {"check_source": "民政登记系统"} | findings
    services.engine.complete_task(task.key, values, actor=actor)


def test_an_accepted_organisation_logs_in_with_what_it_chose_and_its_evidence_is_there(
    services: Services, visitor: Visitor, as_user: Callable[..., Any]
) -> None:
    given = typed()
    number = sent(visitor, **given)
    assert "便民服务中心正在逐项核验" in visitor.get(f"/register/{number}").text
    centre = as_user("bmfw")
    (task,) = services.engine.tasks(business_key=number, state="created").items
    shown = centre.get(f"/tasks/{task.key}").text
    assert f"/registers/registrations#{number}" in shown
    assert f"/purchases/{number}" not in shown + centre.get("/inbox").text
    listed = centre.get("/registers/registrations").text
    assert given["name"] in listed
    assert f'id="{number}"' in listed
    check(services, number, check_record_until="2026-12-31")
    assert "已接受，账号即日启用" in visitor.get(f"/register/{number}").text
    member = as_user(given["login"], PASSWORD)
    page = member.get("/portal/evidence").text
    assert "2027-01-31" in page
    assert "2026-12-31" in page
    assert "民政登记系统" in page
    user = services.office.accounts.user(given["login"])
    assert user.roles == ["organisation"]
    kept = services.office.evidence.of(user.groups[0].partition(":")[2], actor=services.office.accounts.actor(given["login"]))
    finance = next(one.row for one in kept if one.condition == "finance")
    assert finance is not None
    assert member.get(f"/files/own/{finance.files[0]['sha256']}").content == PDF


def test_a_supplement_stops_the_clock_and_is_answered_on_the_page(services: Services, visitor: Visitor) -> None:
    number = sent(visitor)
    check(services, number, check_tax_social="supplement", check_tax_social_reason="缺社保证明")
    page = visitor.get(f"/register/{number}").text
    assert "缺社保证明" in page
    assert "governance-files" not in page
    address = f"/register/{number}"
    refused = visitor.post_form(address, {"_action": "send", "tax_social-note": "补"}, page=address)
    assert refused.status_code == 422
    files = [("tax_social-files", ("社保.pdf", sheet("社保"), "application/pdf"))]
    answer = visitor.post_form(
        address, {"_action": "send", "tax_social-note": "补", "note": "已补社保证明"}, page=address, files=files
    )
    assert answer.status_code == 303
    assert "期限停走" in visitor.get(address).text
    check(services, number)
    assert services.office.registrations.get(number).status == "accepted"


def test_what_is_not_met_is_refused_with_the_reason_and_the_account_never_lives(services: Services, visitor: Visitor) -> None:
    given = typed()
    number = sent(visitor, **given)
    check(services, number, check_independent="unmet", check_independent_reason="登记证书与代码不一致")
    assert "登记证书与代码不一致" in visitor.get(f"/register/{number}").text
    assert visitor.post_form("/login", {"login": given["login"], "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"credit_code": "52510104MJQ100001A"}, "校验码"),
        ({"credit_code": "123"}, "18 位"),
        ({"kind": "enterprise"}, "第三条"),
        ({"login": "admin"}, "已被使用"),
        ({"name": "和风社会工作服务中心"}, "已经登记"),
        ({"name": "长" * 10_000}, "最多 100 字"),
        ({"password": "short", "password_again": "short"}, "至少 10"),
        ({"password_again": "another password"}, "两次"),
        ({"registered_on": "2099-01-01"}, "证书上的日期"),
        ({"phone": "<script>"}, "电话"),
    ],
)
def test_what_cannot_be_registered_is_said_clearly_and_nothing_typed_is_lost(
    visitor: Visitor, changes: dict[str, str], said: str
) -> None:
    given = typed(address="很长的地址不会丢", **changes)
    answer = visitor.post_form("/register", given, page="/register")
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert "很长的地址不会丢" in answer.text
    assert PASSWORD not in answer.text


def test_the_code_of_a_registered_organisation_is_refused(services: Services, visitor: Visitor) -> None:
    code = services.office.parties.organisation("org-01").credit_code
    assert "已经登记" in visitor.post_form("/register", typed(credit_code=code), page="/register").text


def test_a_code_that_is_being_checked_cannot_be_registered_twice(visitor: Visitor) -> None:
    given = typed()
    sent(visitor, **given)
    again = typed(credit_code=given["credit_code"])
    assert "正在核验" in visitor.post_form("/register", again, page="/register").text


def test_of_two_drafts_with_one_code_only_the_first_is_sent(visitor: Visitor) -> None:
    given = typed()
    first = begin(visitor, **given)
    second = begin(visitor, **(typed() | {"credit_code": given["credit_code"]}))
    assert attach_all(visitor, second).status_code == 303
    visitor.post_form("/register/enter", {"number": first, "password": PASSWORD}, page="/register")
    assert "正在核验" in attach_all(visitor, first).text


def test_a_role_smuggled_in_and_html_in_every_field_do_nothing(services: Services, visitor: Visitor) -> None:
    mark = "<img src=x onerror=alert(1)>"
    texts = dict.fromkeys(("scope", "legal_representative", "contact", "address", "registration_authority"), mark)
    name = f"{mark}{next(_numbers)}"
    given = typed(**texts, name=name) | {"roles": "admin", "groups": "admin", "status": "accepted", "organisation_id": "org-01"}
    number = sent(visitor, **given)
    assert mark not in visitor.get(f"/register/{number}").text
    check(services, number)
    user = services.office.accounts.user(given["login"])
    assert user.roles == ["organisation"]
    assert user.groups != ["organisation:org-01"]


def test_another_browser_sees_nothing_without_the_password(visitor: Visitor, server: str) -> None:
    number = begin(visitor)
    with Visitor(base_url=server, timeout=30) as stranger:
        assert stranger.get(f"/register/{number}").headers["location"] == "/register"
        assert stranger.get(f"/register/{number}/files/{'0' * 64}").status_code == 404
        wrong = stranger.post_form("/register/enter", {"number": number, "password": "not the password"}, page="/register")
        assert "编号或密码不对" in wrong.text
        stranger.post_form("/register/enter", {"number": number, "password": PASSWORD}, page="/register")
        assert stranger.get(f"/register/{number}").status_code == 200


def test_one_registration_opens_no_other(visitor: Visitor, server: str) -> None:
    first = begin(visitor)
    with Visitor(base_url=server, timeout=30) as other:
        begin(other)
        assert other.get(f"/register/{first}").status_code == 303
        assert other.post_form(f"/register/{first}", {"_action": "send"}, page="/register").headers["location"] == "/register"
        assert other.post_form(f"/register/{first}/withdraw", {"reason": "别人的"}, page="/register").status_code == 303
    assert "填写中" in visitor.get(f"/register/{first}").text


def test_guessing_the_password_is_slowed_down(visitor: Visitor) -> None:
    number = begin(visitor)
    visitor.post_form("/register/leave", {}, page="/register")
    for _ in range(6):
        answer = visitor.post_form("/register/enter", {"number": number, "password": "guess"}, page="/register")
    assert "请等待" in answer.text


def test_pressing_send_twice_makes_one_case(services: Services, visitor: Visitor) -> None:
    number = sent(visitor)
    page = f"/register/{number}"
    assert visitor.post_form(page, {"_action": "send"}, page=page).status_code == 303
    assert services.engine.instances(business_key=number, limit=10).total == 1


def test_too_many_from_one_address_are_told_to_wait(visitor: Visitor) -> None:
    for _ in range(5):
        begin(visitor)
    answer = visitor.post_form("/register", typed(), page="/register")
    assert answer.status_code == 409
    assert "明天" in answer.text


def test_what_is_missing_or_no_document_is_named_and_the_rest_is_kept(visitor: Visitor) -> None:
    number = begin(visitor)
    page = f"/register/{number}"
    files = [
        ("finance-files", ("报告.pdf", PDF, "application/pdf")),
        ("record-files", ("a.exe", b"MZ" + b"\0" * 500, "application/pdf")),
    ]
    answer = visitor.post_form(page, {"_action": "send", "finance-note": "说明还在"}, page=page, files=files)
    assert answer.status_code == 422
    assert "说明还在" in answer.text
    assert "报告.pdf" in visitor.get(page).text
    assert "a.exe" not in visitor.get(page).text


def test_the_password_is_in_no_variable_no_history_and_no_edit(services: Services, visitor: Visitor) -> None:
    number = sent(visitor)
    row = services.office.registrations.get(number)
    key = services.engine.tasks(business_key=number, state="created").items[0].root_key
    told = str(services.engine.variables(key, limit=None).items) + str(list(services.engine.export_history(key)))
    told += str(services.office.edits("organisation_registrations", number))
    assert PASSWORD not in told
    assert row.password_hash not in told


def test_a_withdrawn_registration_frees_the_code(services: Services, visitor: Visitor) -> None:
    given = typed()
    number = sent(visitor, **given)
    page = f"/register/{number}"
    assert visitor.post_form(f"{page}/withdraw", {"reason": ""}, page=page).status_code == 422
    assert visitor.post_form(f"{page}/withdraw", {"reason": "换一个登录名"}, page=page).status_code == 303
    assert services.office.registrations.get(number).status == "withdrawn"
    sent(visitor, **given)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("phone", [False, True])
def test_a_person_registers_in_a_browser(
    services: Services, browse: Callable[..., Page], axe: str, tmp_path: Path, phone: bool
) -> None:
    paper = tmp_path / "登记证书.pdf"
    paper.write_bytes(PDF)
    page = browse(None, phone=phone)
    page.goto("/login")
    page.click("text=社会组织在这里注册")
    for name, value in typed().items():
        if name == "kind":
            page.select_option("[name=kind]", value)
        else:
            page.locator(f"form:has([name=login]) [name={name}]").fill(value)
    page.click("text=下一步：证明材料")
    page.wait_for_url("**/register/ZC-*")
    number = page.url.rsplit("/", 1)[-1]
    for name in CONDITIONS[:-1]:
        page.set_input_files(f"#f-{name}-files", str(paper))
    page.fill("#f-finance-until", "2027-01-31")
    page.click("text=先保存")
    kind = "phone" if phone else "wide"
    shot(page, f"draft-{kind}")
    assert not complaints(page, axe)
    page.click("button:has-text('提交核验')")
    page.wait_for_selector("text=正在逐项核验")
    shot(page, f"sent-{kind}")
    centre = browse("bmfw", phone=phone)
    (task,) = services.engine.tasks(business_key=number, state="created").items
    centre.goto(f"/tasks/{task.key}")
    shot(centre, f"check-{kind}")
    assert not complaints(centre, axe)
    check(services, number, check_finance="supplement", check_finance_reason="审计报告没有盖章")
    page.reload()
    page.wait_for_selector("text=审计报告没有盖章")
    shot(page, f"supplement-{kind}")
    assert not complaints(page, axe)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_the_demo_s_registration_waits_at_the_service_centre(services: Services, visitor: Visitor) -> None:
    begin_registration(services.office)
    row = next(one for one in services.office.registrations.listed(actor=SYSTEM) if one.name == "春雨公益发展中心")
    assert row.status == "sent"
    answer = visitor.post_form("/register/enter", {"number": row.id, "password": demo.PASSWORD}, page="/register")
    assert answer.status_code == 303
    assert services.engine.tasks(business_key=row.id, element_id="check_registration").items
