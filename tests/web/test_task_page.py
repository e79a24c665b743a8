"""The task page: draft, conditions, rows, files, errors beside fields, completing once, and working without JavaScript."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from engine.model import SYSTEM, Resource
from tests.support.serving import until
from tests.unit.spiff.diagrams import diagram, user
from tests.web.conftest import Visitor
from tests.web.offices import StartedPurchase
from web.composition import Services

DEMAND = {
    "demand_summary": "为辖区八十岁以上独居老人提供每周两次的上门照护和助洁。",
    "beneficiary_group": "高龄独居老人",
    "beneficiary_count": "126",
    "demand_source": "department",
    "service_category": "public_service",
    "estimate": "48000",
    "period_months": "12",
    "national_ban": "none",
}


def filled(page: str, **changed: Any) -> dict[str, Any]:
    """The demand form as a browser would post it, with the command id and first catalogue item of the page."""
    command = re.search(r'name="command_id" value="([^"]+)"', page)
    code = re.search(r'name="catalogue_code".*?<option value="([^"]+)"', page.replace('<option value="">', ""), re.DOTALL)
    assert command
    assert code
    return {"command_id": command[1], "catalogue_code": code[1], **DEMAND, **changed}


def test_the_form_shows_what_the_law_wants_beside_the_field(as_user: Callable[[str], Visitor], started: StartedPurchase) -> None:
    page = as_user(started.login).get(f"/tasks/{started.task.key}").text
    assert "登记需求" in page
    assert "第九条(一)" in page
    assert started.number in page


def test_completing_says_what_happened_and_what_comes_next(as_user: Callable[[str], Visitor], started: StartedPurchase) -> None:
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    page = client.get(address).text
    answer = client.post_form(f"{address}/complete", filled(page), page=address)
    assert answer.status_code == 303, answer.text
    done = client.get(answer.headers["location"]).text
    assert "您已办结“登记需求”" in done
    assert "接下来" in done
    assert "48,000" in done


def test_a_double_click_completes_once_and_answers_the_same(
    services: Services, as_user: Callable[[str], Visitor], started: StartedPurchase
) -> None:
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    fields = filled(client.get(address).text)
    answers = [client.post_form(f"{address}/complete", fields, page=address) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    history = services.engine.history(started.task.root_key, kinds=("user_task_completed",))
    assert len([entry for entry in history if entry.element_key == started.task.key]) == 1


def test_wrong_values_are_marked_and_everything_typed_is_kept(
    as_user: Callable[[str], Visitor], started: StartedPurchase
) -> None:
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    fields = filled(
        client.get(address).text, estimate="四万八", beneficiary_count="", beneficiary_group="<script>alert(1)</script>"
    )
    answer = client.post_form(f"{address}/complete", fields, page=address)
    assert answer.status_code == 422
    assert "请填写数字" in answer.text
    assert 'value="四万八"' in answer.text
    assert "请填写此项" in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert" not in answer.text
    assert "上门照护和助洁" in answer.text


def test_a_colleague_who_may_not_do_the_task_is_told_so(as_user: Callable[[str], Visitor], started: StartedPurchase) -> None:
    client = as_user("whz")
    answer = client.post_form(f"/tasks/{started.task.key}/complete", DEMAND, page="/inbox")
    assert answer.status_code in (403, 404)


def test_a_task_that_ended_meanwhile_is_not_done_again(
    services: Services, as_user: Callable[[str], Visitor], started: StartedPurchase
) -> None:
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    fields = filled(client.get(address).text)
    client.post_form(f"{address}/complete", fields, page=address)
    late = client.post_form(f"{address}/complete", fields | {"command_id": "another one", "estimate": "1"}, page="/inbox")
    assert late.status_code in (303, 409)
    values = {v.name: v.value for v in services.engine.variables(started.task.root_key)}
    assert values.get("estimate") in (None, 48000)


def test_a_file_of_51_megabytes_is_refused_and_the_rest_is_kept(
    as_user: Callable[[str], Visitor], started: StartedPurchase
) -> None:
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    big = io.BytesIO(b"%PDF-1.4\n" + bytes(51 * 1024 * 1024))
    answer = client.post_form(
        f"{address}/complete",
        filled(client.get(address).text),
        page=address,
        files={"demand_files": ("图纸.pdf", big, "application/pdf")},
    )
    assert answer.status_code == 422
    assert "图纸.pdf 超过 50 MB" in answer.text
    assert "上门照护和助洁" in answer.text


def test_a_request_beyond_all_limits_is_answered_with_413(as_user: Callable[[str], Visitor], started: StartedPurchase) -> None:
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    answer = client.post_form(f"{address}/save", {"demand_summary": "长" * 2_000_000}, page=address)
    assert answer.status_code == 413
    assert "上传的内容过大" in answer.text


def test_a_body_that_is_not_utf8_is_refused_with_a_sentence(as_user: Callable[[str], Visitor], started: StartedPurchase) -> None:
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    body = f"csrf_token={client.token(address)}&demand_summary=".encode() + "需求".encode("gb18030")
    answer = client.post(f"{address}/complete", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400
    assert "UTF-8" in answer.text


def test_a_field_that_is_not_utf8_is_marked(as_user: Callable[[str], Visitor], started: StartedPurchase) -> None:
    client, address = as_user(started.login), f"/tasks/{started.task.key}"
    parts = {"csrf_token": client.token(address).encode(), "beneficiary_group": "老人".encode("gb18030"), "estimate": b"48000"}
    answer = client.post(f"{address}/complete", files={name: (None, content) for name, content in parts.items()})
    assert answer.status_code == 422
    assert "不是 UTF-8 编码" in answer.text
    assert 'value="48000"' in answer.text


def test_fields_appear_and_disappear_while_typing(browse: Callable[..., Page], started: StartedPurchase) -> None:
    page = browse(started.login)
    page.goto(f"/tasks/{started.task.key}")
    expect(page.locator("#c-community")).to_be_hidden()
    page.check("[name=enters_community]")
    expect(page.locator("#c-community")).to_be_visible()
    page.uncheck("[name=enters_community]")
    expect(page.locator("#c-community")).to_be_hidden()


HOURS = """{"type": "default", "schemaVersion": 19, "id": "hours", "components": [
  {"type": "textfield", "id": "w", "key": "who", "label": "谁"},
  {"type": "select", "id": "h", "key": "hour", "label": "几时",
   "valuesExpression": "=if who = \\"甲\\" then [{label: \\"早\\", value: \\"early\\"}, {label: \\"晚\\", value: \\"late\\"}] else [{label: \\"早\\", value: \\"early\\"}]"}
]}"""


def test_what_is_entered_while_the_server_answers_is_not_taken_away_by_the_answer(
    services: Services, browse: Callable[..., Page]
) -> None:
    drawn = diagram(
        "s -> hours -> e", user("hours", people='candidateGroups="procurement_officer"'), process_id="somebodys_hours"
    )
    services.engine.deploy([Resource("hours.bpmn", drawn), Resource("hours.form", HOURS.encode())], actor=SYSTEM)
    case = services.engine.start_process("somebodys_hours", {}, actor=SYSTEM)
    key = services.engine.tasks(root_key=case.key).items[0].key
    page = browse("cgjb")
    page.goto(f"/tasks/{key}")
    held: list[Route] = []
    page.route("**/save", lambda route: held.append(route), times=1)
    with page.expect_request("**/save"):
        page.fill("[name=who]", "甲")
    page.select_option("[name=hour]", "early")
    with page.expect_response("**/save"):
        held[0].continue_()
    expect(page.locator("[name=hour] option")).to_have_count(3)  # the next answer brings what follows from 甲
    expect(page.locator("[name=hour]")).to_have_value("early")


def test_the_draft_is_kept_as_typed_and_comes_back(
    services: Services, browse: Callable[..., Page], started: StartedPurchase
) -> None:
    page = browse(started.login)
    page.goto(f"/tasks/{started.task.key}")
    page.fill("[name=beneficiary_group]", "残疾人之家学员")
    page.fill("[name=estimate]", "四万")
    expect(page.locator("#draft-status")).to_contain_text("草稿已保存")
    actor = services.office.accounts.actor(started.login)
    kept = lambda: services.engine.task_form(started.task.key, actor=actor).values
    until(lambda: kept()["estimate"] == "四万", "the last field to be kept")
    page.reload()
    expect(page.locator("[name=beneficiary_group]")).to_have_value("残疾人之家学员")
    expect(page.locator("[name=estimate]")).to_have_value("四万")


def test_a_file_is_attached_shown_and_taken_away_without_reloading(browse: Callable[..., Page], started: StartedPurchase) -> None:
    page = browse(started.login)
    page.goto(f"/tasks/{started.task.key}")
    upload = {"name": "调研报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF"}
    page.set_input_files("[name=demand_files][type=file]", upload)
    expect(page.locator("#c-demand_files .files")).to_contain_text("调研报告.pdf")
    with page.expect_response(re.compile("/files/")) as read:
        page.evaluate("fetch(document.querySelector('#c-demand_files .files a').href)")
    assert read.value.status == 200
    page.click("#c-demand_files button[value^=unfile]")
    expect(page.locator("#c-demand_files .files")).to_have_count(0)


def test_everything_works_without_javascript(browse: Callable[..., Page], started: StartedPurchase) -> None:
    page = browse(started.login, javascript=False)
    page.goto(f"/tasks/{started.task.key}")
    for name in ("demand_summary", "beneficiary_group", "beneficiary_count", "estimate", "period_months"):
        page.fill(f"[name={name}]", DEMAND[name])
    page.check("[name=demand_source][value=department]")
    page.select_option("[name=service_category]", "public_service")
    page.select_option("[name=catalogue_code]", index=1)
    page.set_input_files(
        "[name=demand_files][type=file]", {"name": "说明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF"}
    )
    page.click("button[name=_action][value=save]:not(.hidden-text)")
    expect(page.locator("#messages")).to_contain_text("草稿已保存")
    expect(page.locator("#c-demand_files")).to_contain_text("说明.pdf")
    page.click("button.primary")
    expect(page.locator("main")).to_contain_text("您已办结“登记需求”")
    expect(page.locator("main")).to_contain_text("说明.pdf")


def test_somebody_else_cannot_read_a_draft_file(as_user: Callable[[str], Visitor], started: StartedPurchase) -> None:
    assert as_user("org01").get(f"/files/{started.number}/{'a' * 64}").status_code == 404


@pytest.mark.parametrize("verb", ["claim", "release"])
def test_a_task_that_is_not_there_is_told_plainly(as_user: Callable[[str], Visitor], verb: str) -> None:
    answer = as_user("cgjb").post_form(f"/tasks/1/{verb}", page="/inbox")
    assert answer.status_code == 404
    assert "任务 1 不存在" in answer.text
