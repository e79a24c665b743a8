"""docs/reference/cli.md: every command and option, asked of the command itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from web.cli import app
from web.reference.markdown import generated, table

OPENING = """# 命令行 `bixuan`

{generated}
运维在网页之外做的事。每条命令都可以加 `--help`。出错时在标准错误上写一句话并以 1 退出；`deploy` 逐条列出文件、行、图元和改法。
`--demo` 使命令作用于演示街道的数据，而不是正式服务的数据；两者分开存放，见[设置](settings.md)。
在一份源码里，命令是 `.venv/bin/bixuan`（`make demo` 已装好）；安装了 wheel 的环境里直接是 `bixuan`。
"""


def page() -> str:
    return "\n".join([OPENING.format(generated=generated("web/cli.py")), *_sections(get_command(app), "bixuan")]) + "\n"


def _sections(command: Any, name: str) -> Iterator[str]:
    """``command`` is click's; typer brings a click of its own, so its classes cannot be named here."""
    if inner := getattr(command, "commands", None):
        for key, one in inner.items():
            yield from _sections(one, f"{name} {key}")
        return
    shown = " ".join([name, *(_argument(param) for param in command.params if _is_argument(param))])
    yield f"## `{shown}`\n\n{' '.join((command.help or '').split())}\n"
    if command.params:
        yield table(("参数", "缺省", "说明"), (_row(param) for param in command.params)) + "\n"


def _is_argument(param: Any) -> bool:
    return bool(param.param_type_name == "argument")


def _argument(param: Any) -> str:
    text = f"{param.name.upper()}{'...' if param.nargs == -1 else ''}"
    return text if param.required else f"[{text}]"


def _row(param: Any) -> tuple[str, str, str]:
    names = [_argument(param)] if _is_argument(param) else [*param.opts, *param.secondary_opts]
    return " ".join(f"`{name}`" for name in names), _default(param), param.help or ""


def _default(param: Any) -> str:
    if param.required:
        return "必填"
    return "" if param.default in (None, False, "", [], ()) else f"`{param.default}`"
