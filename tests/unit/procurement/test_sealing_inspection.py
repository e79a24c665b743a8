"""What may be inside a file of a bid: refused, quarantined, or clean; and what a file says of its own making."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from procurement.files.types import FileTypeRefused
from procurement.sealing import inspection
from procurement.sealing.inspection import (
    EICAR,
    ArchiveLocked,
    ArchiveTooLarge,
    FileHarmful,
    MacrosDisguised,
    NotWhatItSays,
    ProgramInside,
    inspect,
)
from procurement.sealing.metadata import Made, made

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog /OpenAction [3 0 R /Fit] >> endobj\n"
TYPES = (
    '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:t="t"><dc:creator>王工</dc:creator>'
    "<cp:lastModifiedBy>李工</cp:lastModifiedBy><t:created>2026-03-01T08:00:00Z</t:created></cp:coreProperties>"
)
APP = "<Properties><Application>WPS</Application><Company>某公司</Company></Properties>"


def packed(members: dict[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name)  # of 1980, not of now: the bytes are in the names of tests, alike for every worker
            member.compress_type = packing
            archive.writestr(member, content)
    return out.getvalue()


def docx(**more: bytes | str) -> bytes:
    return packed(
        {"[Content_Types].xml": TYPES, "word/document.xml": "<w/>", "docProps/core.xml": CORE, "docProps/app.xml": APP, **more}
    )


def look(name: str, content: bytes) -> tuple[str, ...]:
    return inspect(name, io.BytesIO(content)).findings


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", PDF), ("a.docx", docx()), ("a.txt", "报价".encode()), ("a.zip", packed({"a.pdf": PDF}))]
)
def test_an_honest_file_is_clean(name, content):
    assert look(name, content) == ()


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("a.pdf", PDF + b"/S /JavaScript /JS (app.alert(1))", "pdf_script"),
        ("a.pdf", PDF + b"/S /J#61vaScript", "pdf_script"),
        ("a.pdf", PDF + b"/S /Launch /F (cmd.exe)", "pdf_launch"),
        ("a.pdf", PDF + b"<< /Type /ObjStm /Filter /FlateDecode >> stream\n" + zlib.compress(b"<< /S /Launch >>"), "pdf_launch"),
        ("a.pdf", PDF + b" " * inspection.CHUNK * 9 + b"/Type /EmbeddedFile", "pdf_attachment"),
        ("a.zip", packed({"x/word/vbaProject.bin": b"m"}), "macro"),
        ("a.zip", packed({"in.zip": packed({"b.pdf": PDF + b"/JS (x)"})}), "pdf_script"),
        (
            "a.docx",
            docx(
                **{
                    "word/_rels/settings.xml.rels": '<Relationship Type="x/attachedTemplate" Target="http://x/t.dotm" TargetMode="External"/>'
                }
            ),
            "external_link",
        ),
        ("a.docx", docx(**{"word/document.xml": "<w:instrText>DDEAUTO cmd</w:instrText>"}), "linked_field"),
        ("a.docx", docx(**{"word/embeddings/x.bin": b"x"}), "embedded_object"),
    ],
)
def test_what_honest_files_may_have_too_is_quarantined(name, content, finding):
    assert finding in look(name, content)


def test_a_link_somebody_clicks_is_no_reason():
    link = '<Relationship Type="http://x/relationships/hyperlink" Target="http://x" TargetMode="External"/>'
    assert look("a.docx", docx(**{"word/_rels/document.xml.rels": link})) == ()


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.exe", b"MZ", FileTypeRefused),
        ("a.docm", docx(), FileTypeRefused),
        ("a.docx", packed({"evil.txt": b"x"}), NotWhatItSays),
        ("a.docx", docx(**{"word/vbaProject.bin": b"m"}), MacrosDisguised),
        (
            "a.docx",
            docx(**{"[Content_Types].xml": TYPES.replace("document.main", "document.macroEnabled.main")}),
            MacrosDisguised,
        ),
        ("a.txt", EICAR, FileHarmful),
        ("a.pdf", PDF + b" " * inspection.CHUNK + EICAR, FileHarmful),
        ("a.zip", packed({"x.txt": EICAR}), FileHarmful),
        ("a.zip", packed({"in.zip": packed({"x.txt": EICAR})}), FileHarmful),
        ("a.zip", packed({"setup.exe": b"MZ"}), ProgramInside),
        ("a.zip", packed({"../../etc/x.txt": b"x"}), ArchiveLocked),
        ("a.zip", packed({"a.txt": b"x"})[:-30], ArchiveLocked),
        ("a.zip", packed({"a.txt": bytes(30 * 1024 * 1024)}), ArchiveTooLarge),
        ("a.zip", packed({"1.zip": packed({"2.zip": packed({"3.zip": packed({"4.txt": "x"})})})}), ArchiveTooLarge),
        ("a.zip", packed({f"{n}.txt": b"" for n in range(5_001)}), ArchiveTooLarge),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600, ArchiveLocked),
    ],
)
def test_what_no_honest_bid_contains_is_refused(name, content, refusal):
    with pytest.raises(refusal):
        look(name, content)


def test_a_locked_archive_is_refused_because_nobody_could_look_into_it():
    content = bytearray(packed({"a.txt": b"secret"}))
    content[6] |= 1  # "encrypted", in the member's own header
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1  # and in the list of contents
    with pytest.raises(ArchiveLocked):
        look("a.zip", bytes(content))


def test_members_that_share_their_bytes_are_a_bomb():
    content = bytearray(packed({"a.txt": b"a" * 5000, "b.txt": b"b" * 5000}, zipfile.ZIP_STORED))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    content[second + 42 : second + 46] = (10).to_bytes(4, "little")
    with pytest.raises((ArchiveTooLarge, ArchiveLocked)):
        look("a.zip", bytes(content))


def test_what_a_file_says_of_its_making_is_read():
    assert made(io.BytesIO(docx())) == Made("王工", "李工", "某公司", "WPS", "2026-03-01T08:00:00Z", "")
    said = made(io.BytesIO(b"%PDF-1.4 /Author <FEFF738B> /Creator (Word\\)) /Producer (x) /CreationDate (D:2026)"))
    assert (said.author, said.tool, said.created) == ("王", "Word) / x", "D:2026")
    for damaged in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1junk", packed({"docProps/core.xml": "<broken"})):
        assert made(io.BytesIO(damaged)) == Made()


def test_a_name_in_metadata_cannot_be_long_or_carry_control_signs():
    said = made(io.BytesIO(b"%PDF-1.4 /Author (" + b"a" * 399 + b")"))
    assert len(said.author) == 200
