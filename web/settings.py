"""What may differ between two offices: read once from the environment, checked, never changed afterwards."""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from procurement.messages.mailer import MailServer
from procurement.registers.credit_code import fault
from procurement.sealing import streams

TRUE, FALSE = "true", "false"
MOST_THREADS = 200  # of one kind in one process; Python runs one at a time, so more processes help sooner
MOST_SECONDS = 3_600


class BadSettings(ValueError):
    """A setting cannot be used; the text names it and the accepted values."""


@dataclass(frozen=True)
class Settings:
    """``file_store`` is a folder, or an ``s3://bucket/prefix`` address. Sizes in bytes."""

    database_url: str
    secret_key: str
    file_store: str
    office_name: str = "街道办事处"
    demo: bool = False
    worker_inside: bool = True
    secure_cookies: bool = True
    session_idle: dt.timedelta = dt.timedelta(hours=1)
    session_longest: dt.timedelta = dt.timedelta(hours=10)
    file_limit: int = 50 * 1024 * 1024
    request_limit: int = 220 * 1024 * 1024
    page_threads: int = 16  # pages answered side by side; each needs a database connection
    api_threads: int = 16  # and operations of the API
    operation_seconds: int = 30  # longer, and an operation counts as hanging
    effect_seconds: int = 300  # the same for an effect on the outside
    metrics_token: str = ""  # empty: /metrics answers this machine only
    seal_cipher: str = streams.AES  # of bids, from the next sealed comparison on
    public_url: str = ""  # how the site is reached from outside; empty: as the visitor's own request says
    ocid_prefix: str = "ocds-bixuan"  # not registered: see docs/explanation/open-data.md
    office_code: str = ""  # the office's unified social credit code
    data_licence: str = ""  # address of the licence of the open data
    templates: Path | None = None  # a folder with the office's own Word templates
    mail: MailServer | None = None  # web.mail_settings; None: messages are in the pages only

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Raises BadSettings naming the variable. A ``…_FILE`` variable names a file that holds the value."""
        return cls(
            database_url=_required(environ, "DATABASE_URL"),
            secret_key=_secret(_required(environ, "BIXUAN_SECRET_KEY")),
            file_store=_required(environ, "BIXUAN_FILE_STORE"),
            office_name=environ.get("BIXUAN_OFFICE_NAME", cls.office_name),
            demo=_boolean(environ, "BIXUAN_DEMO", default=False),
            worker_inside=_boolean(environ, "BIXUAN_WORKER_INSIDE", default=True),
            secure_cookies=_boolean(environ, "BIXUAN_SECURE_COOKIES", default=True),
            page_threads=_count(environ, "BIXUAN_PAGE_THREADS", cls.page_threads),
            api_threads=_count(environ, "BIXUAN_API_THREADS", cls.api_threads),
            operation_seconds=_count(environ, "BIXUAN_OPERATION_SECONDS", cls.operation_seconds, MOST_SECONDS),
            effect_seconds=_count(environ, "BIXUAN_EFFECT_SECONDS", cls.effect_seconds, MOST_SECONDS),
            metrics_token=given(environ, "BIXUAN_METRICS_TOKEN") or "",
            seal_cipher=_cipher(environ.get("BIXUAN_SEAL_CIPHER", cls.seal_cipher)),
            public_url=_address(environ, "BIXUAN_PUBLIC_URL"),
            ocid_prefix=_ocid_prefix(environ.get("BIXUAN_OCID_PREFIX", cls.ocid_prefix)),
            office_code=_credit_code(environ.get("BIXUAN_OFFICE_CODE", "")),
            data_licence=_address(environ, "BIXUAN_DATA_LICENCE"),
            templates=_folder(environ, "BIXUAN_TEMPLATES"),
        )

    @classmethod
    def for_demo(cls, database_url: str, file_store: str, office_name: str = "锦江街道办事处") -> Settings:
        """The demo office: plain HTTP on the own machine, a new secret at every start, a clock people may move."""
        return cls(
            database_url=database_url,
            secret_key=secrets.token_hex(32),
            file_store=file_store,
            office_name=office_name,
            demo=True,
            secure_cookies=False,
        )


def given(environ: Mapping[str, str], name: str) -> str | None:
    """The variable itself, or the content of the file its ``…_FILE`` twin names. Raises BadSettings for an unreadable file."""
    if value := environ.get(name):
        return value
    if path := environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSettings(f"{name}_FILE 所指的 {path} 读不出来（{error.strerror}）。") from error
    return None


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    value = given(environ, name)
    if value is None:
        return None
    if not Path(value).is_dir():
        raise BadSettings(f"{name}：没有 {value} 这个文件夹。")
    return Path(value)


def _required(environ: Mapping[str, str], name: str) -> str:
    if value := given(environ, name):
        return value
    raise BadSettings(f"没有设置 {name}。请设置它，或在 {name}_FILE 里写明存着它的文件。")


def _secret(value: str) -> str:
    if len(value) < 32:
        raise BadSettings("BIXUAN_SECRET_KEY 至少要 32 个字符；可以用 openssl rand -hex 32 生成一个。")
    return value


def _address(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").rstrip("/")
    if value and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise BadSettings(f"{name} 现在是 {value!r}：请写以 https:// 开头的地址，不带 ? 和 #。")
    return value


def _ocid_prefix(value: str) -> str:
    if not re.fullmatch(r"ocds-[a-z0-9]{6}", value):
        raise BadSettings(f"BIXUAN_OCID_PREFIX 现在是 {value!r}：请写 ocds- 和登记到的六个字符。")
    return value


def _credit_code(value: str) -> str:
    if value and fault(value):
        raise BadSettings(f"BIXUAN_OFFICE_CODE 现在是 {value!r}：不是统一社会信用代码（GB 32100）。")
    return value


def _cipher(value: str) -> str:
    if value not in streams.MARKS:
        raise BadSettings(f"BIXUAN_SEAL_CIPHER 现在是 {value!r}：请写 {'、'.join(streams.MARKS)} 之一。")
    try:
        streams.try_cipher(value)
    except streams.CipherMissing as error:
        raise BadSettings("BIXUAN_SEAL_CIPHER 选了 SM4-GCM，但这台机器的 OpenSSL 没有它：请改为 AES-256-GCM。") from error
    return value


def _count(environ: Mapping[str, str], name: str, default: int, most: int = MOST_THREADS) -> int:
    value = environ.get(name, str(default))
    if not value.isdecimal() or not 1 <= int(value) <= most:
        raise BadSettings(f"{name} 现在是 {value!r}：请写 1 到 {most} 的整数。")
    return int(value)


def _boolean(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environ.get(name, TRUE if default else FALSE)
    if value not in (TRUE, FALSE):
        raise BadSettings(f"{name} 现在是 {value!r}：请写 {TRUE} 或 {FALSE}。")
    return value == TRUE
