"""A word in a bid's price note, price and file is nowhere before the opening: not on disk, not in the database, not in a log or page."""

from __future__ import annotations

import datetime as dt
import io
import secrets
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.model import SYSTEM
from procurement.demo.opening import demo_code
from procurement.registers import opening_keys, openings
from procurement.registers.comparison import Application
from procurement.registers.purchases import Purchase
from procurement.sealing.streams import AES
from web.composition import Services

# of this run only: the folders may hold what earlier runs left
CANARY, PRICE = (
    f"kanarienvogel{secrets.token_hex(8)}",
    f"{100_000_000 + secrets.randbelow(900_000_000)}.{secrets.randbelow(90) + 10}",
)
NUMBER = "CG-2026-9777"
FILE = b"%PDF-1.7\n" + CANARY.encode() * 40_000  # beyond what a server keeps in memory
SPELLINGS = [word.encode(coding) for word in (CANARY, PRICE) for coding in ("utf-8", "utf-16-le")]


def found_in(content: bytes) -> bool:
    return any(spelling in content for spelling in SPELLINGS)


def traces(folders: list[Path]) -> list[str]:
    """Files below the folders that hold a spelling; files that vanish meanwhile are none."""
    hits = []
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                if path.is_file() and not path.is_symlink() and found_in(path.read_bytes()):
                    hits.append(str(path))
            except OSError:
                continue
    return hits


def open_descriptors() -> list[str]:
    """Temporary files without a name, as a spool is one: read through the descriptors of this process."""
    hits = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            if "(deleted)" in str(descriptor.readlink()) and found_in(descriptor.read_bytes()):
                hits.append(str(descriptor))
        except OSError:
            continue
    return hits


def dump(services: Services) -> bytes:
    """Every table as text; pg_dump's own words are not needed to look for ours."""
    out = io.BytesIO()
    connection = services.database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
        for schema, table in cursor.fetchall():
            with cursor.copy(f'copy "{schema}"."{table}" to stdout') as copy:
                for part in copy:
                    out.write(bytes(part))
    finally:
        connection.close()
    return out.getvalue()


@pytest.fixture
def comparison(services: Services) -> Iterator[str]:
    before = services.clock.now()
    with services.office.desk.editing(SYSTEM) as session:
        purchase = Purchase(id=NUMBER, title="t", unit="u", initiator="ylfw", initiator_kind="department", step="selection")
        purchase.status, purchase.agency_id = "comparison_open", "agy-01"
        purchase.apply_until, purchase.bid_until = before, before + dt.timedelta(hours=2)
        purchase.started_at = purchase.updated_at = before
        session.add(purchase)
        session.flush()
        application = Application(
            id="BM-C", purchase_id=NUMBER, organisation_id="org-02", name="n", content={}, status="confirmed"
        )
        application.registered_at = before
        session.add(application)
        holders = {one.login: one for one in opening_keys.possible_holders(session, "agy-01")}
        chosen = [holders[login] for login in ("jdfg", "hxpg", "jjjc")]
        opening_keys.seal_comparison(session, NUMBER, chosen, 2, cipher=AES, by="cgjb", now=before)
    yield NUMBER
    services.clock.set(before)


def test_a_word_of_a_bid_is_found_nowhere_before_its_opening(
    services: Services,
    as_user: Callable,
    comparison: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # the machine's own is anybody's and may be large
    client = as_user("org02")
    fields = {"price": PRICE, "note": CANARY, "promise": "true", "command": "c" * 64}
    seen_while_spooled: list[list[str]] = []
    inspect = services.office.sealing._looked_at

    def looking(offered):  # while the upload is in its spool
        seen_while_spooled.append(open_descriptors() + traces([Path(tempfile.gettempdir())]))
        return inspect(offered)

    monkeypatch.setattr(services.office.sealing, "_looked_at", looking)
    answer = client.post_form(
        f"/portal/{comparison}/sealed-bid",
        fields,
        page="/receipt-check",
        files={"files": (f"{CANARY}.pdf", FILE, "application/pdf")},
    )
    assert CANARY in answer.text  # the bidder's own receipt page holds the record, once
    assert seen_while_spooled == [[]]

    folders = [Path(services.settings.file_store), Path(tempfile.gettempdir())]
    assert traces(folders) == []
    assert open_descriptors() == []
    assert not found_in(dump(services))
    for login, addresses in {
        "ywgl": ["/operate", "/incidents", "/audit"],
        "admin": ["/operate", "/users"],
        "cgjb": [f"/opening/{comparison}", f"/opening/{comparison}/state", f"/purchases/{comparison}"],
        "hxpg": [f"/opening/{comparison}", "/agency"],
        "jjjc": [f"/opening/{comparison}", "/flags"],
        "org01": ["/portal", f"/portal/{comparison}"],
        "org02": [f"/portal/{comparison}", f"/portal/{comparison}/sealed-bid", "/portal/record"],
    }.items():
        reader = as_user(login)
        for address in addresses:
            assert not found_in(reader.get(address).content), (login, address)
    said = capfd.readouterr()
    assert not found_in((said.out + said.err).encode())

    control = Path(services.settings.file_store) / "control"
    control.write_bytes(FILE)
    with services.office.desk.editing(SYSTEM) as session:
        session.get_one(Purchase, comparison).status_reason = CANARY
    assert traces(folders) == [str(control)]  # the search does find it where it is
    assert found_in(dump(services))
    control.unlink()
    with services.office.desk.editing(SYSTEM) as session:
        session.get_one(Purchase, comparison).status_reason = ""

    services.clock.set(services.clock.now() + dt.timedelta(hours=2, seconds=2))
    with services.office.desk.editing(SYSTEM) as session:
        openings.call(session, comparison, services.clock.now())
    for login in ("jdfg", "jjjc"):
        services.office.openings.give_key(comparison, demo_code(login), actor=services.office.accounts.actor(login))
    services.office.openings.open_rest(comparison, actor=services.office.accounts.actor("cgjb"))
    assert PRICE.encode() in dump(services)  # opened: the price is there, and only now
    assert traces(folders[:1]) == []  # files stay sealed on disk


def test_the_control_of_the_control_is_a_real_process_table() -> None:
    assert found_in(subprocess.run(["printf", CANARY], capture_output=True, check=True).stdout)
