"""Which texts there are to translate: collected from the sources, so that none is forgotten."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

import engine
import procurement
from engine.errors import EngineError

WEB = Path(__file__).parent.parent
_METHODS = [("auth/**.py", "python"), ("pages/**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]
_KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None}
_ASCII_SENTENCE = re.compile(r"[A-Z{][\x20-\x7e–…“”’→≤≥—\n]*")
_SKIPPED = ("engine.store.migrations", "procurement.registers.migrations", "engine.feel", "engine.dmn", "engine.spiff")


def page_texts() -> set[str]:
    """The Chinese texts of the pages."""
    found = extract_from_dir(WEB, method_map=_METHODS, keywords=_KEYWORDS)
    return {text for _file, _line, text, *_rest in found if isinstance(text, str) and not text.isascii()}


def error_sentences() -> set[str]:
    """The English sentences people can be told: docstrings of errors, and templates given to errors and field errors."""
    for package in (engine, procurement):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(_SKIPPED) and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    sentences = {(error.__doc__ or "").strip() for error in _errors(EngineError)}
    names = {error.__name__ for error in _errors(EngineError)}
    for package in (engine, procurement):
        for file in Path(package.__path__[0]).rglob("*.py"):
            sentences |= set(_given(ast.parse(file.read_text(encoding="utf-8")), names))
    messages = importlib.import_module("engine.forms.messages")
    sentences |= {value for name, value in vars(messages).items() if name.isupper() and isinstance(value, str)}
    return {sentence for sentence in sentences if _ASCII_SENTENCE.fullmatch(sentence)}


def _errors(family: type[EngineError]) -> Iterator[type[EngineError]]:
    yield family
    for narrower in family.__subclasses__():
        yield from _errors(narrower)


def _given(tree: ast.AST, errors: set[str]) -> Iterator[str]:
    """First argument of errors, second of FieldError, when written out."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        place = {"FieldError": 1}.get(node.func.id, 0 if node.func.id in errors else None)
        if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
            value = node.args[place].value  # type: ignore[attr-defined]
            if isinstance(value, str):
                yield value
