"""Opening and saving a diagram in the diagram library the pages are built on, in a real browser.

``python -m tests.support.round_trip`` writes down what the library itself loses of the MIWG reference models: read it before you
commit it.
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import FLAGS
from tests.support.miwg import ROOT, diagrams
from tests.support.semantics import differences

EXPECTED = ROOT / "tests" / "data" / "miwg-round-trip.txt"
LIBRARY = ROOT / "web" / "static" / "vendor" / "bpmn-js" / "bpmn-navigated-viewer.production.min.js"
OPEN_AND_SAVE = """async xml => {
  const viewer = new BpmnJS({container: '#canvas'});
  try {
    await viewer.importXML(xml);
    return (await viewer.saveXML({format: true})).xml;
  } finally { viewer.destroy(); }
}"""
OPENING = """What bpmn-js itself changes when it opens and saves the MIWG reference models: everything, file by file. Nothing else may differ.

A carriage return in a name becomes a space (the line feed stays). A second diagram is added for a collapsed sub-process, so that its
inside can be opened. A formalExpression is written as an expression of that type. Lost are references to nothing (an unspecified
message), messageVisibleKind where it is "initiating", and one attribute of another tool's extension.
Made by: python -m tests.support.round_trip
"""


def blank(browser: Browser) -> Page:
    """A page with the library and nothing else."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_content('<div id="canvas" style="width:1200px;height:700px"></div>')
    page.add_script_tag(content=LIBRARY.read_text(encoding="utf-8"))
    return page


def saved(page: Page, file: Path) -> bytes:
    """The file as the library writes it after opening it."""
    encoding = etree.parse(file).docinfo.encoding or "UTF-8"
    found: str = page.evaluate(OPEN_AND_SAVE, file.read_text(encoding=encoding))
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
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        EXPECTED.write_text(report(blank(chromium)), encoding="utf-8")
        chromium.close()
