"""Decision files as XML: parsed without entities, network or DOCTYPE, whatever version of DMN wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.errors import DefinitionInvalid, Problem

MODEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3, what dmn-js writes
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    }
)
FEEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)
_MAX_BYTES = 5_000_000


def parse(content: str | bytes, file: str) -> etree._Element:
    """The ``definitions`` element; DefinitionInvalid for anything that is no DMN model."""
    data = content.encode() if isinstance(content, str) else content
    if len(data) > _MAX_BYTES:
        raise _refusal(file, 1, "The file has {size} bytes; at most {max} are read.", size=len(data), max=_MAX_BYTES)
    if isinstance(content, str) and data.lstrip().startswith(b"<?xml"):
        data = data.split(b"?>", 1)[-1]  # text has no encoding any more, whatever its declaration says
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refusal(file, error.lineno or 1, "The file is not well-formed XML: {cause}.", cause=error.msg) from error
    if _has_doctype(root):
        raise _refusal(file, 1, "A DOCTYPE is refused. Save the model without it.")
    if local(root) != "definitions" or namespace(root) not in MODEL_NAMESPACES:
        raise _refusal(file, line_of(root), "This is no DMN 1.1 to 1.5 model but {tag}.", tag=str(root.tag))
    return root


def _has_doctype(root: etree._Element) -> bool:
    docinfo: Any = root.getroottree().docinfo  # its stub lacks doctype
    return bool(docinfo.doctype)


def line_of(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 1


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def namespace(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Child elements of the model's own vocabulary, with one of ``names`` when given."""
    for child in element:
        if isinstance(child.tag, str) and namespace(child) in MODEL_NAMESPACES and (not names or local(child) in names):
            yield child


def name_of(element: etree._Element, attribute: str = "name") -> str:
    """A name attribute with single spaces, as FEEL compares names."""
    return " ".join((element.get(attribute) or "").split())


def child(element: etree._Element, name: str) -> etree._Element | None:
    return next(children(element, name), None)


def text_of(element: etree._Element | None, name: str = "text") -> str:
    """The text of the child ``name``, without white space round it; "" when there is none."""
    inner = None if element is None else child(element, name)
    return "" if inner is None else "".join(str(part) for part in inner.itertext()).strip()


def type_ref(element: etree._Element | None) -> str:
    """The ``typeRef`` of an element: an attribute, or in item definitions a child; prefixes (DMN 1.1) become names."""
    if element is None:
        return ""
    reference = (element.get("typeRef") or text_of(element, "typeRef")).strip()
    prefix, separator, name = reference.partition(":")
    if not separator or prefix not in element.nsmap:
        return reference
    wanted, root = element.nsmap[prefix], element.getroottree().getroot()
    if wanted in FEEL_NAMESPACES or wanted == root.get("namespace"):
        return name.strip()
    imported = next((found for found in children(root, "import") if found.get("namespace") == wanted), None)
    return reference if imported is None else f"{name_of(imported)}.{name.strip()}"


def _refusal(file: str, line: int, template: str, **params: object) -> DefinitionInvalid:
    return DefinitionInvalid((Problem(file, line, "definitions", template, dict(params)),))
