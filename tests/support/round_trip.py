"""What the diagram editor of the studio changes in a file when it opens and saves it, in a real browser.

``python -m tests.support.round_trip`` writes down anew what happens to the reference models: read it before you
commit it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import FLAGS, program
from tests.support.miwg import ROOT, diagrams
from tests.support.semantics import differences
from tests.support.studio_bundle import open_editor, served

EXPECTED = ROOT / "tests" / "data" / "miwg-round-trip.txt"
SAVED = "async () => (await editor.get('bpmnjs').saveXML({format: true})).xml"
OPENING = """What the editor changes when it opens and saves the MIWG reference models: everything, file by file. Nothing else may differ.

A carriage return in a name becomes a space (the line feed stays). A second diagram is added for a collapsed sub-process, so that its
inside can be opened, and its inside is drawn there instead of under the closed box. The cross of an exclusive gateway, when it is
shown, is written out (isMarkerVisible). A formalExpression is written as an expression of that type. Lost are references to nothing (an unspecified
message), messageVisibleKind where it is "initiating", an edge that belongs to no element, and one attribute of another tool's
extension.
Made by: python -m tests.support.round_trip
"""


@contextmanager
def editor_page(browser: Browser) -> Iterator[Page]:
    """A page with the editor and nothing else."""
    with served() as address:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(address)
        yield page
        page.close()


def text_of(file: Path) -> str:
    with file.open(encoding=etree.parse(file).docinfo.encoding or "UTF-8", newline="") as opened:
        return opened.read()


def saved(page: Page, file: Path) -> bytes:
    """The file as the editor writes it after a change (an unchanged one is given back as it was)."""
    open_editor(page, text_of(file))
    try:
        found: str = page.evaluate(SAVED)
    finally:
        page.evaluate("() => editor.destroy()")
    return found.encode()


def lost(page: Page, file: Path) -> list[str]:
    """What differs, each with the path of its element from the nearest id on."""
    return [
        re.sub(r"^(\w+): .*?(\w+\[[^\]]*\][^\[]*)$", r"\1: \2", str(one))
        for one in differences(file.read_bytes(), saved(page, file))
    ]


def report(page: Page) -> str:
    told = {file.name: lost(page, file) for file in diagrams()}
    same = [name for name, found in told.items() if not found]
    parts = [f"\n{name}\n" + "".join(f"  {line}\n" for line in found) for name, found in told.items() if found]
    return f"{OPENING}{''.join(parts)}\nnothing differs: {', '.join(same)}\n"


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
        with editor_page(chromium) as page:
            EXPECTED.write_text(report(page), encoding="utf-8")
        chromium.close()
