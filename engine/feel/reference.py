"""The reference page of FEEL, made from the registered functions: ``python -m engine.feel.reference [module:EXTENSIONS …]``."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields

from engine.feel.bounds import DEFAULT_BOUNDS
from engine.feel.builtins import BUILTINS, FAMILIES
from engine.feel.builtins.registry import Signature
from engine.feel.language import Extension
from engine.feel.reference_words import BOUNDS, HEADINGS, MEANINGS, OPENING

_HEAD = "| 函数 | 含义 | 例 | 结果 |\n|---|---|---|---|"


def page(extensions: Iterable[Extension] = ()) -> str:
    """The whole page as Markdown."""
    return "\n".join([OPENING, *_functions(), *_extensions(tuple(extensions)), *_bounds()]) + "\n"


def _functions() -> Iterator[str]:
    for family in FAMILIES:
        name = family.__name__.rsplit(".", 1)[-1]
        yield f"## {HEADINGS[name]}\n\n{_HEAD}"
        for function in BUILTINS.values():
            yield from (_row(signature) for signature in function.signatures if signature.family == name)
        yield ""


def _row(signature: Signature) -> str:
    example = signature.example
    shown = (f"`{_cell(example.expression)}`", f"`{_cell(example.result)}`") if example else ("", "")
    return f"| `{_cell(signature.text)}` | {MEANINGS[signature.name]} | {shown[0]} | {shown[1]} |"


def _extensions(extensions: tuple[Extension, ...]) -> Iterator[str]:
    if not extensions:
        return
    yield f"## 本系统的函数\n\n{_HEAD}"
    for extension in extensions:
        call = f"{extension.name}({', '.join(extension.parameters)})"
        result = f"`{_cell(extension.result)}`" if extension.result else "`true`"
        yield f"| `{_cell(call)}` | {extension.doc} | `{_cell(extension.example)}` | {result} |"
    yield ""


def _bounds() -> Iterator[str]:
    yield "## 上限\n\n超过上限报错，不会得到部分结果。\n\n| 上限 | 数 |\n|---|---|"
    for bound in fields(DEFAULT_BOUNDS):
        yield f"| {BOUNDS[bound.name]} | {getattr(DEFAULT_BOUNDS, bound.name):,} |"


def _cell(text: str) -> str:
    """A pipe would end the table cell."""
    return text.replace("|", "\\|")


def _load(name: str) -> Iterable[Extension]:
    module, _, attribute = name.partition(":")
    found: Iterable[Extension] = getattr(importlib.import_module(module), attribute)
    return found


if __name__ == "__main__":
    sys.stdout.write(page(extension for name in sys.argv[1:] for extension in _load(name)))
