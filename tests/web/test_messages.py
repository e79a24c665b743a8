"""Messages in the pages: the bell, the list, what goes by mail, the confirmation link, urging, the outbox."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from procurement.messages.mailer import MailServer
from procurement.registers.messages import Mail, Message
from tests.integration.messages.conftest import tell
from tests.integration.messages.post_office import PostOffice
from tests.support.serving import until
from tests.web.test_accessibility import complaints


@pytest.fixture
def by_mail(services):
    """The office has a mail server for the time of a test; the server's own worker sends."""
    with PostOffice() as post_office:
        server = MailServer(
            host="127.0.0.1",
            port=post_office.port,
            security="none",
            sender="bixuan@office.example",
            site="https://bixuan.office.example",
            office="锦江街道办事处",
            timeout_s=30,
        )
        services.office.messages.server = server
        try:
            yield post_office
        finally:
            services.office.messages.server = None


def newest(services, login):
    with services.office.desk.reading() as session:
        return session.scalar(select(Message).where(Message.login == login).order_by(Message.key.desc()))


def test_the_bell_counts_and_the_list_leads_to_the_case(services, browse, started):
    page = browse("sqfzb")
    before = services.office.messages.unread("sqfzb")
    tell(services, ["sqfzb"], subject="待办：审核需求（晚晴社区）", text="请审核。", link=f"/purchases/{started.number}")
    tell(services, ["sqfzb"], subject="更正公告：晚晴社区", kind="notice")
    page.goto("/messages")
    assert page.locator(".rail a[href='/messages'] .count").inner_text().startswith(str(before + 2))
    assert page.locator(".messages .subject").first.inner_text() == "更正公告：晚晴社区 未读"
    page.click(".subject a >> text=待办：审核需求（晚晴社区）")
    page.wait_for_url(f"**/purchases/{started.number}")
    page.goto("/messages?show=unread&kind=task")
    assert "审核需求" not in page.content()
    page.goto("/messages")
    page.click("text=全部标为已读")
    assert page.locator(".rail a[href='/messages'] .count").count() == 0


def test_only_what_is_ticked_is_marked(services, browse):
    tell(services, ["shsw"], subject="第一件")
    tell(services, ["shsw"], subject="第二件")
    page = browse("shsw", phone=True, javascript=False)
    page.goto("/messages")
    page.click("text=把选中的标为已读")
    assert "请先在左边选中" in page.content()
    page.locator(".messages li", has_text="第一件").locator("input").check()
    page.click("text=把选中的标为已读")
    marked = page.locator(".messages li", has_text="第一件"), page.locator(".messages li", has_text="第二件")
    assert [one.get_attribute("class") for one in marked] == [None, "unread"]


def test_what_somebody_wrote_is_shown_as_text(services, browse):
    tell(services, ["hpsq"], subject="<img src=x onerror=alert(1)>", text="<script>alert(2)</script>\n{{ 7*7 }}")
    page = browse("hpsq")
    page.goto("/messages")
    assert page.locator(".messages img, .messages script").count() == 0
    assert "{{ 7*7 }}" in page.locator(".messages").inner_text()


def test_another_persons_message_is_not_there(services, as_user):
    tell(services, ["whz"], subject="不是您的")
    key = newest(services, "whz").key
    client = as_user("sfs")
    assert client.get(f"/messages/{key}").status_code == 404
    assert newest(services, "whz").read_at is None
    client.post_form("/messages/read", {"key": str(key)}, page="/messages")
    assert newest(services, "whz").read_at is None


def test_an_organisation_is_led_to_its_portal(services, as_user, started):
    login = "org01"
    tell(services, [login], subject="公告", link=f"/purchases/{started.number}")
    answer = as_user(login).get(f"/messages/{newest(services, login).key}")
    assert answer.headers["location"] == f"/portal/{started.number}"


def test_an_address_is_confirmed_by_a_click_behind_the_link(services, browse, by_mail):
    page = browse("czs")
    page.goto("/messages/settings")
    page.fill("[name=address]", "xie@people.example")
    page.click("text=发确认邮件")
    assert "等待确认：xie@people.example" in page.content()
    mail = until(lambda: by_mail.to("xie@people.example"), "the confirmation mail")[0]
    secret = re.search(r"/messages/confirm/(\S+)", mail.get_body(("plain",)).get_content())[1]
    page.goto(f"/messages/confirm/{secret}")
    assert services.office.messages.wish("czs").address == "", "looking at it confirms nothing"
    page.click("main button.primary")
    assert "已确认" in page.locator(".address").inner_text()
    page.click("text=给我试发一封")
    until(lambda: len(by_mail.to("xie@people.example")) == 2, "the test mail")
    assert by_mail.to("xie@people.example")[1]["Subject"].startswith("试发邮件")
    page.goto(f"/messages/confirm/{secret}")
    page.click("main button.primary")
    assert "已经用过或已过期" in page.content()


def test_wishes_are_kept_and_nonsense_is_refused_with_what_was_typed(services, browse):
    page = browse("fzsc")
    page.goto("/messages/settings")
    page.check("[name=mode_case][value=none]")
    page.select_option("[name=digest_hour]", "17")
    page.fill("[name=quiet_from]", "20:30")
    page.select_option("select[name=language]", "en")
    page.uncheck("[name=quiet_days_off]")
    page.click("button >> text=保存")
    wish = services.office.messages.wish("fzsc")
    assert (wish.modes["case"], wish.digest_hour, wish.quiet_from, wish.language) == ("none", 17, "20:30", "en")
    assert not wish.quiet_days_off
    page.fill("[name=quiet_until]", "")
    page.click("button >> text=保存")
    assert "开始和结束" in page.locator(".error").first.inner_text()
    assert page.input_value("[name=quiet_from]") == "20:30"


def test_urging_reaches_the_holder_once_in_four_hours(services, browse, started):
    page = browse("cgjb")
    page.goto(f"/purchases/{started.number}")
    page.click("text=催办 >> visible=true")
    assert "已催办 1 项" in page.content()
    assert "催办了" in page.locator(".reminders").inner_text()
    assert newest(services, started.login).subject.startswith("催办：")
    page.click(".urge button")
    assert "4 小时内已经催办过" in page.locator(".note.warn").inner_text()
    assert len([1 for shown in services.office.messages.page(started.login, "zh_Hans")[0] if shown.message.kind == "urge"]) == 1


def test_nobody_else_urges(services, as_user, started):
    client = as_user("whz")
    assert "/urge" not in client.get(f"/purchases/{started.number}").text
    answer = client.post_form(f"/purchases/{started.number}/urge", page="/inbox")
    assert answer.status_code == 403
    agency = as_user("hxpg")
    assert agency.post_form(f"/purchases/{started.number}/urge", page="/inbox").status_code == 403


def test_the_outbox_shows_states_and_never_what_mails_say(services, browse, by_mail):
    by_mail.on_data = lambda _: "451 busy"
    with services.office.desk.database.unit_of_work() as work:
        from procurement.messages.posting import new_mail

        mail = new_mail("ylfw", "chen@people.example", "message", "zh_Hans", "机密标题", "机密正文", services.clock.now())
        work.session.add(mail)
        work.session.flush()
        key = mail.key
        work.commit()
    page = browse("ywgl")
    until(lambda: _mail(services, key).attempts == 1, "the first try")
    page.goto("/operate/mail?state=waiting")
    row = page.locator("tr", has_text="chen@people.example")
    assert "451 busy" in row.inner_text()
    assert "机密" not in page.content()
    by_mail.on_data = lambda _: None
    row.locator("text=立即重试").click()
    until(lambda: _mail(services, key).state == "sent", "the mail to go")


def _mail(services, key):
    with services.office.desk.reading() as session:
        return session.get(Mail, key)


def test_the_pages_are_accessible(services, browse, axe, started):
    tell(services, ["jdzr"], subject="待办", text="请办理")
    page = browse("jdzr")
    for address in ("/messages", "/messages/settings", "/messages/confirm/none", f"/purchases/{started.number}"):
        page.goto(address)
        assert not complaints(page, axe), address
