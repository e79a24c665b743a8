"""The outside of an archive: files, hashes and sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from procurement.archive import layout
from procurement.archive.checking.opened import NotAnArchive, Opened
from procurement.archive.layout import Entry
from procurement.archive.shipped import ever_shipped


def altered(archive: Opened, entries: list[Entry]) -> Iterator[str]:
    """Documents that are missing, misnumbered or not what their line says."""
    for n, entry in enumerate(entries, 1):
        if entry.n != n:
            yield f"第 {n} 件的序号写成了 {entry.n}"
        if entry.path not in archive.names:
            yield f"第 {n} 件 {entry.path}：不见了"
            continue
        try:
            digest, size = archive.measured(entry.path, entry.size)
        except NotAnArchive as damaged:
            yield f"第 {n} 件 {entry.path}：读不出（{damaged.ids['cause']}）"
            continue
        if (digest, size) != (entry.sha256, entry.size):
            yield f"第 {n} 件 {entry.path}“{entry.title}”：内容变了"


def strangers(archive: Opened, entries: list[Entry]) -> Iterator[str]:
    known = {entry.path for entry in entries} | {*layout.BESIDE, layout.PRINTED, layout.SUMS}
    yield from (f"{name}：目录里没有" for name in sorted(archive.names - known))
    yield from (f"{name}：出现了不止一次，或不在卷宗的文件夹里" for name in archive.oddities)
    yield from (f"{name}：不见了" for name in sorted({*layout.BESIDE, layout.SUMS} - archive.names))
    times = Counter(entry.path for entry in entries)
    yield from (f"{path}：目录里写了两次" for path in sorted(path for path in times if times[path] > 1))


def summed(archive: Opened) -> Iterator[str]:
    """Each line of SHA256SUMS, the way ``sha256sum -c`` reads it."""
    if layout.SUMS not in archive.names:
        return
    listed: dict[str, str] = {}
    for line in archive.read(layout.SUMS).decode("utf-8", "replace").splitlines():
        digest, _, path = line.partition("  ")
        listed[path] = digest
    for path, digest in listed.items():
        try:
            if path in archive.names and archive.measured(path)[0] != digest:
                yield f"{path}：哈希不同"
        except NotAnArchive:
            yield f"{path}：读不出"
    yield from (f"{path}：列了却没有" for path in sorted(listed.keys() - archive.names))
    yield from (f"{path}：没有列" for path in sorted(archive.names - listed.keys() - {layout.SUMS}))


def replaced(archive: Opened) -> Iterator[str]:
    """Programs that come with an archive are run by whoever trusts it: an archive must not bring others than ours."""
    for name in (layout.README, layout.PROGRAM):
        if name in archive.names and archive.measured(name)[0] not in ever_shipped(name):
            yield f"{name}：不是本软件附带的；不要运行它"
