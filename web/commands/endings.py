"""What ends a command before its time, as the one sentence it ends with."""

from __future__ import annotations

from engine.errors import EngineError
from engine.store.away import DATABASE_ERRORS, is_behind, unavailable
from engine.store.migrate import DatabaseBehind, DatabaseNewer
from web.sentences import in_chinese
from web.serving import AddressInUse
from web.settings import BadSettings

EXPECTED: tuple[type[Exception], ...] = (BadSettings, AddressInUse, EngineError, *DATABASE_ERRORS)
NEWER = (
    "这个数据库已由更新的版本升级过（结构版本 {found}，这个程序只认到 {known}），这里什么都没有改。"
    "请启动那个更新的版本；一定要退回旧版本的，先恢复升级以前的备份（bixuan restore）。"
)
BEHIND = "这个数据库还没有升级到这一版本的结构，这里什么都没有改。请先运行 bixuan migrate（演示街道：bixuan migrate --demo），再运行这个命令。"


def sentence(error: Exception) -> str | None:
    """For any of ``EXPECTED``; None for a mistake of ours, which is shown as it is."""
    if isinstance(error, DatabaseNewer):
        return NEWER.format(**error.ids)
    if isinstance(error, DatabaseBehind) or is_behind(error):
        return BEHIND
    if isinstance(error, EngineError):
        return in_chinese(error)
    if isinstance(error, DATABASE_ERRORS):
        passing = unavailable(error)
        return None if passing is None else f"{in_chinese(passing)}（{str(error).splitlines()[0]}）"
    return str(error)
