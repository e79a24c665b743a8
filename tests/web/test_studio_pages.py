"""The studio's own pages: what is in force can be looked at by everybody in the office, on any screen, and runs no script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from engine.model import SYSTEM, Actor, Resource
from procurement.studio.contents import digest
from procurement.studio.skeletons import skeleton
from tests.web.conftest import Visitor
from tests.web.test_accessibility import complaints
from web.composition import Services

LIN = Actor("lcsj", frozenset({"designer"}))
CASE = "processes/goal_setting/cases/below_limit.yaml"
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"
ADDRESSES = (
    "/studio",
    "/studio/folders/goal_setting",
    "/studio/definitions/{process}",
    "/studio/definitions/{decision}",
    "/studio/definitions/{form}",
    f"/studio/folders/goal_setting/text?path={CASE}",
    f"/studio/drafts/{{draft}}?path={CASE}",
    "/studio/drafts/{draft}",
)


@pytest.fixture(scope="module")
def keys(services: Services) -> dict[str, int]:
    ids = {"process": "goal_setting", "decision": "method_route", "form": "draft_budget"}
    found = {kind: services.engine.definitions(kind=kind, id=id_, latest=True).items[0].key for kind, id_ in ids.items()}
    return {**found, "draft": services.studio.drafts.begin("goal_setting", "提高限额", "会议", actor=LIN).key}


@pytest.mark.parametrize("login", ["lcsj", "czs"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_in_the_office_may_look(
    address: str, login: str, as_user: Callable[[str], Visitor], keys: dict[str, int]
) -> None:
    answer = as_user(login).get(address.format(**keys))
    assert answer.status_code == 200
    assert ("unsafe-inline" in answer.headers["content-security-policy"]) == ("/drafts/" in address)
    assert "script-src 'self';" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_of_the_studio_is_accessible_and_fits(
    address: str, phone: bool, browse: Callable[..., Page], axe: str, keys: dict[str, int]
) -> None:
    page = browse("lcsj", phone=phone)
    page.goto(address.format(**keys))
    if "/drafts/" in address:
        page.wait_for_selector("#shell[data-open]")
        page.evaluate(
            "for (const drawn of document.querySelectorAll('.shell-canvas > *, .shell-panel > *')) drawn.remove()"
        )  # not ours
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_table_is_shown_row_by_row_and_a_form_as_people_see_it(as_user: Callable[[str], Visitor], keys: dict[str, int]) -> None:
    clerk = as_user("czs")
    table = clerk.get(f"/studio/definitions/{keys['decision']}").text
    assert "计算口径金额（元）" in table
    assert "&gt;= statutory_limit" in table
    assert "预算" in clerk.get(f"/studio/definitions/{keys['form']}").text


def test_a_file_is_downloaded_byte_for_byte(as_user: Callable[[str], Visitor], keys: dict[str, int], services: Services) -> None:
    clerk = as_user("czs")
    answer = clerk.get(f"/studio/definitions/{keys['decision']}/file")
    assert answer.content == services.studio.shelf.content("processes/goal_setting/method_route.dmn")
    assert "filename=method_route.dmn" in answer.headers["content-disposition"].replace('"', "")
    case = clerk.get("/studio/folders/goal_setting/text", params={"path": CASE, "download": 1})
    assert case.content == services.studio.shelf.content(CASE)


@pytest.mark.parametrize("path", ["../../etc/passwd", "processes/delivery/README.md", "", "processes/goal_setting/x.py"])
def test_a_text_outside_its_folder_is_not_given(path: str, as_user: Callable[[str], Visitor]) -> None:
    assert as_user("czs").get("/studio/folders/goal_setting/text", params={"path": path}).status_code in {404, 422}


def test_the_designers_old_addresses_lead_into_the_studio(as_user: Callable[[str], Visitor], keys: dict[str, int]) -> None:
    client = as_user("lcsj")
    old = {
        "/designer": "/studio",
        f"/designer/definitions/{keys['form']}": f"/studio/definitions/{keys['form']}",
        f"/designer/definitions/{keys['form']}/file": f"/studio/definitions/{keys['form']}/file",
    }
    for address, new in old.items():
        answer = client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (301, new)
    assert client.get("/").headers["location"] == "/studio"


def test_what_somebody_wrote_into_names_and_texts_never_runs(
    services: Services, browse: Callable[..., Page], as_user: Callable[[str], Visitor]
) -> None:
    drafts = services.studio.drafts
    draft = drafts.begin("goal_setting", EVIL, EVIL, actor=LIN).key
    case = services.studio.shelf.content(CASE)
    drafts.save(draft, CASE, f"name: '{EVIL}'\n".encode() + case, base=digest(case), actor=LIN)
    drafts.save(draft, "processes/goal_setting/README.md", f"# {EVIL}\n".encode(), base=drafts.file(draft, "processes/goal_setting/README.md").sha256, actor=LIN)  # fmt: skip
    path, diagram = skeleton("diagram", "strange_names", "strange_names", EVIL)
    services.engine.deploy([Resource(path, diagram)], actor=SYSTEM, note=EVIL)
    page = browse("lcsj")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    for address in (
        "/studio",
        "/studio/folders/goal_setting",
        "/studio/folders/strange_names",
        f"/studio/drafts/{draft}?path={CASE}",
    ):
        page.goto(address)
        page.wait_for_timeout(400)
        assert page.locator("img[src='x'], main script:not([src])").count() == 0
        assert EVIL not in as_user("lcsj").get(address).text
    page.click("[data-do=versions]")
    page.locator("dialog [data-what=compare]").first.click()
    page.wait_for_timeout(200)
    assert asked == []
