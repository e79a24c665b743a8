"""Whole purchases in which every text is an attack: on every page, feed, mail, table, paper and open-data answer they stay words."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.messages.letters import Sender, as_html, letter
from procurement.papers.contract import contract_text
from procurement.papers.finding import found
from procurement.papers.printing import as_html as contract_as_html
from procurement.papers.printing import paper_as_html
from procurement.registers.messages import Message
from procurement.registers.parties import Organisation
from procurement.registers.performance import Contract, Milestone
from procurement.registers.purchases import Purchase
from procurement.spreadsheets import DANGEROUS
from tests.attacks.calling import called, client
from tests.attacks.hostile_play import play_hostile
from tests.attacks.hostile_words import CANARY, HOSTILE, evaluated, formulas, living, quoted_in
from tests.attacks.played import opened
from tests.attacks.walking import Step, entered, steps, take
from tests.attacks.world import World, explore
from web.composition import Services
from web.pages.factory import create_pages

LOGINS = (None, "cgjb", "shsw", "hxpg", "org02", "zj01", "jjjc", "lcsj", "admin")
OFFICE = "application/vnd.openxmlformats-officedocument."
XLSX, DOCX = f"{OFFICE}spreadsheetml.sheet", f"{OFFICE}wordprocessingml.document"
PAGES = frozenset({"text/html", "application/json", "application/atom+xml"})
SAID_IN = {  # the kinds of answer in which somebody has to meet the words
    "cgjb": PAGES | {XLSX, DOCX, "application/zip"},
    "jjjc": PAGES | {XLSX, DOCX, "application/zip", "text/csv"},
    "admin": PAGES | {"text/csv"},
}
MARKUP = frozenset(f"{{http://www.w3.org/{space}}}{tag}" for space in ("2000/svg", "1999/xhtml") for tag in ("script", "img"))
SUFFIXES = {
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".xml": "text/xml",
    ".bpmn": "text/xml",
    ".json": "application/json",
    ".csv": "text/csv",
    ".xlsx": XLSX,
    ".docx": DOCX,
}


@pytest.fixture(scope="module")
def office(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    url, files = new_database(), str(tmp_path_factory.mktemp("files"))
    typed = play_hostile(url, files)
    assert len([task for task, words in typed.items() if HOSTILE in words]) >= 50, "hardly any form took the words"
    with opened(url, files) as services:
        stand = [one.step for one in reversed(services.office.purchases.search(limit=9).items)]
        assert stand == ["delivery", "tracking", "selection"], "the words stopped somebody"
        yield services


@pytest.fixture(scope="module")
def pages(office: Services) -> Flask:
    return create_pages(office)


@pytest.fixture(scope="module")
def world(office: Services) -> World:
    return explore(office)


@pytest.mark.parametrize("login", LOGINS)
def test_every_page_shows_the_words_as_words(login: str | None, office: Services, pages: Flask, world: World) -> None:
    browser, wrong, said = entered(pages, office, login), [], set()
    for step in every_address(pages, world):
        answer = take(browser, step)
        assert answer.status_code < 500, step
        content = answer.get_data()
        wrong += [f"{step}: {one}" for one in complaints(answer.mimetype, content)]
        if says_the_words(content):
            said.add(answer.mimetype)
    assert not wrong, "\n".join(wrong)
    assert said >= SAID_IN.get(login or "", PAGES), "the words are hardly anywhere"


def every_address(pages: Flask, world: World) -> Iterable[Step]:
    found = (step for case in world.cases.values() for step in steps(pages, {**world.others, **case.values}, ("GET",)))
    return dict.fromkeys(found)


def says_the_words(content: bytes) -> bool:
    packed = parts(content) if content.startswith(b"PK") else [("", content)]
    return any(CANARY.encode() in part for _, part in packed)


def complaints(kind: str, content: bytes) -> list[str]:
    """What in an answer would be more than words to the program that opens it."""
    if kind == "text/html":
        page = content.decode()
        return living(page) + ["a template was worked out"] * evaluated(page)
    if kind.endswith("xml") and not kind.startswith(OFFICE):
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
        return [str(one.tag) for one in root.iter() if str(one.tag) in MARKUP or one.get("onerror")]
    if kind == "application/json":
        json.loads(content)
    if kind == "text/csv":
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        return [cell for row in rows for cell in row if cell.startswith(DANGEROUS)]
    if kind == XLSX:
        return formulas(part.decode() for name, part in parts(content) if name.startswith("xl/worksheets/"))
    if kind == DOCX:
        return [one for name, part in parts(content) if name.endswith(".xml") for one in complaints("text/xml", part)]
    if kind == "application/zip":
        return [f"{name}: {one}" for name, part in parts(content) for one in complaints(kind_by_name(name), part)]
    return []


def kind_by_name(name: str) -> str:
    return SUFFIXES.get(PurePosixPath(name).suffix, "")


def parts(packed: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def test_the_feed_and_the_open_data_hold_the_words_as_they_were_typed(office: Services, pages: Flask) -> None:
    feed = ET.fromstring(pages.test_client().get("/public/feed.atom").get_data())
    titles = [one.text or "" for one in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert any(CANARY in title for title in titles)
    with called(office) as transport:
        program = client(transport)
        assert CANARY in json.dumps(program.get("/api/ocds/releases").json(), ensure_ascii=False)
        assert program.get("/api/ocds/package.json").headers["content-type"].startswith("application/json")


def test_letters_carry_the_words_and_no_markup(office: Services) -> None:
    with office.office.desk.reading() as session:
        messages = list(session.scalars(select(Message).order_by(Message.key)))
    hostile = 0
    for told in (*([one] for one in messages), messages):
        for language in ("zh_Hans", "en"):
            subject, text = letter(told, language, Sender("街道", "https://office.example"))
            page = as_html(text)
            assert not living(page)
            assert len(subject.splitlines()) == 1
            hostile += quoted_in(page)
    assert hostile, "no message says a title"


def test_printed_papers_and_contracts_hold_the_words_as_words(office: Services, world: World) -> None:
    with office.office.desk.reading() as session:
        papers = [paper_as_html(paper) for case in world.cases.values() for paper in found(session, case.purchase, office="街道")]
        contracts = [as_contract(session, one) for one in session.scalars(select(Contract))]
    assert papers
    assert contracts
    assert all(quoted_in(page) and not living(page) for page in papers + contracts)


def as_contract(session: Session, contract: Contract) -> str:
    purchase, other = session.get_one(Purchase, contract.purchase_id), session.get_one(Organisation, contract.organisation_id)
    stages = session.scalars(select(Milestone).where(Milestone.contract_id == contract.id)).all()
    return contract_as_html(contract_text(contract, purchase, other, stages, office="街道"))


def test_an_archive_of_such_a_purchase_can_be_read(office: Services, world: World) -> None:
    numbers = [number for case in world.cases.values() for number in case.values.get("case_file", ())]
    assert numbers
    for number in numbers:
        _, content = office.office.files_of_record.open(number, actor=office.office.accounts.actor("jjjc"))
        packed = b"".join(content)
        assert says_the_words(packed)
        assert not complaints("application/zip", packed)
        assert not [name for name, _ in parts(packed) if CANARY in name or ".." in name]


def test_the_words_can_be_found_again(office: Services, pages: Flask) -> None:
    answer = entered(pages, office, "cgjb").get("/purchases", query_string={"words": HOSTILE[:20]})
    assert answer.status_code == 200
    assert quoted_in(answer.text)
