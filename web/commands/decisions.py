"""``bixuan dmn``: the standard's test kit, and past decisions made again with a changed table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import json_codec
from web.commands.options import Demo
from web.installation import DEMO, OFFICE, installation
from web.terminal import say

app = typer.Typer(no_args_is_help=True, help="决策模型：标准测试与历史重算。")


@app.command("test")
def run_test_kit(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    json: Annotated[Path | None, typer.Option(help="结果写入这个 JSON 文件")] = None,
) -> None:
    """运行一个 DMN TCK 文件夹，逐个预期结果报告。"""
    from engine.dmn import tck  # noqa: PLC0415

    arguments = [str(folder), *(["--json", str(json)] if json else [])]
    raise typer.Exit(tck.main(arguments))


@app.command("replay")
def replay_decisions(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="改过的 .dmn 文件")],
    decision: Annotated[str, typer.Argument(help="决策编号，例如 method_route")],
    *,
    demo: Demo = False,
) -> None:
    """用改过的决策表重算过去的每一次决定，列出结果会不同的案件；不改动任何数据。"""
    from web.composition import compose  # noqa: PLC0415

    with installation(DEMO if demo else OFFICE) as settings:
        report = compose(settings).engine.replay_decision(decision, file.read_bytes(), file=file.name)
    for change in report.changes:
        say(f"{change.reference}\t{json_codec.dumps(change.before)}\t→\t{change.failure or json_codec.dumps(change.after)}")
    say(f"重算了 {report.evaluated} 次决定，{len(report.changes)} 次结果不同。")
