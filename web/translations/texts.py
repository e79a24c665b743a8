"""Which texts there are to translate: read from the sources, so that none is forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

from engine.comparing import WORDS as COMPARED
from procurement import reports
from procurement.ledgers import shelf
from procurement.office.evidence import NAMES as CONDITIONS_SAID
from procurement.office.objections import SAID as OBJECTED_TO
from procurement.reports import words

WEB = Path(__file__).parent.parent
ROOT = WEB.parent
SOURCES = (ROOT / "engine", ROOT / "procurement", WEB / "pages", WEB / "auth", WEB / "commands")
SENTENCES_IN = (  # modules and packages all of whose sentences are for people, wherever they stand
    "engine/spiff/parser",
    "engine/spiff/runner/timers.py",
    "engine/spiff/runner/repair",
    "engine/spiff/migration/findings.py",
    "engine/queries/migration.py",
    "engine/commands/migration_batch.py",
    "engine/dmn",
    "engine/forms",
    "engine/feel/analysis.py",
    "engine/feel/errors.py",
    "engine/feel/inference.py",
    "engine/sandbox",
    "engine/queries/paging.py",
    "engine/commands/references.py",
    "engine/checks",
    "engine/commands/uploads.py",
    "procurement/registers/credit_code.py",
    "procurement/studio/replay/running.py",
    "procurement/studio/replay/scripts.py",
    "procurement/studio/checks",
    "web/pages/forms/uploads.py",
    "web/pages/operate/typed.py",
    "web/pages/registers/fields.py",
)
NOT_SHOWN = ("engine/dmn/tck.py", "engine/dmn/tck_values.py", "procurement/studio/checks/examples.py")  # test runs and XML
EXPECTED_IN = (
    ROOT / "engine" / "feel",
    ROOT / "engine" / "spiff" / "runner",
)  # what readers of FEEL and of times say they expected
_METHODS = [
    ("auth/**.py", "python"),
    ("pages/**.py", "python"),
    ("templates/**.html", "jinja2.ext.babel_extract"),
    ("sentences.py", "python"),
]
_KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None}
_ENGLISH = re.compile(r"[A-Z{][^一-鿿]*\Z")
_SENTENCE = re.compile(r"(?=.*[a-z]{2})\S+ .*\S(?<=\.)\Z|(?=.*[a-z]{2})(?=.*\{\w+(![rs])?\}).* .*\Z", re.DOTALL)
WORDS = {  # said inside sentences
    *("completed", "canceled"),  # of tasks
    *("open", "in_review", "approved", "released", "discarded"),  # of drafts
    *("process", "decision", "form"),  # of definitions
    *("message", "signal", "timer", "error", "escalation", "link", "terminate", "none"),  # of events
    *("conditional", "compensation", "cancel"),
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "receiveTask", "sendTask"),
    *("input", "output"),  # of decision tables
    "start event of an event sub-process",
    "external code is never run",
    "the end of the text",
    *CONDITIONS_SAID.values(),  # of a supplier
    *OBJECTED_TO.values(),
    *COMPARED,  # what a comparison calls things and their properties
}
_PLACES = {"FieldError": 1, "Problem": 3, "Refused": 0, "_problem": 0, "Rule": 2}  # which argument of a call is a sentence


def page_texts() -> set[str]:
    """The Chinese texts of the pages."""
    found = extract_from_dir(WEB, method_map=_METHODS, keywords=_KEYWORDS)
    return {text for _file, _line, text, *_rest in found if isinstance(text, str) and not text.isascii()} | figure_texts()


def figure_texts() -> set[str]:
    """What the dashboards call their figures, those of ledgers too, and what these are grouped by."""
    titles = {text for one in reports.shipped() for text in (one.title, one.tile) if text}
    titles |= {one.title for ledger in shelf.shipped().values() for one in reports.of_ledger(ledger)}
    boards = {text for one in reports.BOARDS.values() for text in (one.title, one.about)}
    labels = {text for codes in words.LABELS.values() for text in codes.values()}
    return titles | boards | labels | {*words.DIMENSIONS.values(), *words.AMOUNTS.values(), words.NOT_GIVEN}


def error_sentences() -> set[str]:
    """The English sentences people can be told: docstrings of errors, templates given to errors, fields and problems."""
    trees = [_tree(file) for folder in SOURCES for file in sorted(folder.rglob("*.py"))]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    errors = _descendants(classes, "EngineError")
    sentences = {ast.get_docstring(node) or "" for node in classes if node.name in errors}
    for tree in trees:
        sentences |= set(_given(tree, dict.fromkeys(errors, 0) | _PLACES))
    words = {word for tree in trees for word in _named_kinds(tree, errors)} | WORDS
    written = {text for file in _modules() for text in _written(_tree(file))}
    expected = {text for folder in EXPECTED_IN for file in sorted(folder.rglob("*.py")) for text in _expected(_tree(file))}
    return {sentence for sentence in sentences if _ENGLISH.match(sentence)} | words | written | expected


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _modules() -> Iterator[Path]:
    for name in SENTENCES_IN:
        place = ROOT / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            if file.relative_to(ROOT).as_posix() not in NOT_SHOWN:
                yield file


def _written(tree: ast.AST) -> Iterator[str]:
    """Every constant that is a sentence: words ending with a full stop, or words round a placeholder. Docstrings are none."""
    nodes = list(ast.walk(tree))
    aside = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    aside |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in nodes:
        if isinstance(node, ast.Constant) and id(node) not in aside and (text := _text(node)) and _SENTENCE.match(text):
            yield text


def _expected(tree: ast.AST) -> Iterator[str]:
    """What a reader says it expected: ``unexpected(what)``, ``expect(sign, where)``, ``…(expected=what)``, FeelSyntaxError's."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [_text(argument) for argument in node.args]
        found = [_text(word.value) for word in node.keywords if word.arg == "expected"]
        if name == "unexpected":
            found += given[:1]
        elif name == "expect" and len(given) > 1:
            found.append(f"{given[0]!r}{given[1]}")
        elif name == "FeelSyntaxError":
            found += given[2:4]
        yield from filter(None, found)


def _descendants(classes: list[ast.ClassDef], root: str) -> set[str]:
    """Names of ``root`` and everything that inherits from it, by name."""
    family = {root}
    while True:
        more = {
            c.name for c in classes if c.name not in family and any(isinstance(b, ast.Name) and b.id in family for b in c.bases)
        }
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
