"""Bids in an archive: each receipt against the record it is the hash of, the files the record lists, and what was published."""

from __future__ import annotations

from typing import Any

from engine import json_codec
from procurement.archive.checking.opened import Opened
from procurement.archive.checking.reading import Said, rows, same
from procurement.archive.layout import Entry
from procurement.sealing.records import BidRecord, NotARecord, read_record

OPENED = ("opened", "failed")


def receipts(archive: Opened, entries: list[Entry], head: dict[str, Any]) -> Said:
    """Everything that is said of a bid: its receipt, its record, its files, the price read out."""
    bids = {row["id"]: row for _, row in rows(archive, entries, "bid")}
    contents = {row["bid_id"]: (entry, row["content"]) for entry, row in rows(archive, entries, "bid_content")}
    yield from _unsealed(bids, contents)
    yield from _records(archive, entries, head, bids, contents)
    yield from _closed(archive, entries)


def _unsealed(bids: dict[str, Any], contents: dict[str, tuple[Entry, Any]]) -> Said:
    """Bids of earlier versions: the receipt is the hash of the content."""
    for receipt, (entry, content) in contents.items():
        if bids.get(receipt, {}).get("comparison_key_id") is None:
            yield 1
            if json_codec.digest(content) != bids.get(receipt, {}).get("sha256"):
                yield f"{entry.path}：内容与收件回执 {receipt} 的哈希不同"


def _records(
    archive: Opened, entries: list[Entry], head: dict[str, Any], bids: dict[str, Any], contents: dict[str, tuple[Entry, Any]]
) -> Said:
    held = {entry.sha256: entry.size for entry in entries if entry.kind == "file"}
    before = set((head.get("previous") or {}).get("files", ()))
    told = {entry.path.split("/")[1]: entry for entry in entries if entry.kind == "bid_record"}
    for receipt, entry in told.items():
        yield 1
        if archive.measured(entry.path)[0] != bids.get(receipt, {}).get("sha256"):
            yield f"{entry.path}：参选记录与收件回执 {receipt} 的哈希不同"
        try:
            record = read_record(archive.read(entry.path).decode())
        except (NotARecord, UnicodeDecodeError):
            yield f"{entry.path}：读不懂这份参选记录"
            continue
        if bids.get(receipt, {}).get("status") == "opened":
            for file in record.files:
                if held.get(file.sha256) != file.size and file.sha256 not in before:
                    yield f"{entry.path}：所列的文件“{file.name}”（{file.sha256[:12]}…）不在卷内"
        if receipt in contents and not _says(contents[receipt][1], record):
            yield f"{contents[receipt][0].path}：开启时登记的报价、说明或文件与参选记录 {receipt} 不同"
    for receipt, bid in bids.items():
        if bid["status"] == "opened" and bid.get("comparison_key_id") is not None and receipt not in told:
            yield f"收件回执 {receipt}：缺开启后的参选记录 bids/{receipt}/record.json"
    yield from _file_facts(archive, entries, told)


def _says(content: dict[str, Any], record: BidRecord) -> bool:
    files = [(file["name"], file["size"], file["sha256"]) for file in content["files"]]
    listed = [(file.name, file.size, file.sha256) for file in record.files]
    return content["price"] == record.price and content["note"] == record.note and files == listed


def _file_facts(archive: Opened, entries: list[Entry], told: dict[str, Entry]) -> Said:
    """What opened files say of their own making belongs to files of the record."""
    for entry, row in rows(archive, entries, "bid_file"):
        yield 1
        if row["bid_id"] not in told or row["sha256"].encode() not in archive.read(told[row["bid_id"]].path):
            yield f"{entry.path}：参选记录 {row['bid_id']} 里没有这个文件"


def _closed(archive: Opened, entries: list[Entry]) -> Said:
    """The ciphertext of what did not open is the one that was taken in, unless the opening found it damaged."""
    damaged = {(row["bid_id"], one["number"]) for _, row in rows(archive, entries, "bid_opening") for one in row["failures"]}
    places = {(row["bid_id"], row["number"]): row["place"] for _, row in rows(archive, entries, "sealed_part")}
    for entry in entries:
        if entry.kind == "sealed_content":
            _, receipt, name = entry.path.split("/")
            piece = receipt, int(name.removeprefix("sealed-").removesuffix(".bin"))
            place = places.get(piece, "")
            yield 1
            if place is not None and piece not in damaged and archive.measured(entry.path)[0] != place:
                yield f"{entry.path}：密文不是收下的那一份"


def openings(archive: Opened, entries: list[Entry], _head: dict[str, Any]) -> Said:
    """The list published before the opening, the minutes signed after it, and the published minutes agree with the receipts."""
    bids = {row["id"]: row for _, row in rows(archive, entries, "bid")}
    results = {row["bid_id"]: (entry, row) for entry, row in rows(archive, entries, "bid_opening")}
    notices = [(entry, row) for entry, row in rows(archive, entries, "notice")]
    listed: set[str] = set()
    for entry, row in notices:
        if row["kind"] == "bid_list":
            for one in row["content"]["receipts"]:
                yield 1
                listed.add(one["number"])
                if bids.get(one["number"], {}).get("sha256") != one["sha256"]:
                    yield f"{entry.path}：收件清单里的 {one['number']} 与收件登记的哈希不同"
    for receipt, bid in bids.items():
        if listed and bid["status"] in OPENED and receipt not in listed:
            yield f"收件登记 {receipt} 开启过，却不在公布的收件清单里"
    signed: dict[str, Any] = {}
    for entry, row in rows(archive, entries, "opening"):
        if row["minutes"]:
            yield 1
            signed[row["minutes_sha256"]] = row["minutes"]
            yield from (f"{entry.path}：{said}" for said in _minutes(row, bids, results))
    for entry, row in notices:
        if row["kind"] == "opening_record":
            record = row["content"]["record"]
            stated = {name: value for name, value in record.items() if name != "sha256"}
            if not same(stated, signed.get(record.get("sha256", ""))):
                yield f"{entry.path}：公布的开启记录不是签字的那一份"


def _minutes(opening: dict[str, Any], bids: dict[str, Any], results: dict[str, tuple[Entry, Any]]) -> Said:
    minutes = opening["minutes"]
    if json_codec.digest(minutes) != opening["minutes_sha256"]:
        yield "开启记录与签字时的哈希不同"
    for one in minutes["bids"]:
        number = one["number"]
        if bids.get(number, {}).get("sha256") != one["sha256"]:
            yield f"开启记录里的 {number} 与收件登记的哈希不同"
        if number in results and results[number][1]["outcome"] != one["outcome"]:
            yield f"开启记录里的 {number} 与 {results[number][0].path} 的结果不同"
