"""Files somebody may attach to a bid to hide, to fill or to run something: told by content, refused or quarantined, in bounded memory."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from engine.errors import InvalidInput
from procurement.files.store import FileEmpty, FileStore
from procurement.files.types import FileDisguised, FileNameRefused, FileTypeRefused
from procurement.sealing.archives import MOST_OF_ONE
from procurement.sealing.inspection import (
    ArchiveLocked,
    ArchiveTooLarge,
    MacrosDisguised,
    NotWhatItSays,
    PackedOtherwise,
    ProgramInside,
    inspect,
)
from procurement.sealing.metadata import Made, made
from tests.unit.procurement.test_sealing_inspection import PDF, docx, look, packed

MEGABYTE = 1024 * 1024
WINDOWS = b"MZ" + bytes(58) + struct.pack("<I", 128) + bytes(64) + b"PE\0\0" + bytes(200)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = b"<html><script>window.__hacked=1</script></html>"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><c><creator>&b;</creator></c>'


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.zip", packed({"报价.pdf": WINDOWS}), ProgramInside),
        ("a.zip", packed({"报价.txt": b"\x7fELF" + bytes(100)}), ProgramInside),
        ("a.zip", packed({"inner.zip": packed({"附件.docx": WINDOWS})}), ProgramInside),
        ("a.zip", packed({"附件.pdf.exe": b"text"}), ProgramInside),
        ("a.zip", packed({"附件\u202efdp.exe": b"text"}), ProgramInside),
        ("a.docx", docx(**{"word/media/image1.png": WINDOWS}), ProgramInside),
        ("a.zip", packed({"附件.rar": b"Rar!\x1a\x07\x01\x00" + bytes(50)}), PackedOtherwise),
        ("a.zip", packed({"附件.pdf": b"7z\xbc\xaf\x27\x1c" + bytes(50)}), PackedOtherwise),
    ],
)
def test_programs_and_closed_packings_are_told_by_their_content(name: str, content: bytes, refusal: type[InvalidInput]) -> None:
    with pytest.raises(refusal) as refused:
        look(name, content)
    assert refused.value.ids["name"] == name


@pytest.mark.parametrize("beginning", [b"MZ is how an honest text may begin", b"MZ" + b"\xff" * 80])
def test_two_letters_make_no_program(beginning: bytes) -> None:
    assert look("a.zip", packed({"a.txt": beginning})) == ()


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.pdf", WINDOWS, FileDisguised),
        ("a.pdf", HTML, FileDisguised),
        ("a.pdf", docx(), FileDisguised),
        ("a.docx", PDF, FileDisguised),
        ("a.docx", OLE + bytes(600), FileDisguised),  # what a password makes of a docx
        ("a.png", b"\x89PNX", FileDisguised),
        ("a.txt", b"\0\1\2", FileDisguised),
        ("a.csv", b"\xff\xfe\x00\x01", FileDisguised),
        ("a.zip", b"GIF89a" + packed({"a.txt": b"x"}), FileDisguised),
        ("a.html", HTML, FileTypeRefused),
        ("a.svg", b"<svg onload='x'/>", FileTypeRefused),
        ("a.docm", docx(), FileTypeRefused),
        ("a.pdf.exe", PDF, FileTypeRefused),
        ("pdf", PDF, FileTypeRefused),
        ("a.", PDF, FileTypeRefused),
        ("a.docx", packed({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}), NotWhatItSays),
        ("a.xlsx", packed({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>", "xl/vbaProject.bin": "m"}), MacrosDisguised),
    ],
)
def test_a_wrong_ending_is_seen(name: str, content: bytes, refusal: type[InvalidInput]) -> None:
    with pytest.raises(refusal):
        look(name, content)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "   ",
        "报价\n.pdf",
        "报价\r\nSet-Cookie: x.pdf",
        "报价\0.pdf",
        "报价\u202efdp.exe.pdf",
        "\u200f报价.pdf",
        "甲" * 197 + ".pdf",
        "folder/",
    ],
)
def test_a_name_that_hides_something_is_refused(name: str) -> None:
    with pytest.raises((FileNameRefused, FileTypeRefused)):
        inspect(name, io.BytesIO(PDF))


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "C:\\Users\\x\\报价.pdf", "/root/报价.pdf", "..\\..\\报价.pdf"])
def test_of_a_path_only_the_name_is_left(name: str) -> None:
    kept = inspect(name, io.BytesIO(PDF)).name
    assert "/" not in kept
    assert "\\" not in kept
    assert ".." not in kept


def test_nothing_at_all_is_refused_with_a_sentence(tmp_path) -> None:
    from obstore.store import LocalStore

    store = FileStore(LocalStore(tmp_path))
    with pytest.raises(FileEmpty, match="is empty"):
        store.put(io.BytesIO(b""), "报价.pdf")
    with pytest.raises(InvalidInput):
        inspect("报价.zip", io.BytesIO(b"PK\x03\x04"))
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_a_pdf_that_is_an_archive_too_is_only_ever_a_pdf() -> None:
    both = PDF + packed({"word/vbaProject.bin": b"m"})
    assert inspect("a.pdf", io.BytesIO(both)).media_type == "application/pdf"
    with pytest.raises(FileDisguised):
        inspect("a.zip", io.BytesIO(both))


def test_metadata_that_lie_about_their_size_are_not_read() -> None:
    lie = _lying(packed({"docProps/core.xml": b"<a>" + bytes(90 * MEGABYTE)}))
    tracemalloc.start()
    try:
        assert made(io.BytesIO(lie)) == Made()
        assert tracemalloc.get_traced_memory()[1] < 16 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_entities_in_metadata_are_not_unfolded() -> None:
    assert made(io.BytesIO(packed({"docProps/core.xml": LAUGHS}))).author in ("", "&b;")
    assert made(io.BytesIO(packed({"docProps/core.xml": LAUGHS.replace("&b;</cr", "</cr")}))) == Made()


def flat() -> bytes:
    return packed({"a.txt": bytes(90 * MEGABYTE)})


BOMBS: dict[str, Callable[[], bytes]] = {
    "one member a thousand times its size": flat,
    "the same below another": lambda: packed({"in.zip": flat()}, zipfile.ZIP_STORED),
    "one member above the limit": lambda: packed({"a.txt": bytes(MOST_OF_ONE + 1)}),
    "many members, each small enough": lambda: packed({f"{n}.txt": bytes(3 * MEGABYTE) for n in range(120)}),
    "a size that is a lie": lambda: _lying(flat()),
    "a lie in another packing": lambda: _lying(packed({"a.txt": bytes(9 * MEGABYTE)}, zipfile.ZIP_BZIP2)),
    "a packing documents do not use": lambda: packed({"a.txt": b"x" * 5000}, zipfile.ZIP_LZMA),
}


def _lying(content: bytes) -> bytes:
    """The list of contents says ten bytes where ninety megabytes come out."""
    place, size = content.index(b"PK\x01\x02"), (10).to_bytes(4, "little")
    content = content[: place + 24] + size + content[place + 28 :]
    return content[:22] + size + content[26:]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_before_it_unfolds(bomb: str) -> None:
    content = BOMBS[bomb]()
    tracemalloc.start()
    try:
        with pytest.raises((ArchiveTooLarge, ArchiveLocked)):
            inspect("a.zip", io.BytesIO(content))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * MEGABYTE, f"{peak / MEGABYTE:.0f} MB"


def test_a_large_honest_pdf_is_looked_through_in_constant_memory() -> None:
    content = io.BytesIO(PDF + b" " * (49 * MEGABYTE))
    tracemalloc.start()
    try:
        assert inspect("a.pdf", content).findings == ()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * MEGABYTE, f"{peak / MEGABYTE:.0f} MB"


def ole() -> bytes:
    """The header of a compound file whose tables point anywhere."""
    return OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(470) + bytes(range(256)) * 8


WHOLE = {
    "a.docx": docx(),
    "a.zip": packed({"a.pdf": PDF, "b.txt": "报价" * 500, "c.zip": packed({"d.docx": docx()})}),
    "a.doc": ole(),
    "a.pdf": PDF + b"<< /Type /ObjStm >> stream\n" + bytes(range(256)) * 4,
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_file_is_read_or_refused_whatever_is_damaged(name: str) -> None:
    dice = random.Random(6)
    for _ in range(300):
        damaged = bytearray(WHOLE[name])
        for _ in range(dice.choice((1, 3, 40))):
            damaged[dice.randrange(4, len(damaged))] = dice.randrange(256)
        del damaged[dice.randrange(len(damaged) // 2, len(damaged)) : dice.choice((0, len(damaged)))]
        with contextlib.suppress(InvalidInput):
            inspect(name, io.BytesIO(bytes(damaged)))
        made(io.BytesIO(bytes(damaged)))
