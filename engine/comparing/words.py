"""Every word a comparison uses for a kind of thing or a property, in English; interfaces translate them.

A property nobody gave a word to is called ``other``, with its technical name as detail: nothing is left out.
"""

from __future__ import annotations

ELEMENTS = {
    "process": "process",
    "collaboration": "collaboration",
    "participant": "pool",
    "lane": "lane",
    "startEvent": "start event",
    "endEvent": "end event",
    "intermediateCatchEvent": "catching event",
    "intermediateThrowEvent": "throwing event",
    "boundaryEvent": "boundary event",
    "task": "task",
    "userTask": "user task",
    "serviceTask": "service task",
    "sendTask": "send task",
    "receiveTask": "receive task",
    "scriptTask": "script task",
    "manualTask": "manual task",
    "businessRuleTask": "decision task",
    "callActivity": "call activity",
    "subProcess": "sub-process",
    "transaction": "transaction",
    "adHocSubProcess": "ad-hoc sub-process",
    "exclusiveGateway": "exclusive gateway",
    "parallelGateway": "parallel gateway",
    "inclusiveGateway": "inclusive gateway",
    "eventBasedGateway": "event gateway",
    "sequenceFlow": "sequence flow",
    "messageFlow": "message flow",
    "association": "association",
    "textAnnotation": "note",
    "group": "group",
    "dataObjectReference": "data object",
    "dataStoreReference": "data store",
    "message": "message",
    "error": "error",
    "signal": "signal",
    "escalation": "escalation",
    "decision": "decision",
    "inputData": "input data",
    "businessKnowledgeModel": "knowledge model",
    "knowledgeSource": "knowledge source",
    "itemDefinition": "data type",
    "rule": "rule",
    "input": "input column",
    "output": "output column",
    "annotation": "annotation column",
    "form": "form",
    "field": "field",
    "part": "part of the form",
    "element": "element",
}
PROPERTIES = (
    *("name", "documentation", "type", "lane", "inside", "layout", "other"),
    *("assignee", "candidate groups", "candidate users", "due date", "follow-up date", "priority"),
    *("form id", "binding", "version tag", "decision called", "result variable", "process called", "variables passed on"),
    *("operation", "retries", "header", "input", "output", "property", "script"),
    *("from", "to", "condition", "default flow", "attached to", "interrupting"),
    *("timer date", "timer duration", "timer cycle", "message called", "signal called", "error called", "escalation called"),
    *("link", "correlation key", "code", "event"),
    *("repeated for", "each called", "results in", "result of each", "one after the other", "ends early when"),
    *("text", "refers to", "process drawn"),
    *("description", "needs", "hit policy", "aggregation", "formula", "cell", "note", "expression", "allowed values", "default"),
    *("label", "key", "required", "options", "order", "hidden when", "read only", "switched off", "help", "article", "columns"),
    *("shortest", "longest", "smallest", "largest", "pattern", "source", "title", "decimal places", "number"),
)
WORDS = frozenset({*ELEMENTS.values(), *PROPERTIES})


def element_word(kind: str) -> str:
    return ELEMENTS.get(kind, "element")
