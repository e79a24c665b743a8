"""A composed office with a mail server of its own on this machine, and no worker: a test does the worker's duties itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.model import SYSTEM, Actor
from procurement.demo.registers import load_registers
from procurement.messages.mailer import MailServer
from procurement.registers.row import OFFICE_ZONE
from tests.integration.messages.post_office import PostOffice
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

MORNING = dt.datetime(2026, 3, 2, 9, 0, tzinfo=OFFICE_ZONE)  # a Monday


@pytest.fixture(scope="session")
def office_template(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database with the diagrams deployed and the people of the demo, nothing bought yet."""
    url = new_database()
    services = compose(Settings.for_demo(url, str(tmp_path_factory.mktemp("files"))))
    services.migrate()
    services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="tests")
    services.clock.set(MORNING)
    with services.office.desk.editing(SYSTEM) as session:
        load_registers(session, MORNING)
    services.close()
    return url.rpartition("/")[2].partition("?")[0]


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with PostOffice() as running:
        yield running


@pytest.fixture
def mail_server(post_office: PostOffice) -> MailServer:
    return MailServer(
        host="127.0.0.1",
        port=post_office.port,
        security="none",
        sender="bixuan@office.example",
        site="https://bixuan.office.example",
        timeout_s=30,
        office="锦江街道办事处",
    )


@pytest.fixture
def open_office(new_database: Callable[..., str], office_template: str, tmp_path: Path) -> Iterator[Callable[..., Services]]:
    """``open_office(server)``: services on one database; called again, another worker of the same office."""
    url = new_database(office_template)
    opened: list[Services] = []

    def open_one(server: MailServer | None = None) -> Services:
        settings = replace(Settings.for_demo(url, str(tmp_path / "files")), mail=server)
        services = compose(settings)
        opened.append(services)
        return services

    yield open_one
    for services in opened:
        services.close()


@pytest.fixture
def services(open_office: Callable[..., Services], mail_server: MailServer) -> Services:
    services = open_office(mail_server)
    services.messages.tell()  # the place from which the history is read
    return services


def start(services: Services, login: str = "ylfw", title: str = "高龄独居老人居家照护") -> Any:
    """A purchase and its first task, which waits for whoever started it."""
    purchase = services.office.purchases.start(
        actor=services.office.accounts.actor(login),
        title=title,
        unit="养老服务科",
        initiator_kind="department",
        community="晚晴社区",
    )
    return SimpleNamespace(number=purchase.id, task=services.engine.tasks(root_key=purchase.process_key).items[0])


def with_address(services: Services, login: str, address: str = "", **wishes: Any) -> str:
    """A confirmed mail address, and what else the person wishes; returns the address."""
    address = address or f"{login}@people.example"
    actor = Actor(login)
    known: dict[str, Any] = {
        "modes": {},
        "digest_hour": 8,
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "quiet_days_off": True,
        "language": "zh_Hans",
    }
    services.office.messages.change_wish(actor, **{**known, **wishes})
    with services.office.desk.editing(actor) as session:
        from procurement.registers.messages import MailWish

        wish = session.get(MailWish, login)
        wish.address, wish.confirmed_at = address, services.clock.now()
    return address


def tell(services: Services, to: list[str], subject: str = "测试", text: str = "内容", kind: str = "task", **more: Any) -> int:
    with services.office.desk.database.unit_of_work() as work:
        told = services.office.messages.tell(
            work.session,
            **{
                "to": to,
                "kind": kind,
                "subject": subject,
                "text": text,
                "link": "/inbox",
                "purchase_id": None,
                "at": services.clock.now(),
                **more,
            },
        )
        work.commit()
    return told


def do_duties(services: Services) -> None:
    """One round of everything the worker does for messages."""
    for _, action in services.messages.by_name.values():
        action()


def forward(services: Services, **time: float) -> None:
    services.engine.advance_clock(services.clock.now() + dt.timedelta(**time), actor=SYSTEM)


def messages_of(services: Services, login: str, language: str = "zh_Hans") -> list[str]:
    """Subjects, newest first."""
    return [shown.subject for shown in services.office.messages.page(login, language, limit=100)[0]]
