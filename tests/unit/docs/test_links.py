"""Every link of every page leads somewhere."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from tests.unit.docs.pages import DOCS, PAGES, name, prose

LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
OUTSIDE = ("http://", "https://", "mailto:")


def links(page):
    return [link for link in LINK.findall(prose(page)) if not link.startswith(OUTSIDE)]


def anchors(page):
    """What headings are called in addresses."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_and_picture_of_the_page_exists(page):
    broken = []
    for link in links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert not broken, f"{name(page)}: {', '.join(broken)}"


@pytest.mark.parametrize("folder", ["tutorial", "how-to", "explanation", "reference"])
def test_every_page_of_the_documentation_is_reached_from_its_index(folder):
    indexes = [page for page in (DOCS / "README.md", DOCS / folder / "README.md") if page.exists()]
    reached = {(index.parent / link.partition("#")[0]).resolve() for index in indexes for link in links(index)}
    lost = [name(page) for page in (DOCS / folder).glob("*.md") if page.resolve() not in reached and page.name != "README.md"]
    assert not lost, f"no index names {', '.join(lost)}"


def test_every_decision_is_in_the_list_and_numbers_are_given_once():
    files = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    numbers = [file.name[:4] for file in files]
    assert numbers == [f"{n:04}" for n in range(1, len(files) + 1)]
    listed = re.findall(
        r"^\| \[(\d{4})\]\(([^)]+)\) \|", (DOCS / "decisions" / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert listed == [(file.name[:4], file.name) for file in files]
