"""The command ``bixuan``: everything an operator does outside the pages."""

from __future__ import annotations

import datetime as dt
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import DefinitionInvalid, Problem
from engine.store.types import ZONE
from procurement.archive.checking.broken import told
from procurement.studio.shipping import TakenOver
from web import logs
from web.commands import accounts, archives, backups, checking, decisions, draws, endings, evidence, rules
from web.commands.endings import EXPECTED
from web.commands.options import Demo
from web.commands.patience import patiently
from web.installation import DEMO, OFFICE, installation
from web.resources import read_resources
from web.serving import run_worker, serve_application, stop_with
from web.terminal import report_problems, say

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="比选：街道购买社区服务。")
app.add_typer(accounts.app, name="user")
app.add_typer(decisions.app, name="dmn")
histories = typer.Typer(no_args_is_help=True, help="历史：导出成可以离线核对的文件。")
app.add_typer(histories, name="history")

Host = Annotated[str, typer.Option(help="监听地址")]
Port = Annotated[int, typer.Option(help="端口", min=1, max=65535)]


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """启动演示街道：内嵌数据库、演示账号、可以往前拨的时钟。"""
    from web.demo import run_demo  # noqa: PLC0415 - the other commands need not load the demo

    run_demo(host, port)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    *,
    worker: Annotated[
        bool | None, typer.Option("--worker/--no-worker", help="作业工作者是否在这个进程内；默认看 BIXUAN_WORKER_INSIDE")
    ] = None,
    drain: Annotated[float, typer.Option(help="收到 SIGTERM 后，再接多少秒请求才停；/readyz 立刻答 503", min=0, max=300)] = 0,
) -> None:
    """启动正式服务；设置来自环境变量。可在任意多台机器上运行。"""
    from web.composition import compose  # noqa: PLC0415 - settings are checked before anything heavy is imported

    with installation(OFFICE) as settings:
        services = compose(settings if worker is None else replace(settings, worker_inside=worker))
        patiently(services.migrate)
        say(f"http://{host}:{port}")
        serve_application(services, host, port, drain_s=drain)


@app.command()
def worker(
    threads: Annotated[int, typer.Option(help="同时触发多少个案件的定时器", min=1, max=64)] = 4,
) -> None:
    """只运行作业工作者：定时器、对外动作、清扫。可在任意多台机器上运行。"""
    from web.composition import compose  # noqa: PLC0415

    with installation(OFFICE) as settings:
        services = compose(settings)
        patiently(services.require_migrated)
        run_worker(services, threads=threads)


@app.command()
def migrate(*, demo: Demo = False) -> None:
    """把数据库升级到这一版本的结构；重复运行无害。"""
    from web.composition import compose  # noqa: PLC0415

    with installation(DEMO if demo else OFFICE) as settings:
        compose(settings).migrate()
    say("数据库结构已是最新。")


@app.command()
def deploy(
    paths: Annotated[list[Path] | None, typer.Argument(exists=True, help="BPMN、DMN、表单文件，或装有它们的文件夹")] = None,
    note: Annotated[str, typer.Option(help="这次部署的说明")] = "",
    *,
    demo: Demo = False,
    check: Annotated[bool, typer.Option("--check", help="只检查，不部署")] = False,
    shipped: Annotated[bool, typer.Option("--shipped", help="部署随软件带来的，街道改过的不动")] = False,
) -> None:
    """部署流程、决策表和表单，连同说明和案例；有一处不对就全部不部署。不经复核，登记里会写明。"""
    from web.composition import compose  # noqa: PLC0415

    if shipped:
        with installation(DEMO if demo else OFFICE) as settings:
            services = compose(settings)
            if check:
                _say_ahead(*rules.check_shipped(services))
            else:
                _say_taken_over(rules.deploy_shipped(services))
        return
    resources = read_resources(paths or [])
    if not resources:
        raise typer.BadParameter("这些路径里没有 .bpmn、.dmn 或 .form 文件。")
    with installation(DEMO if demo else OFFICE) as settings:
        services = compose(settings)
        if check:
            problems = (*services.engine.check(resources), *rules.for_running_cases(services, paths or []))
            report_problems(problems)
            raise typer.Exit(any(problem.severity == "error" for problem in problems))
        concerned = rules.for_running_cases(services, paths or [])
        deployment = rules.deploy(services, paths or [], note)
        report_problems(concerned)
    for definition in deployment.definitions:
        say(f"{definition.kind}\t{definition.id}\tv{definition.version}\t{definition.resource_name}")


@app.command("export")
def export_rules(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="写到这个文件夹下的 processes 和 forms")], *, demo: Demo = False
) -> None:
    """把现在在用的流程、决策表、表单、说明和案例写成文件夹，和代码仓库里的布局一样。"""
    from web.composition import compose  # noqa: PLC0415

    with installation(DEMO if demo else OFFICE) as settings:
        changed = rules.export(compose(settings), folder)
    for path in changed:
        say(path)
    say(f"{folder}：{len(changed)} 个文件不同，已写好。")


@app.command("import")
def import_rules(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="其中有 processes、forms")],
    draft: Annotated[str, typer.Option(help="草稿的名称：改什么")],
    reason: Annotated[str, typer.Option(help="依据和原因")] = "",
    by: Annotated[str | None, typer.Option(help="以哪个账号的名义；不写则记为系统")] = None,
    *,
    demo: Demo = False,
) -> None:
    """把文件夹里与在用的不同之处放进一份草稿；不影响任何案件，复核以后才发布。"""
    from web.composition import compose  # noqa: PLC0415

    with installation(DEMO if demo else OFFICE) as settings:
        made = rules.bring(compose(settings), folder, title=draft, reason=reason, login=by)
    say(f"草稿 {made.key}：{made.title}（{made.folder}）")


def _say_taken_over(taken: TakenOver) -> None:
    _say_paths(taken)
    say(f"部署了 {len(taken.deployed)} 个文件，保留街道改过的 {len(taken.kept_ours)} 个。")
    if taken.concerned:
        report_problems(taken.concerned)
        say(f"正在走的案件有 {len(taken.concerned)} 处接不上，列在上面，请在设计室改正。", to_error=True)


def _say_ahead(ahead: TakenOver, refusals: tuple[Problem, ...]) -> None:
    """Ends with exit code 1 when something is wrong."""
    _say_paths(ahead)
    say(f"会部署 {len(ahead.deployed)} 个文件，保留街道改过的 {len(ahead.kept_ours)} 个。")
    report_problems((*refusals, *ahead.concerned))
    if refusals:
        say("和街道改过的放在一起有错，列在上面：升级时一个也不会部署，设计室里可以建草稿改正。", to_error=True)
    if ahead.concerned:
        say(f"正在走的案件有 {len(ahead.concerned)} 处会接不上，列在上面。", to_error=True)
    raise typer.Exit(bool(refusals or ahead.concerned))


def _say_paths(taken: TakenOver) -> None:
    for path in taken.deployed:
        say(path)
    for path in taken.kept_ours:
        say(f"{path}：街道改过，保留街道的；新版本的改动可以在设计室里建草稿对比。")


@app.command("cases")
def run_cases(
    places: Annotated[
        list[Path] | None, typer.Argument(exists=True, help="流程的文件夹或案例文件；不写则随系统而来的全部案例")
    ] = None,
    *,
    complete: Annotated[bool, typer.Option("--complete", help="有连线没走过、有规则没命中，也以 1 退出")] = False,
) -> None:
    """跑设计人员写的案例（cases/*.yaml），逐个报告，并列出没有走过的连线和没有命中的规则；不需要数据库。"""
    from web.commands import cases  # noqa: PLC0415 - the other commands need not load the sandbox

    raise typer.Exit(not cases.report(places or [], complete=complete))


@app.command()
def verify(
    case: Annotated[
        str | None,
        typer.Argument(
            help="采购项目编号或案件编号，不写则核对全部案件；或一份卷宗（zip、解压的文件夹、证明）；或 draw，后接抽取文件"
        ),
    ] = None,
    draw: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="抽取文件（写在 draw 之后）")] = None,
    *,
    root: Annotated[str | None, typer.Option(help="卷宗：公布的根")] = None,
    document: Annotated[int | None, typer.Option(help="卷宗：只证明目录里的这一件", min=1)] = None,
    to: Annotated[Path | None, typer.Option(help="卷宗：把这一件的证明写到这个文件")] = None,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="核对导出的文件，不需要数据库")] = None,
    anchor: Annotated[Path | None, typer.Option(help="末端文件：先比较，对得上再写下新的末端；应放在别处")] = None,
    demo: Demo = False,
) -> None:
    """重新计算历史的哈希链，或核对一份卷宗、一次抽取（不需要数据库）；有一处对不上就指出来，并以 1 退出。"""
    if case is not None and (case == "draw" or draws.is_draw(case)):
        if draw is None and case == "draw":
            raise typer.BadParameter("请写明抽取文件，例如 bixuan verify draw CQ-2026-0001.json")
        raise typer.Exit(not draws.report(draw or Path(case)))
    if case is not None and archives.is_archive(case):
        right = archives.prove(Path(case), document, root=root, to=to) if document else archives.report(Path(case), root=root)
        raise typer.Exit(not right)
    report = evidence.verified_file(file, anchor) if file else evidence.verified(DEMO if demo else OFFICE, case, anchor)
    for broken in report.broken:
        say(told(broken))
    say(f"核对了 {report.cases} 个案件、{report.entries} 条历史，{len(report.broken)} 处对不上。")
    raise typer.Exit(not report.sound)


@histories.command("export")
def export_history(
    to: Annotated[Path, typer.Option(help="写到这个文件；以 .zst 结尾则压缩")],
    case: Annotated[str | None, typer.Option(help="采购项目编号或案件编号；不写则全部案件")] = None,
    *,
    demo: Demo = False,
) -> None:
    """把历史导出成一个文件，可以交给别人，在没有数据库的机器上核对。"""
    lines = evidence.export(DEMO if demo else OFFICE, case, to)
    say(f"{to}：{lines} 行。")


@app.command()
def backup(to: Annotated[Path, typer.Option(help="放备份的文件夹；应在另一块盘上")], *, demo: Demo = False) -> None:
    """不停机做一次完整备份：数据库、附件、密钥。可以放进定时任务。"""
    manifest = backups.back_up(DEMO if demo else OFFICE, to)
    say(f"{manifest.base}：数据库；附件 {manifest.files} 个。")
    if manifest.files_elsewhere:
        say(f"附件在 {manifest.files_elsewhere}，不在这份备份里，请用存储桶自己的版本或复制功能。")


@app.command()
def archive(
    to: Annotated[Path, typer.Option(help="放备份的文件夹；应在另一块盘上")],
    *,
    synchronous: Annotated[
        bool, typer.Option("--synchronous", help="提交要等归档写好才算数：数据目录全毁也一条不丢；归档停了就不能提交")
    ] = False,
    demo: Demo = False,
) -> None:
    """持续归档：把每次提交的日志和新附件写到另一处，直到停止。和 serve 同时运行。"""
    stop = threading.Event()
    stop_with(stop)
    backups.archive(DEMO if demo else OFFICE, to, stop, synchronous=synchronous)


@app.command()
def restore(
    source: Annotated[Path, typer.Option("--from", exists=True, file_okay=False, help="放备份的文件夹")],
    to: Annotated[Path, typer.Option(help="空的文件夹；恢复后用 BIXUAN_HOME 指向它")],
    until: Annotated[dt.datetime | None, typer.Option(help="恢复到这个时刻（北京时间）；不写则到最后一次提交")] = None,
    *,
    demo: Demo = False,
) -> None:
    """从备份和归档恢复到空的文件夹，核对历史和附件，逐项报告；有一处不对以 1 退出。"""
    kind = DEMO if demo else OFFICE
    moment = until.replace(tzinfo=until.tzinfo or ZONE) if until else None
    manifest = backups.bring_back(kind, source, to.resolve(), moment)
    say(f"已从 {manifest.base} 恢复。")
    raise typer.Exit(not checking.report(kind, {**os.environ, "BIXUAN_HOME": str(to.resolve())}))


def main() -> None:
    """Run the command; whatever is wrong becomes a sentence on standard error and exit code 1."""
    logs.configure()
    try:
        app()
    except DefinitionInvalid as error:
        report_problems(error.problems)
        sys.exit(1)
    except EXPECTED as error:
        sentence = endings.sentence(error)
        if sentence is None:
            raise
        say(sentence, to_error=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
