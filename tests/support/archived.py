"""An open comparison taken to its archive: a question, a bid that does not open, red flags judged, an objection answered.

    python -m tests.support.archived

writes the archive of today's version to tests/data/case-file, where the tests keep one: what was archived once must be checked by
every later version. A new one is made when the layout gets a successor, beside the old one and never in its place.
"""

from __future__ import annotations

import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

import obstore
from sqlalchemy import select

from engine.store.embedded import EmbeddedPostgres
from procurement.registers.comparison import Bid
from procurement.registers.sealing import SealedPart
from tests.support.purchases import Offices, StreetOffice

KEPT = Path(__file__).parents[1] / "data" / "case-file"


def archived_comparison(offices: Offices) -> StreetOffice:
    office = offices.fresh()
    office.situation.facts |= {"estimate": Decimal(380000), "bidders": ["org-02", "org-04", "org-01", "org-05"]}
    office.start()
    office.go_on("受理报名")
    ask(office)
    office.go_on("递交参选文件")
    for n, application in enumerate(a for a in office.dossier().applications if a.status == "confirmed"):
        office.bid(application.organisation_id, Decimal(350000 + 1700 * n))
    broken = break_a_bid(office)
    office.go_on("逐份开启")
    exclude(office, broken)
    office.go_on("公示")
    judge_flags(office)
    object_to_it(office)
    office.go_on()
    assert office.purchase.status == "archived", [task.element_id for task in office.open_tasks()]
    return office


def written(office: StreetOffice, folder: Path) -> tuple[Path, str]:
    """The first volume as a zip in ``folder``, and its root."""
    row = office.dossier().case_files[0]
    place = folder / f"{row.id}.zip"
    with place.open("wb") as file:
        file.writelines(office.office.desk.files.read(row.archive_sha256))
    return place, row.root


def ask(office: StreetOffice) -> None:
    actor = office._somebody("organisation:org-02")
    office.office.voices.ask(office.situation.purchase_id, "服务人数以哪个月为准？", organisation_id="org-02", actor=actor)


def break_a_bid(office: StreetOffice) -> str:
    """One byte of the ciphertext of the last bid's file changes on disk, as a failing disk does."""
    with office.office.desk.reading() as session:
        query = select(SealedPart).join(Bid, Bid.id == SealedPart.bid_id).where(SealedPart.number == 1, Bid.status == "submitted")
        part = session.scalars(query.order_by(SealedPart.bid_id.desc())).first()
        assert part is not None
        place, receipt = str(part.place), part.bid_id
    store = office.office.desk.files._store
    content = bytearray(obstore.get(store, f"{place[:2]}/{place}").bytes().to_bytes())
    content[40] ^= 1
    obstore.put(store, f"{place[:2]}/{place}", bytes(content))
    return receipt


def exclude(office: StreetOffice, receipt: str) -> None:
    host = office.person("采购经办")
    office.office.openings.decide(office.situation.purchase_id, receipt, "excluded", "密文已损坏", actor=host)


def judge_flags(office: StreetOffice) -> None:
    supervisor = office.person("纪检")
    for seen in office.office.flags.search(actor=supervisor).items:
        office.office.flags.card(seen.flag.id, actor=supervisor)
        office.office.flags.judge(seen.flag.id, "explained", "已向双方核实", actor=supervisor)


def object_to_it(office: StreetOffice) -> None:
    actor = office._somebody("organisation:org-01")
    office.office.voices.object(
        office.situation.purchase_id, name="org-01", contact="028-80000000", request="重新评审", facts="业绩没有计分",
        organisation_id="org-01", actor=actor,
    )  # fmt: skip


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="bixuan-archived-"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home / "pg", settings={"fsync": "off", "synchronous_commit": "off"})
    try:
        url = server.start()
        office = archived_comparison(Offices(lambda: url))
        KEPT.mkdir(parents=True, exist_ok=True)
        place, root = written(office, KEPT)
        place.with_suffix(".root").write_text(root + "\n", encoding="utf-8")
        office.close()
        print(f"{place}: {place.stat().st_size} bytes, root {root}")
    finally:
        server.stop()
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
