"""Two people release a change in the browser: one submits, the other signs, the clock moves, a running case follows, it goes back."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.model import Actor
from procurement.studio.contents import digest
from tests.support.serving import until
from tests.web.offices import start_purchase
from tests.web.test_accessibility import complaints
from web.composition import Services

FORM = "forms/demand_survey/review_demand.form"
DIAGRAM = "processes/demand_survey/demand_survey.bpmn"
SHOTS = os.environ.get("BIXUAN_SHOTS")  # a folder to look at what the tests see
LIN = Actor("lcsj", frozenset({"designer"}))


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.fixture
def tidy(services: Services) -> Iterator[None]:
    yield
    for release in services.studio.releases.newest(states=("submitted", "approved")):
        services.studio.releases.take_back(release.number, actor=Actor("admin", frozenset({"admin"})))


def renamed(services: Services, new: str, path: str = DIAGRAM) -> int:
    """A draft in which the diagram's name is another one."""
    draft = services.studio.drafts.begin("demand_survey", f"流程改名为{new}", "办公会", actor=LIN)
    before = services.studio.shelf.content(path)
    after = re.sub(rb'(<bpmn:process id="demand_survey" name=")[^"]*"', rb"\g<1>" + new.encode() + b'"', before)
    assert after != before
    services.studio.drafts.save(draft.key, path, after, base=digest(before), actor=LIN)
    return draft.key


def other_designer(services: Services) -> str:
    return next(u.login for u in services.office.accounts.search(limit=500) if "designer" in u.roles and u.login != "lcsj")


@pytest.mark.usefixtures("tidy")
def test_two_people_release_a_change_at_a_chosen_moment(services: Services, browse: Callable[..., Page]) -> None:
    started = start_purchase(services, title="迁移的项目")
    draft = renamed(services, "需求调查（新）")
    before = services.engine.definitions(kind="process", id="demand_survey", latest=True).items[0].version
    mine = browse("lcsj")
    mine.goto(f"/studio/drafts/{draft}/release")
    expect(mine.locator("#verdict")).to_contain_text("没有错误")
    expect(mine.locator("#verdict")).to_contain_text("全部符合")
    expect(mine.locator("#ahead")).to_contain_text("可以迁移")
    shot(mine, "release-open")
    moment = services.clock.now() + dt.timedelta(days=1)
    mine.fill("[name=reason]", "街道办公会 2026 年第 9 次会议决定")
    mine.fill("[name=release_at]", f"{moment:%Y-%m-%dT%H:%M}")
    mine.get_by_role("button", name="提交复核").dblclick()
    expect(mine.locator(".card h2").first).to_contain_text("待复核")
    number = re.search(r"FB-\d{4}-\d{4}", mine.locator(".card h2").first.inner_text())[0]
    assert len(services.studio.releases.of_draft(draft)) == 1
    shot(mine, "release-submitted")

    theirs = browse(other_designer(services))
    theirs.goto("/inbox")
    theirs.get_by_role("link", name="复核规则变更").first.click()
    shot(theirs, "release-task")
    theirs.get_by_role("link", name="打开对照、问题、案例和重算").click()
    expect(theirs.locator("#verdict")).to_contain_text("没有错误")
    shot(theirs, "release-review")
    theirs.get_by_label("退回修改").check()
    theirs.get_by_role("button", name="签署").click()
    expect(theirs.locator(".error").first).to_be_visible()
    theirs.get_by_label("同意发布").check()
    theirs.get_by_role("button", name="签署").click()
    expect(theirs.locator("#messages")).to_contain_text("已登记您的意见")
    assert services.studio.releases.release(number).state == "approved"

    mine.goto(f"/studio/drafts/{draft}/review")
    expect(mine.locator("aside")).to_contain_text("这次发布已经不在复核中")
    services.engine.advance_clock(moment + dt.timedelta(minutes=1), actor=Actor("system", system=True))
    mine.goto(f"/studio/releases/{number}")
    shot(mine, "release-record")
    expect(mine.locator("aside")).to_contain_text(f"process demand_survey {before + 1}")
    mine.get_by_role("link", name="和上一版对比").click()
    expect(mine.locator("main")).to_contain_text("需求调查（新）")

    admin = browse("admin")
    admin.goto(f"/studio/releases/{number}")
    admin.get_by_role("button", name="全部迁移到这一版").first.click()
    admin.wait_for_url("**/operate/migration/batches/*")
    services.engine.run_batch(int(admin.url.rsplit("/", 1)[1]))

    def versions() -> list[int]:
        return [one.version for one in services.engine.instances(business_key=started.number, process_id="demand_survey").items]

    until(lambda: versions() == [before + 1], "the running case to be on the new version")  # a worker may hold the case

    admin.goto(f"/studio/releases/{number}")
    admin.get_by_text("紧急回退", exact=True).click()
    admin.fill("[name=reason]", "名称写错，办件人看不懂")
    shot(admin, "release-urgent")
    admin.get_by_role("button", name="立刻回退").click()
    expect(admin.locator("#messages")).to_contain_text("未经复核")
    shot(admin, "release-rolled-back")
    name = services.engine.definitions(kind="process", id="demand_survey", latest=True).items[0]
    assert (name.version, "（新）" in name.name) == (before + 2, False)


@pytest.mark.usefixtures("tidy")
def test_who_edited_sees_why_they_cannot_sign(services: Services, browse: Callable[..., Page]) -> None:
    draft = renamed(services, "需求调查（二）")
    services.studio.releases.submit(draft, reason="会议", release_at=None, trial_until=None, actor=LIN)
    page = browse("lcsj")
    page.goto(f"/studio/drafts/{draft}/review")
    expect(page.locator("aside .note")).to_contain_text("要由别人复核")
    page.goto(f"/studio/drafts/{draft}/release")
    page.get_by_role("button", name="撤回").click()
    expect(page.locator("#messages")).to_contain_text("已撤回")


@pytest.mark.usefixtures("tidy")
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_every_page_of_a_release_is_accessible_and_fits(
    services: Services, browse: Callable[..., Page], axe: str, phone: bool
) -> None:
    draft = renamed(services, f"需求调查（{'三' if phone else '四'}）")
    release = services.studio.releases.submit(draft, reason="会议", release_at=None, trial_until=None, actor=LIN)
    page = browse("admin", phone=phone)
    addresses = {
        "tab": f"/studio/drafts/{draft}/release",
        "review": f"/studio/drafts/{draft}/review",
        "record": f"/studio/releases/{release.number}",
        "permissions": "/studio/permissions",
        "import": "/studio/import",
    }
    for name, address in addresses.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{'phone' if phone else 'wide'}-{name}.png"), full_page=True)
        assert complaints(page, axe) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], name  # type: ignore[index]


def test_an_administrator_names_who_reviews_a_folder(services: Services, browse: Callable[..., Page]) -> None:
    page = browse("admin")
    page.goto("/studio/permissions")
    page.select_option("[name=folder]", "goal_setting")
    page.select_option("[name=action]", "review")
    page.fill("[name=logins]", "jdzr")
    page.get_by_role("button", name="保存").click()
    row = page.locator("tr", has_text="goal_setting")
    expect(row).to_contain_text("高志明")
    shot(page, "permissions")
    page.select_option("[name=folder]", "goal_setting")
    page.select_option("[name=action]", "review")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("tr", has_text="goal_setting")).not_to_contain_text("高志明")
    page.fill("[name=logins]", "nobody")
    page.select_option("[name=action]", "edit")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main [role=alert]")).to_contain_text("nobody")
    services.studio.permissions.grant("goal_setting", "review", [], actor=Actor("admin", frozenset({"admin"})))


def test_the_layout_goes_out_and_comes_in_again_as_a_draft(services: Services, browse: Callable[..., Page], as_user) -> None:
    client = as_user("lcsj")
    packed = client.get("/studio/folders/demand_survey/export").content
    assert client.get("/studio/folders/demand_survey/export").content == packed
    files = {name: zipfile.ZipFile(io.BytesIO(packed)).read(name) for name in zipfile.ZipFile(io.BytesIO(packed)).namelist()}
    assert files[DIAGRAM] == services.studio.shelf.content(DIAGRAM)
    files["processes/demand_survey/README.md"] += "\n补一句。\n".encode()
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(f"outer/{name}", content)
    page = browse("lcsj")
    page.goto("/studio/import")
    page.set_input_files("[name=files]", {"name": "x.zip", "mimeType": "application/zip", "buffer": again.getvalue()})
    page.fill("[name=title]", "补说明")
    page.get_by_role("button", name="导入", exact=True).click()
    page.wait_for_url("**/studio/drafts/*")
    draft = int(re.search(r"/drafts/(\d+)", page.url)[1])
    assert set(services.studio.drafts.changes(draft)) == {"processes/demand_survey/README.md"}
    page.goto("/studio/import")
    page.set_input_files("[name=files]", {"name": "x.zip", "mimeType": "application/zip", "buffer": b"PK nonsense"})
    page.fill("[name=title]", "坏的")
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.locator("main [role=alert]")).to_contain_text("压缩包")
    shot(page, "import-refused")
    page.goto("/studio/folders/demand_survey")
    page.wait_for_load_state("networkidle")
    shot(page, "folder")
    page.goto("/studio")
    page.wait_for_load_state("networkidle")
    shot(page, "studio")
