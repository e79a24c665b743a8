"""From a BPMN file to process models, or to the list of everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.errors import DefinitionInvalid
from engine.feel import Feel
from engine.spiff.model import ProcessModel
from engine.spiff.parser import build, strictness
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
    strictness.check(root, problems)
    nodes = _unique(root, problems)
    processes = [process for process in root.findall(bpmn("process")) if strictness.is_executable(process) and process.get("id")]
    if not processes:
        problems.error(root, "No process is marked as executable. Open the process in the editor and tick Executable.")
    if len(nodes) < sum(1 for _ in _with_id(root)):
        problems.refuse_if_any()  # two elements of one id cannot be told apart any further
    unsupported = bool(problems.errors)
    parser = DialectParser(Reading(feel, problems), root)
    try:
        parser.add_bpmn_xml(root, file)
        roots = [_parse_process(parser, process) for process in processes]
    except RecursionError as error:
        problems.error(root, "The sub-processes are nested too deeply. Call another process instead.")
        raise DefinitionInvalid(problems.errors) from error
    except (ValidationException, ValueError) as error:
        line = getattr(error, "line_number", None) or 0
        problems.refuse_if_any()  # most likely the library stumbled over what is named there
        problems.error(root, "The diagram cannot be read (line {line}): {reason}", line=line, reason=str(error))
        raise DefinitionInvalid(problems.errors) from error
    _loose_flows(parser, problems, nodes, quiet=unsupported)
    if not unsupported:
        linter = Linter(parser, problems, nodes)
        for process_root in roots:
            _lint(parser, linter, process_root.container)
    problems.refuse_if_any()
    return [build.model(parser, found.node, found.root, problems) for found in roots]


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
    """Elements of the model by id; the same id twice is a problem."""
    found = list(_with_id(root))
    for name, count in Counter(node.get("id") for node in found).items():
        if count > 1:
            twice = [node for node in found if node.get("id") == name][1]
            problems.error(twice, "The id {id} is used {count} times. Every element needs its own.", id=name, count=count)
    return {str(node.get("id")): node for node in found}


def _with_id(root: etree._Element) -> Iterator[etree._Element]:
    return (node for node in root.iter(bpmn("*")) if node.get("id"))


def _loose_flows(parser: DialectParser, problems: Problems, nodes: dict[str, etree._Element], *, quiet: bool) -> None:
    """Flows whose ends are not in the same scope; quiet when an unsupported element may be the reason."""
    for flow in parser.loose_flows:
        ends = [flow.get("sourceRef"), flow.get("targetRef")]
        missing = [str(end) for end in ends if end not in nodes]
        if missing:
            problems.error(
                flow, "The flow {flow} names {missing}, which does not exist.", flow=flow.get("id"), missing=", ".join(missing)
            )
        elif not quiet:
            problems.error(
                flow, "The flow {flow} crosses the border of a sub-process. Use an event, or draw it inside.", flow=flow.get("id")
            )
