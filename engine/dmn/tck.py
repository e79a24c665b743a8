"""Run folders of the DMN technology compatibility kit: ``python -m engine.dmn.tck DIR --json FILE``.

One row per expected result: folder, test file, case id, result node, status (passed, failed, error), and the expected and
the actual value in the kit's own notation.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from engine.dmn.decision_model import DecisionModel, load
from engine.dmn.reader import read
from engine.dmn.tck_values import agree, read_value, written
from engine.dmn.xml import local, name_of
from engine.errors import EngineError
from engine.feel import Feel


@dataclass(frozen=True)
class Row:
    folder: str
    test: str
    case: str
    node: str
    status: str
    expected: str
    actual: str


def run_folder(folder: Path, feel: Feel) -> Iterator[Row]:
    """Rows of all test files in one folder of the kit."""
    for test in sorted(folder.glob("*.xml")):
        root = etree.parse(str(test), _parser()).getroot()
        if local(root) == "testCases":
            yield from _run_file(folder, test.name, root, feel)


def run(directory: Path) -> Iterator[Row]:
    """Rows of every folder below ``directory`` that holds a model, in the order of their names."""
    feel = Feel()
    for folder in sorted({path.parent for path in directory.rglob("*.dmn")}):
        yield from run_folder(folder, feel)


def load_with_imports(path: Path, feel: Feel) -> DecisionModel:
    """A model and, from the same folder, those it imports."""
    definitions = {other: read(other.read_bytes(), other.name) for other in sorted(path.parent.glob("*.dmn"))}
    by_namespace = {found.namespace: other for other, found in definitions.items()}
    loaded: dict[Path, DecisionModel] = {}

    def resolve(wanted: Path, inside: tuple[Path, ...]) -> DecisionModel:
        if wanted not in loaded:
            others = [by_namespace.get(i.namespace) for i in definitions[wanted].imports]
            imported = [resolve(other, (*inside, wanted)) for other in others if other and other not in (*inside, wanted)]
            loaded[wanted] = load(wanted.read_bytes(), file=wanted.name, feel=feel, imported=imported, lenient=True)
        return loaded[wanted]

    return resolve(path, ())


def _run_file(folder: Path, test: str, root: etree._Element, feel: Feel) -> Iterator[Row]:
    name = next((text for text in _texts(root, "modelName") if text), f"{folder.name}.dmn")
    model = load_with_imports(folder / name, feel)
    for case in (node for node in root if isinstance(node.tag, str) and local(node) == "testCase"):
        inputs = {name_of(node): read_value(node) for node in case if isinstance(node.tag, str) and local(node) == "inputNode"}
        for result in (node for node in case if isinstance(node.tag, str) and local(node) == "resultNode"):
            status, expected, actual = _outcome(model, case, result, inputs)
            yield Row(folder.name, test, case.get("id", ""), name_of(result), status, expected, actual)


def _outcome(model: DecisionModel, case: etree._Element, result: etree._Element, inputs: dict[str, Any]) -> tuple[str, str, str]:
    node = next((child for child in result if isinstance(child.tag, str) and local(child) == "expected"), None)
    expected = None if node is None else read_value(node)
    called = case.get("invocableName") or name_of(result)
    try:
        actual = model.evaluate(called, inputs, now=dt.datetime.now(dt.UTC), strict=False).value
    except EngineError as error:
        return ("passed" if result.get("errorResult") == "true" else "error"), written(expected), str(error)
    if case.get("invocableName") and isinstance(actual, dict) and name_of(result) in actual and not agree(expected, actual):
        actual = actual[name_of(result)]
    return ("passed" if agree(expected, actual) else "failed"), written(expected), _written(actual)


def _written(value: Any) -> str:
    try:
        return written(value)
    except AttributeError:
        return str(value)


def _texts(root: etree._Element, name: str) -> list[str]:
    return [(node.text or "").strip() for node in root if isinstance(node.tag, str) and local(node) == name]


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)


def main(arguments: list[str] | None = None) -> int:
    """Print the totals by level and the folders with failures; 0 when everything passed."""
    parser = argparse.ArgumentParser(prog="python -m engine.dmn.tck", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--json", type=Path, help="write all rows here")
    options = parser.parse_args(arguments)
    rows = list(run(options.directory))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1), encoding="utf-8")
    for folder in sorted({row.folder for row in rows}):
        own = [row for row in rows if row.folder == folder]
        passed = sum(row.status == "passed" for row in own)
        if passed < len(own):
            sys.stdout.write(f"{folder}: {passed} of {len(own)}\n")
    passed = sum(row.status == "passed" for row in rows)
    share = f" ({passed / len(rows):.2%})" if rows else ""
    sys.stdout.write(f"{passed} of {len(rows)} passed{share}\n")
    return 0 if passed == len(rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
