"""What the ceremonies of a comparison left: the records behind the receipts, what stayed closed, the draws, the red-header papers."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.archive.building.stand import Making
from procurement.archive.layout import safe
from procurement.papers import paper_as_pdf, paper_as_word
from procurement.papers.finding import found
from procurement.registers import draw_files, seals
from procurement.registers.comparison import Bid
from procurement.registers.draws import Draw
from procurement.registers.sealing import SealedPart
from procurement.sealing import records, streams

CLOSED = ("submitted", "failed")  # nobody opened it, or its seal did not open: the ciphertext is all there is


def add_bids(making: Making) -> None:
    """``bids/<receipt>/record.json``: the very bytes the receipt is the hash of; ``sealed-<n>.bin``: what was not opened."""
    with making.stand.reading() as session:
        query = select(Bid).where(Bid.purchase_id == making.purchase.id, Bid.comparison_key_id.is_not(None)).order_by(Bid.id)
        bids = [(bid, seals.parts(session, bid.id)) for bid in session.scalars(query)]
        session.expunge_all()
    for bid, parts in bids:
        text = _record(bid, parts)
        if text is not None:
            making.writer.add(f"bids/{bid.id}/record.json", "bid_record", f"{bid.id} {bid.name}", text, at=bid.submitted_at)
        if bid.status in CLOSED:
            _add_closed(making, bid, parts)


def _record(bid: Bid, parts: Sequence[SealedPart]) -> bytes | None:
    """None before the opening, and for a record whose seal did not open."""
    part = next((one for one in parts if one.number == 0), None)
    if part is None or part.content is None or part.data_key is None:
        return None
    context = records.context_of(bid.purchase_id, bid.organisation_id, 0)
    try:
        return b"".join(streams.unseal([base64.b64decode(part.content)], base64.b64decode(part.data_key), context))
    except streams.BrokenSeal:
        return None  # the row of the opening says so


def _add_closed(making: Making, bid: Bid, parts: Sequence[SealedPart]) -> None:
    for part in parts:
        content = _ciphertext(making, part)
        if content is not None:
            title = f"{bid.id} {bid.name} {part.number}"
            making.writer.add(f"bids/{bid.id}/sealed-{part.number}.bin", "sealed_content", title, content, at=bid.submitted_at)


def _ciphertext(making: Making, part: SealedPart) -> bytes | Iterator[bytes] | None:
    if part.content is not None:
        return base64.b64decode(part.content)
    files = making.stand.files
    return files.read(part.place) if part.place and files.holds(part.place) else None


def add_draws(making: Making) -> None:
    """``draws/<number>.json``: each round's file as everybody could download it, for ``bixuan verify draw``."""
    with making.stand.reading() as session:
        for draw, content in _published(session, making.purchase.id):
            title, at = f"{draw.id} 第 {draw.round} 轮", draw.concluded_at or draw.announced_at
            making.writer.add(f"draws/{draw.id}.json", "draw_file", title, content, at=at)


def _published(session: Session, purchase_id: str) -> Iterator[tuple[Draw, bytes]]:
    query = select(Draw).where(Draw.purchase_id == purchase_id).order_by(Draw.round)
    yield from ((draw, draw_files.as_bytes(draw_files.document(session, draw))) for draw in session.scalars(query))


def add_papers(making: Making) -> None:
    """``papers/<kind>-<number>.docx`` and ``.pdf``: minutes, results and awards under the office's red header."""
    stand = making.stand
    with stand.reading() as session:
        papers = list(found(session, making.purchase, office=stand.office))
    for paper in papers:
        base, title = f"papers/{paper.kind}-{safe(paper.number)}", f"{paper.heading} {paper.number}"
        making.writer.add(f"{base}.docx", "paper", title, paper_as_word(paper, stand.templates))
        if stand.prints:
            making.writer.add(f"{base}.pdf", "paper", f"{title}（打印版）", paper_as_pdf(paper))
