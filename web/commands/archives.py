"""``bixuan verify ARCHIVE``: a case file checked on any machine, with nothing but the file itself."""

from __future__ import annotations

import json
from pathlib import Path

from engine.errors import EngineError, NotFound
from procurement.archive import layout
from procurement.archive.checking import NotAnArchive, Opened, Report, check
from procurement.archive.layout import Entry
from web.terminal import say

SHOWN = 20  # places of one check; an archive that was replaced as a whole would name thousands


class NotAProof(EngineError):
    """{file} is no proof of a document: {cause}."""


def is_archive(place: str) -> bool:
    """Whether an argument of ``verify`` names an archive (a zip, its folder, a proof) and not a case."""
    path = Path(place)
    return path.is_dir() or (path.is_file() and path.suffix.lower() in (".zip", ".json"))


def report(place: Path, *, root: str | None) -> bool:
    """Say what was checked and where it fails; whether all is well. Raises NotAnArchive."""
    if place.suffix.lower() == ".json":
        return _proof(place, root)
    with Opened(place) as archive:
        found = check(archive, root=root)
    _say(found, root)
    return found.sound


def prove(place: Path, number: int, *, root: str | None, to: Path | None) -> bool:
    """Check one document alone and give its audit path, into a file when ``to`` is named."""
    with Opened(place) as archive:
        entries = [Entry(**line) for line in archive.json(layout.MANIFEST)["entries"]]
        if not 1 <= number <= len(entries):
            raise NotFound(kind="Document", key=number)
        entry = entries[number - 1]
        digest, size = archive.measured(entry.path, entry.size)
    proof = layout.proof(entries, number)
    right = (digest, size) == (entry.sha256, entry.size)
    expected = root is None or root.strip().lower() == proof["root"]
    say(f"{'✓' if right else '✗'} 第 {number} 件 {entry.path}“{entry.title}”{'一字未改' if right else '内容变了'}")
    say(f"{'✓' if expected else '✗'} 由它和 {len(proof['path'])} 个相邻的哈希算出的根：{proof['root']}")
    text = json.dumps(proof, ensure_ascii=False, indent=2, sort_keys=True)
    if to is None:
        say(text)
    else:
        to.write_text(text + "\n", encoding="utf-8")
        say(f"证明写在 {to}：连同这一件交给别人，用 bixuan verify {to.name} 核对。")
    return right and expected


def _proof(place: Path, root: str | None) -> bool:
    """A proof, and the document when it lies beside the proof under its own name."""
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
        leads = layout.proves(found)
        document, stated = found["document"], str(found["root"])
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise NotAProof(file=place, cause=str(error)) from error
    say(f"{'✓' if leads else '✗'} 第 {document['n']} 件“{document['title']}”的路径通到根 {stated}")
    right = leads and (root is None or root.strip().lower() == stated)
    if root is not None:
        say(f"{'✓' if root.strip().lower() == stated else '✗'} 根与公布的一致")
    beside = place.parent / Path(document["path"]).name
    if beside.is_file():
        same = layout.sha256(beside.read_bytes()) == document["sha256"]
        say(f"{'✓' if same else '✗'} {beside.name} 就是这一件")
        right = right and same
    else:
        say(f"再核对文件本身：sha256sum {beside.name}，应为 {document['sha256']}")
    return right


def _say(found: Report, root: str | None) -> None:
    head = found.head
    say(f"卷宗 {found.number}　第 {head.get('volume', '?')} 卷　{head.get('purchase_id', '')} {head.get('title', '')}")
    for one in found.checks:
        say(f"{'✓' if one.passed else '✗'} {one.name}" + (f"（{one.counted}）" if one.counted else ""))
        for place in one.wrong[:SHOWN]:
            say(f"    {place}")
        if len(one.wrong) > SHOWN:
            say(f"    …… 还有 {len(one.wrong) - SHOWN} 处")
    if previous := head.get("previous"):
        say(f"续 {previous.get('number')}，它的根应为 {previous.get('root')}：请一并核对。")
    if root is None:
        say(f"没有给出公布的根，只核对了自身是否一致。请与公开页面上的比较：{found.root}")
    say("全部对得上。" if found.sound else "有对不上的，见上面的 ✗。")


__all__ = ["NotAnArchive", "is_archive", "prove", "report"]
