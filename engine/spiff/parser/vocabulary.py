"""Which elements and attributes of BPMN and of the dialect are understood, and what to draw instead of the others.

Nothing is silently ignored: what is not in these tables is refused. ``INFORMATION`` is read by people, never by the engine.
"""

from __future__ import annotations

ANY = None  # every value is accepted

# attribute -> accepted values (ANY, or the only values that mean what the engine does)
_NODE: dict[str, frozenset[str] | None] = {"id": ANY, "name": ANY}
_ONE, _FALSE = frozenset({"1"}), frozenset({"false"})
_BOOLEAN = frozenset({"true", "false"})
_UNSPECIFIED = frozenset({"##unspecified", "##WebService", "##webService"})
_ACTIVITY = _NODE | {"isForCompensation": _BOOLEAN, "startQuantity": _ONE, "completionQuantity": _ONE}
_TASK = _ACTIVITY | {"implementation": _UNSPECIFIED}
_DIRECTION = _NODE | {"gatewayDirection": ANY}
_EVENT = _NODE | {"parallelMultiple": _FALSE}
_EXPRESSION: dict[str, frozenset[str] | None] = {
    "id": ANY,
    "language": frozenset(
        {"feel", "FEEL", "https://www.omg.org/spec/DMN/20191111/FEEL/", "http://www.omg.org/spec/FEEL/20140401"}
    ),
    "evaluatesToTypeRef": frozenset(),
}

FLOW_NODES: dict[str, dict[str, frozenset[str] | None]] = {
    "startEvent": _EVENT | {"isInterrupting": _BOOLEAN},
    "endEvent": _NODE,
    "intermediateCatchEvent": _EVENT,
    "intermediateThrowEvent": _NODE,
    "boundaryEvent": _EVENT | {"attachedToRef": ANY, "cancelActivity": _BOOLEAN},
    "task": _ACTIVITY,
    "manualTask": _ACTIVITY,
    "userTask": _TASK,
    "serviceTask": _TASK,
    "scriptTask": _ACTIVITY,
    "businessRuleTask": _TASK,
    "sendTask": _TASK | {"messageRef": ANY},
    "receiveTask": _TASK | {"messageRef": ANY, "instantiate": _FALSE},
    "subProcess": _ACTIVITY | {"triggeredByEvent": _BOOLEAN},
    "transaction": _ACTIVITY | {"triggeredByEvent": _FALSE, "method": frozenset({"##Compensate", "##compensate", "compensate"})},
    "adHocSubProcess": _ACTIVITY
    | {"triggeredByEvent": _FALSE, "cancelRemainingInstances": _BOOLEAN, "ordering": frozenset({"Parallel"})},
    "callActivity": _ACTIVITY,
    "exclusiveGateway": _DIRECTION | {"default": ANY},
    "inclusiveGateway": _DIRECTION | {"default": ANY},
    "parallelGateway": _DIRECTION,
    "eventBasedGateway": _DIRECTION | {"instantiate": _FALSE, "eventGatewayType": frozenset({"Exclusive"})},
}

DEFINITIONS: dict[str, dict[str, frozenset[str] | None]] = {
    "definitions": _NODE
    | {"targetNamespace": ANY, "expressionLanguage": ANY, "typeLanguage": ANY, "exporter": ANY, "exporterVersion": ANY},
    "process": _NODE | {"isExecutable": _BOOLEAN, "isClosed": ANY, "processType": ANY},
    "sequenceFlow": _NODE | {"sourceRef": ANY, "targetRef": ANY, "isImmediate": frozenset({"true"})},
    "conditionExpression": _EXPRESSION,
    "incoming": {},
    "outgoing": {},
    "extensionElements": {},
    "message": _NODE,
    "signal": _NODE,
    "error": _NODE | {"errorCode": ANY},
    "escalation": _NODE | {"escalationCode": ANY},
    "messageEventDefinition": {"id": ANY, "messageRef": ANY},
    "signalEventDefinition": {"id": ANY, "signalRef": ANY},
    "errorEventDefinition": {"id": ANY, "errorRef": ANY},
    "escalationEventDefinition": {"id": ANY, "escalationRef": ANY},
    "terminateEventDefinition": {"id": ANY},
    "linkEventDefinition": _NODE,
    "compensateEventDefinition": {"id": ANY, "activityRef": ANY, "waitForCompletion": frozenset({"true"})},
    "cancelEventDefinition": {"id": ANY},
    "conditionalEventDefinition": {"id": ANY},
    "condition": _EXPRESSION,
    "timerEventDefinition": {"id": ANY},
    "timeDate": _EXPRESSION,
    "timeDuration": _EXPRESSION,
    "timeCycle": _EXPRESSION,
    "multiInstanceLoopCharacteristics": {"id": ANY, "isSequential": _BOOLEAN, "behavior": frozenset({"All"})},
    "loopCardinality": _EXPRESSION,
    "completionCondition": _EXPRESSION,
    "standardLoopCharacteristics": {"id": ANY, "testBefore": _BOOLEAN, "loopMaximum": ANY},
    "loopCondition": _EXPRESSION,
}

_SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
_ROOT = frozenset({"definitions"})
_EVENT_NODES = frozenset(["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"])
_TIMER = frozenset({"timerEventDefinition"})
_REPEATED = frozenset(
    name
    for name in FLOW_NODES
    if name.endswith("Task") or name in {"task", "subProcess", "transaction", "adHocSubProcess", "callActivity"}
)

# where an element may stand; flow nodes and sequence flows stand in processes and sub-processes
PARENTS: dict[str, frozenset[str]] = {
    **dict.fromkeys([*FLOW_NODES, "sequenceFlow"], _SCOPES),
    **dict.fromkeys(["process", "message", "signal", "error", "escalation"], _ROOT),
    **dict.fromkeys((name for name in DEFINITIONS if name.endswith("EventDefinition")), _EVENT_NODES),
    **dict.fromkeys(["timeDate", "timeDuration", "timeCycle"], _TIMER),
    "conditionExpression": frozenset({"sequenceFlow"}),
    "condition": frozenset({"conditionalEventDefinition"}),
    "incoming": frozenset(FLOW_NODES),
    "outgoing": frozenset(FLOW_NODES),
    **dict.fromkeys(["multiInstanceLoopCharacteristics", "standardLoopCharacteristics"], _REPEATED),
    "completionCondition": frozenset({"multiInstanceLoopCharacteristics", "adHocSubProcess"}),
    "loopCondition": frozenset({"standardLoopCharacteristics"}),
    "loopCardinality": frozenset({"multiInstanceLoopCharacteristics"}),
}
NEEDS_ID = frozenset([*FLOW_NODES, "sequenceFlow", "process"])

# drawn for readers; the engine does nothing because of them
INFORMATION = frozenset(
    [
        "documentation",
        "collaboration",
        "participant",
        "participantMultiplicity",
        "messageFlow",
        "laneSet",
        "lane",
        "flowNodeRef",
        "childLaneSet",
        "textAnnotation",
        "text",
        "association",
        "group",
        "category",
        "categoryValue",
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "dataState",
        "dataInputAssociation",
        "dataOutputAssociation",
        "sourceRef",
        "targetRef",
    ]
)

REFUSED: dict[str, str] = {
    "complexGateway": "A complex gateway is not supported. Draw exclusive, inclusive or parallel gateways; to go on when some of several are done, use multi-instance with a completion condition.",
    "loopDataInputRef": "Use zeebe:loopCharacteristics inputCollection instead of loopDataInputRef.",
    "loopDataOutputRef": "Use zeebe:loopCharacteristics outputCollection instead of loopDataOutputRef.",
    "inputDataItem": "Use zeebe:loopCharacteristics inputElement instead of inputDataItem.",
    "outputDataItem": "Use zeebe:loopCharacteristics outputElement instead of outputDataItem.",
    "complexBehaviorDefinition": "Behaviour events of multi-instance are not supported. Use a completion condition.",
    "ioSpecification": "Data inputs and outputs are not supported. Map variables with zeebe:ioMapping.",
    "dataInput": "Data inputs and outputs are not supported. Map variables with zeebe:ioMapping.",
    "dataOutput": "Data inputs and outputs are not supported. Map variables with zeebe:ioMapping.",
    "inputSet": "Data inputs and outputs are not supported. Map variables with zeebe:ioMapping.",
    "outputSet": "Data inputs and outputs are not supported. Map variables with zeebe:ioMapping.",
    "property": "Process properties are not supported. Use variables.",
    "transformation": "A data association cannot transform. Map variables with zeebe:ioMapping.",
    "assignment": "A data association cannot assign. Map variables with zeebe:ioMapping.",
    "potentialOwner": "A potential owner is not supported. Use zeebe:assignmentDefinition candidateGroups or candidateUsers.",
    "humanPerformer": "A human performer is not supported. Use zeebe:assignmentDefinition assignee.",
    "performer": "A performer is not supported. Use zeebe:assignmentDefinition.",
    "resourceRole": "A resource role is not supported. Use zeebe:assignmentDefinition.",
    "resource": "A resource is not supported. Use zeebe:assignmentDefinition.",
    "rendering": "A rendering is not supported. Use zeebe:formDefinition formId.",
    "script": "Only FEEL scripts run. Use zeebe:script with an expression and a resultVariable.",
    "import": "Imports of other files are not followed. Deploy the files together and bind by id.",
    "relationship": "Relationships to other models are not followed. Delete it.",
    "itemDefinition": "Item definitions are not supported; variables have no declared types. Delete it.",
    "interface": "Interfaces are not supported. Name the work by zeebe:taskDefinition type.",
    "correlationProperty": "Correlation properties are not supported. Use zeebe:subscription correlationKey on the message.",
    "correlationKey": "Correlation keys of a conversation are not supported. Use zeebe:subscription correlationKey on the message.",
    "globalUserTask": "Global tasks are not supported. Draw a process and call it.",
    "globalTask": "Global tasks are not supported. Draw a process and call it.",
    "choreography": "Choreographies are not supported. Draw a process.",
    "conversation": "Conversations are not supported. Draw a process.",
    "callChoreography": "Choreographies are not supported. Draw a process.",
    "choreographyTask": "Choreographies are not supported. Draw a process.",
    "monitoring": "Monitoring definitions are not supported. Every step is in the history anyway.",
    "auditing": "Auditing definitions are not supported. Every step is in the history anyway.",
}

REFUSED_ATTRIBUTES: dict[str, str] = {
    "waitForCompletion": "A compensation event always waits until everything is undone. Delete waitForCompletion.",
    "ordering": "Ordering Sequential is not supported: what the list begins runs side by side. Draw a sequence instead.",
    "method": "A cancelled transaction is undone by compensation. Delete the attribute method.",
    "default": "Only exclusive and inclusive gateways have a default flow. Draw a gateway after this element.",
    "calledElement": "Name the called process in zeebe:calledElement processId instead of the attribute calledElement.",
    "scriptFormat": "Only FEEL scripts run. Use zeebe:script with an expression and a resultVariable.",
    "operationRef": "Operations of interfaces are not supported. Name the work by zeebe:taskDefinition type.",
    "itemRef": "Item definitions are not supported; variables have no declared types. Delete the attribute.",
    "isImmediate": "Between two elements of an executable process nothing else happens, so isImmediate cannot be false. Delete the attribute.",
    "parallelMultiple": "An event that waits for several things at once is not supported. Draw them one after the other or in parallel.",
    "instantiate": "Starting an instance by a receive task or gateway is not supported. Draw a message start event.",
    "eventGatewayType": "A parallel event-based gateway is not supported. Draw a parallel gateway before the events.",
    "language": "Only FEEL is evaluated. Delete the attribute language and write FEEL after an equals sign.",
}

_JOBS = frozenset(["serviceTask", "sendTask", "businessRuleTask", "scriptTask", "intermediateThrowEvent", "endEvent"])
_ACTIVITIES = frozenset(
    [
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    ]
)
_EVENTS = frozenset(["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"])

# extension element -> (elements it may stand on, its attributes)
ZEEBE_ELEMENTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "userTask": (frozenset({"userTask"}), frozenset()),
    "assignmentDefinition": (frozenset({"userTask"}), frozenset({"assignee", "candidateGroups", "candidateUsers"})),
    "taskSchedule": (frozenset({"userTask"}), frozenset({"dueDate", "followUpDate"})),
    "priorityDefinition": (frozenset({"userTask"}), frozenset({"priority"})),
    "formDefinition": (frozenset({"userTask"}), frozenset({"formId", "bindingType", "versionTag"})),
    "taskHeaders": (_JOBS | {"userTask"}, frozenset()),
    "taskDefinition": (_JOBS, frozenset({"type", "retries"})),
    "calledDecision": (frozenset({"businessRuleTask"}), frozenset({"decisionId", "resultVariable", "bindingType", "versionTag"})),
    "script": (frozenset({"scriptTask"}), frozenset({"expression", "resultVariable"})),
    "calledElement": (
        frozenset({"callActivity"}),
        frozenset({"processId", "bindingType", "versionTag", "propagateAllChildVariables", "propagateAllParentVariables"}),
    ),
    "loopCharacteristics": (
        frozenset({"multiInstanceLoopCharacteristics"}),
        frozenset({"inputCollection", "inputElement", "outputCollection", "outputElement"}),
    ),
    "subscription": (frozenset({"message"}), frozenset({"correlationKey"})),
    "adHoc": (frozenset({"adHocSubProcess"}), frozenset({"activeElementsCollection"})),
    "conditionalFilter": (frozenset({"conditionalEventDefinition"}), frozenset({"variableNames", "variableEvents"})),
    "ioMapping": (_ACTIVITIES | _EVENTS, frozenset()),
    "versionTag": (frozenset({"process"}), frozenset({"value"})),
    "properties": (frozenset(FLOW_NODES) | {"process", "sequenceFlow"}, frozenset()),
}
ZEEBE_CHILDREN: dict[str, dict[str, frozenset[str]]] = {
    "ioMapping": {"input": frozenset({"source", "target"}), "output": frozenset({"source", "target"})},
    "taskHeaders": {"header": frozenset({"id", "key", "value"})},
    "properties": {"property": frozenset({"id", "name", "value"})},
}
ZEEBE_REFUSED: dict[str, str] = {
    "userTaskForm": "Forms inside the diagram are not supported. Deploy the form as a file and name it by formId.",
    "executionListeners": "Execution listeners are not supported. Draw a service task.",
    "taskListeners": "Task listeners are not supported. Draw a service task before or after the user task.",
    "formKey": "Form keys are not supported. Deploy the form as a file and name it by formId.",
    "externalReference": "External forms are not supported. Deploy the form as a file and name it by formId.",
    "processIdExpression": "Write the expression in processId after an equals sign.",
    "outputCollection": "An ad-hoc sub-process gathers no list. Let its activities write different variables, or use multi-instance.",
    "outputElement": "An ad-hoc sub-process gathers no list. Let its activities write different variables, or use multi-instance.",
    "retryCounter": "retryCounter is not supported. Use zeebe:taskDefinition retries.",
}
ZEEBE_DESIGN_ATTRIBUTES = frozenset({"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"})
