"""Pages that hold much: 200 bids on a score sheet, 1,700 answers to a survey, the largest form; beside the login page of the run.

    python -m bench.full_pages [bids] [rounds]

Asks each page in this process, without a network. Prints milliseconds (p50, p95), the ratio of the p50 to that of the login page,
and what filling the demo's registers takes beside the first page of purchases.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from bench.processes import quiet
from bench.user_task import server
from engine.model import SYSTEM
from procurement.demo.registers import load_registers
from procurement.registers.surveys import INVITED, Answer
from procurement.surveys.tokens import new_secret
from tests.support.panels import seat_at
from tests.support.purchases import MORNING
from tests.support.surveys import QUESTIONS, open_survey, perform
from web.auth.session import contents
from web.composition import Services, compose
from web.pages.factory import create_pages
from web.resources import designer_folders, read_resources
from web.serving import settle
from web.settings import Settings

FORMS = Path(__file__).parents[1] / "forms"
GROUPS = ("低保对象", "特困人员", "优抚对象", "重度残疾人", "高龄老人", "失独家庭", "困境儿童家庭")
ANSWERS = 1_722
WANTED_RATIO = 300  # of the login page, which takes about 1.3 ms, for each of them


def main(bids: int, rounds: int) -> bool:
    quiet()
    with server() as url, tempfile.TemporaryDirectory() as files:
        services = compose(Settings.for_demo(url, files))
        services.migrate()
        services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM, note="bench")
        services.clock.set(MORNING)  # type: ignore[attr-defined]  # the demo's clock
        registers = timed(lambda: fill_registers(services))
        number, expert = scored(services, bids)
        survey, counting = answered(services)
        pages = create_pages(services)
        public, officer, designer = (browser(pages, services, login) for login in (None, "cgjb", "lcsj"))
        asked = {
            "login": opening(public, "/login"),
            "purchases": opening(officer, "/purchases"),
            "score sheet": opening(browser(pages, services, expert), f"/scoring/{number}"),
            **{f"scores: {part}": opening(officer, f"/scoring/{number}/{part}") for part in ("progress", "result", "report")},
            "survey": opening(public, f"/public/surveys/{survey}"),
            "survey, inside": opening(officer, f"/surveys/{survey}"),
            "form preview": previewing(services, designer),
        }
        settle(services)  # as a served process does
        fine = report({name: [timed(ask) for _ in range(rounds + 1)][1:] for name, ask in asked.items()})
        services.close()
    print(f"registers of the demo filled in {registers:.0f} ms; {ANSWERS} answers counted in {counting:.0f} ms")
    return fine


def fill_registers(services: Services) -> None:
    with services.office.desk.editing(SYSTEM) as session:
        load_registers(session, MORNING)


def scored(services: Services, bids: int) -> tuple[str, str]:
    """A purchase whose experts have signed their marks for so many bids; somebody of the panel."""
    actor = services.office.accounts.actor("ylfw")
    started = services.office.purchases.start(
        actor=actor, title="居家养老", unit="养老服务科", initiator_kind="department", community="晚晴社区"
    )
    prices = [400_000 - n * 100 for n in range(bids)]
    panel = seat_at(services.office, services.engine, started.id, prices=prices)
    marks = panel.marks()
    for one in panel.experts:
        panel.sign(one, marks)
    return started.id, panel.experts[0].user_id


def answered(services: Services) -> tuple[str, float]:
    """A closed survey with many answers, and how long counting them took."""
    now, desk = services.clock.now(), services.office.desk
    strata = [{"name": name, "planned": ANSWERS // len(GROUPS)} for name in GROUPS]
    with desk.editing(SYSTEM) as session:
        number = open_survey(session, now, strata=strata, minimum_group=10)
        ages = QUESTIONS[2]["options"].split("|")
        for n in range(ANSWERS):
            said = {"overall": str(1 + n % 5), "attitude": "4", "age": ages[n % 3], "wish": "好"}
            session.add(Answer(id=new_secret()[:32], survey_id=number, stratum=GROUPS[n % 7], via=INVITED, answers=said))
    with desk.editing(SYSTEM) as session:
        counting = timed(lambda: perform(session, now, "survey.close", survey=number))
        perform(session, now, "survey.publish", survey=number, told="照实公布")
    return number, counting


def browser(pages: Flask, services: Services, login: str | None) -> FlaskClient:
    client = pages.test_client()
    person = services.person(login) if login else None
    if person:
        with client.session_transaction() as session:
            session.update(contents(person))
    return client


def opening(client: FlaskClient, address: str) -> Callable[[], Any]:
    def ask() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return ask


def previewing(services: Services, client: FlaskClient) -> Callable[[], Any]:
    """What the form editor asks for after a pause in typing: the largest form of ours, drawn with sample values."""
    designer = services.office.accounts.actor("lcsj")
    draft = services.studio.drafts.begin("goal_setting", "bench", "bench", actor=designer).key
    largest = max(FORMS.glob("*/*.form"), key=lambda path: path.stat().st_size).read_text(encoding="utf-8")
    body = {"schema": largest, "variables": None, "values": [], "wrong": False}
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/studio").text)
    assert token

    def ask() -> None:
        answer = client.post(f"/studio/drafts/{draft}/form-preview", json=body, headers={"X-CSRFToken": token[1]})
        assert answer.status_code == 200, answer.status_code
        assert answer.json["html"]

    return ask


def timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def report(taken: dict[str, list[float]]) -> bool:
    base, fine = statistics.median(taken["login"]), True
    for name, times in taken.items():
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        fine = fine and p50 / base <= WANTED_RATIO
        print(f"{name:18} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   {p50 / base:6.1f} x login")
    return fine


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(not main(*(arguments or [200])[:1], *(arguments[1:] or [10])))
