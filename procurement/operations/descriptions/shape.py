"""How an operation is described. Texts are Chinese, because designers read them; names and codes are English."""

from __future__ import annotations

from dataclasses import dataclass

TYPES = ("string", "number", "boolean", "date", "date and time", "list", "context")
SAMPLES: dict[str, object] = {
    "string": "",
    "number": 0,
    "boolean": False,
    "date": "2026-03-02",
    "date and time": "2026-03-02T09:00:00+08:00",
    "list": [],
    "context": {},
}


@dataclass(frozen=True)
class Field:
    """One input or output. Dates reach a process variable as ISO text; ``fields`` are those of a context or of a list's rows."""

    name: str
    type: str  # one of TYPES
    text: str
    required: bool = False
    choices: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    seldom: bool = False  # read, but no diagram needs to give it: left out of element templates


@dataclass(frozen=True)
class Failure:
    """A business outcome an error boundary event may catch by its code."""

    code: str
    text: str


@dataclass(frozen=True)
class Described:
    """One operation: ``changes`` says whether it writes registers (then a retry gives the first answer again).

    ``afterwards``: it is an effect, done by the worker after the commit while the case waits.
    """

    operation: str
    label: str
    text: str
    inputs: tuple[Field, ...] = ()
    outputs: tuple[Field, ...] = ()
    failures: tuple[Failure, ...] = ()
    article: str = ""
    changes: bool = True
    afterwards: bool = False


def need(name: str, type_: str, text: str, *fields: Field, choices: tuple[str, ...] = ()) -> Field:
    """An input that must be given."""
    return Field(name, type_, text, required=True, choices=choices, fields=fields)


def may(name: str, type_: str, text: str, *fields: Field, choices: tuple[str, ...] = (), seldom: bool = False) -> Field:
    """An input that may be left out, or a field inside a context."""
    return Field(name, type_, text, choices=choices, fields=fields, seldom=seldom)


def gives(name: str, type_: str, text: str, *fields: Field) -> Field:
    """An output, always there."""
    return Field(name, type_, text, fields=fields)


PURCHASE = may("purchase_id", "string", "采购项目编号；不写时取本案的业务编号")
ON = may("on", "date", "按哪一天；不写时取当天")
BUDGET_INSUFFICIENT = Failure("BUDGET_INSUFFICIENT", "余额不足；错误变量 available 为当时的余额（元）")
# read only when the purchase has no register row yet, so that one can be made
NEW_PURCHASE = (
    may("initiator", "string", "登记里还没有这个项目时：发起人账号", seldom=True),
    may("initiator_kind", "string", "登记里还没有这个项目时：发起人类别", seldom=True),
    may("initiator_unit", "string", "登记里还没有这个项目时：发起单位", seldom=True),
)
