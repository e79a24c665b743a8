"""The inside of an archive: does what it holds agree with the engine's history and with itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine import json_codec
from engine.errors import EngineError
from engine.facade.evidence import verify_history_file
from procurement.archive.checking.bids import openings, receipts
from procurement.archive.checking.broken import why
from procurement.archive.checking.drawn import draws
from procurement.archive.checking.opened import NotAnArchive, Opened
from procurement.archive.checking.reading import Said, of_kind, rows
from procurement.archive.checking.registers import edited, signatures
from procurement.archive.checking.scores import scores
from procurement.archive.layout import Entry

SIGNED = "user_task_completed"
DECIDED = "decision_evaluated"


def histories(archive: Opened, entries: list[Entry], head: dict[str, Any]) -> Said:
    """Each chain recomputed, ending where the head says."""
    paths = {entry.path for entry in entries if entry.kind == "history"}
    for stated in head["histories"]:
        path = stated["path"]
        paths.discard(path)
        try:
            lines = archive.read(path).splitlines(keepends=True)
            report = verify_history_file(lines)
        except NotAnArchive:
            raise
        except EngineError as error:
            yield f"{path}：{error}"
            continue
        yield report.entries
        yield from (f"{path}：第 {one.seq} 条起对不上（{why(one)}）" for one in report.broken)
        case = json_codec.loads(lines[1])
        if (case.get("case"), case.get("seq"), case.get("hash")) != (stated["root_key"], stated["seq"], stated["hash"]):
            yield f"{path}：链的末端不是 {stated['seq']} {stated['hash']}"
    yield from (f"{path}：head.json 没有列出这份历史" for path in sorted(paths))


def signed_forms(archive: Opened, entries: list[Entry], head: dict[str, Any]) -> Said:
    """Each form as signed says what the history says, and none is left out."""
    yield from _told(archive, entries, head, kind="form", event=SIGNED, fields=("values", "form_key"))
    digests = {entry.path: entry.sha256 for entry in entries}
    for entry in of_kind(entries, "form"):
        schema = archive.json(entry.path)["form"]
        if schema is not None and digests.get(schema["path"]) != schema["sha256"]:
            yield f"{entry.path}：表单版本 {schema['path']} 不是签署时的"


def decisions(archive: Opened, entries: list[Entry], head: dict[str, Any]) -> Said:
    """Each decision's explanation is the one of the history, and none is left out."""
    fields = ("decision_id", "decision_key", "version", "output", "explanation")
    yield from _told(archive, entries, head, kind="decision", event=DECIDED, fields=fields)


def notices(archive: Opened, entries: list[Entry], _head: dict[str, Any]) -> Said:
    """What a notice published is what its own hash was taken over."""
    for entry, row in rows(archive, entries, "notice"):
        yield 1
        said = {"number": row["id"], **{name: row[name] for name in ("kind", "title", "content", "published_at")}}
        if json_codec.digest(said) != row["sha256"]:
            yield f"{entry.path}：公告 {row['id']} 的内容与公布时的哈希不同"


def versions(archive: Opened, entries: list[Entry], head: dict[str, Any]) -> Said:
    """Every process the histories mention is there as the diagram it ran on, with its picture; every decision with its table."""
    digests = {entry.path: entry.sha256 for entry in entries}
    for instance in head["instances"]:
        yield 1
        yield from (
            f"{instance['process_id']}：缺 {instance[name]}" for name in ("bpmn", "path") if instance[name] not in digests
        )
        if instance.get("bpmn_sha256") not in (None, digests.get(instance["bpmn"])):
            yield f"{instance['bpmn']}：不是案件 {instance['key']} 走的那个版本"
    for entry, document in rows(archive, entries, "decision"):
        table = document.get("table")
        if table is not None and digests.get(table["path"]) != table["sha256"]:
            yield f"{entry.path}：决策表 {table['path']} 不是判定时的版本"


INNER: tuple[tuple[str, Callable[[Opened, list[Entry], dict[str, Any]], Said]], ...] = (
    ("引擎历史的哈希链连续，末端一致", histories),
    ("签过的表单与历史一致，没有缺的", signed_forms),
    ("每次判定与历史一致，没有缺的", decisions),
    ("流程图版本和走过的路齐全", versions),
    ("公告与公布时的哈希一致", notices),
    ("登记簿的每一行与它的修改记录一致", edited),
    ("专家抽取可以复算", draws),
    ("参选记录、文件和报价与收件回执一致", receipts),
    ("收件清单和开启记录一致", openings),
    ("评分表是签过的那些，名次可以复算", scores),
    ("合同文本在卷内，签的就是它", signatures),
)


def _told(archive: Opened, entries: list[Entry], head: dict[str, Any], *, kind: str, event: str, fields: tuple[str, ...]) -> Said:
    """Documents of ``kind`` against the history's entries of ``event``, both ways."""
    said = dict(_events(archive, head, event, fields))
    for entry in of_kind(entries, kind):
        document = archive.json(entry.path)
        yield 1
        place = (document["root_key"], document["seq"])
        stated = _fingerprint(document, {name: document[name] for name in fields})
        if said.pop(place, None) != stated:
            yield f"{entry.path}：“{entry.title}”与历史第 {place[1]} 条不同"
    yield from (f"历史 {root} 第 {seq} 条没有对应的文件" for root, seq in sorted(said))


def _events(archive: Opened, head: dict[str, Any], event: str, fields: tuple[str, ...]) -> Iterator[tuple[tuple[int, int], str]]:
    """(root key, number) → fingerprint of what the history says there; records are read one line at a time."""
    for stated in head["histories"]:
        for line in archive.read(stated["path"]).splitlines():
            row = json_codec.loads(line)
            if "entries" in row:
                found = json_codec.loads(row["entries"])
                first = row["first_seq"]
                told = [(first + i, *one) for i, one in enumerate(found)]
            elif "data" in row:
                one = (row["kind"], row["instance_key"], row["element_id"], row["element_key"], json_codec.loads(row["data"]))
                told = [(row["seq"], *one)]
            else:
                continue
            for seq, kind, instance, element_id, element_key, data in told:
                if kind == event:
                    place = {"instance_key": instance, "element_id": element_id, "element_key": element_key}
                    document = {**place, "actor": row["actor"], "at": row["at"]}
                    yield (row["root_key"], seq), _fingerprint(document, {name: data.get(name) for name in fields})


def _fingerprint(document: dict[str, Any], said: dict[str, Any]) -> str:
    place = ("instance_key", "element_id", "element_key", "actor", "at")
    return json_codec.digest({**{name: document[name] for name in place}, **said})
