"""``bixuan cases``: the designers' cases, run over the files as they lie there, without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from engine.errors import EngineError
from engine.sandbox import Coverage
from engine.sandbox.project import Files
from procurement.studio import layout
from procurement.studio.case_runs import Reach, Unreadable, folder_of, reach, run
from procurement.studio.playing import feel_without_office, sandbox
from web.pages.operate.causes import translator
from web.resources import designer_folders
from web.sentences import chinese
from web.terminal import say


class NoCases(EngineError):
    """没有找到案例：{places}。请给出流程的文件夹（如 processes/goal_setting）或案例文件（cases/*.yaml）。"""


def report(places: Iterable[Path], *, complete: bool) -> bool:
    """Run and say; True when every case went as it says (and, with ``complete``, everything was reached)."""
    chosen = [place.resolve() for place in places]
    root = _root(chosen)
    files = _files(root)
    playground = sandbox(files, feel_without_office())
    paths = [path for path in playground.project.case_files() if _is_chosen(root / path, chosen)]
    if not paths:
        raise NoCases(places="、".join(map(str, chosen)) or str(root))
    translate = translator(dict(getattr(chinese(), "_catalog", {})))
    counted, coverage = Counter[str](), Coverage()
    for result in run(playground, paths):
        if isinstance(result, Unreadable):
            counted["wrong"] += 1
            say(f"✗ {result.path}\n    {translate(str(result.error))}")
            continue
        coverage.add(result)
        counted["right" if result.ok else "wrong"] += 1
        say(f"{'✓' if result.ok else '✗'} {result.case.label}")
        for difference in result.differences:
            say(f"    {translate(difference.message)}")
    reached = reach(playground.project, coverage, {folder_of(path) for path in paths})
    _say_reached(reached)
    say(f"{counted['right']} 个案例如所写，{counted['wrong']} 个不符。")
    return not counted["wrong"] and (reached.is_whole or not complete)


def _say_reached(reached: Reach) -> None:
    rules = sum(len(table.rules) for table in reached.unmatched)
    say(
        f"走过连线 {reached.flows - len(reached.uncovered)}/{reached.flows} 条，命中规则 {reached.rules - rules}/{reached.rules} 行。"
    )
    for flow in reached.uncovered:
        named = f"“{flow.name}”" if flow.name else ""
        say(f"  没有案例走过：{flow.process} 的 {flow.source} → {flow.target}{named}（{flow.flow}）")
    for table in reached.unmatched:
        named = "、".join(f"第 {number} 行（{rule}）" for number, rule in table.rules)
        say(f"  没有案例命中：{table.file} 的 {table.decision} {named}")


def _root(chosen: list[Path]) -> Path:
    """The folder that holds processes/ and forms/: that of the first place, else what this installation came with."""
    if not chosen:
        return designer_folders()[0].parent
    around = [chosen[0], *chosen[0].parents]
    return next((place for place in around if (place / "processes").is_dir()), chosen[0])


def _files(root: Path) -> Files:
    found = {}
    for place in ("processes", "forms"):
        for file in sorted((root / place).rglob("*")):
            path = file.relative_to(root).as_posix()
            if layout.is_path(path) and file.is_file():
                found[path] = file.read_bytes()
    return found


def _is_chosen(file: Path, chosen: list[Path]) -> bool:
    return not chosen or any(file == place or place in file.parents or _is_form_folder(file, place) for place in chosen)


def _is_form_folder(file: Path, place: Path) -> bool:
    """forms/goal_setting means the cases of processes/goal_setting."""
    return PurePosixPath(place).parent.name == "forms" and place.name == file.parent.parent.name
