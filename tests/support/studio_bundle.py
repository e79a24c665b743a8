"""The bundles of web/static/studio in a real browser, with nothing of the application around them.

``served()``       an address where ``/`` is an empty page with the editor's places, under the content policy of the studio's pages
``open_editor``    opens a diagram there and leaves the editor in ``window.editor``
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from web.security import CONTENT_POLICY

ROOT = Path(__file__).parents[2]
BUNDLES = ROOT / "web" / "static" / "studio"
POLICY = CONTENT_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>编辑器</title>
<link rel="stylesheet" href="/app.css"><link rel="stylesheet" href="/studio/{bundle}.css"><link rel="stylesheet" href="/bed.css">
<main><h1 class="hidden-text">编辑器</h1><div id="canvas"></div><div id="panel" tabindex="-1"></div></main>
<script src="/studio/{bundle}.js"></script></html>"""
STYLE = """body { display: block; overflow: hidden } main { padding: 0; max-width: none; display: flex; height: 100vh }
#canvas { flex: 1; min-width: 0; height: 100vh } #panel { width: 340px; height: 100vh; overflow: auto; border-left: 1px solid #ccc }"""
OPEN = """async ({xml, options}) => {
  const started = performance.now();
  window.editor = await Bixuan.diagram.open(document.querySelector('#canvas'),
    {xml, panel: document.querySelector('#panel'), ...options, scope: async () => options.variables ?? []});
  return performance.now() - started;
}"""


class _Bundles(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/":
            self._answer(PAGE.format(bundle=query or "diagram"), "text/html; charset=utf-8")
        elif path == "/bed.css":
            self._answer(STYLE, "text/css")
        elif path == "/favicon.ico":
            self._answer("", "image/x-icon")
        else:
            super().do_GET()

    def _answer(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Bundles, directory=str(BUNDLES.parent)))
    thread = threading.Thread(target=server.serve_forever, name="bundles")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def open_editor(page: Page, xml: str, **options: Any) -> float:
    """Open a diagram in the editor (options as ``Bixuan.diagram.open`` takes them); how long it took, in milliseconds."""
    taken: float = page.evaluate(OPEN, {"xml": xml, "options": options})
    return taken
