"""Who is told what: from operations, from the history of the cases, once each; and how it becomes mail."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from engine.errors import EngineError, InvalidInput, NotFound
from engine.model import SYSTEM, Actor
from procurement.messages.confirming import ConfirmationVoid, TooManyConfirmations
from procurement.registers.messages import FeedPosition, Mail, Message
from tests.integration.messages.conftest import MORNING, do_duties, forward, messages_of, start, tell, with_address


def complete(services, task, login, **values):
    return services.engine.complete_task(task.key, values, actor=services.office.accounts.actor(login))


def count(services, table=Message):
    with services.office.desk.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_message_reaches_logins_roles_and_parties_each_once(services):
    told = tell(services, ["ylfw", "department", "agency:agy-01", "nobody", "organisation:none"], source="one")
    assert told == 8, "seven departments with ylfw among them, and the agency's account"
    assert tell(services, ["ylfw", "department"], source="one") == 0
    assert messages_of(services, "ylfw") == ["测试"]
    assert messages_of(services, "cypg") == []


def test_a_closed_account_is_told_nothing(services):
    services.office.accounts.change("ylfw", active=False, actor=SYSTEM)
    assert tell(services, ["ylfw"]) == 0


@pytest.mark.parametrize(
    "link", ["https://evil.example", "//evil.example", "javascript:alert(1)", "/a\r\nX: 1", "/\\evil.example"]
)
def test_a_message_links_to_no_other_site(services, link):
    with pytest.raises(EngineError, match="links to"):
        tell(services, ["ylfw"], link=link)


def test_an_unknown_kind_is_refused_by_name(services):
    with pytest.raises(EngineError, match="no kind of message gossip"):
        tell(services, ["ylfw"], kind="gossip")


def test_whoever_may_take_a_new_task_is_told_once_and_who_made_it_is_not(services, open_office, mail_server):
    begun = start(services)
    do_duties(services)
    assert not any("待办" in subject for subject in messages_of(services, "ylfw")), "who started it sees the task already"
    services.engine.assign_task(begun.task.key, "whz", actor=services.office.accounts.actor("ylfw"))
    for _ in range(3):
        do_duties(services)
    assert messages_of(services, "whz") == [f"交给您办理：{begun.task.name}（高龄独居老人居家照护）"]
    other = open_office(mail_server)
    do_duties(other)  # another worker reads the last seconds again
    assert len(messages_of(services, "whz")) == 1
    ((shown,), _) = services.office.messages.page("whz", "en")
    assert shown.subject.startswith("Handed to you: ") and shown.message.link == f"/tasks/{begun.task.key}"


def test_workers_that_read_together_tell_everything_once(services, open_office, mail_server):
    for n in range(12):
        begun = start(services, title=f"采购 {n}")
        services.engine.assign_task(begun.task.key, "whz", actor=services.office.accounts.actor("ylfw"))
    others = [services, open_office(mail_server), open_office(mail_server)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: [one.messages.tell() for _ in range(6)], others))
    assert len(messages_of(services, "whz")) == 12


def test_a_worker_killed_while_telling_tells_it_after_all(services, monkeypatch):
    begun = start(services)
    services.engine.assign_task(begun.task.key, "whz", actor=services.office.accounts.actor("ylfw"))

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(services.messages._feed, "_remember", killed)
        real = services.office.desk.database.unit_of_work
        patch.setattr(services.messages._feed, "_take", killed)
        with pytest.raises(Killed):
            services.messages.tell()
        assert real
    assert not messages_of(services, "whz")
    services.messages.tell()
    assert len(messages_of(services, "whz")) == 1


def test_an_entry_of_a_shape_nobody_foresaw_holds_nobody_up(services, monkeypatch):
    from procurement.messages import history
    from procurement.office import message_duties

    def broken(scene, entry):
        raise KeyError("inputs")

    broken_one = {**history.TELLERS, "user_task_created": broken}
    monkeypatch.setattr(message_duties, "TELLERS", broken_one)
    begun = start(services)
    services.engine.assign_task(begun.task.key, "whz", actor=services.office.accounts.actor("ylfw"))
    services.messages.tell()
    assert len(messages_of(services, "whz")) == 1


def test_a_clock_put_back_loses_no_message(services):
    forward(services, days=30)
    begun = start(services)
    services.engine.assign_task(begun.task.key, "whz", actor=services.office.accounts.actor("ylfw"))
    services.messages.tell()
    services.clock.set(MORNING)
    second = start(services, title="拨回以后")
    services.engine.assign_task(second.task.key, "whz", actor=services.office.accounts.actor("ylfw"))
    services.messages.tell()
    assert [subject for subject in messages_of(services, "whz") if "拨回以后" in subject]
    assert len(messages_of(services, "whz")) == 2


def test_an_office_that_is_upgraded_is_not_flooded_with_what_happened_before(services):
    begun = start(services)
    services.engine.assign_task(begun.task.key, "whz", actor=services.office.accounts.actor("ylfw"))
    with services.office.desk.database.unit_of_work() as work:
        work.session.execute(update(FeedPosition).values(at=services.clock.now() + dt.timedelta(minutes=20)))
        work.commit()
    forward(services, minutes=30)
    services.messages.tell()
    assert not messages_of(services, "whz")


# mail


def test_one_message_is_one_mail_and_several_at_once_are_one_mail(services, post_office):
    address = with_address(services, "whz")
    tell(services, ["whz"], subject="待办：审核需求", text="请审核。")
    do_duties(services)
    (mail,) = post_office.to(address)
    assert mail["Subject"] == "待办：审核需求"
    text = mail.get_body(("plain",)).get_content()
    assert "请审核。" in text and "https://bixuan.office.example/messages/" in text and "/messages/settings" in text
    for n in range(30):
        tell(services, ["whz"], subject=f"事项 {n}")
    do_duties(services)
    assert len(post_office.to(address)) == 2
    assert post_office.to(address)[1]["Subject"] == "30 条新消息 · 锦江街道办事处"


def test_after_ten_mails_in_an_hour_the_next_ones_are_gathered(services, post_office):
    address = with_address(services, "whz")
    for n in range(25):
        tell(services, ["whz"], subject=f"事项 {n}")
        do_duties(services)
    assert len(post_office.to(address)) == 10
    forward(services, minutes=61)
    do_duties(services)
    assert len(post_office.to(address)) == 11
    assert post_office.to(address)[-1]["Subject"].startswith("15 条新消息")


def test_in_quiet_hours_and_on_days_off_only_what_is_urgent_goes(services, post_office):
    address = with_address(services, "whz")
    services.clock.set(dt.datetime(2026, 3, 6, 22, 30, tzinfo=MORNING.tzinfo))  # a Friday night
    tell(services, ["whz"], subject="不急")
    tell(services, ["whz"], subject="答复期限明天到", urgent=True)
    do_duties(services)
    assert [mail["Subject"] for mail in post_office.to(address)] == ["答复期限明天到"]
    services.clock.set(dt.datetime(2026, 3, 7, 10, 0, tzinfo=MORNING.tzinfo))  # a Saturday nobody works
    do_duties(services)
    assert len(post_office.to(address)) == 1
    services.clock.set(dt.datetime(2026, 3, 9, 7, 0, tzinfo=MORNING.tzinfo))
    do_duties(services)
    assert [mail["Subject"] for mail in post_office.to(address)][1:] == ["不急"]


def test_a_make_up_saturday_is_a_working_day(services, post_office):
    address = with_address(services, "whz")
    services.clock.set(dt.datetime(2026, 2, 28, 10, 0, tzinfo=MORNING.tzinfo))  # 调休上班的周六
    tell(services, ["whz"])
    do_duties(services)
    assert len(post_office.to(address)) == 1


def test_a_digest_comes_once_a_day_at_its_hour_in_the_language_chosen(services, post_office):
    address = with_address(services, "whz", modes={"task": "digest", "case": "none"}, digest_hour=17, language="en")
    tell(services, ["whz"], subject="第一件")
    tell(services, ["whz"], subject="不要的", kind="case")
    do_duties(services)
    assert not post_office.to(address)
    services.clock.set(MORNING.replace(hour=17))
    do_duties(services)
    tell(services, ["whz"], subject="第二件")
    do_duties(services)
    (digest,) = post_office.to(address)
    assert digest["Subject"] == "第一件"
    forward(services, days=1)
    do_duties(services)
    assert [mail["Subject"] for mail in post_office.to(address)] == ["第一件", "第二件"]
    assert "Open: " in post_office.to(address)[1].get_body(("plain",)).get_content()


def test_a_leap_of_the_clock_sends_one_mail_not_a_flood(services, post_office):
    address = with_address(services, "ylfw")
    for n in range(8):
        start(services, title=f"采购 {n}")
    do_duties(services)
    before = len(post_office.to(address))
    forward(services, days=40)
    for _ in range(3):
        do_duties(services)
    assert len(post_office.to(address)) <= before + 1


def test_a_large_digest_is_cut_and_says_how_many_there_are(services, post_office):
    address = with_address(services, "whz", modes={"task": "digest"})
    for n in range(230):
        tell(services, ["whz"], subject=f"事项 {n}", text="很长的内容" * 100)
    do_duties(services)
    (mail,) = post_office.to(address)
    assert mail["Subject"].startswith("230 条新消息")


# the address


def secret_of(services, login):
    with services.office.desk.reading() as session:
        text = session.scalar(select(Mail.text).where(Mail.login == login, Mail.kind == "confirmation").order_by(Mail.key.desc()))
    return text.partition("/messages/confirm/")[2].split()[0]


def test_an_address_counts_once_its_link_was_opened_by_its_owner(services, post_office):
    office = services.office.messages
    office.ask_address(Actor("whz"), " zhou@people.example ", "zh_Hans")
    secret = secret_of(services, "whz")
    with pytest.raises(ConfirmationVoid):
        office.confirm_address(Actor("ylfw"), secret)
    do_duties(services)
    (mail,) = post_office.to("zhou@people.example")
    assert f"/messages/confirm/{secret}" in mail.get_body(("plain",)).get_content()
    assert office.wish("whz").address == ""
    office.confirm_address(Actor("whz"), secret)
    assert office.wish("whz").address == "zhou@people.example"
    with pytest.raises(ConfirmationVoid):
        office.confirm_address(Actor("whz"), secret)
    with services.office.desk.reading() as session:
        assert not session.scalar(select(Mail.text)), "a sent link is not kept"


def test_a_link_ends_after_a_day_and_with_the_next_one(services):
    office = services.office.messages
    office.ask_address(Actor("whz"), "zhou@people.example", "zh_Hans")
    first = secret_of(services, "whz")
    forward(services, minutes=2)
    office.ask_address(Actor("whz"), "zhou@people.example", "zh_Hans")
    second = secret_of(services, "whz")
    with pytest.raises(ConfirmationVoid):
        office.confirm_address(Actor("whz"), first)
    forward(services, hours=25)
    with pytest.raises(ConfirmationVoid):
        office.confirm_address(Actor("whz"), second)


def test_nobodys_mailbox_is_filled_with_links(services):
    office = services.office.messages
    office.ask_address(Actor("whz"), "victim@people.example", "zh_Hans")
    with pytest.raises(TooManyConfirmations):
        office.ask_address(Actor("ylfw"), "victim@people.example", "zh_Hans")
    for _ in range(4):
        forward(services, minutes=2)
        office.ask_address(Actor("whz"), "victim@people.example", "zh_Hans")
    forward(services, minutes=2)
    with pytest.raises(TooManyConfirmations):
        office.ask_address(Actor("ylfw"), "victim@people.example", "zh_Hans")


@pytest.mark.parametrize("address", ["x", "a@b.example\nBcc: c@d.example", "a@b.example,c@d.example", '"a b"@c.example'])
def test_only_one_plain_address_is_taken(services, address):
    with pytest.raises(InvalidInput):
        services.office.messages.ask_address(Actor("whz"), address, "zh_Hans")


def test_nobody_reads_or_marks_another_persons_messages(services):
    tell(services, ["whz"])
    with services.office.desk.reading() as session:
        key = session.scalar(select(Message.key))
    with pytest.raises(NotFound):
        services.office.messages.open("ylfw", key)
    assert services.office.messages.mark_read("ylfw", [key]) == 0
    assert services.office.messages.unread("whz") == 1
    services.office.messages.open("whz", key)
    assert services.office.messages.unread("whz") == 0


def test_an_organisation_is_told_before_its_evidence_expires_and_when_it_has(services):
    from procurement.messages.expiring import tell_of_evidence
    from procurement.messages.history import Scene
    from procurement.registers.evidence import Evidence

    organisation = services.office.parties.organisations()[0].id
    login = next(
        user.login
        for user in services.office.accounts.search(role="organisation")
        if f"organisation:{organisation}" in user.groups
    )
    with services.office.desk.editing(SYSTEM) as session:
        session.add(
            Evidence(
                organisation_id=organisation,
                condition="finance",
                valid_until=dt.date(2026, 3, 20),
                recorded_at=MORNING,
                recorded_by="tester",
            )
        )
        session.flush()

    def told_on(day):
        with services.office.desk.database.unit_of_work() as work:
            told = tell_of_evidence(Scene(work.session, services.engine), MORNING.replace(day=day), 10)
            work.commit()
        return told

    assert [told_on(day) for day in (9, 10, 11, 20, 21, 22)] == [0, 1, 0, 0, 1, 0]
    assert messages_of(services, login)[:2] == ["资格材料已过期：财务制度", "资格材料快到期：财务制度"]
