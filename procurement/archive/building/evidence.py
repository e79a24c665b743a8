"""The engine's part: histories with where they end, forms as signed, decisions as explained, diagrams with the way taken."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO, Self

from engine import json_codec
from engine.errors import NotFound
from engine.forms import Form
from engine.model import HistoryEntry, ProcessInstance
from engine.store.chain import moment_text
from procurement.archive import layout
from procurement.archive.building.form_page import form_page
from procurement.archive.building.stand import Making

SIGNED, DECIDED = "user_task_completed", "decision_evaluated"
CHUNK = 1 << 20


class Histories:
    """Each chain exported to a file of its own, at one moment, before anything is written about it."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._files: dict[int, BinaryIO] = {}
        self.ends: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        for root in self._making.roots:
            file = tempfile.TemporaryFile()
            self._files[root] = file
            for number, line in enumerate(self._making.stand.engine.export_history(root)):
                file.write(line)
                if number == 1:
                    end = json_codec.loads(line)
                    self.ends.append({"root_key": root, "path": f"history/{root}.jsonl", "seq": end["seq"], "hash": end["hash"]})
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def add(self) -> None:
        for end in self.ends:
            self._making.writer.add(end["path"], "history", f"引擎历史，{end['seq']} 条", self._chunks(end["root_key"]))

    def _chunks(self, root: int) -> Iterator[bytes]:
        file = self._files[root]
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def add_forms(making: Making, ends: list[dict[str, Any]]) -> None:
    """``forms/<root>-<seq>-<task>.json`` with ``schemas/``: what was entered, by whom, when, on which version of the form."""
    forms: dict[int, tuple[dict[str, Any], Form]] = {}
    for entry in _entries(making, ends, SIGNED):
        making.met(entry.actor, entry.at)
        key = entry.data.get("form_key")
        schema, form = _schema(making, key, forms) if key else (None, None)
        document = {
            **_place(entry),
            "task": entry.data.get("name", ""),
            "values": entry.data.get("values"),
            "form_key": key,
            "form": schema,
        }
        base = f"forms/{entry.root_key}-{entry.seq:06d}-{entry.element_id}"
        title = f"{document['task']}（{entry.actor}）"
        making.writer.add_json(f"{base}.json", "form", title, document, at=entry.at)
        if form is not None:
            making.writer.add(f"{base}.html", "form_page", title, form_page(form, document, entry.at).encode(), at=entry.at)


def _schema(making: Making, key: int, known: dict[int, tuple[dict[str, Any], Form]]) -> tuple[dict[str, Any], Form]:
    if key not in known:
        engine = making.stand.engine
        found, content = engine.definition(key), engine.resource(key)
        path = f"schemas/{found.id}-v{found.version}.form"
        making.writer.add(path, "schema", f"{found.name or found.id} v{found.version}", content, at=found.deployed_at)
        about = {"key": key, "id": found.id, "version": found.version, "path": path, "sha256": layout.sha256(content)}
        known[key] = about, engine.form(key)
    return known[key]


def add_decisions(making: Making, ends: list[dict[str, Any]]) -> None:
    """``decisions/<root>-<seq>-<decision>.json``: inputs, matched rows and answer; ``tables/``: the tables that were asked."""
    rules: dict[str, dict[str, Any]] = {}
    for entry in _entries(making, ends, DECIDED):
        data = entry.data
        title = f"{data.get('explanation', {}).get('name') or data['decision_id']} v{data['version']}"
        place = f"decisions/{entry.root_key}-{entry.seq:06d}-{data['decision_id']}.json"
        table = _table(making, data, title)
        making.writer.add_json(place, "decision", title, {**_place(entry), **data, "table": table}, at=entry.at)
        for row in data["output"] if isinstance(data["output"], list) else [data["output"]]:
            if isinstance(row, dict) and row.get("article"):
                told = {"decision_id": data["decision_id"], "version": data["version"], "row": row}
                rules.setdefault(json_codec.digest(told), told)
    making.writer.add_json("rules.json", "rules", "用到的参数和依据", list(rules.values()))


def _table(making: Making, data: dict[str, Any], title: str) -> dict[str, str]:
    """The version of the table that was asked: where it lies, and its SHA-256."""
    path = f"tables/{data['decision_id']}-v{data['version']}.dmn"
    content = making.stand.engine.resource(data["decision_key"])
    if not making.writer.holds(path):
        found = making.stand.engine.definition(data["decision_key"])
        making.writer.add(path, "table", title, content, at=found.deployed_at)
    return {"path": path, "sha256": layout.sha256(content)}


def add_diagrams(making: Making, ends: list[dict[str, Any]]) -> None:
    """``diagrams/``: each version that was walked, as file and picture, and each instance's own way through it."""
    engine, ways = making.stand.engine, _ways(making, ends)
    for one in making.instances:
        base, path = places(one)
        if not making.writer.holds(f"{base}.bpmn"):
            found = engine.definition(one.definition_key)
            title = f"{one.process_name or one.process_id} v{one.version}"
            making.writer.add(f"{base}.bpmn", "diagram", title, engine.resource(one.definition_key), at=found.deployed_at)
            making.writer.add(f"{base}.svg", "picture", title, _picture(making, one, {}), at=found.deployed_at)
        title = f"{one.process_name or one.process_id}（{one.key}）"
        making.writer.add(
            path, "path", title, _picture(making, one, ways.get(one.key, {}) | _passed(making, one)), at=one.started_at
        )


def places(one: ProcessInstance) -> tuple[str, str]:
    """Where the instance's diagram (without ending) and its own way lie."""
    return f"diagrams/{one.process_id}-v{one.version}", f"diagrams/ways/{one.key}-{one.process_id}.svg"


def _picture(making: Making, one: ProcessInstance, marks: dict[str, str]) -> bytes:
    try:
        return making.stand.engine.picture(one.definition_key, marks=marks)
    except NotFound:  # deployed without a drawing
        return b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def _ways(making: Making, ends: list[dict[str, Any]]) -> dict[int, dict[str, str]]:
    """Instance → its sequence flows, each history read once: there are as many instances as calls."""
    found: dict[int, dict[str, str]] = {}
    for entry in _entries(making, ends, "flow_taken"):
        found.setdefault(entry.instance_key, {})[entry.element_id] = "done"
    return found


def _passed(making: Making, one: ProcessInstance) -> dict[str, str]:
    return {
        passed.element_id: "incident" if passed.incidents else "waiting" if passed.active else "done"
        for passed in making.stand.engine.element_statistics(instance_key=one.key)
    }


def _entries(making: Making, ends: list[dict[str, Any]], kind: str) -> Iterator[HistoryEntry]:
    """Up to where each history ends in this archive."""
    for end in ends:
        for entry in making.stand.engine.history(end["root_key"], kinds=(kind,)):
            if entry.seq <= end["seq"]:
                yield entry


def _place(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "root_key": entry.root_key,
        "seq": entry.seq,
        "instance_key": entry.instance_key,
        "element_id": entry.element_id,
        "element_key": entry.element_key,
        "actor": entry.actor,
        "at": moment_text(entry.at),
    }
