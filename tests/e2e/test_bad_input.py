"""What people get wrong, in a real browser: a clear sentence beside the field or on the page, and what was typed is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from engine.model import UserTask
from tests.e2e.filling import FORM
from tests.e2e.people import People
from tests.e2e.walk import Walk
from web.composition import Services

DEMAND = {
    "demand_summary": "为辖区八十岁以上独居老人提供每周两次的上门照护。",
    "beneficiary_group": "高龄独居老人",
    "beneficiary_count": "126",
    "estimate": "48000",
    "period_months": "12",
}
SCRIPT = "<script>document.title = '坏了'</script><img src=x onerror=\"document.title='坏了'\">"


@pytest.fixture
def task(services: Services) -> UserTask:
    """The first task of a purchase 养老服务科 has just started."""
    actor = services.office.accounts.actor("ylfw")
    started = services.office.purchases.start(
        actor=actor, title="高龄独居老人居家照护", unit="养老服务科", initiator_kind="department", community="晚晴社区"
    )
    found: UserTask = services.engine.tasks(root_key=started.process_key).items[0]
    return found


@pytest.fixture
def form(people: People, task: UserTask) -> Page:
    """The task's page, filled in rightly but not handed in."""
    page = people.page("ylfw")
    page.goto(f"/tasks/{task.key}")
    for name, text in DEMAND.items():
        page.fill(f"[name={name}]", text)
    page.check("[name=demand_source][value=department]")
    page.select_option("[name=service_category]", "public_service")
    page.select_option("[name=catalogue_code]", index=1)
    page.check("[name=national_ban][value=none]")
    return page


def hand_in(page: Page) -> None:
    page.locator(FORM).get_by_role("button", name="提交", exact=True).click()


def test_wrong_values_are_marked_at_their_fields_and_everything_typed_stays(form: Page) -> None:
    form.fill("[name=estimate]", "四万八")
    form.fill("[name=beneficiary_count]", "")
    form.fill("[name=period_months]", "-3")
    hand_in(form)
    expect(form.locator("#problem")).to_contain_text("需更正 3 处")
    expect(form.locator("#c-estimate .error")).to_contain_text("请填写数字")
    expect(form.locator("#c-beneficiary_count .error")).to_contain_text("请填写此项")
    expect(form.locator("#c-period_months .error")).to_be_visible()
    expect(form.locator("[name=estimate]")).to_have_value("四万八")
    expect(form.locator("[name=demand_summary]")).to_have_value(DEMAND["demand_summary"])
    expect(form.locator("[name=demand_source][value=department]")).to_be_checked()


def test_a_double_click_hands_in_once(form: Page, services: Services, task: UserTask) -> None:
    form.locator(FORM).get_by_role("button", name="提交", exact=True).dblclick()
    expect(form.locator("main")).to_contain_text("您已办结“登记需求”")
    done = services.engine.history(task.root_key, kinds=("user_task_completed",))
    assert [entry.element_key for entry in done].count(task.key) == 1


def test_who_hands_in_after_the_task_ended_is_told_and_shown_what_became_of_it(
    form: Page, people: People, task: UserTask
) -> None:
    second = people.new_page("ylfw")
    second.goto(f"/tasks/{task.key}")
    hand_in(form)
    expect(form.locator("main")).to_contain_text("您已办结")
    second.fill("[name=estimate]", "1")
    hand_in(second)
    expect(second.locator("main")).to_contain_text("办结")
    expect(second.locator("main")).to_contain_text("48,000")
    second.close()


def test_somebody_else_may_look_or_not_but_never_hand_in(people: People, task: UserTask) -> None:
    page = people.page("org05")
    page.goto(f"/tasks/{task.key}")
    expect(page.locator("main")).to_contain_text("不存在")
    assert page.locator(FORM).count() == 0
    page = people.page("czs")
    page.goto(f"/tasks/{task.key}")
    assert page.get_by_role("button", name="提交", exact=True).count() == 0


def test_a_file_of_51_megabytes_is_refused_beside_its_field(form: Page, tmp_path: Path) -> None:
    big = tmp_path / "图纸.pdf"
    big.write_bytes(b"%PDF-1.4\n" + bytes(51 * 1024 * 1024))
    form.set_input_files("[name=demand_files][type=file]", big)
    expect(form.locator("#c-demand_files .error")).to_contain_text("超过 50 MB")
    expect(form.locator("[name=demand_summary]")).to_have_value(DEMAND["demand_summary"])


def test_a_script_in_a_text_is_shown_as_text(form: Page, people: People, services: Services, task: UserTask) -> None:
    form.fill("[name=demand_summary]", SCRIPT)
    form.fill("[name=beneficiary_group]", SCRIPT)
    hand_in(form)
    expect(form.locator("main")).to_contain_text("您已办结")
    review = services.engine.tasks(root_key=task.root_key, element_id="review_demand").items[0]
    page = people.page("bmfw")
    for address in (f"/tasks/{review.key}", f"/purchases/{task.business_key}/values"):
        page.goto(address)
        expect(page.locator("main")).to_contain_text("<script>document.title")
        assert "坏了" not in page.title()


@pytest.mark.parametrize("name", ["需求\udcff.pdf", "..\\..\\etc\\passwd.pdf", "a" * 300 + ".pdf"])
def test_a_strange_file_name_is_taken_or_refused_with_a_sentence(form: Page, name: str) -> None:
    upload: FilePayload = {
        "name": name.encode("utf-8", "replace").decode(),
        "mimeType": "application/pdf",
        "buffer": b"%PDF-1.4\n\xff\xfe\x00%%EOF",
    }
    form.set_input_files("[name=demand_files][type=file]", upload)
    expect(form.locator("#c-demand_files .files, #c-demand_files .error").first).to_be_visible()
    expect(form.locator("#c-demand_files")).not_to_contain_text("..\\")


def test_content_that_is_no_text_in_utf8_is_refused_at_deployment(people: People) -> None:
    page = people.page("lcsj")
    page.goto("/studio/import")
    diagram = '<?xml version="1.0" encoding="UTF-8"?><a>需求</a>'.encode("gb18030")
    page.set_input_files("input[type=file]", {"name": "demand.bpmn", "mimeType": "application/xml", "buffer": diagram})
    page.locator(FORM).get_by_role("button", name="只检查", exact=True).click()
    expect(page.locator("main [role=alert]").first).to_contain_text("必须改正")
    expect(page.locator("main table")).to_contain_text("demand.bpmn")
    page.set_input_files("input[type=file]", {"name": "需求.bpmn", "mimeType": "application/xml", "buffer": diagram})
    page.locator(FORM).get_by_role("button", name="只检查", exact=True).click()
    expect(page.locator("main [role=alert]").first).to_contain_text("文件夹的名称是小写英文字母")


def late(walk: Walk) -> str:
    """A running comparison whose time for applications is over."""
    now = walk.services.clock.now()
    found = walk.services.office.purchases.search(step="selection", running=True, limit=100).items
    return str(next(p.id for p in found if p.apply_until and p.apply_until < now))


def test_an_application_after_the_deadline_is_refused_with_the_deadline(people: People, walk: Walk) -> None:
    page = people.page("org11")
    page.goto(f"/portal/{late(walk)}/apply")
    page.fill("[name=contact]", "戴斌")
    page.fill("[name=phone]", "028-80000000")
    for note in page.locator("textarea[name$='.note']").all():
        note.fill("见附件。")
    proof: FilePayload = {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF"}
    for files in page.locator("input[type=file]").all():
        files.set_input_files(proof)
    page.check("[name=promise][type=checkbox]")
    page.locator(FORM).get_by_role("button", name="报名", exact=True).click()
    expect(page.locator("main [role=alert]")).to_contain_text("截止")
    expect(page.locator("[name=contact]")).to_have_value("戴斌")


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(people: People) -> None:
    page = people.new_page("")
    said: list[str] = []
    for login in ("bmfw", "niemand"):
        page.goto("/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", "falsch")
        page.click("form:has([name=password]) button.primary")
        said.append(page.locator("[role=alert]").inner_text())
        expect(page.locator("[name=login]")).to_have_value(login)
    assert said[0] == said[1]
    page.close()


def test_the_clock_cannot_be_turned_back(people: People) -> None:
    page = people.page("cgjb")
    page.goto("/clock")
    page.fill("[name=to]", "2020-01-01T09:00")
    page.get_by_role("button", name="拨到这个时间").click()
    expect(page.locator("main")).to_contain_text("往前")
