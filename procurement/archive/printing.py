"""PDF from HTML, in a job and never in a request: a page takes a tenth of a second and the program some hundred megabytes."""

from __future__ import annotations

import shutil
import subprocess
import threading
from html import escape
from typing import Any

from engine.errors import Unavailable

CSS = """
@page { size: A4; margin: 22mm 18mm 20mm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt } }
body { font: 10.5pt/1.6 "Noto Serif CJK SC", "Noto Sans CJK SC", serif; color: #111 }
h1 { font-size: 18pt; text-align: center; margin: 0 0 12pt } h2 { font-size: 13pt; margin: 16pt 0 6pt } h3 { font-size: 11pt; margin: 10pt 0 3pt }
table { border-collapse: collapse; table-layout: fixed; width: 100%; font-size: 9pt }
th, td { border: .5pt solid #888; padding: 2pt 4pt; vertical-align: top; text-align: left; overflow-wrap: anywhere }
th { background: #eee } code, .hash { font-family: "DejaVu Sans Mono", monospace; font-size: 7pt; word-break: break-all }
dl { margin: 0 } dt { float: left; clear: left; width: 9em; color: #555 } dd { margin: 0 0 0 9.5em; white-space: pre-wrap } tr, h3 { break-inside: avoid }
.note { color: #555; font-size: 9pt }
"""


class PrintingAway(Unavailable):
    """PDF cannot be made on this machine: {cause}. Install libpango and fonts-noto-cjk (see README, prerequisites), then retry."""


_LOCK = threading.Lock()  # Pango keeps its fonts in one place


def pdf(html: str) -> bytes:
    """The pages of a whole HTML document; nothing it names is fetched. Raises PrintingAway."""
    weasyprint = _ready()
    with _LOCK:
        printed: bytes = weasyprint.HTML(string=html, url_fetcher=_refused).write_pdf()
    return printed


def require_printing() -> None:
    """Raises PrintingAway with what is missing."""
    _ready()


def can_print() -> bool:
    try:
        _ready()
    except PrintingAway:
        return False
    return True


def page(title: str, body: str) -> str:
    """A whole document; ``body`` is HTML, ``title`` text."""
    head = f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{CSS}</style></head>'
    return f"{head}<body>{body}</body></html>"


def _ready() -> Any:
    try:
        import weasyprint  # noqa: PLC0415 - the program must start where Pango is missing
    except OSError as missing:
        raise PrintingAway(cause=f"Pango is missing ({str(missing).splitlines()[0]})") from missing
    if not _chinese():
        raise PrintingAway(cause="there is no Chinese font")
    return weasyprint


def _chinese() -> bool:
    program = shutil.which("fc-list")
    if program is None:
        return True  # cannot be told; a PDF with boxes is seen at once
    found = subprocess.run([program, ":lang=zh-cn", "family"], capture_output=True, check=False, timeout=30)  # noqa: S603 - our own words
    return bool(found.stdout.strip())


def _refused(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"{url} is not fetched")
