"""Definitions that come with the software, and an office that changes them: whose version is in force.

For each file the studio remembers which version the software brought last. A newer one is taken over by itself only where
the office has left the former one as it was; where both changed, the office's stays in force and the newer one is offered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select

from engine.errors import DefinitionInvalid, Problem
from engine.model import SYSTEM, Actor, Resource
from procurement.studio import contents
from procurement.studio.importing import take_in
from procurement.studio.model import Draft
from procurement.studio.release.gate import resources
from procurement.studio.release.model import SHIPPED
from procurement.studio.shelf import Digests
from procurement.studio.tables.releases import ShippedRow

if TYPE_CHECKING:
    from procurement.studio.studio import Studio

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class TakenOver:
    """Paths of the definitions now in force, of those where the office's own version was kept, and what running cases will miss."""

    deployed: tuple[str, ...]
    kept_ours: tuple[str, ...]
    concerned: tuple[Problem, ...] = ()


class Shipping:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def take_over(self, shipped: Sequence[Resource], *, note: str) -> TakenOver:
        """Deploy what is new in ``shipped`` to this installation; changes of the office are never written over."""
        ahead = self.ahead(shipped)
        given = {one.name: one.content for one in shipped}
        new, ours = ahead.deployed, ahead.kept_ours
        if new:
            try:
                self._studio.direct.deploy(resources(self._with(given, new)), {}, actor=SYSTEM, note=note, kind=SHIPPED)
            except DefinitionInvalid as error:
                log.warning("shipped_files_not_deployed", files=new, problems=[str(one) for one in error.problems[:5]])
                ahead = TakenOver((), tuple(sorted({*new, *ours})))
        if ahead.kept_ours:
            log.warning("shipped_files_differ_from_the_office", files=ahead.kept_ours, offered="in the studio, as a draft")
        if ahead.concerned:
            log.warning("running_cases_miss_something", problems=[one.message for one in ahead.concerned])
        self._remember(given, ahead.kept_ours)
        return ahead

    def ahead(self, shipped: Sequence[Resource]) -> TakenOver:
        """What ``take_over`` would do; nothing is deployed."""
        given = {one.name: one.content for one in shipped}
        digests = {path: contents.digest(content) for path, content in given.items()}
        shelf, known = self._studio.shelf.digests(), self._known()
        new = [path for path in given if self._is_ours_to_change(path, digests[path], shelf, known)]
        ours = [path for path in given if path not in new and self._stands_against(path, digests[path], shelf, known)]
        concerned = self._studio.checks.for_running_cases(self._with(given, new)) if new else ()
        return TakenOver(tuple(new), tuple(ours), tuple(one.as_problem() for one in concerned))

    def refusals(self, shipped: Sequence[Resource], ahead: TakenOver) -> tuple[Problem, ...]:
        """Why ``take_over`` would deploy nothing of ``ahead``: what does not fit the office's own changes. Empty when all of it does."""
        given = {one.name: one.content for one in shipped}
        found = self._studio.engine.check(resources(self._with(given, ahead.deployed)))
        return tuple(one for one in found if one.severity == "error")

    def offered(self) -> tuple[str, ...]:
        """Files of which the software has brought a newer version that is not in force."""
        shelf = self._studio.shelf.digests()
        return tuple(sorted(path for path, row in self._known().items() if row.kept_ours and shelf.get(path) != row.sha256))

    def offer(self, *, actor: Actor) -> Draft:
        """A draft with the software's versions of all of them. Raises PackRefused when there are none, NotPermitted."""
        known, paths = self._known(), self.offered()
        with self._studio.database.unit_of_work() as work:
            kept = contents.read(work.session, {known[path].sha256 for path in paths})
        changes: dict[str, bytes | None] = {path: kept[known[path].sha256] for path in paths}
        return take_in(
            self._studio, changes, title="随新版本来的改动", reason="软件的新版本带来的流程、决策表和表单", actor=actor
        )

    def _known(self) -> dict[str, ShippedRow]:
        with self._studio.database.unit_of_work() as work:
            rows = work.session.scalars(select(ShippedRow)).all()
            work.session.expunge_all()
            return {row.path: row for row in rows}

    def _is_ours_to_change(self, path: str, sha256: str, shelf: Digests, known: dict[str, ShippedRow]) -> bool:
        """New to this installation, or changed by the software alone."""
        if shelf.get(path) == sha256:
            return False
        if path in known:
            return known[path].sha256 != sha256 and shelf.get(path) == known[path].sha256
        return path not in shelf or self._came_with_the_software(path)

    def _came_with_the_software(self, path: str) -> bool:
        """Deployed before the studio kept book: nobody of the office put it there."""
        versions = self._studio.shelf.versions_of(path)
        return bool(versions) and all(one.deployed_by == SYSTEM.user_id for one in versions)

    def _stands_against(self, path: str, sha256: str, shelf: Digests, known: dict[str, ShippedRow]) -> bool:
        if shelf.get(path) == sha256:
            return False
        return path not in known or known[path].sha256 != sha256 or known[path].kept_ours

    def _with(self, given: dict[str, bytes], new: Iterable[str]) -> dict[str, bytes]:
        """The files in force, the ``new`` ones among ``given`` in their places."""
        return {**self._studio.shelf.files(), **{path: given[path] for path in new}}

    def _remember(self, given: dict[str, bytes], ours: Collection[str]) -> None:
        now = self._studio.clock.now()
        with self._studio.database.unit_of_work() as work:
            for path, content in given.items():
                contents.keep(work.session, content)
                row = ShippedRow(path=path, sha256=contents.digest(content), seen_at=now, kept_ours=path in ours)
                work.session.merge(row)
            work.session.flush()
            work.commit()
