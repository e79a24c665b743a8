"""From a BPMN file to process models, or to the list of everything that is wrong with it."""

from __future__ import annotations

from collections import Counter

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.errors import DefinitionInvalid
from engine.feel import Feel
from engine.spiff.model import ProcessModel
from engine.spiff.parser import build, strictness
from engine.spiff.parser.compensation import Compensation
from engine.spiff.parser.graph import DialectParser, DialectProcessParser
from engine.spiff.parser.linter import Linter
from engine.spiff.parser.problems import Problems
from engine.spiff.parser.reading import Reading
from engine.spiff.parser.xml import bpmn, read
from engine.spiff.specs.containers import Container

__all__ = ["parse"]


def parse(content: bytes, *, file: str, feel: Feel) -> list[ProcessModel]:
    """The executable processes of one file; DefinitionInvalid with every problem found."""
    root = read(content, file)
    problems = Problems(file)
    drawn = root.findall(bpmn("process"))
    executable = [process for process in drawn if process.get("isExecutable") == "true"]
    if not executable:  # checked all the same, so that every reason is named at once
        problems.error(root, "No process is marked as executable. Open the process in the editor and tick Executable.")
    strictness.check(root, problems, executable or drawn)
    nodes = _unique(root, problems)
    parser = DialectParser(Reading(feel, problems), root)
    found = _read(parser, root, [process for process in executable or drawn if process.get("id")], problems)
    compensation = Compensation(parser, problems, nodes)
    gaps = _gaps(parser, problems, nodes)
    if not gaps:
        compensation.link(root)
    linter = Linter(parser, problems, nodes, gaps)
    for process in found:
        _lint(parser, linter, process.container)
    problems.refuse_if_any()
    compensation.complete()
    return [build.model(parser, process.node, process.root, problems) for process in found]


def _read(
    parser: DialectParser, root: etree._Element, processes: list[etree._Element], problems: Problems
) -> list[DialectProcessParser]:
    """Let SpiffWorkflow read the file; what it stumbles over is most likely named already."""
    try:
        parser.add_bpmn_xml(root, problems.file)
        return [_parse_process(parser, process) for process in processes]
    except RecursionError as error:
        problems.error(root, "The sub-processes are nested too deeply. Call another process instead.")
        raise DefinitionInvalid(problems.errors) from error
    except (ValidationException, ValueError) as error:
        problems.refuse_if_any()
        line = getattr(error, "line_number", None) or 0
        problems.error(root, "The diagram cannot be read (line {line}): {reason}", line=line, reason=str(error))
        raise DefinitionInvalid(problems.errors) from error


def _parse_process(parser: DialectParser, process: etree._Element) -> DialectProcessParser:
    found: DialectProcessParser = parser.get_process_parser(process.get("id"))
    found.get_spec()
    return found


def _lint(parser: DialectParser, linter: Linter, container: Container) -> None:
    inside = build.directly_inside(parser, container)
    linter.check(container, inside)
    for spec in inside:
        if isinstance(spec, Container):
            _lint(parser, linter, spec)


def _unique(root: etree._Element, problems: Problems) -> dict[str, etree._Element]:
    """Elements of the model by id. Two elements of one id cannot be told apart any further: refused here and now."""
    found = [node for node in root.iter(bpmn("*")) if node.get("id")]
    for name, count in Counter(node.get("id") for node in found).items():
        if count > 1:
            twice = [node for node in found if node.get("id") == name][1]
            problems.error(twice, "The id {id} is used {count} times. Every element needs its own.", id=name, count=count)
    nodes = {str(node.get("id")): node for node in found}
    if len(nodes) < len(found):
        problems.refuse_if_any()
    return nodes


def _gaps(parser: DialectParser, problems: Problems, nodes: dict[str, etree._Element]) -> frozenset[str]:
    """Ids of the elements next to one that is not supported: what is said about the way there would only say the same again."""
    gaps: set[str] = set()
    for flow in parser.loose_flows:
        ends = [str(flow.get("sourceRef")), str(flow.get("targetRef"))]
        missing = [end for end in ends if end not in nodes]
        if missing:
            problems.error(
                flow, "The flow {flow} names {missing}, which does not exist.", flow=flow.get("id"), missing=", ".join(missing)
            )
        elif all(end in parser.elements for end in ends):
            problems.error(
                flow, "The flow {flow} crosses the border of a sub-process. Use an event, or draw it inside.", flow=flow.get("id")
            )
        else:
            gaps.update(ends)
    return frozenset(gaps)
