"""Which mail server the settings give, and what they refuse."""

from __future__ import annotations

import pytest

from web.mail_settings import with_mail
from web.settings import BadSettings, Settings

GIVEN = {
    "BIXUAN_MAIL_HOST": "smtp.office.example",
    "BIXUAN_MAIL_FROM": "bixuan@office.example",
    "BIXUAN_PUBLIC_URL": "https://bixuan.office.example/",
}


def office(**more):
    return Settings("postgresql://x", "k" * 32, "files", **more)


def test_without_a_host_there_is_no_mail():
    assert with_mail(office(), {}).mail is None


def test_the_usual_server_is_encrypted_and_named_after_the_office():
    server = with_mail(office(office_name="锦江街道办事处"), GIVEN).mail
    assert (server.port, server.security, server.site) == (587, "starttls", "https://bixuan.office.example")
    assert server.office == "锦江街道办事处"


def test_a_password_is_read_from_a_file_and_never_shown(tmp_path):
    secret = tmp_path / "password"
    secret.write_text("s3cret\n")
    given = {**GIVEN, "BIXUAN_MAIL_USER": "bixuan", "BIXUAN_MAIL_PASSWORD_FILE": str(secret), "BIXUAN_MAIL_SECURITY": "tls"}
    settings = with_mail(office(), given)
    assert (settings.mail.password, settings.mail.port) == ("s3cret", 465)
    assert "s3cret" not in repr(settings.mail)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"BIXUAN_PUBLIC_URL": ""}, "BIXUAN_PUBLIC_URL"),
        ({"BIXUAN_MAIL_FROM": "nobody"}, "BIXUAN_MAIL_FROM"),
        ({"BIXUAN_MAIL_FROM": "a@b.example\r\nBcc: c@d.example"}, "BIXUAN_MAIL_FROM"),
        ({"BIXUAN_MAIL_SECURITY": "ssl3"}, "BIXUAN_MAIL_SECURITY"),
        ({"BIXUAN_MAIL_USER": "bixuan"}, "BIXUAN_MAIL_PASSWORD"),
        ({"BIXUAN_MAIL_USER": "b", "BIXUAN_MAIL_PASSWORD": "p", "BIXUAN_MAIL_SECURITY": "none"}, "BIXUAN_MAIL_SECURITY"),
        ({"BIXUAN_MAIL_PORT": "99999"}, "BIXUAN_MAIL_PORT"),
        ({"BIXUAN_MAIL_TIMEOUT": "soon"}, "BIXUAN_MAIL_TIMEOUT"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(change, names):
    with pytest.raises(BadSettings, match=names):
        with_mail(office(), {**GIVEN, **change})


def test_the_demo_needs_no_public_address():
    given = {**GIVEN, "BIXUAN_PUBLIC_URL": ""}
    assert with_mail(office(demo=True), given).mail.site == "http://127.0.0.1:8000"
