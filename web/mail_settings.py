"""Which mail server the office sends through; none is fine, then messages are in the pages only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from procurement.messages.mailer import PLAIN, SECURITIES, STARTTLS, TLS, MailServer, is_address
from web.settings import BadSettings, Settings, given

PORTS = {STARTTLS: 587, TLS: 465, PLAIN: 25}
DEMO_SITE = "http://127.0.0.1:8000"
LONGEST_TIMEOUT_S = 300


def with_mail(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """The settings with the mail server of ``environ``. Raises BadSettings naming the variable."""
    host = environ.get("BIXUAN_MAIL_HOST", "")
    if not host:
        return settings
    site = settings.public_url or environ.get("BIXUAN_PUBLIC_URL", "").rstrip("/") or (DEMO_SITE if settings.demo else "")
    if not site:
        raise BadSettings("没有设置 BIXUAN_PUBLIC_URL：邮件里要写大家打开这套系统的地址。")
    security = environ.get("BIXUAN_MAIL_SECURITY", STARTTLS)
    if security not in SECURITIES:
        raise BadSettings(f"BIXUAN_MAIL_SECURITY 现在是 {security!r}：请写 {'、'.join(SECURITIES)} 之一。")
    user, password = environ.get("BIXUAN_MAIL_USER", ""), given(environ, "BIXUAN_MAIL_PASSWORD") or ""
    if bool(user) != bool(password):
        raise BadSettings("BIXUAN_MAIL_USER 和 BIXUAN_MAIL_PASSWORD 要么都设置，要么都不设置。")
    if user and security == PLAIN:
        raise BadSettings("BIXUAN_MAIL_SECURITY 现在是 'none'：密码只能加密发送，请写 starttls 或 tls。")
    server = MailServer(
        host=host,
        sender=_sender(environ),
        site=site,
        port=_number(environ, "BIXUAN_MAIL_PORT", PORTS[security], 65_535),
        security=security,
        user=user,
        password=password,
        ca_file=environ.get("BIXUAN_MAIL_CA_FILE", ""),
        timeout_s=_number(environ, "BIXUAN_MAIL_TIMEOUT", 20, LONGEST_TIMEOUT_S),
        office=settings.office_name,
    )
    return replace(settings, mail=server)


def _sender(environ: Mapping[str, str]) -> str:
    sender = environ.get("BIXUAN_MAIL_FROM", "")
    if not is_address(sender):
        raise BadSettings(f"BIXUAN_MAIL_FROM 现在是 {sender!r}：请写发件的地址，例如 bixuan@example.gov.cn。")
    return sender


def _number(environ: Mapping[str, str], name: str, default: int, most: int) -> int:
    value = environ.get(name, str(default))
    if not value.isdecimal() or not 1 <= int(value) <= most:
        raise BadSettings(f"{name} 现在是 {value!r}：请写 1 到 {most} 的整数。")
    return int(value)
