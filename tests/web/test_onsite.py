"""A form filled in on site, in a real browser whose network comes and goes: kept on the phone, sent by itself, arrived once."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from engine.model import SYSTEM, Resource, UserTask
from tests.support.serving import until
from tests.web.conftest import sign_in
from tests.web.test_accessibility import complaints
from web.composition import Services
from web.pages.cases.reasons import COMPLETED

SHOTS = os.environ.get("ONSITE_SHOTS")
NARROW = {"width": 390, "height": 844}
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="urn:t">
  <bpmn:process id="look_on_site" name="现场查看" isExecutable="true">
    <bpmn:startEvent id="begun"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="look" name="填写现场记录"><bpmn:extensionElements><zeebe:userTask/>
      <zeebe:formDefinition formId="look" bindingType="deployment"/>
      <zeebe:assignmentDefinition candidateGroups="procurement_officer,discipline"/>
      <zeebe:taskHeaders><zeebe:header key="onsite" value="true"/></zeebe:taskHeaders></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="over"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="begun" targetRef="look"/><bpmn:sequenceFlow id="b" sourceRef="look" targetRef="over"/>
  </bpmn:process>
</bpmn:definitions>"""
FORM = """{"type": "default", "schemaVersion": 19, "id": "look", "title": "填写现场记录", "components": [
  {"type": "text", "id": "t", "text": "**{{title}}**"},
  {"type": "textfield", "id": "p", "key": "place", "label": "地点", "validate": {"required": true}},
  {"type": "number", "id": "n", "key": "people", "label": "在场人数", "decimalDigits": 0, "validate": {"required": true, "max": 500}},
  {"type": "radio", "id": "r", "key": "progress", "label": "实施进度", "validate": {"required": true},
   "values": [{"label": "正常", "value": "on_plan"}, {"label": "滞后", "value": "behind"}]},
  {"type": "checklist", "id": "c", "key": "seen", "label": "看了哪些", "values": [{"label": "签到表", "value": "list"}, {"label": "厨房", "value": "kitchen"}]},
  {"type": "dynamiclist", "id": "l", "path": "items", "label": "清单", "allowAddRemove": false, "isRepeating": true, "defaultRepetitions": 1,
   "components": [{"type": "textfield", "id": "ln", "key": "name", "label": "项目", "readonly": true},
                  {"type": "textfield", "id": "lr", "key": "found", "label": "情况"}]},
  {"type": "filepicker", "id": "f", "key": "pictures", "label": "照片", "accept": ".jpg,.png", "multiple": true, "validate": {"required": true}}
]}"""


@pytest.fixture
def task(services: Services) -> UserTask:
    services.engine.deploy(
        [Resource("look_on_site.bpmn", DIAGRAM.encode()), Resource("look.form", FORM.encode())], actor=SYSTEM, note="tests"
    )
    variables = {"title": "晚晴社区长者食堂", "items": [{"name": "消防"}, {"name": "食品"}]}
    instance = services.engine.start_process("look_on_site", variables, actor=SYSTEM, business_key="XC-TEST")
    return services.engine.tasks(root_key=instance.key).items[0]


@pytest.fixture
def phone(chromium: Browser, server: str) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def open_as(login: str) -> Page:
        context = chromium.new_context(base_url=server, viewport=NARROW, locale="zh-CN", device_scale_factor=2, has_touch=True)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, login)
        return page

    yield open_as
    for context in contexts:
        context.close()


def picture(width: int = 3000, height: int = 2250) -> dict[str, object]:
    """As a phone takes it: large, with much detail, and with the place in it."""
    grain = Image.effect_noise((width, height), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    made = io.BytesIO()
    grain.save(made, "JPEG", quality=90, exif=exif)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def go(page: Page, task: UserTask) -> None:
    page.goto(f"/onsite/{task.key}")
    expect(page.locator("#onsite")).to_have_attribute("data-begun", "")


def keepable(page: Page) -> None:
    """The page is on the phone: it may lose the network now."""
    expect(page.locator("#onsite")).to_have_attribute("data-ready", "")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def state(page: Page) -> str:
    return page.locator("[data-state]").inner_text()


def fill(page: Page, people: str = "23") -> None:
    page.fill("[name=place]", "晚晴社区长者食堂")
    page.fill("[name=people]", people)
    page.get_by_label("正常").check()
    page.get_by_label("厨房").check()
    page.fill("[name='items.1.found']", "留样柜温度没有记录")


def photograph(page: Page) -> None:
    before = page.locator(".onsite-photos li").count()
    page.set_input_files("[data-path=pictures]", [picture()])
    expect(page.locator(".onsite-photos li")).to_have_count(before + 1)


DUMP = """() => new Promise((done) => { const asked = indexedDB.open('bixuan-onsite'); asked.onsuccess = () => {
  const got = asked.result.transaction('forms').objectStore('forms').getAll(); got.onsuccess = () => done(JSON.stringify(got.result)); }; })"""


def kept(page: Page, *words: str) -> None:
    """The phone has written all of these; the page says that it keeps something as soon as it has written the first."""
    until(lambda: all(one in page.evaluate(DUMP) for one in words), f"the phone to keep {words}")
    expect(page.locator("[data-state]")).to_contain_text("已存在这台手机上")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def handed_in(services: Services, task: UserTask) -> dict[str, object]:
    until(lambda: services.engine.task(task.key).state == "completed", "the form to arrive")
    entries = [
        one for one in services.engine.history(root_key=task.root_key) if one.element_key == task.key and one.kind == COMPLETED
    ]
    assert len(entries) == 1, "handed in once"
    return dict(entries[0].data["values"])


def test_without_a_network_everything_is_kept_reloaded_submitted_and_sent_later_once(
    services: Services, task: UserTask, phone: Callable[..., Page], axe: str
) -> None:
    page = phone("cgjb")
    go(page, task)
    keepable(page)
    shot(page, "1-opened")
    assert complaints(page, axe) == []
    page.context.set_offline(True)
    fill(page)
    photograph(page)
    kept(page, "IMG_1.jpg", "留样柜温度没有记录")
    expect(page.locator("[data-net]")).to_have_text("没有网络")
    shot(page, "2-offline")
    page.reload()
    expect(page.locator("#onsite")).to_have_attribute("data-begun", "")
    assert page.input_value("[name=people]") == "23"
    assert page.get_by_label("正常").is_checked()
    assert page.input_value("[name='items.1.found']") == "留样柜温度没有记录"
    expect(page.locator(".onsite-photos li")).to_have_count(1)
    page.click("button:has-text('提交')")
    expect(page.locator("[data-state]")).to_contain_text("已提交，等网络好了自动送出")
    shot(page, "3-queued")
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.goto("/onsite/")  # the list opens without a network too
    expect(page.locator("[data-list]")).to_contain_text("已提交，等网络好了自动送出")
    shot(page, "4-list-offline")
    assert services.engine.task(task.key).state == "created"
    page.context.set_offline(False)
    expect(page.locator("[data-list]")).to_contain_text("已送到")
    shot(page, "5-arrived")
    assert complaints(page, axe) == []
    values = handed_in(services, task)
    assert values["place"] == "晚晴社区长者食堂"
    assert values["seen"] == ["kitchen"]
    assert values["items"] == [{"name": "消防", "found": None}, {"name": "食品", "found": "留样柜温度没有记录"}]
    [sent] = values["pictures"]
    assert sent["size"] <= 400 * 1024
    content = services.office.files.open(sent["sha256"], actor=services.office.accounts.actor("cgjb"))[1]
    arrived = b"".join(content) if not isinstance(content, bytes) else content
    with Image.open(io.BytesIO(arrived)) as seen:
        assert 600 <= max(seen.size) <= 1600
    assert b"secret place" not in arrived
    databases = page.evaluate("indexedDB.databases().then((all) => all.length)")
    assert databases == 1
    assert "留样柜" not in page.evaluate(DUMP), "what arrived does not stay on the phone"


def test_a_lost_answer_and_a_server_error_in_between_double_nothing(
    services: Services, task: UserTask, phone: Callable[..., Page]
) -> None:
    page = phone("cgjb")
    go(page, task)
    fill(page)
    photograph(page)
    tried: list[str] = []

    def trouble(route) -> None:  # first an error page, then the answer is lost after the server did its work
        if route.request.method != "POST":
            route.continue_()
            return
        tried.append("post")
        if len(tried) == 1:
            route.fulfill(status=503, body="<h1>away</h1>", content_type="text/html")
        elif len(tried) == 2:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(f"**/onsite/{task.key}", trouble)
    page.click("button:has-text('提交')")
    expect(page.locator("[data-state]")).to_contain_text("没有送到，过一会儿自动再送")
    expect(page.locator("[data-state]")).to_contain_text("已送到")
    assert len(tried) == 3
    assert handed_in(services, task)["people"] == 23


def test_what_the_server_refuses_comes_back_with_everything_and_can_be_corrected(
    services: Services, task: UserTask, phone: Callable[..., Page]
) -> None:
    page = phone("cgjb")
    go(page, task)
    page.click("button:has-text('提交')")
    expect(page.locator("[data-state]")).to_contain_text("还有必填的内容没有填")
    assert page.locator(".onsite-error").count() == 4
    fill(page, people="501")
    photograph(page)
    page.click("button:has-text('提交')")
    expect(page.locator("[data-state]")).to_contain_text("没有被接受，请更正后再提交")
    expect(page.locator(".field.wrong .onsite-error")).to_contain_text("500")
    expect(page.locator(".onsite-photos li")).to_have_count(1)
    shot(page, "6-refused")
    page.fill("[name=people]", "50")
    page.click("button:has-text('提交')")
    expect(page.locator("[data-state]")).to_contain_text("已送到")
    assert handed_in(services, task)["people"] == 50


def test_a_second_tab_does_not_overwrite_the_first(services: Services, task: UserTask, phone: Callable[..., Page]) -> None:
    first = phone("cgjb")
    go(first, task)
    second = first.context.new_page()
    go(second, task)
    fill(first)
    kept(first, "留样柜温度没有记录")
    second.fill("[name=place]", "别处")
    expect(second.locator("[data-state]")).to_contain_text("另一个标签页改过")
    second.get_by_role("button", name="载入那边的内容").click()
    expect(second.locator("[name=place]")).to_have_value("晚晴社区长者食堂")
    photograph(second)
    second.click("button:has-text('提交')")
    expect(second.locator("[data-state]")).to_contain_text("已送到")
    expect(first.locator("[data-state]")).to_contain_text("已送到")
    for page in (first, second):  # as the field one stands in says when it is locked
        page.eval_on_selector("[name=place]", "(field) => field.dispatchEvent(new Event('change', {bubbles: true}))")
        page.wait_for_timeout(500)
        expect(page.locator("[data-state]")).to_contain_text("已送到")
    assert handed_in(services, task)["people"] == 23


def test_a_session_that_ended_meanwhile_loses_nothing_and_nobody_else_sends_it(
    services: Services, task: UserTask, phone: Callable[..., Page]
) -> None:
    page = phone("cgjb")
    go(page, task)
    keepable(page)
    fill(page)
    photograph(page)
    page.context.clear_cookies()
    page.click("button:has-text('提交')")
    expect(page.locator("[data-state]")).to_contain_text("登录已过期")
    shot(page, "7-expired")
    sign_in(page, "jjjc")
    page.goto("/onsite/")
    expect(page.locator("[data-list]")).to_contain_text("还有别人没有送出的内容")
    page.wait_for_timeout(1500)
    assert services.engine.task(task.key).state == "created"
    page.context.clear_cookies()
    page.goto("/onsite/")
    sign_in(page, "cgjb")
    page.goto("/onsite/")
    expect(page.locator("[data-list]")).to_contain_text("已送到")
    assert services.engine.task(task.key).completed_by == "cgjb"
    assert handed_in(services, task)["place"] == "晚晴社区长者食堂"


def test_a_task_somebody_else_did_meanwhile_keeps_what_was_written_on_the_phone(
    services: Services, task: UserTask, phone: Callable[..., Page]
) -> None:
    page = phone("cgjb")
    go(page, task)
    keepable(page)
    page.context.set_offline(True)
    fill(page)
    photograph(page)
    page.click("button:has-text('提交')")
    expect(page.locator("[data-state]")).to_contain_text("已提交")
    other = services.office.accounts.actor("jjjc")
    reference = services.office.files.upload([b"\x89PNG\r\n\x1a\nx"], "a.png", actor=other).as_variable()
    values = {"place": "另一处", "people": 1, "progress": "behind", "pictures": [reference]}
    services.engine.complete_task(task.key, values, actor=other)
    page.context.set_offline(False)
    expect(page.locator("[data-state]")).to_contain_text("这项已经不用办了")
    page.goto("/onsite/")
    page.locator("[data-list] summary").click()
    expect(page.locator("[data-list]")).to_contain_text("留样柜温度没有记录")
    shot(page, "8-gone")
    with page.expect_download() as saved:
        page.get_by_role("button", name="另存为文件").click()
    assert "晚晴社区长者食堂" in Path(saved.value.path()).read_text(encoding="utf-8")
    assert handed_in(services, task)["place"] == "另一处"
    page.get_by_role("button", name="从手机上删除").click()
    page.get_by_role("button", name="再按一次就删除").click()
    expect(page.locator("[data-list]")).to_contain_text("没有保存的内容")


def test_what_was_submitted_is_taken_back_only_while_it_cannot_have_arrived(
    services: Services, task: UserTask, phone: Callable[..., Page]
) -> None:
    page = phone("cgjb")
    go(page, task)
    keepable(page)
    page.context.set_offline(True)
    fill(page)
    photograph(page)
    page.click("button:has-text('提交')")
    page.get_by_role("button", name="拿回来再改").click()
    expect(page.locator("[name=people]")).to_be_enabled()
    page.fill("[name=people]", "24")
    page.click("button:has-text('提交')")
    page.context.set_offline(False)
    expect(page.locator("[data-state]")).to_contain_text("已送到")
    assert handed_in(services, task)["people"] == 24


def test_the_list_takes_the_forms_to_the_phone_before_one_leaves(task: UserTask, phone: Callable[..., Page], axe: str) -> None:
    page = phone("cgjb")
    page.goto("/inbox")
    page.get_by_role("link", name="现场填写").click()
    ready = page.locator(f"[data-task='{task.key}'] [data-ready]")
    expect(ready).to_have_text("已取到手机，断网也能打开")
    assert complaints(page, axe) == []
    shot(page, "0-list")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.goto(f"/onsite/{task.key}")
    expect(page.locator("h1")).to_have_text("填写现场记录")
    expect(page.locator("[data-net]")).to_have_text("没有网络")


def test_other_pages_are_not_kept_and_only_who_may_do_the_task_gets_its_form(task: UserTask, as_user, visitor) -> None:
    assert as_user("org02").get(f"/onsite/{task.key}").status_code == 404
    assert visitor.get(f"/onsite/{task.key}").status_code == 303
    worker = as_user("cgjb").get("/onsite/worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in worker.headers
    refused = as_user("org02").post_form(f"/onsite/{task.key}", {"command_id": "x"}, page="/account")
    assert refused.status_code in (403, 404)
    assert refused.json()["state"] in ("refused", "gone")
