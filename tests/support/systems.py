"""Which system of the founding documents is drawn where, and which element belongs to which system: docs/reference/systems.md.

Elements name the systems in their documentation, as ``[A18]`` or by the article of the 办法. ``python -m tests.support.systems``
writes the table; tests/processes/test_systems.py holds it against the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

HOME = Path(__file__).parents[2]
ROWS = HOME / "docs" / "reference" / "systems.yaml"
TABLE = HOME / "docs" / "reference" / "systems.md"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
TAG = re.compile(r"\[(A\d\d)\]")
ARTICLE = re.compile(r"《办法》|办法")
NUMBERED = re.compile(r"第[一二三四五六七八九十]+条(?:\([一二三四五六七八九十]+\))?")


@dataclass(frozen=True)
class Element:
    """Something of a designer's file that carries a rule: an element, a table, a ledger."""

    folder: str
    id: str
    name: str
    form: str = ""

    @property
    def place(self) -> str:
        return f"{self.folder}/{self.id}"


@dataclass
class System:
    """One row: where it stands in diagrams, forms, features and elsewhere."""

    id: str
    said: Mapping[str, Any]
    elements: list[Element] = field(default_factory=list)

    @property
    def folders(self) -> list[str]:
        return sorted({element.folder for element in self.elements})

    @property
    def forms(self) -> list[str]:
        return sorted({element.form for element in self.elements if element.form})

    @property
    def tests(self) -> list[str]:
        found = [path for folder in self.folders for path in proofs_of(folder)]
        return sorted({*found, *self.said.get("tests", ())})

    @property
    def elsewhere(self) -> list[str]:
        """Pages, documents and measurements named in the list itself."""
        return [str(one) for kind in ("pages", "docs", "bench") for one in self.said.get(kind, ())]


@cache
def rows() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(ROWS.read_text(encoding="utf-8"))
    return found


def proofs_of(folder: str) -> Iterator[str]:
    """The feature and the cases of a process folder that exist."""
    feature = HOME / "features" / f"{folder}.feature"
    if feature.exists():
        yield f"features/{folder}.feature"
    for case in sorted((HOME / "processes" / folder / "cases").glob("*.yaml")):
        yield case.relative_to(HOME).as_posix()


def systems() -> dict[str, System]:
    """Every row with its elements."""
    found = {name: System(name, said) for name, said in rows().items()}
    named = {place: name for name, said in rows().items() for place in said.get("elements", ())}
    whole = {folder: name for name, said in rows().items() for folder in said.get("folders", ())}
    for element, text in written():
        listed = {named.get(element.place), whole.get(element.folder)} - {None}
        for name in sorted({*named_in(text), *map(str, listed)}):
            if name in found:
                found[name].elements.append(element)
    return found


def named_in(text: str) -> set[str]:
    """The systems a documentation names, by number or by article of the 办法."""
    tags = set(TAG.findall(text))
    if ARTICLE.search(text):
        articles = set(NUMBERED.findall(text.replace("（", "(").replace("）", ")")))
        tags |= {name for name, said in rows().items() if articles & set(said.get("articles", ()))}
    return tags


def unknown_tags() -> list[str]:
    """Tags that no row has, with the element."""
    return sorted(f"{element.place} [{tag}]" for element, text in written() for tag in TAG.findall(text) if tag not in rows())


def written() -> Iterator[tuple[Element, str]]:
    """Every element of every designer's file that says something, with what it says."""
    for path in sorted((HOME / "processes").glob("*/*.bpmn")):
        yield from _drawn(path)
    for path in sorted((HOME / "processes").glob("*/*.dmn")):
        yield from _tables(path)
    for path in sorted((HOME / "processes").glob("*/*.ledger.yaml")):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        text = f"{said.get('article', '')} {said.get('about', '')}"
        yield Element(path.parent.name, str(said["ledger"]), str(said.get("title", "")), str(said.get("form", ""))), text


def _drawn(path: Path) -> Iterator[tuple[Element, str]]:
    for documentation in etree.parse(path).getroot().iter(f"{BPMN}documentation"):
        node = documentation.getparent()
        form = node.find(f"{BPMN}extensionElements/{ZEEBE}formDefinition")
        form_id = "" if form is None else form.get("formId", "")
        yield Element(path.parent.name, str(node.get("id")), node.get("name") or "", form_id), documentation.text or ""


def _tables(path: Path) -> Iterator[tuple[Element, str]]:
    for node in etree.parse(path).getroot():
        if etree.QName(node).localname == "decision":
            texts = [child.text or "" for child in node.iter() if etree.QName(child).localname == "description"]
            yield Element(path.parent.name, str(node.get("id")), node.get("name") or ""), "\n".join(texts)


def table() -> str:
    """The whole page."""
    found = systems()
    lines = [
        "# 制度对照表",
        "",
        "每一项制度画在哪里、填哪些表、由什么检验；反过来，每个流程文件夹属于哪些制度。由 `python -m tests.support.systems` 生成，",
        "不要手改；编号、名称和出处在 [systems.yaml](systems.yaml)。元素在说明文字里写编号（`[A18]`）或《办法》的条款。",
        "",
        "## 从制度到图",
        "",
    ]
    for system in found.values():
        lines += [f"### {system.id} {system.said['title']}", "", f"出处：{system.said['source']}", ""]
        for folder in system.folders:
            names = "、".join(f"{e.name or e.id} `{e.id}`" for e in system.elements if e.folder == folder)
            lines.append(f"- 图和表 [{folder}](../../processes/{folder}): {names}")
        if system.forms:
            lines.append("- 表单 " + "、".join(f"`{form}`" for form in system.forms))
        if system.elsewhere:
            lines.append("- 另见 " + "、".join(system.elsewhere))
        if system.tests:
            lines.append("- 检验 " + "、".join(f"`{path}`" for path in system.tests))
        if note := system.said.get("note"):
            lines.append(f"- {note}")
        lines.append("")
    lines += ["## 从图到制度", "", "| 流程文件夹 | 制度 |", "|---|---|"]
    by_folder: dict[str, set[str]] = {}
    for system in found.values():
        for folder in system.folders:
            by_folder.setdefault(folder, set()).add(system.id)
    lines += [
        f"| [{folder}](../../processes/{folder}) | {'、'.join(sorted(names))} |" for folder, names in sorted(by_folder.items())
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
