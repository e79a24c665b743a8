"""Mails through a real SMTP server: what arrives, what is tried again, what is given up, what never breaks a header."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from sqlalchemy import select

from engine.model import Actor
from procurement.messages import mailer
from procurement.messages.mailer import Letter, MailNotTaken, MailRefused, MailServer, MailServerAway
from procurement.registers.messages import Mail
from tests.integration.messages.conftest import MORNING, do_duties, forward, messages_of, tell, with_address
from tests.integration.messages.post_office import HangingUp, PostOffice, certificate

LETTER = Letter(
    "4f3a",
    "wang@people.example",
    "待办：审核需求（晚晴社区）",
    "“晚晴社区”的需求等您审核。\n\nhttps://bixuan.office.example/messages/7\n",
)


def body(message, kind):
    return message.get_body((kind,)).get_content()


def mails(services):
    with services.office.desk.reading() as session:
        return session.scalars(select(Mail).order_by(Mail.key)).all()


def test_chinese_arrives_as_it_was_written(post_office, mail_server):
    mailer.send(mail_server, LETTER, MORNING)
    (message,) = post_office.to("wang@people.example")
    assert message["Subject"] == LETTER.subject
    assert message["From"] == "锦江街道办事处 <bixuan@office.example>"
    assert message["Message-ID"] == "<4f3a@office.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://bixuan.office.example/messages/settings>"
    assert body(message, "plain").replace("\r\n", "\n") == LETTER.text
    assert '<a href="https://bixuan.office.example/messages/7">' in body(message, "html")
    assert b"\xe5" not in post_office.raw[0].split(b"\r\n\r\n")[0], "headers are ASCII on the wire"


@pytest.mark.parametrize(
    "subject",
    [
        "停\r\nBcc: all@people.example",
        "停\nX-Evil: 1",
        "停\r\n\r\n<b>正文</b>",
        "停\u2028Bcc: all@people.example",
        "停\x00\x0b\x85尾",
    ],
)
def test_a_line_break_in_a_subject_or_name_makes_no_header(post_office, mail_server, subject):
    server = replace(mail_server, office=subject)
    mailer.send(server, replace(LETTER, subject=subject), MORNING)
    ((recipient, message),) = post_office.letters
    assert recipient == "wang@people.example"
    assert not {"bcc", "x-evil"} & {name.lower() for name in message}
    assert len(message["Subject"].splitlines()) == 1
    assert body(message, "plain").replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nBcc: c@d.example", "a b@c.example", "<a@b.example>", "a@b.example, c@d.example", "王@b.example", "a@", ""],
)
def test_what_is_no_single_plain_address_is_refused_before_anything_is_sent(post_office, mail_server, address):
    with pytest.raises(MailRefused, match="no mail address"):
        mailer.send(mail_server, replace(LETTER, to=address), MORNING)
    assert post_office.conversations == 0


def test_html_in_a_message_is_text_in_the_mail(post_office, mail_server):
    mailer.send(mail_server, replace(LETTER, text='<script>alert(1)</script> & "引号"'), MORNING)
    assert "<script>" not in body(post_office.letters[0][1], "html")
    assert "&lt;script&gt;" in body(post_office.letters[0][1], "html")


def test_encryption_and_password_are_used_and_a_wrong_one_keeps_the_mail(tmp_path, mail_server):
    context, trusted = certificate(tmp_path)
    with PostOffice(tls=context, account=("bixuan", "s3cret")) as post_office:
        server = replace(
            mail_server, port=post_office.port, security="starttls", ca_file=trusted, user="bixuan", password="s3cret"
        )
        mailer.send(server, LETTER, MORNING)
        assert len(post_office.letters) == 1
        with pytest.raises(MailServerAway, match="535") as raised:
            mailer.send(replace(server, password="wrong"), LETTER, MORNING)
        assert "wrong" not in str(raised.value) and "s3cret" not in repr(server)
        assert len(post_office.letters) == 1


def test_a_certificate_nobody_trusts_is_not_talked_to(tmp_path, mail_server):
    context, _ = certificate(tmp_path)
    with PostOffice(tls=context) as post_office:
        server = replace(mail_server, port=post_office.port, security="starttls")
        with pytest.raises(MailServerAway, match="CERTIFICATE_VERIFY_FAILED"):
            mailer.send(server, LETTER, MORNING)
        assert not post_office.letters


def test_a_server_without_encryption_gets_nothing_when_encryption_is_set(post_office, mail_server):
    with pytest.raises(MailServerAway):
        mailer.send(replace(mail_server, security="starttls"), LETTER, MORNING)
    assert not post_office.letters


@pytest.mark.parametrize("silent", [False, True])
def test_a_server_that_hangs_up_or_says_nothing_is_away(mail_server, silent):
    with HangingUp(silent=silent) as trouble, pytest.raises(MailServerAway):
        mailer.send(replace(mail_server, port=trouble.port, timeout_s=1), LETTER, MORNING)


def test_later_and_never_are_told_apart(post_office, mail_server):
    post_office.on_recipient = lambda _: "450 mailbox busy"
    with pytest.raises(MailNotTaken, match="450") as busy:
        mailer.send(mail_server, LETTER, MORNING)
    assert not isinstance(busy.value, MailServerAway)
    post_office.on_recipient = lambda _: "550 no such user"
    with pytest.raises(MailRefused, match="550"):
        mailer.send(mail_server, LETTER, MORNING)
    post_office.on_recipient = lambda _: None
    post_office.on_data = lambda _: "554 rejected"
    with pytest.raises(MailRefused, match="554"):
        mailer.send(mail_server, LETTER, MORNING)


def test_a_busy_mailbox_is_tried_again_under_the_same_number(services, post_office):
    address = with_address(services, "cgjb")
    tell(services, ["cgjb"])
    tries = iter(["451 later", "452 later still"])
    ids = []

    def busy(message):
        ids.append(message["Message-ID"])
        return next(tries, None)

    post_office.on_data = busy
    do_duties(services)
    (mail,) = mails(services)
    assert (mail.state, mail.attempts, mail.error) == ("waiting", 1, "451 later")
    do_duties(services)
    assert mails(services)[0].attempts == 1, "not before its pause is over"
    forward(services, minutes=1)
    do_duties(services)
    forward(services, minutes=3)
    do_duties(services)
    assert mails(services)[0].state == "sent"
    assert len(post_office.to(address)) == 1
    assert len(ids) == 3 and len(set(ids)) == 1


def test_a_mailbox_that_is_gone_gets_nothing_more_until_it_is_confirmed_again(services, post_office):
    with_address(services, "cgjb")
    post_office.on_recipient = lambda _: "550 5.1.1 no such user"
    tell(services, ["cgjb"])
    do_duties(services)
    assert [mail.state for mail in mails(services)] == ["refused"]
    wish = services.office.messages.wish("cgjb")
    assert wish.stopped_reason == "550 5.1.1 no such user"
    assert services.office.outbox.stopped()[0].login == "cgjb"
    assert "您的邮箱退信" in messages_of(services, "cgjb")
    post_office.on_recipient = lambda _: None
    tell(services, ["cgjb"], subject="第二条")
    do_duties(services)
    assert len(mails(services)) == 1, "nothing is even put into the outbox"


def test_a_server_that_is_away_keeps_every_mail_and_tells_the_operators_once(services, post_office, open_office, mail_server):
    for login in ("cgjb", "ylfw"):
        with_address(services, login)
    tell(services, ["cgjb", "ylfw"])
    services.office.messages.server = replace(mail_server, port=1)
    services.messages.pause_s = 0
    for _ in range(8):
        do_duties(services)
        forward(services, minutes=5)
    assert {mail.state for mail in mails(services)} == {"waiting"}
    assert messages_of(services, "admin").count("邮件发不出去") == 1
    services.office.messages.server = mail_server
    forward(services, hours=5)
    do_duties(services)
    assert {mail.state for mail in mails(services)} >= {"sent"}
    assert len(post_office.to("cgjb@people.example")) == 1


def test_after_a_day_of_failures_an_operator_decides(services, post_office):
    with_address(services, "cgjb", quiet_from="", quiet_until="", quiet_days_off=False)
    tell(services, ["cgjb"])
    post_office.on_data = lambda _: "451 later"
    for _ in range(20):
        do_duties(services)
        forward(services, hours=4)
    mail = next(mail for mail in mails(services) if mail.login == "cgjb")
    assert (mail.state, mail.attempts) == ("given_up", 12)
    post_office.on_data = lambda _: None
    services.office.outbox.retry(mail.key)
    do_duties(services)
    assert mails(services)[0].state == "sent"


def test_without_a_mail_server_messages_are_in_the_pages_only(open_office):
    services = open_office(None)
    with_address(services, "cgjb")
    tell(services, ["cgjb"])
    do_duties(services)
    assert messages_of(services, "cgjb") == ["测试"]
    assert not mails(services)
    with pytest.raises(Exception, match="no mail server"):
        services.office.messages.send_test(Actor("cgjb"))


def test_two_workers_send_each_mail_once(services, open_office, mail_server, post_office):
    from concurrent.futures import ThreadPoolExecutor

    logins = [user.login for user in services.office.accounts.search(limit=20)]
    for login in logins:
        with_address(services, login)
    tell(services, logins)
    post_office.delay_s = 0.05
    other = open_office(mail_server)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: [do_duties(one) for _ in range(4)], [services, other, services, other]))
    assert sorted(recipient for recipient, _ in post_office.letters) == sorted(f"{login}@people.example" for login in logins)


def test_a_worker_killed_after_sending_sends_again_under_the_same_number(services, post_office):
    with_address(services, "cgjb")
    tell(services, ["cgjb"])

    class Killed(BaseException):
        pass

    def sent_then_killed(server, letter, at):
        mailer.send(server, letter, at)
        raise Killed

    services.messages.deliver = sent_then_killed
    with pytest.raises(Killed):
        do_duties(services)
    assert mails(services)[0].state == "waiting"
    services.messages.deliver = mailer.send
    do_duties(services)
    assert mails(services)[0].state == "sent"
    first, second = post_office.to("cgjb@people.example")
    assert first["Message-ID"] == second["Message-ID"]


def test_kill_9_between_sending_and_noting_it_sends_at_most_once_more(services, post_office, tmp_path):
    with_address(services, "cgjb")
    tell(services, ["cgjb"])
    services.messages.post()
    database = services.database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.integration.messages.sender", database, str(tmp_path), str(post_office.port)]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == "sent"
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(timeout=30) == -signal.SIGKILL
    worker.stdout.close()
    assert mails(services)[0].state == "waiting", "its transaction went with it"
    for _ in range(5):
        do_duties(services)
    assert mails(services)[0].state == "sent"
    first, second = post_office.to("cgjb@people.example")
    assert first["Message-ID"] == second["Message-ID"], "one duplicate at most, and a mailbox knows it for one"


def test_the_effect_of_a_service_task_sends_under_its_idempotency_key(post_office, mail_server: MailServer):
    effect = mailer.effect(mail_server, lambda: MORNING)
    effect({"to": "wang@people.example", "subject": "通知", "text": "正文"}, "effect-12")
    effect({"to": "wang@people.example", "subject": "通知", "text": "正文"}, "effect-12")
    assert {message["Message-ID"] for message in post_office.to("wang@people.example")} == {"<effect-12@office.example>"}
