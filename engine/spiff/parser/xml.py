"""Reading the file as XML that can do no harm: no DOCTYPE, no entities, no network, bounded depth."""

from __future__ import annotations

import itertools
from typing import Any

from lxml import etree

from engine.errors import DefinitionInvalid, Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
MODELER = "http://camunda.org/schema/modeler/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
MOST_NODES = 50_000  # XML elements of one file, drawing included: some thousand shapes


def read(content: bytes, file: str) -> etree._Element:
    """The ``definitions`` element; DefinitionInvalid with the line for anything else."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise refused(
            file, line, "This is not well-formed XML: {reason}. Save the diagram again in the editor.", reason=error.msg
        ) from error
    except (ValueError, LookupError) as error:
        raise refused(
            file, 0, "This is not well-formed XML: {reason}. Save the diagram again in the editor.", reason=str(error)
        ) from error
    if etree.ElementTree(root).docinfo.doctype:  # type: ignore[attr-defined]  # missing in the stubs
        raise refused(file, 1, "A DOCTYPE is not allowed, because it can read other files. Remove it.")
    if sum(1 for _ in itertools.islice(root.iter(), MOST_NODES + 1)) > MOST_NODES:
        raise refused(
            file, 1, "The file has more than {most} XML elements. Draw several processes that call each other.", most=MOST_NODES
        )
    if root.tag != bpmn("definitions"):
        raise refused(file, 1, "The root element is {tag}, not a BPMN 2.0 definitions element.", tag=shown(root.tag))
    return root


def bpmn(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def zeebe(name: str) -> str:
    return f"{{{ZEEBE}}}{name}"


def local(node: etree._Element) -> str:
    return etree.QName(node).localname


def namespace(node: etree._Element) -> str:
    return etree.QName(node).namespace or ""


def shown(tag: str) -> str:
    """A qualified name as people read it: the name, then whose it is."""
    name = etree.QName(tag)
    return f"{name.localname} ({name.namespace})" if name.namespace else name.localname


def refused(file: str, line: int, template: str, **params: Any) -> DefinitionInvalid:
    return DefinitionInvalid((Problem(file, line, "", template, params),))
