"""A bid of 50 MB through the real server process: its memory hardly grows, and what waits on disk meanwhile cannot be read."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from engine.model import SYSTEM
from procurement.registers import opening_keys
from procurement.registers.comparison import Application
from procurement.registers.purchases import Purchase
from procurement.sealing.streams import AES
from tests.faults.demo_process import DemoProcess, Person
from tests.faults.servers import office_on

NUMBER = "CG-2026-9800"
MEGABYTE = 1024 * 1024
SIZE = 50 * MEGABYTE
CANARY = f"kanarienvogel{secrets.token_hex(8)}".encode()
PIECE = (CANARY * (MEGABYTE // len(CANARY) + 1))[:MEGABYTE]
BOUNDARY = "boundary0123456789"


@pytest.fixture
def process(new_database: Callable[..., str], tmp_path: Path) -> Iterator[DemoProcess]:
    url = new_database()
    with office_on(url, tmp_path) as services:
        now = services.clock.now()
        with services.office.desk.editing(SYSTEM) as session:
            row = Purchase(id=NUMBER, title="t", unit="u", initiator="ylfw", initiator_kind="department", step="selection")
            row.status, row.agency_id, row.amount = "comparison_open", "agy-01", Decimal(200_000)
            row.apply_until, row.bid_until = now, now + dt.timedelta(hours=5)
            row.started_at = row.updated_at = now
            session.add(row)
            session.flush()
            for n in (1, 2):
                own = Application(id=f"BM-{n}", purchase_id=NUMBER, organisation_id=f"org-0{n}", name="n", content={})
                own.status, own.registered_at = "confirmed", now
                session.add(own)
            holders = {one.login: one for one in opening_keys.possible_holders(session, "agy-01")}
            chosen = [holders[one] for one in ("jdfg", "hxpg", "jjjc")]
            opening_keys.seal_comparison(session, NUMBER, chosen, 2, cipher=AES, by="cgjb", now=now)
        running = DemoProcess(url, tmp_path)
        running.start()
        try:
            yield running
        finally:
            running.kill()


def memory(pid: int, what: str) -> float:
    """Megabytes of the process: VmRSS now, VmHWM at most so far."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


def readable(pid: int) -> list[str]:
    """Files the process holds open, those without a name too, in which the word can be read."""
    hits = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if "(deleted)" in str(descriptor.readlink()) and CANARY in descriptor.read_bytes():
                hits.append(str(descriptor.readlink()))
        except OSError:
            continue
    return hits


def held(pid: int) -> int:
    """Bytes in files without a name: where the upload waits."""
    total = 0
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if "(deleted)" in str(descriptor.readlink()):
                total += descriptor.stat().st_size
        except OSError:
            continue
    return total


def send(person: Person, token: str, megabytes: int, midway: Callable[[], None]) -> int:
    """Post a bid as a slow line would, looking around after two thirds of it."""

    fields = {"csrf_token": token, "price": "150000", "promise": "true", "command": f"large {megabytes}"}
    head = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    )
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n'
    head += "Content-Type: application/pdf\r\n\r\n%PDF-1.7\n"
    tail = f"\r\n--{BOUNDARY}--\r\n"

    def body() -> Iterator[bytes]:
        yield head.encode()
        for n in range(megabytes):
            yield PIECE
            if n == megabytes * 2 // 3:
                time.sleep(1)
                midway()
        yield tail.encode()

    length = len(head) + megabytes * MEGABYTE + len(tail)
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": str(length)}
    return person.post(f"/portal/{NUMBER}/sealed-bid", content=body(), headers=headers).status_code


def test_fifty_megabytes_arrive_in_constant_memory_and_wait_unreadable(process: DemoProcess, tmp_path: Path) -> None:
    with closing(Person(process.address, "org01")) as first, closing(Person(process.address, "org02")) as second:
        arrives(process, tmp_path, first, second)


def arrives(process: DemoProcess, tmp_path: Path, first: Person, second: Person) -> None:
    """Beyond what the store keeps on its way, a larger file takes no more memory than one half as large.

    Whoever held the file itself would take 1 MB more per MB of it, whoever held it twice 2; what the process does besides
    moves the figure by a quarter of one either way.
    """
    seen: list[tuple[int, list[str]]] = []
    half, whole = SIZE // MEGABYTE // 2, SIZE // MEGABYTE - 1
    assert send(first, first.token, half - 1, lambda: None) == 200  # whatever is loaded once, is loaded now
    least = peak(process, lambda: send(first, first.token, half, lambda: None))
    look = lambda: seen.append((held(process.pid), readable(process.pid)))
    most = peak(process, lambda: send(second, second.token, whole, look))
    growth = (most - least) / (whole - half)
    print(f"{half} MB: {least:.1f} MB more; {whole} MB: {most:.1f} MB more; {growth:.2f} more per MB of the file")
    [(waiting, hits)] = seen
    assert waiting > whole * MEGABYTE // 3, "the look around came while the upload waited on disk"
    assert hits == []
    assert growth < 0.5
    assert most < whole
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in stored) > whole * MEGABYTE
    assert not [path for path in stored if CANARY in path.read_bytes()]


def peak(process: DemoProcess, act: Callable[[], int]) -> float:
    """Megabytes the process grew by at most, meanwhile."""
    before = memory(process.pid, "VmRSS")
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")  # forget earlier peaks
    assert act() == 200
    return memory(process.pid, "VmHWM") - before
