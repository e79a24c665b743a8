"""Words in Latin letters that somebody sees on a page: texts, tooltips, names for screen readers, placeholders, options."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playwright.sync_api import Page

# what a Chinese process designer writes in Latin letters too
KNOWN = ("BPMN.iO", "bpmn.io", "BPMN", "FEEL", "DMN", "ISO 8601", "JSON", "create", "update")
WORD = re.compile(r"[A-Za-z]{2,}")

SEEN = """() => {
  const found = new Set();
  const shown = node => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    return element && element.checkVisibility({checkOpacity: false, checkVisibilityCSS: true});
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (node.nodeType === 3) {
      const parent = node.parentElement;
      if (!parent || ['SCRIPT', 'STYLE', 'TEXTAREA', 'CODE', 'OPTION', 'defs'].includes(parent.tagName)) continue;
      if (parent.closest('.cm-content, .bjs-powered-by')) continue;
      if (shown(node) && node.data.trim()) found.add(node.data.trim());
      continue;
    }
    if (!shown(node)) continue;
    for (const name of ['title', 'aria-label', 'placeholder', 'alt', 'data-tooltip'])
      if (node.getAttribute(name) && !node.closest('.bjs-powered-by')) found.add(node.getAttribute(name));
    if (node.tagName === 'SELECT') for (const option of node.options) found.add(option.text.trim());
  }
  return [...found];
}"""


def foreign(page: Page, *, but: Iterable[str] = ()) -> set[str]:
    """What is seen now with a Latin word in it, apart from KNOWN words and ``but`` (ids, names of functions, of variables)."""
    allowed = sorted([*KNOWN, *but], key=len, reverse=True)
    return {text for text in page.evaluate(SEEN) if WORD.search(_without(text, allowed))}


def _without(text: str, allowed: list[str]) -> str:
    for word in allowed:
        text = text.replace(word, " ")
    return text
