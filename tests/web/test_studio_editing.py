"""Two people and one draft in real browsers: nobody's text is lost, whoever saves first and whatever breaks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from engine.model import SYSTEM, Actor, Resource
from procurement.studio.contents import digest
from tests.support.serving import until
from tests.web.conftest import DESKTOP, PHONE, sign_in
from web.composition import Services

LIN = Actor("lcsj", frozenset({"designer"}))
CASE = "processes/goal_setting/cases/below_limit.yaml"
AWAY = ("net::ERR", "status of 4", "status of 5")  # what a browser says of a server that is away, as these tests make it

Open = Callable[..., Page]


@pytest.fixture
def draft(services: Services) -> int:
    return services.studio.drafts.begin("goal_setting", "提高限额", "会议", actor=LIN).key


@pytest.fixture
def write(chromium: Browser, server: str, draft: int) -> Iterator[Open]:
    """``write("login")``: a page with the case file of the draft open, in a browser profile of its own."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(login: str, *, path: str = CASE, viewport: dict[str, int] = DESKTOP) -> Page:
        context = chromium.new_context(base_url=server, viewport=viewport, locale="zh-CN")
        contexts.append(context)
        page = listening(context.new_page(), complaints)
        sign_in(page, login)
        page.goto(f"/studio/drafts/{draft}?path={path}")
        return ready(page)

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, complaints


def listening(page: Page, complaints: list[str]) -> Page:
    def said(text: str, kind: str) -> None:
        if kind == "error" and not any(one in text for one in AWAY):
            complaints.append(text)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: said(message.text, message.type))
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def ready(page: Page) -> Page:
    page.wait_for_selector("#shell[data-open]")
    return page


def add_line(page: Page, text: str) -> None:
    page.locator(".shell-source").press("Control+End")
    page.keyboard.type(text)


def state(page: Page, name: str) -> None:
    expect(page.locator("[data-place=state]")).to_have_attribute("data-state", name)


def text_of(services: Services, draft: int, path: str = CASE) -> str:
    return services.studio.drafts.content(draft, path).decode()


def test_what_is_written_is_saved_by_itself_and_by_ctrl_s(write: Open, services: Services, draft: int) -> None:
    page = write("lcsj")
    add_line(page, "# eins\n")
    state(page, "unsaved")
    state(page, "saved")
    assert text_of(services, draft).endswith("# eins\n")
    expect(page.locator(f"[data-path='{CASE}'] .badge")).to_have_text("已改")
    add_line(page, "# zwei\n")
    page.keyboard.press("Control+s")
    until(lambda: "# zwei" in text_of(services, draft), "the text to be saved")


def test_the_second_writer_is_told_and_chooses_and_both_versions_stay(write: Open, services: Services, draft: int) -> None:
    first, second = write("lcsj"), write("admin")
    add_line(first, "# from the first\n")
    state(first, "saved")
    add_line(second, "# from the second\n")
    state(second, "conflict")
    dialog = second.locator("dialog")
    expect(dialog).to_contain_text("沈一凡")
    expect(dialog.locator(".left")).to_contain_text(["# from the first"])
    expect(dialog.locator(".right")).to_contain_text(["# from the second"])
    assert "# from the first" in text_of(services, draft)
    second.click("dialog [data-choice=mine]")
    state(second, "saved")
    assert text_of(services, draft).endswith("# from the second\n")
    kept = [services.studio.drafts.edit_content(draft, one.id)[1] or b"" for one in services.studio.drafts.edits(draft, CASE)]
    assert any(b"# from the first" in text for text in kept)


def test_taking_the_other_version_leaves_mine_among_the_versions(write: Open, services: Services, draft: int) -> None:
    first, second = write("lcsj"), write("admin")
    add_line(first, "# theirs\n")
    state(first, "saved")
    add_line(second, "# mine\n")
    state(second, "conflict")
    second.click("dialog [data-choice=theirs]")
    expect(second.locator(".shell-source")).to_have_value(text_of(services, draft))
    state(second, "saved")
    second.click("[data-do=versions]")
    expect(second.locator("dialog tr", has_text="冲突时留存")).to_have_count(1)
    second.locator("dialog tr", has_text="冲突时留存").locator("[data-what=restore]").click()
    until(lambda: "# mine" in text_of(services, draft), "the version put aside to be brought back")


def test_who_else_has_the_file_open_is_shown(write: Open) -> None:
    write("admin")
    page = write("lcsj")
    expect(page.locator("[data-note=same]")).to_contain_text("管理员")
    expect(page.locator(f"[data-path='{CASE}'] .badge")).to_have_text("管理员")


def test_a_page_that_died_finds_its_unsaved_text_again(write: Open, services: Services, draft: int) -> None:
    page = write("lcsj")
    context = page.context
    is_away = True
    context.route("**/file", lambda route: route.abort() if is_away else route.fallback())
    add_line(page, "# nearly lost\n")
    state(page, "away")
    again = crashed(page, f"/studio/drafts/{draft}?path={CASE}")
    is_away = False
    expect(again.locator("dialog")).to_contain_text("没有存进草稿")
    expect(again.locator("dialog .right")).to_contain_text(["# nearly lost"])
    again.click("dialog [data-choice=use]")
    state(again, "saved")
    assert text_of(services, draft).endswith("# nearly lost\n")
    again.reload()
    ready(again)
    expect(again.locator("dialog")).to_have_count(0)


def test_a_server_that_goes_away_is_told_and_gets_the_text_when_it_is_back(write: Open, services: Services, draft: int) -> None:
    page = write("lcsj")
    page.context.set_offline(True)
    add_line(page, "# written offline\n")
    state(page, "away")
    expect(page.locator("[data-place=state]")).to_contain_text("没有连上服务器")
    add_line(page, "# and more\n")
    page.context.set_offline(False)
    state(page, "saved")
    assert text_of(services, draft).endswith("# written offline\n# and more\n")


def test_a_login_that_ended_loses_nothing(write: Open, services: Services, draft: int) -> None:
    page = write("lcsj")
    session = page.context.cookies()
    page.context.clear_cookies()
    add_line(page, "# after the login\n")
    state(page, "away")
    expect(page.locator("[data-place=state] a")).to_have_text("去登录")
    page.context.add_cookies(session)
    page.keyboard.press("Control+s")
    state(page, "saved")
    assert "# after the login" in text_of(services, draft)


def test_leaving_the_page_at_once_loses_nothing(write: Open, services: Services, draft: int) -> None:
    page = write("lcsj")
    add_line(page, "# in a hurry\n")
    page.wait_for_function("() => Object.values(localStorage).some(text => text.includes('# in a hurry'))")  # sent only later
    page.goto("/studio")
    until(lambda: "# in a hurry" in text_of(services, draft), "the text of the page that was left")


def test_files_are_added_deleted_and_brought_back(write: Open, services: Services, draft: int) -> None:
    page = write("lcsj")
    page.click("[data-add=new]")
    page.select_option("#new-kind", "case")
    page.fill("#new-name", "十万元")
    page.fill("#new-title", "十万元走党工委会议")
    page.click("dialog [data-choice=create]")
    expect(page.locator("[aria-current=true]", has_text="十万元走党工委会议")).to_be_visible()
    assert 'name: "十万元走党工委会议"' in text_of(services, draft, "processes/goal_setting/cases/十万元.yaml")
    page.click(f"[data-path='{CASE}']")
    expect(page.locator(".shell-source")).to_have_value(text_of(services, draft))
    page.click("[data-do=remove]")
    page.click("dialog [data-choice=true]")
    expect(page.locator(f"[data-path='{CASE}']")).to_have_attribute("data-state", "deleted")
    page.click("[data-do=revert]")
    page.click("dialog [data-choice=true]")
    expect(page.locator(f"[data-path='{CASE}']")).to_have_attribute("data-state", "unchanged")


def test_a_shared_table_is_taken_into_the_draft(write: Open, services: Services, draft: int) -> None:
    page = write("lcsj")
    page.click("[data-add=take]")
    page.fill("#take-search", "office_rules.dmn")
    page.click("dialog [data-choice=take]")
    expect(page.locator("[data-path='processes/rules/office_rules.dmn']")).to_have_attribute("aria-current", "true")
    assert services.studio.drafts.files(draft)[-1].path == "processes/rules/office_rules.dmn"


def test_what_is_drawn_in_a_diagram_is_saved(write: Open, services: Services, draft: int) -> None:
    path = "processes/goal_setting/goal_setting.bpmn"
    page = write("lcsj", path=path)
    page.wait_for_selector(".djs-container .djs-shape")
    page.evaluate(
        "Bixuan.shell.editor.get('modeling').updateProperties(Bixuan.shell.editor.get('elementRegistry').get('set_objectives'), {name: '定目标'})"
    )
    state(page, "saved")
    until(lambda: 'name="定目标"' in text_of(services, draft, path), "the drawing to be saved")


def test_on_a_telephone_the_file_can_be_read_and_written(write: Open, services: Services, draft: int) -> None:
    page = write("lcsj", viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    add_line(page, "# small\n")
    state(page, "saved")
    assert "# small" in text_of(services, draft)


def test_a_person_without_the_right_reads_but_cannot_write(write: Open) -> None:
    page = write("czs")
    state(page, "readOnly")
    expect(page.locator("[data-do=save]")).to_be_disabled()
    assert page.locator(".shell-source").get_attribute("readonly") is not None


def test_a_shelf_that_moved_on_is_told_at_opening_and_either_version_can_be_kept(
    write: Open, services: Services, draft: int
) -> None:
    path = "forms/goal_setting/review_budget.form"
    before = services.studio.shelf.content(path)
    mine = before.replace(b'"title": "', b'"title": "\xe6\x88\x91\xe7\x9a\x84', 1)
    services.studio.drafts.save(draft, path, mine, base=digest(before), actor=LIN)
    services.engine.deploy([Resource(path, before + b"\n")], actor=SYSTEM, note="another release")
    page = write("lcsj", path=path)
    note = page.locator("[data-note=moved]")
    expect(note).to_contain_text("现行版本已被另一次发布改过")
    expect(page.locator(f"[data-path='{path}'] .badge")).to_contain_text(["已改", "现行版本已变"])
    note.locator("button").click()
    expect(page.locator("dialog .right")).to_contain_text(["我的"])
    page.click("dialog [data-choice=mine]")
    expect(note).to_have_count(0)
    assert not services.studio.drafts.file(draft, path).shelf_moved
    assert services.studio.drafts.content(draft, path) == mine


def test_going_to_another_page_saves_first_and_asks_nothing(write: Open, services: Services, draft: int) -> None:
    page = write("lcsj")
    add_line(page, "# before leaving\n")
    page.click("text=设计室 >> nth=-1")
    page.wait_for_url("**/studio")
    assert "# before leaving" in text_of(services, draft)


def test_a_file_that_cannot_be_fetched_leaves_the_open_one_open(write: Open) -> None:
    page = write("lcsj")
    page.context.set_offline(True)
    page.click("[data-path='processes/goal_setting/README.md']")
    expect(page.locator("[data-note=trouble]")).to_contain_text("没有连上服务器")
    expect(page.locator(f"[data-path='{CASE}']")).to_have_attribute("aria-current", "true")
    page.context.set_offline(False)
    page.click("[data-path='processes/goal_setting/README.md']")
    expect(page.locator("[data-path='processes/goal_setting/README.md']")).to_have_attribute("aria-current", "true")


LEFT = """() => new Promise(done => { const asked = indexedDB.open('bixuan-studio'); asked.onsuccess = () => {
  const counted = asked.result.transaction('texts').objectStore('texts').count();
  counted.onsuccess = () => { asked.result.close(); done(counted.result); }; }; })"""
NO_ROOM = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"


def test_text_too_large_for_the_small_store_is_recovered_from_the_large_one(write: Open, draft: int) -> None:
    page = write("lcsj")
    context = page.context
    context.add_init_script(NO_ROOM)
    page.reload()
    ready(page)
    is_away = True
    context.route("**/file", lambda route: route.abort() if is_away else route.fallback())
    add_line(page, "# there is no_room\n")
    state(page, "away")
    again = crashed(page, f"/studio/drafts/{draft}?path={CASE}")
    is_away = False
    expect(again.locator("dialog .right")).to_contain_text(["# there is no_room"])
    again.click("dialog [data-choice=drop]")
    until(lambda: again.evaluate(LEFT) == 0, "the text to be forgotten")
    again.reload()
    ready(again)
    expect(again.locator("dialog")).to_have_count(0)


def crashed(page: Page, address: str) -> Page:
    """The page dies without a word; another one is opened in the same browser."""
    with contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=3000)
    again = listening(page.context.new_page(), [])
    again.goto(address)
    return again


def test_choosing_theirs_while_going_to_another_file_opens_that_file(write: Open, services: Services, draft: int) -> None:
    page = write("lcsj")
    base = services.studio.drafts.file(draft, CASE).sha256
    services.studio.drafts.save(draft, CASE, b"theirs", base=base, actor=Actor("admin", frozenset({"admin"})))
    add_line(page, "# mine\n")
    page.click("[data-path='processes/goal_setting/README.md']")
    page.click("dialog [data-choice=theirs]")
    expect(page.locator("[data-path='processes/goal_setting/README.md']")).to_have_attribute("aria-current", "true")
    assert text_of(services, draft) == "theirs"
