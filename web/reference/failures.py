"""docs/reference/errors.md: every error class with its code, status and sentence in both languages."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import engine
import procurement
import web
from engine.errors import (
    Conflict,
    DefinitionInvalid,
    EngineError,
    ExecutionFailed,
    InvalidInput,
    NotFound,
    NotPermitted,
)
from web.api.problems import status_of
from web.reference.markdown import generated, table
from web.translations.catalogues import CATALOGUES, read

OPENING = """# 错误

{generated}
每个错误是 `EngineError` 的一个子类；代码是类名的小写形式，长期不变，供程序判断；句子说明发生了什么、接着怎么办，花括号处填实际的编号。
网页显示中文，日志和 `/v2` 的 `detail` 是英文，`/v2` 的 `title` 是大写的代码（格式见[接口](http-api.md)）。
一个错误属于哪一族，决定它的 HTTP 状态。带字段的错误逐个字段给出句子；下表是没有更具体的话时的缺省句子。
"""
FAMILIES: dict[type[EngineError], str] = {
    NotFound: "找不到",
    NotPermitted: "不允许",
    InvalidInput: "填写有误",
    Conflict: "情况已有变化",
    DefinitionInvalid: "不能部署",
    ExecutionFailed: "执行停下：在流程里成为异常（incident），案件停在原处等待处理；由接口直接触发时以该状态回答",
}
OTHERS = "其他"
SKIPPED = ("migrations", "__main__", "shipped")  # a case file's own checker runs when it is read


def page() -> str:
    return "\n".join(part for part in [OPENING.format(generated=generated("各错误类")), *_families()] if part) + "\n"


def _families() -> Iterator[str]:
    known = errors()
    for family, told in FAMILIES.items():
        members = [error for error in known if issubclass(error, family)]
        known = [error for error in known if error not in members]
        title, _, more = told.partition("：")
        yield f"## {title}\n"
        yield f"{more}。\n" if more else ""
        yield f"{_rows(members)}\n"
    yield f"## {OTHERS}\n\n{_rows(known)}"


def _rows(errors_: list[type[EngineError]]) -> str:
    chinese = read(CATALOGUES[0])
    rows = []
    for error in errors_:
        sentence = (error.__doc__ or "").strip()
        message = chinese.get(sentence)
        translated = message.string if message and message.string else "（接口只用英文）"
        rows.append((f"`{_code(error)}`", str(_status(error)), str(translated), sentence))
    return table(("代码", "HTTP", "中文", "English"), rows)


def errors() -> list[type[EngineError]]:
    """Every error class of the product, by code."""
    for package in (engine, procurement, web):
        _load(package)
    pending, found = [EngineError], set()
    while pending:
        for child in pending.pop().__subclasses__():
            if child not in found and child.__module__.split(".")[0] in {"engine", "procurement", "web"}:
                found.add(child)
                pending.append(child)
    return sorted(found, key=lambda error: (_code(error), error.__module__))


def _load(package: ModuleType) -> None:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not any(part in SKIPPED for part in module.name.split(".")):
            importlib.import_module(module.name)


def _code(error: type[EngineError]) -> str:
    return EngineError.code.fget(error.__new__(error))  # type: ignore[attr-defined, no-any-return] # the code depends on the class alone


def _status(error: type[EngineError]) -> int:
    return status_of(error.__new__(error))
