"""The whole story of a purchase on pages: who did what when, what was decided by which article, what came of it."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from sqlalchemy import select

from engine.forms import Form
from engine.model import HistoryEntry
from procurement.accounts.tables import User
from procurement.archive import printing, words
from procurement.archive.building.form_page import answered
from procurement.archive.building.registers import told
from procurement.archive.building.stand import Making

TOLD = ("instance_started", "user_task_completed", "user_task_returned", "decision_evaluated", "timer_fired", "incident_raised")
TITLE = "全案经过"


def story(making: Making, ends: list[dict[str, Any]]) -> str:
    """HTML. Forms are told with the labels of the version that was signed."""
    case, names = making.purchase, _Names(making)
    facts = {
        "采购项目": f"{case.id} {case.title}",
        "购买单位": case.unit,
        "发起人": names.person(case.initiator),
        "采购方式": words.CODES["route"].get(case.route, case.route),
        "批准金额": f"{case.amount} 元" if case.amount is not None else "",
        "承接主体": case.organisation_id or "",
        "发起": f"{case.started_at:%Y-%m-%d %H:%M}",
        "卷宗号": making.case_file.id,
    }
    entries = heapq.merge(*(_of(making, end) for end in ends), key=lambda entry: (entry.at, entry.root_key, entry.seq))
    lines = "".join(line for entry in entries if (line := _TELLERS[entry.kind](entry, names)))
    body = f"<h1>{escape(case.title)}</h1>{told({k: v for k, v in facts.items() if v})}<h2>经过</h2>{lines}"
    return printing.page(f"{case.id} {TITLE}", body)


def _of(making: Making, end: dict[str, Any]) -> Iterator[HistoryEntry]:
    found = making.stand.engine.history(end["root_key"], kinds=TOLD)
    return (entry for entry in found if entry.seq <= end["seq"])


class _Names:
    """Names of people, processes and elements, each asked for once."""

    def __init__(self, making: Making) -> None:
        self._making = making
        self._forms: dict[int, Form] = {}
        self._definitions = {one.key: one.definition_key for one in making.instances}
        with making.stand.reading() as session:
            users = session.scalars(select(User))
            self._people = {user.login: f"{user.name}（{user.unit}）" if user.unit else user.name for user in users}

    def person(self, login: str) -> str:
        return self._people.get(login, login)

    def element(self, entry: HistoryEntry) -> str:
        name = entry.data.get("name")
        key = self._definitions.get(entry.instance_key)
        if name or key is None:
            return str(name or entry.element_id)
        found = self._making.stand.engine.process_model(key)
        element = found.elements.get(entry.element_id)
        return element.name if element is not None and element.name else (entry.element_id or found.name or found.id)

    def form(self, key: int) -> Form:
        if key not in self._forms:
            self._forms[key] = self._making.stand.engine.form(key)
        return self._forms[key]


def _heading(entry: HistoryEntry, text: str) -> str:
    return f"<h3>{entry.at:%Y-%m-%d %H:%M}　{escape(text)}</h3>"


def _started(entry: HistoryEntry, names: _Names) -> str:
    return _heading(entry, f"“{names.element(entry)}”开始")


def _signed(entry: HistoryEntry, names: _Names) -> str:
    values, key = entry.data.get("values") or {}, entry.data.get("form_key")
    lines = answered(names.form(key), values, entry.at) if key else ((name, told(value)) for name, value in values.items())
    filled = "".join(f"<dt>{escape(label)}</dt><dd>{value}</dd>" for label, value in lines)
    return _heading(entry, f"{names.person(entry.actor)}办结“{names.element(entry)}”") + f"<dl>{filled}</dl>"


def _returned(entry: HistoryEntry, names: _Names) -> str:
    reason = escape(str(entry.data.get("reason") or ""))
    return _heading(entry, f"{names.person(entry.actor)}退回“{names.element(entry)}”") + f"<p>{reason}</p>"


def _decided(entry: HistoryEntry, names: _Names) -> str:
    data = entry.data
    tables = (data.get("explanation") or {}).get("tables", [])
    rows = "、".join(str(rule["rule"]) for table in tables for rule in table.get("matched", []))
    source = f"规则表 {data['decision_id']} v{data['version']}" + (f" 第 {rows} 行" if rows else "")
    return _heading(entry, f"判定“{names.element(entry)}”（{source}）") + told(data.get("output"))


def _fired(entry: HistoryEntry, names: _Names) -> str:
    return _heading(entry, f"“{names.element(entry)}”的期限到了")


def _incident(entry: HistoryEntry, names: _Names) -> str:
    return _heading(entry, f"“{names.element(entry)}”停住，交运维处理") + f"<p>{escape(str(entry.data.get('message') or ''))}</p>"


_TELLERS: dict[str, Callable[[HistoryEntry, _Names], str]] = {
    "instance_started": _started,
    "user_task_completed": _signed,
    "user_task_returned": _returned,
    "decision_evaluated": _decided,
    "timer_fired": _fired,
    "incident_raised": _incident,
}
