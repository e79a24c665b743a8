"""Several purchases of the demo office played to where there is something to steal: one database for all of the attacks.

``play`` fills an empty database; a test copies it and does with the copy what it likes. The purchases stand at: applications
(sealed bids to come), a drawn panel whose names are secret, scoring, a result to confirm, a running contract after an objection
that was rejected and appealed, and an archived file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from engine.model import SYSTEM
from procurement import demo
from procurement.demo.story import Story, stories
from tests.web.drafting import ACTOR as DESIGNER
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

APPLYING, DRAWN, SCORING, CONFIRMING, RUNNING, ARCHIVED = "gyct", "wcnr", "qdjc", "cjzj", "dqfw", "wqst"
KEYS = (APPLYING, DRAWN, SCORING, CONFIRMING, RUNNING, ARCHIVED)
TITLES = {story.facts["key"]: story.facts["title"] for story in stories() if story.facts["key"] in KEYS}


def chosen() -> list[Story]:
    return [story for story in stories() if story.facts["key"] in KEYS]


def settings(url: str, files: str) -> Settings:
    return Settings.for_demo(url, files)


def play(url: str, files: str) -> None:
    """Everything is closed again afterwards, so that the database can be copied."""
    services = compose(settings(url, files))
    try:
        services.migrate()
        services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="演示街道的流程和表单")
        with patch("procurement.demo.playing.stories", chosen), patch("procurement.demo.loading.stories", chosen):
            demo.load(services.office, services.engine)
        _appeal(services)
        while services.messages.tell():
            pass
        _studio(services)
        _account(services)
    finally:
        services.close()


@contextmanager
def opened(url: str, files: str) -> Iterator[Services]:
    services = compose(settings(url, files))
    try:
        yield services
    finally:
        services.close()


def _appeal(services: Services) -> None:
    """The organisation whose objection was rejected goes on to the supervisors."""
    office = services.office
    [purchase] = [one for one in office.purchases.search(limit=100).items if one.title == TITLES[RUNNING]]
    [objection] = office.voices.objections(purchase.id)
    member = office.accounts.actor(f"org{objection.organisation_id[-2:]}")
    now = services.clock.now()
    services.clock.set(objection.decided_at + dt.timedelta(days=2))
    office.appeals.raise_(
        objection.id, request="复核评审报告", facts="答复没有说明报价分怎样算出。", contact="028-80000000", files=(), actor=member
    )
    services.clock.set(now)


def _studio(services: Services) -> None:
    services.studio.drafts.begin("goal_setting", "限额提高到十万元", "党工委会议纪要〔2026〕3 号", actor=DESIGNER)


def _account(services: Services) -> None:
    """Somebody's token, and a message with a mail for one."""
    actor = services.office.accounts.actor("cgjb")
    services.office.accounts.create_token("cgjb", "对账程序", ["read"], actor=actor)
