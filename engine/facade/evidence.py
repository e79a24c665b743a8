"""The history as evidence: exported, checked without a database, anchored outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import text

from engine.facade.part import Part
from engine.model import BrokenRecord, VerificationReport
from engine.queries import evidence, history
from engine.store.chain import moment_text


class Evidence(Part):
    """The history as evidence: exported, checked without a database, anchored outside."""

    def export_history(self, root_key: int | None = None) -> Iterator[bytes]:
        """The lines of a file that ``verify_history_file`` reads; one case or all. One transaction sees them all."""
        with self._reading() as session:
            session.execute(text("set transaction isolation level repeatable read"))
            yield from evidence.exported(session, root_key, moment_text(self.clock.now()))

    def heads(self) -> dict[tuple[int, int], str]:
        """Where the chain of each case ends: hash by root key and number of the last entry."""
        with self._reading() as session:
            return {(root, head.seq): head.hash for root, head in history.heads(session).items() if head.seq}

    def torn_from(self, anchored: Mapping[tuple[int, int], str]) -> tuple[BrokenRecord, ...]:
        """Anchored heads the chains do not pass any more: the history was rewritten, however well its hashes fit."""
        with self._reading() as session:
            return evidence.torn(anchored, evidence.hashes_at(session, anchored))


def verify_history_file(lines: Iterable[bytes], anchored: Mapping[tuple[int, int], str] | None = None) -> VerificationReport:
    """Recompute the chains of an exported file; needs no database. Raises NotAnExport."""
    kept = list(lines)
    report = evidence.verify_file(kept)
    if not anchored:
        return report
    found = evidence.heads_of_file(kept)
    cases = {root for root, _ in found}
    torn = evidence.torn({place: hash_ for place, hash_ in anchored.items() if place[0] in cases}, found)
    return VerificationReport(report.cases, report.entries, (*report.broken, *torn))
