"""What is asked of an office that was brought back: is the history what was written, is every file there?"""

from __future__ import annotations

from collections.abc import Mapping

from procurement.archive.checking.broken import told
from web.installation import installation
from web.terminal import say


def report(kind: str, environ: Mapping[str, str]) -> bool:
    """Say it line by line; True when nothing is wrong."""
    from web.composition import compose  # noqa: PLC0415 - settings are checked before anything heavy is imported

    with installation(kind, environ) as settings:
        services = compose(settings)
        try:
            history = services.engine.verify()
            missing = services.office.files.missing()
        finally:
            services.close()
    for broken in history.broken:
        say(told(broken))
    for sha256, name in missing:
        say(f"缺少附件的内容：{name} {sha256}")
    say(f"核对了 {history.cases} 个案件、{history.entries} 条历史，{len(history.broken)} 处对不上；缺 {len(missing)} 个附件。")
    return history.sound and not missing
