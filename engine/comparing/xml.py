"""XML as a comparison reads it: safely, without comments, and in one spelling."""

from __future__ import annotations

import json

from lxml import etree

MAX_BYTES = 5_000_000


def parse(content: bytes) -> etree._Element | None:
    """The root; None for what is no XML, too large, or has a DOCTYPE."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    if len(content) > MAX_BYTES or b"<!DOCTYPE" in content:
        return None
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def local(node: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def attributes(node: etree._Element) -> dict[str, str]:
    """Without their namespaces."""
    return {str(name).rpartition("}")[2]: str(value) for name, value in node.attrib.items()}


def text_of(node: etree._Element | None) -> str | None:
    """All text inside, without the spaces around it; None when there is no node."""
    return None if node is None else "".join(str(part) for part in node.itertext()).strip()


def canonical(node: etree._Element) -> str:
    """The element as text that does not depend on prefixes, the order of attributes or indentation."""
    said = "".join(f" {name}={value!r}" for name, value in sorted(attributes(node).items()))
    inner = "".join(canonical(child) for child in node)
    return f"<{local(node)}{said}>{(node.text or '').strip()}{inner}</>{(node.tail or '').strip()}"


def same_meaning(before: bytes, after: bytes) -> bool:
    """Whether two files are the same XML or JSON, however they are written."""
    old, new = parse(before), parse(after)
    if old is not None and new is not None:
        return canonical(old) == canonical(new)
    try:
        return bool(json.loads(before) == json.loads(after))
    except (ValueError, RecursionError):
        return False
