"""The case file of 200 bids and 500 documents: making it and checking it, beside what cannot be avoided.

    python -m bench.archive [bids] [kilobytes]

Bids are sealed, opened and archived by the product's own code in a database of its own. Making the archive (unseal, hash, zip,
tree) is compared with putting the same bytes into the same zip and hashing them; checking it, with hashing what is in the zip.
Memory is that of a process of its own, compared with one that archives or checks a purchase of one bid.
Wanted: making takes no more than 12 times as long (2,700 documents are read from the database and unsealed besides), checking no
more than 4 times, and memory grows by less than a fifth of the archive.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp

from engine.model import SYSTEM
from engine.store.embedded import EmbeddedPostgres
from procurement.archive.building import Stand, build
from procurement.archive.checking import Opened, check
from procurement.demo import opening
from procurement.demo.registers import load_registers
from procurement.office.sealing import Offered
from procurement.registers import bid_openings, opening_keys, openings, sealed_bids
from procurement.registers.comparison import Application
from procurement.registers.parties import Organisation
from procurement.registers.performance import CaseFile
from procurement.registers.purchases import Purchase
from procurement.sealing import streams
from web.composition import Services, compose
from web.settings import Settings

MEGABYTE = 1024 * 1024
FILES_OF_A_BID = 2
ATTACHMENTS = 100
SMALL, LARGE = "CG-2026-9001", "CG-2026-9200"
HOLDERS = ("cgjb", "jdzr", "jjjc")
WANTED = {"making": 12.0, "checking": 4.0}  # times the plain way
WANTED_GROWTH = 0.2


def main(bids: int, kilobytes: int) -> int:
    home = Path(mkdtemp(prefix="bixuan-bench-"))
    home.chmod(0o755)
    try:
        with EmbeddedPostgres(home / "database") as url:
            services = compose(Settings.for_demo(url, str(home / "files")))
            services.migrate()
            with services.office.desk.editing(SYSTEM) as session:
                load_registers(session, services.clock.now())
            for number, count, attachments in ((SMALL, 1, 0), (LARGE, bids, ATTACHMENTS)):
                take_part(services, number, count, attachments, os.urandom(kilobytes * 1024))
            services.close()
            return report(url, home, bids)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def take_part(services: Services, number: str, count: int, attachments: int, noise: bytes) -> None:
    """``count`` organisations bid; their bids are opened; a case file waits to be built."""
    office, now = services.office, services.clock.now()
    day = dt.date(2020, 1, 1)
    with office.desk.editing(SYSTEM) as session:
        session.add(Purchase(id=number, title="压测", unit="x", initiator="ylfw", initiator_kind="department", route="open_comparison", step="selection", agency_id="agy-01", amount=Decimal(380000), bid_until=now + dt.timedelta(hours=1), details={}, started_at=now, updated_at=now))  # fmt: skip
        for n in range(count):
            key = f"{number}-{n:03d}"
            session.add(Organisation(id=key, name=f"中心 {key}", kind="social_service", credit_code=key, registration_authority="x", registered_on=day, scope="x", legal_representative="x"))  # fmt: skip
            session.flush()
            session.add(Application(id=f"BM-{key}", purchase_id=number, organisation_id=key, name=f"中心 {key}", content={}, status="confirmed", registered_at=now))  # fmt: skip
        session.flush()
        holders = [one for one in opening_keys.possible_holders(session, "agy-01") if one.login in HOLDERS]
        opening_keys.seal_comparison(session, number, holders, 2, cipher=streams.AES, by="x", now=now)
    for n in range(count):
        offered = [Offered(f"文件{m}.pdf", pdf(number, n, m, noise)) for m in range(FILES_OF_A_BID)]
        office.sealing.submit(number, f"{number}-{n:03d}", price=Decimal(300000 + n), files=offered, command=f"{number} {n}", actor=SYSTEM)  # fmt: skip
    for n in range(attachments):
        office.files.upload(pdf(number, n, 99, noise), f"附件{n}.pdf", actor=SYSTEM, purchase_id=number)
    open_all(services, number, now + dt.timedelta(hours=2))


def pdf(number: str, n: int, m: int, noise: bytes) -> io.BytesIO:
    return io.BytesIO(f"%PDF-1.7\n{number} {n} {m}\n".encode() + noise)


def open_all(services: Services, number: str, later: dt.datetime) -> None:
    office = services.office
    with office.desk.editing(SYSTEM) as session:
        openings.call(session, number, later)
        for login in HOLDERS[:2]:
            openings.give_share(session, number, login, opening.demo_code(login), later)
        for bid in sealed_bids.counting(session, number):
            bid_openings.open_bid(session, number, bid.id, office.desk.files.read, by="x", now=later)
        session.add(CaseFile(id=f"DA-{number}", purchase_id=number, manifest=[], sha256="0" * 64, keep_until=dt.date(2041, 1, 1), assembled_at=later, status="assembling"))  # fmt: skip


def report(url: str, home: Path, bids: int) -> int:
    small, large = (child("build", url, home, number) for number in (SMALL, LARGE))
    place = home / f"DA-{LARGE}.zip"
    size = place.stat().st_size / MEGABYTE
    plainly, hashing = plain(place)
    light, heavy = (child("check", url, home, number) for number in (SMALL, LARGE))
    with zipfile.ZipFile(place) as zipped:
        documents = sum("/files/" in name for name in zipped.namelist())
        print(f"{bids} bids, {documents} documents, {len(zipped.namelist())} files in {size:.0f} MB")
    lines = [
        ("making", large["seconds"] / plainly, (large["memory"] - small["memory"]) / size, large["seconds"], plainly),
        ("checking", heavy["seconds"] / hashing, (heavy["memory"] - light["memory"]) / size, heavy["seconds"], hashing),
    ]
    for name, ratio, growth, took, other in lines:
        print(
            f"{name:9} {took:6.2f} s, plain {other:5.2f} s, ratio {ratio:4.1f}; {growth:5.2f} MB of memory more per MB of the archive"
        )
    return int(any(ratio > WANTED[name] or growth > WANTED_GROWTH for name, ratio, growth, _, _ in lines))


def child(act: str, url: str, home: Path, number: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.archive", f"--{act}", url, str(home), number]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    seconds, memory = map(float, said.split())
    return {"seconds": seconds, "memory": memory}


def made(url: str, home: Path, number: str) -> None:
    services = compose(Settings.for_demo(url, str(home / "files")))
    desk = services.office.desk
    begun = time.perf_counter()
    built = build(Stand(desk.database, desk.engine, desk.files, printed=False), f"DA-{number}", at=services.clock.now(), by="x")
    took = time.perf_counter() - begun
    with (home / f"DA-{number}.zip").open("wb") as file:
        file.writelines(desk.files.read(built.sha256))
    services.close()
    told(took)


def checked(_url: str, home: Path, number: str) -> None:
    begun = time.perf_counter()
    with Opened(home / f"DA-{number}.zip") as opened:
        found = check(opened)
    took = time.perf_counter() - begun
    if wrong := [(one.name, one.wrong[:2]) for one in found.checks if not one.passed]:
        raise SystemExit(f"the archive is not sound: {wrong}")
    told(took)


def told(seconds: float) -> None:
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def plain(place: Path) -> tuple[float, float]:
    """Seconds to put the same bytes into the same zip and hash them, and to hash them out of it."""
    begun = time.perf_counter()
    with zipfile.ZipFile(place) as zipped:
        for member in zipped.infolist():
            digest = hashlib.sha256()
            with zipped.open(member) as source:
                while chunk := source.read(MEGABYTE):
                    digest.update(chunk)
    hashing = time.perf_counter() - begun
    with zipfile.ZipFile(place) as zipped:
        contents = [(member, zipped.read(member)) for member in zipped.infolist()]
    begun = time.perf_counter()
    with zipfile.ZipFile(place.with_suffix(".plain"), "w", allowZip64=True) as target:
        for member, content in contents:
            hashlib.sha256(content).digest()
            target.writestr(member, content)
    return time.perf_counter() - begun, hashing


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1].startswith("--"):
        {"--build": made, "--check": checked}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]), sys.argv[4])
    else:
        sys.exit(main(int((sys.argv[1:] or ["200"])[0]), int((sys.argv[2:] or ["200"])[0])))
