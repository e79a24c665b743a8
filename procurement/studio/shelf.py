"""The shelf: the files in force, now and at every deployment there was.

Diagrams, tables and forms are what is deployed, whoever deployed them and how. READMEs and cases are never deployed: the studio
keeps them, and where it has none yet, those the installation came with count.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.facade import Database, ProcessEngine
from engine.model import Actor, DeployedDefinition
from procurement.studio import contents, layout
from procurement.studio.model import Files, Folder, FolderVersion
from procurement.studio.placing import placed
from procurement.studio.tables.drafts import ShelfRow
from procurement.studio.titles import title_of

Digests = Mapping[str, str]


@dataclass(frozen=True)
class _Text:
    """A row of studio_shelf, apart from its session."""

    path: str
    sha256: str | None
    generation: int


@dataclass(frozen=True)
class _Ledger:
    """All that ever came into force, by path; nothing of it changes, a newer ledger takes its place."""

    generation: int
    last_text: int
    deployed: Sequence[tuple[str, DeployedDefinition]]
    texts: Sequence[_Text]
    shipped: Digests

    @cached_property
    def now(self) -> Digests:
        return self.at(self.generation)

    @cached_property
    def newest(self) -> Mapping[tuple[str, str], DeployedDefinition]:
        """By kind and id."""
        return {(one.definition.kind, one.definition.id): one for _path, one in self.deployed}

    def at(self, generation: int) -> Digests:
        """Digests by path as they were in force after deployment ``generation``."""
        newest: dict[tuple[str, str], tuple[str, DeployedDefinition]] = {}
        for path, one in self.deployed:
            if one.generation <= generation:
                newest[one.definition.kind, one.definition.id] = (path, one)
        came: dict[str, tuple[int, str]] = {}
        for path, one in newest.values():
            came[path] = max(came.get(path, (0, "")), (one.generation, one.sha256))
        folders = {layout.folder_of(path) for path in came}
        found = {path: sha256 for path, sha256 in self.shipped.items() if layout.folder_of(path) in folders}
        found |= {path: sha256 for path, (_, sha256) in came.items()}
        for text in self.texts:
            if text.generation > generation or came.get(text.path, (0,))[0] > text.generation:
                continue
            if text.sha256 is None:
                found.pop(text.path, None)
            else:
                found[text.path] = text.sha256
        return MappingProxyType(dict(sorted(found.items(), key=lambda item: layout.order(item[0]))))


class Shelf:
    """``shipped`` gives the READMEs and cases of the installation by layout path; it is asked once."""

    def __init__(self, database: Database, engine: ProcessEngine, shipped: Callable[[], Files]) -> None:
        self._database = database
        self._engine = engine
        self._shipped = shipped
        self._lock = threading.Lock()
        self._known: _Ledger | None = None
        self._contents: dict[str, bytes] = {}

    def digests(self) -> Digests:
        """SHA-256 of every file in force, by path; diagrams first."""
        return self._ledger().now

    def files(self) -> Files:
        """Every file in force."""
        return self._loaded(self.digests())

    def at(self, deployment_key: int) -> Files:
        """Every file as it was in force right after that deployment. Raises NotFound."""
        ledger = self._ledger()
        for _path, one in ledger.deployed:
            if one.definition.deployment_key == deployment_key:
                return self._loaded(ledger.at(one.generation))
        raise NotFound(kind="Deployment", key=deployment_key)

    def content(self, path: str) -> bytes:
        """One file in force. Raises NotFound."""
        sha256 = self.digests().get(path)
        if sha256 is None:
            raise NotFound(kind="File", key=path)
        return self._loaded({path: sha256})[path]

    def folders(self) -> tuple[Folder, ...]:
        """Every folder with a file in force, in the order of names."""
        by_folder: dict[str, dict[str, bytes]] = {}
        for path, content in self.files().items():
            by_folder.setdefault(layout.folder_of(path), {})[path] = content
        return tuple(_folder(name, by_folder[name]) for name in sorted(by_folder))

    def folder(self, name: str) -> Folder:
        """Raises NotFound."""
        for folder in self.folders():
            if folder.name == name:
                return folder
        raise NotFound(kind="Folder", key=name)

    def history(self, folder: str) -> tuple[FolderVersion, ...]:
        """The deployments that changed files of ``folder``, newest first."""
        found: dict[int, FolderVersion] = {}
        seen: dict[str, str] = {}
        for path, one in self._ledger().deployed:
            if layout.folder_of(path) != folder or seen.get(path) == one.sha256:
                continue
            seen[path] = one.sha256
            known = found.get(one.generation)
            paths = (*known.paths, path) if known else (path,)
            definition = one.definition
            found[one.generation] = FolderVersion(
                definition.deployment_key, one.generation, definition.deployed_at, one.deployed_by, one.note, paths
            )
        return tuple(reversed(found.values()))

    def version(self, definition_key: int) -> tuple[str, Files] | None:
        """Where the file of a deployed definition lies, and all files as they were in force with it; None for what is not deployed."""
        ledger = self._ledger()
        for path, one in ledger.deployed:
            if one.definition.key == definition_key:
                is_now = ledger.newest[one.definition.kind, one.definition.id] is one and ledger.now.get(path) == one.sha256
                return path, self._loaded(ledger.now if is_now else ledger.at(one.generation))
        return None

    def path_of(self, definition_key: int) -> str:
        """Where the file of a deployed definition lies. Raises NotFound."""
        for path, one in self._ledger().deployed:
            if one.definition.key == definition_key:
                return path
        raise NotFound(kind="Definition", key=definition_key)

    def newest(self, folder: str) -> Mapping[str, DeployedDefinition]:
        """The newest deployed definition of each file of a folder."""
        return {path: one for path, one in self._ledger().deployed if layout.folder_of(path) == folder}

    def versions_of(self, path: str) -> tuple[DeployedDefinition, ...]:
        """Every deployed definition of one file, newest first."""
        return tuple(one for place, one in reversed(self._ledger().deployed) if place == path)

    def publish(
        self, session: Session, changes: Mapping[str, bytes | None], *, generation: int, actor: Actor, at: dt.datetime, note: str
    ) -> None:
        """Put what deployment does not carry into force: READMEs, cases, and every deleted file. In the caller's transaction."""
        for path, content in changes.items():
            if content is not None and layout.kind_of(path) in layout.DEPLOYED:
                continue
            sha256 = None if content is None else contents.keep(session, content)
            row = ShelfRow(path=path, sha256=sha256, generation=generation, by=actor.user_id, at=at, note=note)
            session.add(row)
            session.flush()

    def loaded(self, digests: Digests) -> Files:
        """The contents behind ``digests``, wherever they are kept."""
        return self._loaded(digests)

    def _ledger(self) -> _Ledger:
        generation = self._engine.generation()
        with self._database.unit_of_work() as work:
            last_text = work.session.scalar(select(func.max(ShelfRow.id))) or 0
        with self._lock:
            known = self._known
            if known is None or (known.generation, known.last_text) != (generation, last_text):
                self._known = known = self._read(generation, last_text)
            return known

    def _read(self, generation: int, last_text: int) -> _Ledger:
        with self._database.unit_of_work() as work:
            rows = work.session.execute(
                select(ShelfRow.path, ShelfRow.sha256, ShelfRow.generation).where(ShelfRow.id <= last_text).order_by(ShelfRow.id)
            ).all()
        deployed = [one for one in self._engine.deployed() if one.generation <= generation]
        shipped = {path: contents.digest(content) for path, content in self._shipped().items() if layout.is_path(path)}
        self._contents |= {contents.digest(content): content for content in self._shipped().values()}
        texts = [_Text(row.path, row.sha256, row.generation) for row in rows]
        return _Ledger(generation, last_text, placed(deployed, self._engine.deployed_files), texts, shipped)

    def _loaded(self, digests: Digests) -> Files:
        wanted = {sha256 for sha256 in digests.values() if sha256 not in self._contents}
        if wanted:
            found = self._engine.deployed_files(wanted)
            with self._database.unit_of_work() as work:
                found |= contents.read(work.session, wanted - found.keys())
            self._contents |= found  # content never changes under its digest
        known = self._contents
        return MappingProxyType({path: known[sha256] for path, sha256 in digests.items()})


def _folder(name: str, files: Files) -> Folder:
    kinds = [layout.kind_of(path) for path in files]
    main = next((path for path in files if layout.kind_of(path) in ("diagram", "tables")), None)
    title = title_of(main, files[main]) if main else ""
    count = kinds.count
    return Folder(name, title or name, count("diagram"), count("tables"), count("form"), count("case"))
