"""Which texts there are to translate: read from the sources, so that none is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

WEB = Path(__file__).parent.parent
SOURCES = (WEB.parent / "engine", WEB.parent / "procurement", WEB / "pages", WEB / "auth")
NAMED = (WEB.parent / "engine" / "forms" / "messages.py", WEB.parent / "engine" / "dmn" / "table_check.py", WEB / "pages" / "forms" / "uploads.py")  # sentences as constants
_METHODS = [("auth/**.py", "python"), ("pages/**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]
_KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None}
_SENTENCE = re.compile(r"[A-Z{][^一-鿿]*\Z")
TASK_STATES = {"completed", "canceled"}
_PLACES = {"FieldError": 1, "Problem": 3, "Refused": 0, "_problem": 0}  # which argument of a call is a sentence


def page_texts() -> set[str]:
    """The Chinese texts of the pages."""
    found = extract_from_dir(WEB, method_map=_METHODS, keywords=_KEYWORDS)
    return {text for _file, _line, text, *_rest in found if isinstance(text, str) and not text.isascii()}


def error_sentences() -> set[str]:
    """The English sentences people can be told: docstrings of errors, templates given to errors, fields and problems."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for folder in SOURCES for file in sorted(folder.rglob("*.py"))]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    errors = _descendants(classes, "EngineError")
    sentences = {ast.get_docstring(node) or "" for node in classes if node.name in errors}
    for tree in trees:
        sentences |= set(_given(tree, dict.fromkeys(errors, 0) | _PLACES))
    named = [ast.parse(file.read_text(encoding="utf-8")) for file in NAMED]
    sentences |= {text for tree in named for node in tree.body if isinstance(node, ast.Assign) and (text := _text(node.value))}
    words = {word for tree in trees for word in _named_kinds(tree, errors)} | TASK_STATES
    return {sentence for sentence in sentences if _SENTENCE.match(sentence)} | words


def _descendants(classes: list[ast.ClassDef], root: str) -> set[str]:
    """Names of ``root`` and everything that inherits from it, by name."""
    family = {root}
    while True:
        more = {c.name for c in classes if c.name not in family and any(isinstance(b, ast.Name) and b.id in family for b in c.bases)}
        if not more:
            return family
        family |= more


def _given(tree: ast.AST, places: dict[str, int]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in places:
            place = places[node.func.id]
            if len(node.args) > place and (text := _text(node.args[place])):
                yield text


def _named_kinds(tree: ast.AST, errors: set[str]) -> Iterator[str]:
    """What is said not to exist: ``NotFound(kind="Purchase", …)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in errors:
            yield from (text for word in node.keywords if word.arg == "kind" and (text := _text(word.value)))


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
