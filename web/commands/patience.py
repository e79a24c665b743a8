"""Beginning while the database is still on its way: after a loss of power everything starts at once, in any order."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.store.away import DATABASE_ERRORS, unavailable
from web.terminal import say

PATIENCE_S = 300.0
AGAIN_AFTER_S = 1.0


def patiently(begin: Callable[[], None], patience_s: float = PATIENCE_S) -> None:
    """Try until the database answers. Raises what it last said when it takes longer."""
    end = time.monotonic() + patience_s
    told = False
    while True:
        try:
            return begin()
        except DATABASE_ERRORS as error:
            if unavailable(error) is None or time.monotonic() > end:
                raise
            if not told:
                say("数据库还没有应答，等它起来……", to_error=True)
                told = True
            time.sleep(AGAIN_AFTER_S)
