"""Beginning while the database is still on its way or being migrated: after a loss of power everything starts at once, in any order."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.store.away import DATABASE_ERRORS, unavailable
from engine.store.migrate import DatabaseBehind
from web.terminal import say

PATIENCE_S = 300.0
AGAIN_AFTER_S = 1.0
NOT_YET: tuple[type[Exception], ...] = (DatabaseBehind, *DATABASE_ERRORS)
AWAY = "数据库还没有应答，等它起来……"
BEHIND = "数据库还没有升级到这一版本的结构，等 bixuan serve 或 bixuan migrate 升级完……"


def patiently(begin: Callable[[], None], patience_s: float = PATIENCE_S) -> None:
    """Try until the database answers and is of this version. Raises what it last said when it takes longer."""
    end = time.monotonic() + patience_s
    told = ""
    while True:
        try:
            return begin()
        except NOT_YET as error:
            is_behind = isinstance(error, DatabaseBehind)
            if not (is_behind or unavailable(error)) or time.monotonic() > end:
                raise
            if told != (waiting := BEHIND if is_behind else AWAY):
                say(waiting, to_error=True)
                told = waiting
            time.sleep(AGAIN_AFTER_S)
