from __future__ import annotations

import pytest
from playwright.sync_api import expect

from procurement.explaining import in_words


def test_anybody_reads_how_a_purchase_is_made_without_logging_in(visitor):
    page = visitor.get("/public/processes")
    assert page.status_code == 200
    assert page.text.index("目标确立") < page.text.index("组织实施"), "in the order a purchase goes through them"


def test_a_step_is_told_with_who_acts_by_when_on_what_ground_and_what_is_filled_in(visitor):
    page = visitor.get("/public/processes/goal_setting").text
    for told in ("编制预算", "发起单位", "5 个工作日", "预算法第十三条", "要填写："):
        assert told in page
    assert 'href="/public/processes/comparison_preparation"' in visitor.get("/public/processes/bid_gathering").text
    assert "3 工作日（参数，今天的数）" in visitor.get("/public/processes/delivery").text


def test_an_unknown_process_is_not_found(visitor):
    assert visitor.get("/public/processes/nothing").status_code == 404


def test_a_picture_may_load_and_run_nothing_when_it_is_opened_on_its_own(visitor, as_user, services):
    key = services.engine.definitions(kind="process", id="purchase", latest=True, limit=1).items[0].key
    for answer in (
        visitor.get("/public/processes/purchase/diagram.svg"),
        as_user("czs").get(f"/definitions/{key}/diagram.svg"),
    ):
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.text.startswith("<?xml")
    assert "sandbox" in visitor.get("/public/processes/purchase/diagram.xml").headers["content-security-policy"]
    assert visitor.get(f"/definitions/{key}/diagram.svg").status_code in {302, 303, 401}, "only the public page is public"


def test_the_diagram_is_shown_by_the_viewer_and_printed_as_the_picture(browse):
    page = browse(None)
    page.goto("/public/processes/open_comparison")
    page.wait_for_selector("#diagram[data-ready=true]")
    expect(page.locator(".diagram-printed")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".diagram-printed")).to_be_visible()
    expect(page.locator("#diagram")).to_be_hidden()
    page.wait_for_function("() => document.querySelector('.diagram-printed').naturalWidth > 500")


def test_without_scripts_the_picture_stands_in_for_the_diagram(browse):
    page = browse(None, javascript=False)
    page.goto("/public/processes/open_comparison")
    expect(page.locator(".diagram-picture img")).to_be_visible()


def test_a_diagram_that_cannot_be_shown_leaves_its_picture(browse):
    page = browse(None)
    page.route("**/diagram.xml", lambda route: route.fulfill(body="<nothing/>", content_type="application/xml"))
    page.goto("/public/processes/purchase")
    page.wait_for_selector("#diagram[data-ready=failed] img")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("=working days after(now(), 5)", "5 个工作日"),
        ('=date and time(working days after(today(), 3), time("18:00:00+08:00"))', "3 个工作日"),
        ("=date and time(working days after(today(), days.value), time(now()))", "7 工作日（参数，今天的数）"),
        ("=working days after(date and time(date(closes_on), time(now())), 10)", "10 个工作日"),
        ("=working days after(today(), others.value)", "按参数"),
        ('=duration("P" + string(days.value) + "D")', "7 工作日（参数，今天的数）"),
        ("P3D", "3 日"),
        ('=duration("P2M")', "2 个月"),
        ("=date and time(bids_due_at)", "到案件写明的日期"),
    ],
)
def test_a_deadline_is_told_in_words(expression, words):
    assert in_words(expression, {"days": "7 工作日"}) == words
