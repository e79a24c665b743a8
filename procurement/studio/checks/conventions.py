"""What the office's diagrams, tables and forms keep to: names, sources, Chinese labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from lxml import etree

from engine.checks import Finding, Read, Rule, World
from engine.checks.drawing import EVENTS, NODES, TASKS, ZEEBE, line_of, nodes
from engine.forms.model import Field, walk
from procurement.operations.described import DESCRIBED
from procurement.studio.checks import catalogue

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ARTICLE = re.compile(r"第[一二三四五六七八九十百千零0-9]+[条步章]|号|做法|办法|步骤|参数|未规定|没有规定|空白|[法例] ?[0-9]+")
UNREAD_MARKS = frozenset({"V2", "V3", "R"})
CONFIRM = "请向财政部门确认"
LARGEST = 25
VERBS = frozenset(
    [
        "accept",
        "answer",
        "approve",
        "arrange",
        "ask",
        "assemble",
        "assess",
        "award",
        "build",
        "carry",
        "cast",
        "check",
        "choose",
        "close",
        "collect",
        "commit",
        "compile",
        "complete",
        "conclude",
        "confirm",
        "convene",
        "count",
        "create",
        "decide",
        "declare",
        "draft",
        "draw",
        "elect",
        "erase",
        "evaluate",
        "examine",
        "explain",
        "file",
        "follow",
        "form",
        "fulfil",
        "gather",
        "grade",
        "handle",
        "inspect",
        "invite",
        "issue",
        "judge",
        "lift",
        "list",
        "look",
        "measure",
        "name",
        "notify",
        "open",
        "pause",
        "pay",
        "print",
        "perform",
        "plan",
        "prepare",
        "propose",
        "publicise",
        "publish",
        "rank",
        "rate",
        "read",
        "receive",
        "record",
        "rectify",
        "refuse",
        "register",
        "release",
        "reply",
        "report",
        "request",
        "reserve",
        "resume",
        "reveal",
        "review",
        "run",
        "save",
        "score",
        "seal",
        "send",
        "set",
        "settle",
        "sign",
        "state",
        "stop",
        "submit",
        "supplement",
        "survey",
        "tally",
        "terminate",
        "total",
        "withdraw",
        "write",
    ]
)
STATES = frozenset(
    [
        "accepted",
        "answered",
        "approved",
        "archived",
        "asked",
        "awarded",
        "back",
        "cancelled",
        "changed",
        "checked",
        "chosen",
        "closed",
        "collected",
        "completed",
        "confirmed",
        "convened",
        "decided",
        "dropped",
        "due",
        "effective",
        "expired",
        "failed",
        "few",
        "finished",
        "force",
        "found",
        "gathered",
        "invited",
        "late",
        "left",
        "listed",
        "moved",
        "opened",
        "opens",
        "over",
        "overdue",
        "paid",
        "planned",
        "published",
        "raised",
        "ranked",
        "ready",
        "received",
        "recorded",
        "refused",
        "rejected",
        "requested",
        "reviewed",
        "running",
        "sealed",
        "selected",
        "signed",
        "silent",
        "skipped",
        "started",
        "stopped",
        "submitted",
        "supplemented",
        "supported",
        "terminated",
        "unawarded",
        "unsuccessful",
        "upheld",
        "withdrawn",
        "written",
    ]
)

NO_ARTICLE = "{element} names no article in its documentation, and says of no gap that there is one."
NOT_CHINESE = "The label of {element} is not Chinese."
NO_QUESTION = "The gateway {element} has several ways, but asks no question ending with ？"
NOT_TASK = "The id {id} says with no known verb what is done. Call tasks verb_object."
NOT_EVENT = "The id {id} does not say what has happened. Call events object_state."
OTHER_FORM = "The form of the task {id} has another name: {form}."
LARGE = "The diagram has {count} elements; more than {largest} are hard to overlook."
NO_OPERATION = "No operation of ours is called {type}."
NO_TITLE = "The form {id} has no Chinese title."
NO_FIELD_LABEL = "The field {key} of the form {id} has no label."
NO_NOTE = "Row {row} of the table {table} does not say where it comes from."
UNCONFIRMED = "Row {row} of the table {table} is marked {mark}, but does not ask to be confirmed."


def findings(world: World) -> Iterator[Finding]:
    for path, read in world.reads.items():
        yield from world.library.once("conventions", path, read.sha256, partial(_whole, read))
    called = set(world.processes)
    for read in world.reads.values():
        yield from _names(read, called)


def _whole(read: Read) -> tuple[Finding, ...]:
    if read.form is not None:
        return tuple(_of_form(read))
    if read.root is None:
        return ()
    return tuple(_of_table(read) if read.path.endswith(".dmn") else _of_diagram(read))


def found(rule: Rule, read: Read, node: etree._Element, template: str, **facts: object) -> Finding:
    id_ = str(node.get("id"))
    return Finding(
        rule.code, rule.severity, read.path, line_of(node), id_, template, {"element": node.get("name") or id_} | facts
    )


def documentation(node: etree._Element) -> str:
    return "".join(str(text) for note in node.iterfind("{*}documentation") for text in note.itertext())


def _of_diagram(read: Read) -> Iterator[Finding]:
    assert read.root is not None
    for node in nodes(read.root, "userTask", "businessRuleTask"):
        if not ARTICLE.search(documentation(node)):
            yield found(catalogue.NO_ARTICLE, read, node, NO_ARTICLE)
    for node in nodes(read.root, "process", *TASKS, *EVENTS):
        if node.get("name") and not CHINESE.search(str(node.get("name"))):
            yield found(catalogue.WORDING, read, node, NOT_CHINESE)
    flows = [str(flow.get("sourceRef")) for flow in nodes(read.root, "sequenceFlow")]
    for node in nodes(read.root, "exclusiveGateway", "inclusiveGateway"):
        name = str(node.get("name") or "")
        if name and flows.count(str(node.get("id"))) > 1 and not name.endswith("？"):
            yield found(catalogue.WORDING, read, node, NO_QUESTION)
    count = sum(1 for _ in nodes(read.root, *NODES))
    process = next(nodes(read.root, "process"), None)
    if count > LARGEST and process is not None:
        yield found(catalogue.TOO_LARGE, read, process, LARGE, count=count, largest=LARGEST)
    for node in nodes(read.root, *TASKS):
        for definition in node.iter(f"{ZEEBE}taskDefinition"):
            kind = str(definition.get("type") or "")
            if kind and not kind.startswith("=") and kind not in DESCRIBED:
                yield found(catalogue.UNKNOWN_OPERATION, read, node, NO_OPERATION, type=kind)


def _names(read: Read, called: set[str]) -> Iterator[Finding]:
    if not read.path.endswith(".bpmn") or read.root is None:
        return
    for node in nodes(read.root, *TASKS):
        id_ = str(node.get("id"))
        if id_ not in called and not VERBS & set(id_.split("_")[:2]):
            yield found(catalogue.TASK_NAME, read, node, NOT_TASK, id=id_)
        for definition in node.iter(f"{ZEEBE}formDefinition"):
            form = str(definition.get("formId") or "")
            if node.tag.endswith("}userTask") and form and not form.startswith("=") and form != id_:
                yield found(catalogue.TASK_NAME, read, node, OTHER_FORM, id=id_, form=form)
    for node in nodes(read.root, *EVENTS):
        id_ = str(node.get("id"))
        if not STATES & set(id_.split("_")):
            yield found(catalogue.TASK_NAME, read, node, NOT_EVENT, id=id_)


def _of_table(read: Read) -> Iterator[Finding]:
    assert read.root is not None
    for decision in read.root.iter("{*}decision"):
        for number, rule in enumerate(decision.iter("{*}rule"), 1):
            facts: dict[str, object] = {"row": number, "table": str(decision.get("name") or decision.get("id"))}
            texts = [str(part.text or "") for part in rule.iter("{*}text", "{*}description")]
            notes = [str(part.text or "") for part in rule.iterfind("{*}annotationEntry/{*}text")]
            notes += [str(part.text or "") for part in rule.iterfind("{*}description")]
            marks = sorted(UNREAD_MARKS & {text.strip('"') for text in texts})
            if not any(CHINESE.search(text) for text in notes):
                yield _row(read, decision, rule, NO_NOTE, facts)
            elif marks and not any(CONFIRM in text for text in texts):
                yield _row(read, decision, rule, UNCONFIRMED, facts | {"mark": marks[0]})


def _row(read: Read, decision: etree._Element, rule: etree._Element, template: str, facts: dict[str, object]) -> Finding:
    of = catalogue.ROW_WITHOUT_SOURCE
    return Finding(
        of.code, of.severity, read.path, line_of(rule), str(decision.get("id")), template, facts, cell=str(rule.get("id"))
    )


def _of_form(read: Read) -> Iterator[Finding]:
    form, rule = read.form, catalogue.WORDING
    assert form is not None
    if not CHINESE.search(form.title):
        yield Finding(rule.code, rule.severity, read.path, 1, form.id, NO_TITLE, {"id": form.id})
    for one in walk(form.components):
        if isinstance(one, Field) and not one.label.parts:
            facts = {"key": one.key, "id": form.id}
            yield Finding(rule.code, rule.severity, read.path, one.line, form.id, NO_FIELD_LABEL, facts, cell=one.id)
