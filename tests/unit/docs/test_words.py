"""Pages use the glossary's words and none of the synonyms it rules out."""

from __future__ import annotations

import re

import pytest

from tests.unit.docs.pages import DOCS, PAGES, name, prose

GLOSSARY = DOCS / "glossary.md"


def ruled_out():
    section = GLOSSARY.read_text(encoding="utf-8").split("## 不用的词", 1)[1]
    cells = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", section, re.MULTILINE)[1:]
    return {word.strip(): instead.strip() for words, instead in cells for word in words.split("、")}


def test_the_glossary_rules_words_out():
    assert {"workflow", "task spec", "ticket", "工作流", "工单"} <= ruled_out().keys()


@pytest.mark.parametrize("page", [page for page in PAGES if page != GLOSSARY], ids=name)
def test_the_page_uses_no_word_the_glossary_rules_out(page):
    text = prose(page)
    found = [f"{word} (write {instead})" for word, instead in ruled_out().items() if occurs(word, text)]
    assert not found, f"{name(page)}: {', '.join(found)}"


def occurs(word, text):
    return re.search(rf"\b{word}s?\b" if word.isascii() else word, text, re.IGNORECASE) is not None
