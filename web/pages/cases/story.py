"""The case's history in sentences a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.model import HistoryEntry
from web.pages.cases.answers import headings
from web.pages.cases.drawing import drawn, process_name
from web.pages.cases.names import person_name
from web.pages.cases.values import label, told
from web.pages.operate.causes import in_words
from web.pages.show import moment

# what people ask about; the rest (tokens moving, variables written) is only in the full record
TOLD = (
    "instance_started",
    "instance_ended",
    "user_task_completed",
    "user_task_claimed",
    "user_task_unclaimed",
    "user_task_assigned",
    "user_task_returned",
    "conditions_evaluated",
    "decision_evaluated",
    "operation_performed",
    "timer_scheduled",
    "timer_fired",
    "message_correlated",
    "message_published",
    "message_received",
    "error_thrown",
    "compensation_triggered",
    "condition_met",
    "incident_raised",
    "incident_resolved",
    "variables_set",
    "instance_canceled",
    "user_task_kept",
    "instance_suspended",
    "instance_resumed",
    "instance_modified",
    "instance_migrated",
    "migration_undone",
    "incident_retried",
    "job_retried",
    "job_canceled",
)
REPAIRS = frozenset(TOLD[TOLD.index("instance_suspended") :]) | {"variables_set", "instance_canceled"}
DONE_BY_PEOPLE = {kind for kind in TOLD if kind.startswith("user_task_")} | REPAIRS | {"message_published"}


@dataclass(frozen=True)
class Line:
    """``mark`` is person, rule, bad or plain; ``said`` is what somebody wrote or what was decided."""

    seq: int
    at: Any
    mark: str
    text: str
    said: str = ""
    who: str = ""


def lines(entries: Iterable[HistoryEntry], definitions: Mapping[int, int]) -> list[Line]:
    return [_line(entry, definitions.get(entry.instance_key, 0)) for entry in entries]


def _line(entry: HistoryEntry, definition_key: int) -> Line:
    mark, text, said = _TELLERS.get(entry.kind, _other)(entry, _name(entry, definition_key), definition_key)
    return Line(entry.seq, entry.at, mark, text, said, person_name(entry.actor) if entry.kind in DONE_BY_PEOPLE else "")


def _name(entry: HistoryEntry, definition_key: int) -> str:
    if entry.kind in ("instance_started", "instance_ended", "instance_canceled") and definition_key:
        return process_name(definition_key)
    return str(entry.data.get("name") or drawn(definition_key, entry.element_id).label)


def _started(_entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "plain", _("“%(name)s”开始", name=name), ""


def _ended(entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    if entry.data.get("outcome") == "terminated":
        return "bad", _("“%(name)s”被终止", name=name), str(entry.data.get("reason") or "")
    return "plain", _("“%(name)s”走完", name=name), ""


def _completed(_entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "person", _("办结“%(name)s”", name=name), ""


def _claimed(_entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "person", _("认领“%(name)s”", name=name), ""


def _released(_entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "person", _("放回“%(name)s”，待他人认领", name=name), ""


def _assigned(entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "person", _("将“%(name)s”转交 %(to)s", name=name, to=person_name(str(entry.data.get("assignee") or ""))), ""


def _returned(entry: HistoryEntry, name: str, key: int) -> tuple[str, str, str]:
    target = drawn(key, str(entry.data.get("target") or entry.data.get("target_element_id") or "")).label
    return "bad", _("将“%(name)s”退回至“%(target)s”", name=name, target=target), str(entry.data.get("reason") or "")


def _gateway(entry: HistoryEntry, name: str, key: int) -> tuple[str, str, str]:
    answer = "、".join(drawn(key, flow).name or _("继续") for flow in entry.data.get("taken", []))
    return "rule", _("%(question)s → %(answer)s", question=name, answer=answer), ""


def _decision(entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    tables = (entry.data.get("explanation") or {}).get("tables", [])
    rows = "、".join(str(rule["rule"]) for table in tables for rule in table.get("matched", []))
    text = _(
        "规则表“%(name)s”答复：%(answer)s",
        name=name,
        answer=told(entry.data.get("output"), headings(entry.data.get("decision_key"))),
    )
    return "rule", text, _("命中第 %(rows)s 行", rows=rows) if rows else ""


def _operation(_entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "plain", _("系统完成“%(name)s”", name=name), ""


def _timer(entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "plain", _("“%(name)s”的期限定为 %(at)s", name=name, at=moment(entry.data.get("due_at"))), ""


def _fired(_entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "plain", _("“%(name)s”的期限到了", name=name), ""


def _message(_entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "plain", _("收到“%(name)s”", name=name), ""


def _error(entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "bad", _("“%(name)s”出现业务异常", name=name), str(entry.data.get("message") or "")


def _undone(entry: HistoryEntry, _name: str, key: int) -> tuple[str, str, str]:
    activity, handler = (str(entry.data.get(field) or "") for field in ("activity_id", "handler_id"))
    text = _("开始撤销“%(name)s”", name=drawn(key, activity).label)
    return "bad", text, "" if handler == activity else drawn(key, handler).label


def _condition(entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    seen = "、".join(f"{field} = {told(value)}" for field, value in (entry.data.get("inputs") or {}).items())
    return "rule", _("“%(name)s”的条件成立", name=name), seen


def _incident(entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "bad", _("“%(name)s”无法继续，已交运维处理", name=name), in_words(str(entry.data.get("message") or ""))


def _resolved(_entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "plain", _("“%(name)s”的异常已排除", name=name), ""


def _variables(entry: HistoryEntry, _name: str, _key: int) -> tuple[str, str, str]:
    said = "、".join(label(name) for name in entry.data.get("variables", {}))
    reason = str(entry.data.get("reason") or "")
    return "bad", _("调整了案卷数据"), f"{said}：{reason}" if reason else said


def _kept(_entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "person", _("“%(name)s”以前办的仍然有效，没有再办", name=name), ""


def _repair(entry: HistoryEntry, _name: str, _key: int) -> tuple[str, str, str]:
    return "bad", str(_REPAIRED[entry.kind]), str(entry.data.get("reason") or "")


_REPAIRED = {
    "instance_suspended": _l("暂停了案件"),
    "instance_resumed": _l("恢复了案件"),
    "instance_modified": _l("改动了案件走到哪里"),
    "instance_migrated": _l("把案件迁到另一版本"),
    "migration_undone": _l("撤销了迁移"),
    "incident_retried": _l("重试了停住的一步"),
    "job_retried": _l("安排了作业立即重试"),
    "job_canceled": _l("放弃了一项对外作业"),
}


def _behind(entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    """What only operators and auditors look for."""
    said = entry.data.get("reason") or entry.data.get("message") or ""
    return "plain", _("“%(name)s”：%(what)s", name=name or entry.data.get("signal", ""), what=_BEHIND[entry.kind]), str(said)


def _deployed(entry: HistoryEntry, _name: str, _key: int) -> tuple[str, str, str]:
    made = "、".join(entry.data.get("made", ()))
    note = str(entry.data.get("note") or "")
    return "person", _("部署了 %(made)s", made=made or "—"), note


_BEHIND = {
    "job_created": _l("安排了作业"),
    "job_completed": _l("作业办完了"),
    "job_failed": _l("作业失败"),
    "job_updated": _l("调整了作业的次数或时限"),
    "job_error_thrown": _l("作业报告了业务异常"),
    "message_thrown": _l("发出了消息"),
    "signal_thrown": _l("发出了信号"),
    "signal_received": _l("收到了信号"),
}


def _other(entry: HistoryEntry, name: str, _key: int) -> tuple[str, str, str]:
    return "plain", f"{name}　{entry.kind}", ""


_TELLERS = {
    "instance_started": _started,
    "instance_ended": _ended,
    "instance_canceled": _ended,
    "user_task_completed": _completed,
    "user_task_claimed": _claimed,
    "user_task_unclaimed": _released,
    "user_task_assigned": _assigned,
    "user_task_returned": _returned,
    "conditions_evaluated": _gateway,
    "decision_evaluated": _decision,
    "operation_performed": _operation,
    "timer_scheduled": _timer,
    "timer_fired": _fired,
    "message_correlated": _message,
    "message_received": _message,
    "message_published": _message,
    "error_thrown": _error,
    "compensation_triggered": _undone,
    "condition_met": _condition,
    "incident_raised": _incident,
    "incident_resolved": _resolved,
    "variables_set": _variables,
    "user_task_kept": _kept,
    **dict.fromkeys(_REPAIRED, _repair),
    **dict.fromkeys(_BEHIND, _behind),
    "deployment": _deployed,
}
